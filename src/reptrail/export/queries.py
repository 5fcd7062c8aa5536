"""Every SQL statement of the export. $1 is always the athlete. Each is read with a cursor: nothing here is held in memory whole."""

from typing import Final

# The tables of an athlete's rows, and the columns that are secrets of this instance's.
TABLES: Final = {
    "app_user": (), "login": ("refresh_key",), "api_token": ("secret_hash",), "coach_invitation": ("secret_hash",),
    "coach_grant": (), "coach_access": (), "calendar_feed": ("secret_hash",), "import": (), "exercise_mapping": (), "exercise": (),
    "metric": (), "workout": (), "workout_revision": (), "exercise_instruction": (), "program": (), "program_revision": (),
    "program_day": (), "program_day_workout": (), "user_program_enrollment": (), "user_program_cycle": (), "user_equipment": (),
    "user_training_max": (), "user_prescription": (), "user_workout_session": (), "user_exercise_performance": (),
    "user_set_performance": (), "session_comment": (), "user_measurement": (), "user_goal": (),
    "sync_operation": ("content_hash",),
}  # fmt: skip
# Tables with a user_id that are not in an export, and why (docs/export.md says so too).
LEFT_OUT: Final = {
    "user_password": "a hash of the password",
    "idempotency_key": "answers to requests, kept for a day",
    "change_head": "the newest change, which manifest.json names",
    "change": "in ledger/change.jsonl",
}
ORDER: Final = {"coach_access": "x.hour, x.grant_id, x.what", "sync_operation": "x.applied_at, x.id"}


def rows(table: str) -> str:
    """Each row of a table as a line of JSON, hidden ones too."""
    secrets = "".join(f" - '{column}'" for column in TABLES[table])
    order = ORDER.get(table, "x.created_at, x.id")
    return f"SELECT (to_jsonb(x){secrets})::text AS line FROM {table} x WHERE x.user_id = $1 ORDER BY {order}"


CHANGES = """
    SELECT (to_jsonb(c) || jsonb_build_object('hash', encode(c.hash, 'hex')))::text AS line
    FROM change c WHERE c.user_id = $1 ORDER BY c.seq
"""
# What the rows point at that is everybody's, so that each id has a name.
BUILTIN_EXERCISES = "SELECT to_jsonb(x)::text AS line FROM exercise x WHERE x.user_id IS NULL ORDER BY x.slug"
BUILTIN_METRICS = "SELECT to_jsonb(x)::text AS line FROM metric x WHERE x.user_id IS NULL ORDER BY x.slug"

HEAD = """
    SELECT u.id, u.email, u.display_name, u.time_zone, h.seq, encode(h.hash, 'hex') AS hash,
        (SELECT a.version_num FROM alembic_version a) AS schema
    FROM app_user u JOIN change_head h ON h.user_id = u.id WHERE u.id = $1 AND h.user_id = $1
"""
CONSENTS = "SELECT DISTINCT g.consent_version FROM coach_grant g WHERE g.user_id = $1 ORDER BY 1"
PROGRAMS = """
    SELECT p.id, r.program_name FROM program p JOIN program_revision r ON r.program_id = p.id AND r.revision = p.revision
    WHERE p.user_id = $1 AND r.user_id = $1 AND p.is_active ORDER BY p.created_at, p.id
"""

# The columns of sets.csv: the sets of sessions that are done, as they stand.
SETS = """
    SELECT s.id AS session_id, substring(s.import_key FROM '^reptrail:(.+)$') AS session_origin,
        coalesce(s.started_at, s.completed_at) AS session_started_at, s.completed_at AS session_completed_at,
        s.actual_duration_seconds AS session_duration_seconds, coalesce(s.session_name, w.workout_name) AS workout_name,
        s.session_notes, s.effort_rating, s.soreness_rating,
        p.id AS performance_id, e.exercise_name, i.group_number, p.performance_notes AS exercise_notes, t.set_number,
        t.kind AS set_kind, t.reps, t.weight, t.weight_unit, t.load, t.duration_seconds, t.distance_m, t.rpe, t.notes AS set_notes
    FROM user_workout_session s
    JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision
    JOIN user_exercise_performance p ON p.user_id = $1 AND p.user_workout_session_id = s.id AND p.is_active
    JOIN exercise_instruction i ON i.id = p.exercise_instruction_id
    JOIN exercise e ON e.id = p.exercise_id
    JOIN user_set_performance t ON t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active
    WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'COMPLETED'
    ORDER BY s.history_at, s.id, i.workout_id IS NOT DISTINCT FROM s.own_workout_id, i.position, p.id, t.set_number, t.id
"""

# The columns of measurements.csv: what was measured. What the system calculates from it, it calculates again.
MEASUREMENTS = """
    SELECT n.id AS measurement_id, substring(n.import_key FROM '^reptrail:(.+)$') AS measurement_origin,
        n.measurement_date, coalesce(m.slug, m.metric_name) AS metric, n.measured_value AS value, n.unit,
        n.measurement_source, n.measurement_notes
    FROM user_measurement n JOIN metric m ON m.id = n.metric_id
    WHERE n.user_id = $1 AND n.is_active AND n.measurement_source <> 'CALCULATED'
    ORDER BY n.measurement_date, n.created_at, n.id
"""
