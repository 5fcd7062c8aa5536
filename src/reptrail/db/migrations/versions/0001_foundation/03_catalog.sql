-- Exercises, metrics, workouts and programs. user_id is null for what is built in.
CREATE TYPE exercise_tracks AS ENUM ('REPS_WEIGHT', 'REPS', 'DURATION', 'DISTANCE', 'DISTANCE_DURATION', 'DURATION_WEIGHT',
    'DISTANCE_WEIGHT');
CREATE TYPE exercise_mechanic AS ENUM ('COMPOUND', 'ISOLATION');
CREATE TYPE set_load AS ENUM ('EXTERNAL', 'BODYWEIGHT', 'ADDED', 'ASSISTED');
CREATE TYPE workout_kind AS ENUM ('CATALOG', 'SESSION');

-- How many of its dimension's canonical unit one of a unit is: UCUM codes, and the short symbols people type.
-- The data file of the catalogue says the same, and a test compares the two and both with pint.
CREATE FUNCTION app.unit_factor(p_unit text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_unit
        WHEN 'kg' THEN 1 WHEN 'g' THEN 0.001 WHEN '[lb_av]' THEN 0.45359237 WHEN 'lb' THEN 0.45359237
        WHEN '[stone_av]' THEN 6.35029318 WHEN 'st' THEN 6.35029318
        WHEN 'cm' THEN 1 WHEN 'm' THEN 100 WHEN 'mm' THEN 0.1
        WHEN '[in_i]' THEN 2.54 WHEN 'in' THEN 2.54 WHEN '[ft_i]' THEN 30.48 WHEN 'ft' THEN 30.48
        WHEN 'h' THEN 60
        ELSE 1 END;

CREATE TABLE exercise (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    exercise_name text NOT NULL,
    equipment text NOT NULL,
    mechanic exercise_mechanic NOT NULL,
    tracks exercise_tracks NOT NULL,
    load set_load NOT NULL DEFAULT 'EXTERNAL',
    primary_muscles text[] NOT NULL DEFAULT '{}',
    secondary_muscles text[] NOT NULL DEFAULT '{}',
    aliases text[] NOT NULL DEFAULT '{}',
    rank integer NOT NULL DEFAULT 1000000,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT exercise_pkey PRIMARY KEY (id),
    CONSTRAINT exercise_slug_key UNIQUE (slug),
    CONSTRAINT exercise_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT exercise_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT exercise_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT exercise_builtin_or_owned CHECK ((slug IS NULL) = (user_id IS NOT NULL)),
    CONSTRAINT exercise_name_length CHECK (length(exercise_name) BETWEEN 1 AND 120)
);
CREATE UNIQUE INDEX exercise_private_name_key ON exercise (user_id, lower(exercise_name))
    WHERE user_id IS NOT NULL AND is_active;

CREATE TABLE metric (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    metric_name text NOT NULL,
    dimension text NOT NULL,
    canonical_unit varchar(20) NOT NULL,
    allowed_units text[] NOT NULL,
    minimum_plausible numeric,
    maximum_plausible numeric,
    loinc text,
    is_calculated boolean NOT NULL DEFAULT false,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT metric_pkey PRIMARY KEY (id),
    CONSTRAINT metric_slug_key UNIQUE (slug),
    CONSTRAINT metric_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT metric_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT metric_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT metric_builtin_or_owned CHECK ((slug IS NULL) = (user_id IS NOT NULL)),
    CONSTRAINT metric_name_length CHECK (length(metric_name) BETWEEN 1 AND 120)
);
CREATE UNIQUE INDEX metric_private_name_key ON metric (user_id, lower(metric_name)) WHERE user_id IS NOT NULL AND is_active;

-- A workout's text lives in its revisions; a session pins one, so an edit never changes history. A workout of kind
-- SESSION is one session's own: it holds the exercises that no plan named.
CREATE TABLE workout (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    kind workout_kind NOT NULL DEFAULT 'CATALOG',
    is_public boolean NOT NULL DEFAULT false,
    revision integer NOT NULL DEFAULT 1,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT workout_pkey PRIMARY KEY (id),
    CONSTRAINT workout_slug_key UNIQUE (slug),
    CONSTRAINT workout_user_id_key UNIQUE (user_id, id),
    CONSTRAINT workout_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT workout_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT workout_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT workout_session_is_private CHECK (kind = 'CATALOG' OR NOT is_public)
);

CREATE TABLE workout_revision (
    id uuid NOT NULL,
    user_id uuid,
    workout_id uuid NOT NULL,
    revision integer NOT NULL,
    is_public boolean NOT NULL DEFAULT false,
    workout_name text NOT NULL,
    description text,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT workout_revision_pkey PRIMARY KEY (id),
    CONSTRAINT workout_revision_key UNIQUE (workout_id, revision),
    CONSTRAINT workout_revision_workout_fkey FOREIGN KEY (workout_id) REFERENCES workout (id),
    CONSTRAINT workout_revision_owner_fkey FOREIGN KEY (user_id, workout_id) REFERENCES workout (user_id, id),
    CONSTRAINT workout_revision_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT workout_revision_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT workout_revision_positive CHECK (revision >= 1),
    CONSTRAINT workout_name_length CHECK (length(workout_name) BETWEEN 1 AND 120),
    CONSTRAINT workout_description_length CHECK (length(description) <= 2000)
);

CREATE TABLE exercise_instruction (
    id uuid NOT NULL,
    user_id uuid,
    workout_id uuid NOT NULL,
    revision integer NOT NULL DEFAULT 1,
    is_public boolean NOT NULL DEFAULT false,
    position smallint NOT NULL,
    exercise_id uuid NOT NULL,
    group_number smallint,
    sets smallint,
    reps_min smallint,
    reps_max smallint,
    weight numeric,
    weight_unit weight_unit,
    rpe numeric,
    rest_seconds integer,
    duration_seconds integer,
    distance_m numeric,
    instruction_notes text,
    import_id uuid,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT exercise_instruction_pkey PRIMARY KEY (id),
    CONSTRAINT exercise_instruction_revision_fkey FOREIGN KEY (workout_id, revision)
        REFERENCES workout_revision (workout_id, revision),
    CONSTRAINT exercise_instruction_owner_fkey FOREIGN KEY (user_id, workout_id) REFERENCES workout (user_id, id),
    CONSTRAINT exercise_instruction_exercise_fkey FOREIGN KEY (exercise_id) REFERENCES exercise (id),
    CONSTRAINT exercise_instruction_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT exercise_instruction_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT exercise_instruction_position CHECK (position >= 1),
    CONSTRAINT exercise_instruction_sets CHECK (sets BETWEEN 1 AND 100),
    CONSTRAINT exercise_instruction_reps CHECK (reps_min >= 0 AND reps_max >= reps_min AND reps_max <= 1000),
    CONSTRAINT exercise_instruction_weight CHECK (weight >= 0 AND weight <= 2000 AND weight_unit IS NOT NULL OR weight IS NULL),
    CONSTRAINT exercise_instruction_rpe CHECK (rpe >= 1 AND rpe <= 10),
    CONSTRAINT exercise_instruction_rest CHECK (rest_seconds BETWEEN 0 AND 3600),
    CONSTRAINT exercise_instruction_duration CHECK (duration_seconds BETWEEN 1 AND 32767),
    CONSTRAINT exercise_instruction_distance CHECK (distance_m > 0 AND distance_m <= 1000000),
    CONSTRAINT exercise_instruction_notes_length CHECK (length(instruction_notes) <= 1000)
);
CREATE INDEX exercise_instruction_workout_idx ON exercise_instruction (workout_id, revision, position);

CREATE TABLE program (
    id uuid NOT NULL,
    user_id uuid,
    slug text,
    program_name text NOT NULL,
    description text,
    is_public boolean NOT NULL DEFAULT false,
    revision integer NOT NULL DEFAULT 1,
    created_by uuid,
    updated_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_active boolean NOT NULL DEFAULT true,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT program_pkey PRIMARY KEY (id),
    CONSTRAINT program_slug_key UNIQUE (slug),
    CONSTRAINT program_user_id_key UNIQUE (user_id, id),
    CONSTRAINT program_user_fkey FOREIGN KEY (user_id) REFERENCES app_user (id),
    CONSTRAINT program_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user (id),
    CONSTRAINT program_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES app_user (id),
    CONSTRAINT program_name_length CHECK (length(program_name) BETWEEN 1 AND 120),
    CONSTRAINT program_description_length CHECK (length(description) <= 2000)
);

CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON exercise FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON metric FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON workout FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON workout_revision FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON exercise_instruction FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON program FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON api_token FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON coach_grant FOR EACH ROW EXECUTE FUNCTION app.stamp();
