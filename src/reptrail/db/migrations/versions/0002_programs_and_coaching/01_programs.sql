-- A program's text lives in its revisions, as a workout's does: an enrollment pins one, so an edit never changes what was
-- planned. A workout of kind PROGRAM is a part of one program: it is read and edited there, not listed by itself.
ALTER TYPE workout_kind ADD VALUE 'PROGRAM';
ALTER TABLE workout DROP CONSTRAINT workout_session_is_private;
ALTER TABLE workout ADD CONSTRAINT workout_session_is_private CHECK (kind <> 'SESSION' OR NOT is_public);

ALTER TABLE program
    DROP COLUMN program_name,
    DROP COLUMN description,
    -- Where a copy came from. No foreign key: a copy stands by itself, whatever becomes of the account it was copied from.
    ADD COLUMN copied_from_id uuid,
    ADD COLUMN copied_from_revision integer,
    ADD CONSTRAINT program_copied_whole CHECK ((copied_from_id IS NULL) = (copied_from_revision IS NULL));
CREATE INDEX program_public_idx ON program (id) WHERE is_public AND is_active;

CREATE TABLE program_revision (
    id uuid NOT NULL,
    user_id uuid,
    program_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    program_name text NOT NULL,
    description text,
    day_count smallint NOT NULL,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT program_revision_pkey PRIMARY KEY (id),
    CONSTRAINT program_revision_key UNIQUE (program_id, revision),
    CONSTRAINT program_revision_program_fkey FOREIGN KEY (program_id) REFERENCES program (id),
    CONSTRAINT program_revision_owner_fkey FOREIGN KEY (user_id, program_id) REFERENCES program (user_id, id),
    CONSTRAINT program_revision_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT program_revision_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT program_revision_positive CHECK (revision >= 1),
    CONSTRAINT program_day_count CHECK (day_count >= 1),
    CONSTRAINT program_name_length CHECK (length(program_name) BETWEEN 1 AND 120),
    CONSTRAINT program_description_length CHECK (length(description) <= 2000)
);

-- Every day of a program, rest days too: the days count through, 1 to day_count.
CREATE TABLE program_day (
    id uuid NOT NULL,
    user_id uuid,
    program_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    day_number smallint NOT NULL,
    day_name text,
    day_notes text,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT program_day_pkey PRIMARY KEY (id),
    CONSTRAINT program_day_key UNIQUE (program_id, revision, day_number),
    CONSTRAINT program_day_revision_fkey FOREIGN KEY (program_id, revision)
        REFERENCES program_revision (program_id, revision),
    CONSTRAINT program_day_owner_fkey FOREIGN KEY (user_id, program_id) REFERENCES program (user_id, id),
    CONSTRAINT program_day_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT program_day_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT program_day_number CHECK (day_number >= 1),
    CONSTRAINT program_day_name_length CHECK (length(day_name) BETWEEN 1 AND 120),
    CONSTRAINT program_day_notes_length CHECK (length(day_notes) <= 1000)
);

-- Which workout, in which revision, stands where in a day. The key is what the program calls the workout ("A"): it goes on
-- naming the same workout from one revision of the program to the next.
CREATE TABLE program_day_workout (
    id uuid NOT NULL,
    user_id uuid,
    program_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    day_number smallint NOT NULL,
    position smallint NOT NULL,
    workout_key text NOT NULL,
    workout_id uuid NOT NULL,
    workout_revision integer NOT NULL,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT program_day_workout_pkey PRIMARY KEY (id),
    CONSTRAINT program_day_workout_key UNIQUE (program_id, revision, day_number, position),
    CONSTRAINT program_day_workout_day_fkey FOREIGN KEY (program_id, revision, day_number)
        REFERENCES program_day (program_id, revision, day_number),
    CONSTRAINT program_day_workout_owner_fkey FOREIGN KEY (user_id, program_id) REFERENCES program (user_id, id),
    CONSTRAINT program_day_workout_workout_fkey FOREIGN KEY (workout_id, workout_revision)
        REFERENCES workout_revision (workout_id, revision),
    CONSTRAINT program_day_workout_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT program_day_workout_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT program_day_workout_position CHECK (position >= 1),
    CONSTRAINT program_day_workout_key_length CHECK (length(workout_key) BETWEEN 1 AND 40)
);

-- What an instruction asks beyond a plain weight. `percent` is of the training max; `set_targets` says set by set what
-- differs between them (a list, its length is `sets`); `progression` names the rule and its constants.
ALTER TABLE exercise_instruction
    ADD COLUMN percent numeric,
    ADD COLUMN set_targets jsonb,
    ADD COLUMN progression jsonb,
    ADD CONSTRAINT exercise_instruction_percent CHECK (percent > 0 AND percent <= 150),
    ADD CONSTRAINT exercise_instruction_set_targets CHECK (jsonb_typeof(set_targets) = 'array'),
    ADD CONSTRAINT exercise_instruction_progression CHECK (
        progression ->> 'rule' IN ('fixed', 'linear', 'double', 'percent', 'rpe'));

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON program_revision FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON program_day FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON program_day_workout FOR EACH ROW EXECUTE FUNCTION app.stamp();
SELECT app.keep_in_ledger(t, 'training') FROM unnest(ARRAY['program_revision', 'program_day', 'program_day_workout']) t;
GRANT SELECT, INSERT, UPDATE ON program_revision, program_day, program_day_workout TO reptrail_server;

-- Whoever may assign programs may write an athlete's own copy of one, for them alone: the coach's own stays the coach's.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['program_revision', 'program_day', 'program_day_workout'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY readable ON %I FOR SELECT
            USING (is_public OR user_id = app.allowed(''training:read'') OR user_id = app.actor())', t);
        EXECUTE format('CREATE POLICY builtin_insert ON %I FOR INSERT WITH CHECK (user_id IS NULL AND app.is_system()
            AND app.athlete() IS NULL)', t);
        EXECUTE format('CREATE POLICY builtin_update ON %I FOR UPDATE USING (user_id IS NULL AND app.is_system()
            AND app.athlete() IS NULL)', t);
        EXECUTE format('CREATE POLICY insertable ON %I FOR INSERT WITH CHECK (user_id = app.allowed(''training:write''))', t);
        EXECUTE format('CREATE POLICY updatable ON %I FOR UPDATE USING (user_id = app.allowed(''training:write''))
            WITH CHECK (user_id = app.allowed(''training:write''))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['program', 'program_revision', 'program_day', 'program_day_workout', 'workout', 'workout_revision',
                             'exercise_instruction', 'exercise'] LOOP
        EXECUTE format('CREATE POLICY assignable_insert ON %I FOR INSERT
            WITH CHECK (user_id = app.allowed(''program:assign''))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['program', 'workout'] LOOP
        EXECUTE format('CREATE POLICY assignable_update ON %I FOR UPDATE USING (user_id = app.allowed(''program:assign''))
            WITH CHECK (user_id = app.allowed(''program:assign''))', t);
    END LOOP;
END $$;
-- A coach copies a program of their own to an athlete with the private exercises in it.
DROP POLICY readable ON exercise;
CREATE POLICY readable ON exercise FOR SELECT
    USING (user_id IS NULL OR user_id = app.allowed('training:read') OR user_id = app.actor());
