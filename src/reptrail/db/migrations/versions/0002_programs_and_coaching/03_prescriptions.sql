-- What was asked of an athlete when a session started, and why: kept, so that it can be read beside what was done.
CREATE TABLE user_prescription (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_workout_session_id uuid NOT NULL,
    exercise_instruction_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    -- Set by set: set_number, kind, reps_min, reps_max, weight, weight_unit, rpe, duration_seconds, distance_m.
    sets jsonb NOT NULL,
    rest_seconds integer,
    rule text NOT NULL,
    -- What the rule reckoned with: its constants, the last performance, the training max, the rounding.
    inputs jsonb NOT NULL,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_prescription_pkey PRIMARY KEY (id),
    CONSTRAINT user_prescription_key UNIQUE (user_id, user_workout_session_id, exercise_instruction_id),
    CONSTRAINT user_prescription_owner_fkey FOREIGN KEY (user_id, user_workout_session_id)
        REFERENCES user_workout_session (user_id, id),
    CONSTRAINT user_prescription_instruction_fkey FOREIGN KEY (exercise_instruction_id) REFERENCES exercise_instruction (id),
    CONSTRAINT user_prescription_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES exercise (id),
    CONSTRAINT user_prescription_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_prescription_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT user_prescription_sets CHECK (jsonb_typeof(sets) = 'array'),
    CONSTRAINT user_prescription_rule CHECK (rule IN ('fixed', 'linear', 'double', 'percent', 'rpe')),
    CONSTRAINT user_prescription_reason_length CHECK (length(reason) BETWEEN 1 AND 1000)
);

-- The weight that percentages are of. The newest active row of an exercise is in force; a cycle of a program adds its own.
CREATE TABLE user_training_max (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    weight numeric NOT NULL,
    weight_unit weight_unit NOT NULL,
    weight_kg numeric GENERATED ALWAYS AS (
        CASE weight_unit WHEN 'kg' THEN weight WHEN 'lb' THEN weight * 0.45359237 END) STORED,
    -- Set by hand where these are null, else made for this cycle of this enrollment.
    program_enrollment_id uuid,
    cycle smallint,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_training_max_pkey PRIMARY KEY (id),
    CONSTRAINT user_training_max_owner_fkey FOREIGN KEY (user_id, program_enrollment_id)
        REFERENCES user_program_enrollment (user_id, id),
    CONSTRAINT user_training_max_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_training_max_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES exercise (id),
    CONSTRAINT user_training_max_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_training_max_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT user_training_max_weight CHECK (weight > 0 AND weight <= 2000),
    CONSTRAINT user_training_max_cycle CHECK ((program_enrollment_id IS NULL) = (cycle IS NULL)),
    CONSTRAINT user_training_max_reason_length CHECK (length(reason) BETWEEN 1 AND 1000)
);
CREATE INDEX user_training_max_exercise_idx ON user_training_max (user_id, exercise_id, created_at DESC);

-- What an athlete can load. One row an athlete, under the athlete's own id; none: the usual plates of their unit.
CREATE TABLE user_equipment (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    weight_unit weight_unit NOT NULL,
    bar_weight numeric NOT NULL,
    -- Plates, each of which there are two; dumbbells, each weight there is; the step of machines and cables.
    plates numeric[] NOT NULL,
    dumbbells numeric[] NOT NULL,
    machine_step numeric NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_equipment_pkey PRIMARY KEY (id),
    CONSTRAINT user_equipment_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_equipment_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_equipment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT user_equipment_one_row CHECK (id = user_id),
    CONSTRAINT user_equipment_bar CHECK (bar_weight >= 0 AND bar_weight <= 100),
    CONSTRAINT user_equipment_step CHECK (machine_step > 0 AND machine_step <= 50)
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['user_prescription', 'user_training_max', 'user_equipment'] LOOP
        EXECUTE format('CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION app.stamp()', t);
        PERFORM app.keep_in_ledger(t, 'training');
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO reptrail_server', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY readable ON %I FOR SELECT USING (user_id = app.allowed(''training:read''))', t);
        EXECUTE format('CREATE POLICY insertable ON %I FOR INSERT WITH CHECK (user_id = app.allowed(''training:write''))', t);
        EXECUTE format('CREATE POLICY updatable ON %I FOR UPDATE USING (user_id = app.allowed(''training:write''))
            WITH CHECK (user_id = app.allowed(''training:write''))', t);
    END LOOP;
END $$;
