"""The statements that store a made-up history, each a whole table at once. $1 is always the athlete.

COPY is refused under row-level security, so arrays it is; the ledger's triggers write their rows as they always do.
"""

INSERT_WORKOUTS = """
    INSERT INTO workout (user_id, id, kind)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::workout_kind[]) AS n
"""

INSERT_REVISIONS = """
    INSERT INTO workout_revision (user_id, revision, id, workout_id, workout_name, description)
    SELECT $1, 1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) AS n
"""

INSERT_INSTRUCTIONS = """
    INSERT INTO exercise_instruction (user_id, revision, id, workout_id, position, exercise_id, group_number, sets, reps_min,
        reps_max, rest_seconds, duration_seconds)
    SELECT $1, 1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::smallint[], $7::smallint[],
        $8::smallint[], $9::smallint[], $10::int[], $11::int[]) AS n
"""

INSERT_ENROLLMENT = """
    INSERT INTO user_program_enrollment (user_id, id, program_id, start_date, current_day, training_weekdays, training_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

# The enrollment, cycle, day and position are null for what is outside the program.
INSERT_SESSIONS = """
    INSERT INTO user_workout_session (user_id, id, workout_id, own_workout_id, session_status, scheduled_at, started_at,
        completed_at, actual_duration_seconds, effort_rating, soreness_rating, session_notes, program_enrollment_id,
        program_cycle, program_day, program_position)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::session_status[], $6::timestamptz[], $7::timestamptz[],
        $8::timestamptz[], $9::smallint[], $10::smallint[], $11::smallint[], $12::text[], $13::uuid[], $14::smallint[],
        $15::smallint[], $16::smallint[]) AS n
"""

INSERT_PERFORMANCES = """
    INSERT INTO user_exercise_performance (user_id, id, user_workout_session_id, exercise_instruction_id, exercise_id,
        sets_completed, reps_completed, weight_used_kg, duration_seconds, difficulty_rating, performance_notes)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::smallint[], $8::numeric[],
        $9::smallint[], $10::smallint[], $11::text[]) AS n
"""

INSERT_SETS = """
    INSERT INTO user_set_performance (user_id, id, user_exercise_performance_id, exercise_id, set_number, kind, reps, weight,
        weight_unit, load, duration_seconds, distance_m, rpe, completed_at, notes)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::set_kind[], $7::smallint[],
        $8::numeric[], $9::weight_unit[], $10::set_load[], $11::smallint[], $12::numeric[], $13::numeric[],
        $14::timestamptz[], $15::text[]) AS n
"""

INSERT_MEASUREMENTS = """
    INSERT INTO user_measurement (user_id, id, metric_id, measured_value, unit, measurement_date, measurement_source,
        measurement_notes)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::numeric[], $5::text[], $6::date[], $7::measurement_source[],
        $8::text[]) AS n
"""
