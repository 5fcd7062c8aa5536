-- The four specified tables with what Reptrail adds to them, sets, and imports.
CREATE TYPE enrollment_status AS ENUM ('ACTIVE', 'PAUSED', 'COMPLETED', 'CANCELLED', 'EXPIRED');
CREATE TYPE session_status AS ENUM ('PLANNED', 'IN_PROGRESS', 'COMPLETED', 'SKIPPED', 'CANCELLED');
CREATE TYPE measurement_source AS ENUM ('MANUAL', 'DEVICE', 'CALCULATED', 'ESTIMATED');
CREATE TYPE set_kind AS ENUM ('WARMUP', 'WORKING', 'DROP', 'AMRAP', 'FAILURE');
CREATE TYPE import_status AS ENUM ('APPLIED', 'UNDONE');

CREATE TABLE import (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    import_format text NOT NULL,
    file_name text NOT NULL,
    file_sha256 text NOT NULL,
    import_status import_status NOT NULL DEFAULT 'APPLIED',
    time_zone text NOT NULL,
    counts jsonb NOT NULL,
    -- Which exercise each name of the file came to mean, and how it was found.
    exercises jsonb NOT NULL DEFAULT '[]',
    issues jsonb NOT NULL,
    undone_at timestamptz,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT import_pkey PRIMARY KEY (id),
    CONSTRAINT import_user_id_key UNIQUE (user_id, id),
    CONSTRAINT import_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT import_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT import_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id)
);

-- What an athlete said a foreign exercise name means; the next import asks no more. The newest active row of a name is in
-- force: an import that says something else adds a row, and undoing it brings back what was in force before.
CREATE TABLE exercise_mapping (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    match_key text NOT NULL,
    exercise_id uuid NOT NULL,
    import_id uuid,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT exercise_mapping_pkey PRIMARY KEY (id),
    CONSTRAINT exercise_mapping_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT exercise_mapping_import_fkey FOREIGN KEY (user_id, import_id) REFERENCES import (user_id, id),
    CONSTRAINT exercise_mapping_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES exercise (id),
    CONSTRAINT exercise_mapping_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT exercise_mapping_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id)
);
CREATE INDEX exercise_mapping_key_idx ON exercise_mapping (user_id, match_key) WHERE is_active;

CREATE TABLE user_program_enrollment (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    program_id uuid NOT NULL,
    assigned_by uuid,
    enrollment_status enrollment_status NOT NULL DEFAULT 'ACTIVE',
    start_date date NOT NULL DEFAULT CURRENT_DATE,
    target_completion_date date,
    actual_completion_date date,
    current_day smallint NOT NULL DEFAULT 1,
    enrollment_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    program_revision integer NOT NULL DEFAULT 1,
    cycle smallint NOT NULL DEFAULT 1,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_program_enrollment_pkey PRIMARY KEY (id),
    CONSTRAINT user_program_enrollment_key UNIQUE (user_id, program_id),
    CONSTRAINT user_program_enrollment_user_id_key UNIQUE (user_id, id),
    CONSTRAINT user_program_enrollment_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_program_enrollment_program_fkey FOREIGN KEY (program_id) REFERENCES program (id),
    CONSTRAINT user_program_enrollment_assigned_by_fkey FOREIGN KEY (assigned_by) REFERENCES app_user (id),
    CONSTRAINT user_program_enrollment_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_program_enrollment_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT enrollment_status_known CHECK (
        enrollment_status IN ('ACTIVE', 'PAUSED', 'COMPLETED', 'CANCELLED', 'EXPIRED')),
    CONSTRAINT enrollment_current_day CHECK (current_day >= 1),
    CONSTRAINT enrollment_notes_length CHECK (length(enrollment_notes) <= 2000),
    CONSTRAINT enrollment_cycle CHECK (cycle >= 1)
);
CREATE INDEX idx_user_program_status ON user_program_enrollment (user_id, enrollment_status, start_date DESC);
CREATE INDEX idx_user_program_current ON user_program_enrollment (user_id, current_day, is_active);

CREATE TABLE user_workout_session (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    workout_id uuid NOT NULL,
    program_enrollment_id uuid,
    session_status session_status NOT NULL DEFAULT 'PLANNED',
    scheduled_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    actual_duration_seconds smallint,
    effort_rating smallint,
    soreness_rating smallint,
    session_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    workout_revision integer NOT NULL DEFAULT 1,
    -- The session's own workout, for exercises that the plan does not name; equal to workout_id where there is no plan.
    own_workout_id uuid,
    paused_seconds integer NOT NULL DEFAULT 0,
    -- The place in the athlete's history: when it was done, else when it is to be done.
    history_at timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(started_at, completed_at, scheduled_at, created_at)) STORED,
    import_id uuid,
    import_key text,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_workout_session_pkey PRIMARY KEY (id),
    CONSTRAINT user_workout_session_user_id_key UNIQUE (user_id, id),
    CONSTRAINT user_workout_session_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_workout_session_workout_fkey FOREIGN KEY (workout_id) REFERENCES workout (id),
    CONSTRAINT user_workout_session_revision_fkey FOREIGN KEY (workout_id, workout_revision)
        REFERENCES workout_revision (workout_id, revision),
    CONSTRAINT user_workout_session_own_fkey FOREIGN KEY (user_id, own_workout_id) REFERENCES workout (user_id, id),
    CONSTRAINT user_workout_session_program_fkey FOREIGN KEY (program_enrollment_id) REFERENCES user_program_enrollment (id),
    CONSTRAINT user_workout_session_owner_fkey FOREIGN KEY (user_id, program_enrollment_id)
        REFERENCES user_program_enrollment (user_id, id),
    CONSTRAINT user_workout_session_import_fkey FOREIGN KEY (user_id, import_id) REFERENCES import (user_id, id),
    CONSTRAINT user_workout_session_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_workout_session_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT session_status_known CHECK (
        session_status IN ('PLANNED', 'IN_PROGRESS', 'COMPLETED', 'SKIPPED', 'CANCELLED')),
    CONSTRAINT session_duration CHECK (actual_duration_seconds > 0),
    CONSTRAINT session_effort CHECK (effort_rating >= 1 AND effort_rating <= 10),
    CONSTRAINT session_soreness CHECK (soreness_rating >= 0 AND soreness_rating <= 10),
    CONSTRAINT session_notes_length CHECK (length(session_notes) <= 2000),
    CONSTRAINT session_paused CHECK (paused_seconds >= 0),
    CONSTRAINT session_ends_after_start CHECK (completed_at >= started_at)
);
CREATE INDEX idx_user_workout_status ON user_workout_session (user_id, session_status, scheduled_at DESC);
CREATE INDEX idx_user_workout_program ON user_workout_session (program_enrollment_id, session_status)
    WHERE program_enrollment_id IS NOT NULL;
CREATE INDEX idx_user_workout_completed ON user_workout_session (user_id, completed_at DESC) WHERE completed_at IS NOT NULL;
CREATE INDEX idx_user_workout_history ON user_workout_session (user_id, history_at DESC, id DESC) WHERE is_active;
-- One session in progress an athlete: two phones that start at once cannot both win.
CREATE UNIQUE INDEX session_one_in_progress ON user_workout_session (user_id)
    WHERE session_status = 'IN_PROGRESS' AND is_active;
CREATE INDEX user_workout_session_import_idx ON user_workout_session (user_id, import_key) WHERE import_key IS NOT NULL;

CREATE TABLE user_exercise_performance (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_workout_session_id uuid NOT NULL,
    exercise_instruction_id uuid NOT NULL,
    sets_completed smallint NOT NULL DEFAULT 0,
    reps_completed smallint,
    weight_used_kg numeric,
    duration_seconds smallint,
    difficulty_rating smallint,
    performance_notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    -- The instruction's exercise, so that an exercise's history is one index away across all workouts and programs.
    exercise_id uuid NOT NULL,
    import_id uuid,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_exercise_performance_pkey PRIMARY KEY (id),
    CONSTRAINT session_exercise_performance UNIQUE (user_workout_session_id, exercise_instruction_id),
    -- Also the index of an exercise's history. With that apart from it, (user_id, exercise_id), PostgreSQL checked each set's
    -- key by walking all of the exercise's performances: an import of one exercise took minutes.
    CONSTRAINT user_exercise_performance_user_id_key UNIQUE (user_id, exercise_id, id),
    CONSTRAINT user_exercise_performance_session_fkey FOREIGN KEY (user_workout_session_id)
        REFERENCES user_workout_session (id),
    CONSTRAINT user_exercise_performance_owner_fkey FOREIGN KEY (user_id, user_workout_session_id)
        REFERENCES user_workout_session (user_id, id),
    CONSTRAINT user_exercise_performance_instruction_fkey FOREIGN KEY (exercise_instruction_id)
        REFERENCES exercise_instruction (id),
    CONSTRAINT user_exercise_performance_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES exercise (id),
    CONSTRAINT user_exercise_performance_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_exercise_performance_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT performance_sets CHECK (sets_completed >= 0),
    CONSTRAINT performance_reps CHECK (reps_completed >= 0),
    CONSTRAINT performance_weight CHECK (weight_used_kg > 0),
    -- NaN and Infinity are greater than every number to PostgreSQL, so a lower bound alone lets them in.
    CONSTRAINT performance_weight_finite CHECK (weight_used_kg < 'Infinity'),
    CONSTRAINT performance_duration CHECK (duration_seconds > 0),
    CONSTRAINT performance_difficulty CHECK (difficulty_rating >= 1 AND difficulty_rating <= 10),
    CONSTRAINT performance_notes_length CHECK (length(performance_notes) <= 1000)
);
CREATE INDEX idx_user_exercise_progress ON user_exercise_performance (exercise_instruction_id, created_at DESC);

CREATE TABLE user_set_performance (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_exercise_performance_id uuid NOT NULL,
    exercise_id uuid NOT NULL,
    set_number smallint NOT NULL,
    kind set_kind NOT NULL DEFAULT 'WORKING',
    reps smallint,
    weight numeric,
    weight_unit weight_unit,
    weight_kg numeric GENERATED ALWAYS AS (
        CASE weight_unit WHEN 'kg' THEN weight WHEN 'lb' THEN weight * 0.45359237 END) STORED,
    load set_load NOT NULL DEFAULT 'EXTERNAL',
    duration_seconds smallint,
    distance_m numeric,
    rpe numeric,
    completed_at timestamptz,
    notes text,
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    import_id uuid,
    import_key text,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_set_performance_pkey PRIMARY KEY (id),
    -- The exercise travels in the key, so a set cannot count for another exercise than its performance.
    CONSTRAINT user_set_performance_owner_fkey FOREIGN KEY (user_id, user_exercise_performance_id, exercise_id)
        REFERENCES user_exercise_performance (user_id, id, exercise_id),
    CONSTRAINT user_set_performance_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_set_performance_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT set_number_positive CHECK (set_number >= 1),
    CONSTRAINT set_reps CHECK (reps >= 0 AND reps <= 1000),
    CONSTRAINT set_weight CHECK (weight >= 0 AND weight <= 5000),
    CONSTRAINT set_weight_unit CHECK ((weight IS NULL) = (weight_unit IS NULL)),
    CONSTRAINT set_duration CHECK (duration_seconds > 0),
    CONSTRAINT set_distance CHECK (distance_m > 0 AND distance_m <= 1000000),
    CONSTRAINT set_rpe CHECK (rpe >= 1 AND rpe <= 10 AND rpe * 2 = trunc(rpe * 2)),
    CONSTRAINT set_not_empty CHECK (num_nonnulls(reps, duration_seconds, distance_m) > 0),
    CONSTRAINT set_notes_length CHECK (length(notes) <= 1000)
);
CREATE INDEX user_set_performance_owner_idx ON user_set_performance (user_id, user_exercise_performance_id);
-- The bests of an exercise from the index alone: reading the rows themselves cost logging a set 1 ms a year of training.
CREATE INDEX user_set_performance_best_idx ON user_set_performance (user_id, exercise_id, weight_kg)
    INCLUDE (reps, rpe, duration_seconds, distance_m, load, user_exercise_performance_id) WHERE is_active AND kind <> 'WARMUP' AND load <> 'ASSISTED';

CREATE TABLE user_measurement (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    metric_id uuid NOT NULL,
    measured_value numeric NOT NULL,
    unit varchar(20) NOT NULL,
    measurement_date date NOT NULL,
    measurement_notes text,
    measurement_source measurement_source NOT NULL DEFAULT 'MANUAL',
    created_by uuid NOT NULL,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    canonical_value numeric GENERATED ALWAYS AS (measured_value * app.unit_factor(unit)) STORED,
    import_id uuid,
    import_key text,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT user_measurement_pkey PRIMARY KEY (id),
    CONSTRAINT user_measurement_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT user_measurement_metric_fkey FOREIGN KEY (metric_id) REFERENCES metric (id),
    CONSTRAINT user_measurement_import_fkey FOREIGN KEY (user_id, import_id) REFERENCES import (user_id, id),
    CONSTRAINT user_measurement_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT user_measurement_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT measurement_value CHECK (measured_value >= 0),
    CONSTRAINT measurement_value_finite CHECK (measured_value < 'Infinity'),
    CONSTRAINT measurement_unit_length CHECK (length(unit) >= 1),
    CONSTRAINT measurement_notes_length CHECK (length(measurement_notes) <= 1000),
    CONSTRAINT measurement_source_known CHECK (measurement_source IN ('MANUAL', 'DEVICE', 'CALCULATED', 'ESTIMATED'))
);
CREATE INDEX idx_user_measurement_date ON user_measurement (user_id, metric_id, measurement_date DESC);
CREATE INDEX idx_user_measurement_metric ON user_measurement (metric_id, measurement_date DESC);
CREATE UNIQUE INDEX measurement_one_calculated ON user_measurement (user_id, metric_id, measurement_date)
    WHERE measurement_source = 'CALCULATED';
CREATE INDEX user_measurement_import_idx ON user_measurement (user_id, import_key) WHERE import_key IS NOT NULL;

-- A performance of an exercise that nothing in its session names brings its instruction along: into the session's own
-- workout, which is made if there is none yet (it bears the session's id). It says so by bearing the id of its
-- instruction; any other instruction that is not there is refused by the foreign key as ever. Logging the first set of such an exercise is
-- then three statements like any other. Rejected: four to seven statements sent one after the other, on the hot path of
-- everybody who trains without a plan. Which exercise may be logged is decided before (training/sets.py).
CREATE FUNCTION app.bring_instruction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_own uuid;
BEGIN
    IF NEW.exercise_instruction_id IS DISTINCT FROM NEW.id OR EXISTS (SELECT FROM exercise_instruction i WHERE i.id = NEW.id) THEN
        RETURN NEW;
    END IF;
    SELECT s.own_workout_id INTO v_own FROM user_workout_session s
    WHERE s.user_id = NEW.user_id AND s.id = NEW.user_workout_session_id;
    IF v_own IS NULL THEN
        v_own := NEW.user_workout_session_id;
        INSERT INTO workout (id, user_id, kind) VALUES (v_own, NEW.user_id, 'SESSION');
        INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name)
        VALUES (v_own, NEW.user_id, v_own, 1, 'Workout');
        UPDATE user_workout_session SET own_workout_id = v_own WHERE user_id = NEW.user_id AND id = NEW.user_workout_session_id;
    END IF;
    INSERT INTO exercise_instruction (id, user_id, workout_id, revision, position, exercise_id)
    SELECT NEW.exercise_instruction_id, NEW.user_id, v_own, 1, coalesce(max(i.position), 0) + 1, NEW.exercise_id
    FROM exercise_instruction i WHERE i.user_id = NEW.user_id AND i.workout_id = v_own;
    RETURN NEW;
END $$;
CREATE TRIGGER bring_instruction BEFORE INSERT ON user_exercise_performance FOR EACH ROW EXECUTE FUNCTION app.bring_instruction();

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON import FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON exercise_mapping FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_program_enrollment FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_workout_session FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_exercise_performance FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_set_performance FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON user_measurement FOR EACH ROW EXECUTE FUNCTION app.stamp();
