-- How an enrollment is laid out in the athlete's weeks, and which place of its program a session fills.
ALTER TABLE user_program_enrollment
    -- ISO weekdays, 1 Monday to 7 Sunday; null: the program's days follow each other in the calendar, rest days too.
    ADD COLUMN training_weekdays smallint[],
    ADD COLUMN training_time time NOT NULL DEFAULT '18:00',
    ADD COLUMN paused_on date,
    ADD CONSTRAINT user_program_enrollment_revision_fkey FOREIGN KEY (program_id, program_revision)
        REFERENCES program_revision (program_id, revision),
    ADD CONSTRAINT enrollment_weekdays CHECK (training_weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[]
        AND cardinality(training_weekdays) BETWEEN 1 AND 7);
-- What the system looks for once an hour, over all athletes.
CREATE INDEX enrollment_due_idx ON user_program_enrollment (target_completion_date)
    WHERE is_active AND enrollment_status IN ('ACTIVE', 'PAUSED');

-- A cycle that is over, as it ended: written when the next one begins.
CREATE TABLE user_program_cycle (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    program_enrollment_id uuid NOT NULL,
    cycle smallint NOT NULL,
    program_revision integer NOT NULL,
    cycle_status enrollment_status NOT NULL,
    start_date date NOT NULL,
    target_completion_date date,
    actual_completion_date date,
    last_day smallint NOT NULL,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_program_cycle_pkey PRIMARY KEY (id),
    CONSTRAINT user_program_cycle_key UNIQUE (user_id, program_enrollment_id, cycle),
    CONSTRAINT user_program_cycle_owner_fkey FOREIGN KEY (user_id, program_enrollment_id)
        REFERENCES user_program_enrollment (user_id, id),
    CONSTRAINT user_program_cycle_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_program_cycle_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT user_program_cycle_ended CHECK (cycle_status IN ('COMPLETED', 'CANCELLED', 'EXPIRED')),
    CONSTRAINT user_program_cycle_positive CHECK (cycle >= 1 AND last_day >= 1)
);
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_program_cycle FOR EACH ROW EXECUTE FUNCTION app.stamp();
SELECT app.keep_in_ledger('user_program_cycle', 'training');

ALTER TABLE user_workout_session
    ADD COLUMN program_cycle smallint,
    ADD COLUMN program_day smallint,
    ADD COLUMN program_position smallint,
    -- Whether it was cancelled with its enrollment, and so comes back when that is extended.
    ADD COLUMN cancelled_with_enrollment boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT session_program_place CHECK (num_nonnulls(program_cycle, program_day, program_position) IN (0, 3)
        AND (program_day IS NULL OR program_enrollment_id IS NOT NULL)),
    ADD CONSTRAINT session_cancelled_with_enrollment CHECK (NOT cancelled_with_enrollment
        OR (session_status = 'CANCELLED' AND program_day IS NOT NULL));
-- Nothing is planned twice, whatever two devices do at once.
CREATE UNIQUE INDEX session_planned_once ON user_workout_session
    (user_id, program_enrollment_id, program_cycle, program_day, program_position) WHERE program_day IS NOT NULL AND is_active;

GRANT SELECT, INSERT, UPDATE ON user_program_cycle TO reptrail_server;
ALTER TABLE user_program_cycle ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_program_cycle FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON user_program_cycle FOR SELECT USING (user_id = app.allowed('training:read'));
CREATE POLICY insertable ON user_program_cycle FOR INSERT WITH CHECK (user_id = app.allowed('program:assign'));
CREATE POLICY updatable ON user_program_cycle FOR UPDATE USING (user_id = app.allowed('program:assign'))
    WITH CHECK (user_id = app.allowed('program:assign'));

-- Whoever assigns plans sessions, moves them and calls them off, and nothing else of them.
CREATE POLICY assignable_insert ON user_workout_session FOR INSERT
    WITH CHECK (session_status = 'PLANNED' AND user_id = app.allowed('program:assign'));
CREATE POLICY assignable_update ON user_workout_session FOR UPDATE
    USING (session_status IN ('PLANNED', 'CANCELLED') AND user_id = app.allowed('program:assign'))
    WITH CHECK (session_status IN ('PLANNED', 'CANCELLED') AND user_id = app.allowed('program:assign'));
-- Doing a session moves its enrollment on.
CREATE POLICY moved_on ON user_program_enrollment FOR UPDATE USING (user_id = app.allowed('training:write'))
    WITH CHECK (user_id = app.allowed('training:write'));
-- The system looks for what is to expire, then acts on one athlete at a time.
CREATE POLICY system ON user_program_enrollment FOR SELECT USING (app.is_system() AND app.athlete() IS NULL);

-- What a session is to its athlete on a day of theirs, in one place for the calendar, adherence and the coach's list.
-- Adherence is DONE out of DONE, SKIPPED and MISSED. `p_paused_on` is the enrollment's, null unless it is paused.
-- STABLE, as the text of an ENUM is: one that says IMMUTABLE would not be inlined but called for each row (10 microseconds).
CREATE FUNCTION app.due_state(p_status session_status, p_scheduled date, p_paused_on date, p_today date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN p_status = 'COMPLETED' THEN 'DONE'
                WHEN p_status <> 'PLANNED' THEN p_status::text
                WHEN p_scheduled IS NULL THEN 'OPEN'
                WHEN p_scheduled >= p_paused_on THEN 'PAUSED'
                WHEN p_scheduled < p_today THEN 'MISSED'
                WHEN p_scheduled = p_today THEN 'DUE'
                ELSE 'AHEAD' END;
