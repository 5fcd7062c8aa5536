"""Every SQL statement on exercises, metrics and workouts that people read and write. $1 is always the athlete.

What is built in has no user_id and is everybody's to read. The statements that load it are in load.py.
"""

from reptrail.db.documents import json_in_order, json_page, json_row

_AUDIT = "{0}.created_by, {0}.updated_by, {0}.created_at, {0}.updated_at, {0}.version"

_EXERCISE_COLUMNS = f"""e.id, e.user_id, e.slug, e.exercise_name, e.equipment, e.mechanic, e.tracks, e.load,
    e.primary_muscles, e.secondary_muscles, e.aliases, e.import_id, {_AUDIT.format("e")}"""

_METRIC_COLUMNS = f"""m.id, m.user_id, m.slug, m.metric_name, m.dimension, m.canonical_unit, m.allowed_units,
    m.minimum_plausible, m.maximum_plausible, m.loinc, m.is_calculated, {_AUDIT.format("m")}"""

_INSTRUCTIONS = """(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT i.id, i.position, i.exercise_id, e.exercise_name, e.tracks, e.load, i.group_number, i.sets, i.reps_min, i.reps_max,
            i.weight, i.weight_unit, i.percent, i.rpe, i.rest_seconds, i.duration_seconds, i.distance_m, i.set_targets,
            i.progression, i.instruction_notes
        FROM exercise_instruction i JOIN exercise e ON e.id = i.exercise_id
        WHERE i.workout_id = w.id AND i.revision = r.revision AND i.user_id IS NOT DISTINCT FROM w.user_id AND i.is_active
        ORDER BY i.position, i.id) x)"""

# is_public is the revision's own: one that others pinned stays readable to them when a later one is private.
_WORKOUT_COLUMNS = f"""w.id, w.user_id, w.slug, r.workout_name, r.description, r.is_public, r.revision,
    w.revision AS latest_revision, {_INSTRUCTIONS} AS instructions, w.import_id, {_AUDIT.format("w")}"""


_EXERCISES = "FROM exercise e WHERE (e.user_id = $1 OR e.user_id IS NULL) AND e.is_active"
# $2 mine alone, $3 muscle, $4 equipment, $5 what is logged.
_EXERCISES_FILTERED = f"""{_EXERCISES} AND (e.user_id IS NOT NULL OR NOT $2)
    AND ($3::text IS NULL OR $3 = ANY (e.primary_muscles || e.secondary_muscles))
    AND ($4::text IS NULL OR e.equipment = $4) AND ($5::exercise_tracks IS NULL OR e.tracks = $5)"""

EXERCISE = json_row(_EXERCISE_COLUMNS, f"{_EXERCISES} AND e.id = $2")
EXERCISES = json_page(_EXERCISE_COLUMNS, _EXERCISES_FILTERED, {"e.rank": "bigint", "e.exercise_name": "text", "e.id": "uuid"}, 6)
EXERCISES_IN_ORDER = json_in_order(_EXERCISE_COLUMNS, _EXERCISES, "e.id")
EXERCISE_NAMES = f"SELECT e.id, e.exercise_name, e.aliases {_EXERCISES_FILTERED} ORDER BY e.rank, e.exercise_name, e.id"

INSERT_EXERCISE = """
    INSERT INTO exercise (user_id, id, exercise_name, equipment, mechanic, tracks, load, primary_muscles, secondary_muscles,
        aliases)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
UPDATE_EXERCISE = """
    UPDATE exercise AS e SET exercise_name = $4, equipment = $5, mechanic = $6, tracks = $7, load = $8, primary_muscles = $9,
        secondary_muscles = $10, aliases = $11
    WHERE e.user_id = $1 AND e.id = $2 AND e.version = $3 AND e.is_active
"""
HIDE_EXERCISE = "UPDATE exercise AS e SET is_active = false WHERE e.user_id = $1 AND e.id = $2 AND e.version = $3 AND e.is_active"

_METRICS = "FROM metric m WHERE (m.user_id = $1 OR m.user_id IS NULL) AND m.is_active"
_METRICS_FILTERED = f"{_METRICS} AND (m.user_id IS NOT NULL OR NOT $2)"

METRIC = json_row(_METRIC_COLUMNS, f"{_METRICS} AND m.id = $2")
METRICS = json_page(_METRIC_COLUMNS, _METRICS_FILTERED, {"m.metric_name": "text", "m.id": "uuid"}, 3)
METRICS_IN_ORDER = json_in_order(_METRIC_COLUMNS, _METRICS, "m.id")
METRIC_NAMES = f"""
    SELECT m.id, m.metric_name, array_remove(ARRAY[m.slug], NULL) AS aliases {_METRICS_FILTERED} ORDER BY m.metric_name, m.id
"""

INSERT_METRIC = """
    INSERT INTO metric (user_id, id, metric_name, dimension, canonical_unit, allowed_units, minimum_plausible, maximum_plausible)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
UPDATE_METRIC = """
    UPDATE metric AS m SET metric_name = $4, minimum_plausible = $5, maximum_plausible = $6
    WHERE m.user_id = $1 AND m.id = $2 AND m.version = $3 AND m.is_active
"""
HIDE_METRIC = "UPDATE metric AS m SET is_active = false WHERE m.user_id = $1 AND m.id = $2 AND m.version = $3 AND m.is_active"

_REVISIONS = """FROM workout w
    JOIN workout_revision r ON r.workout_id = w.id AND r.user_id IS NOT DISTINCT FROM w.user_id"""
_WORKOUTS = f"""{_REVISIONS} AND r.revision = w.revision
    WHERE (w.user_id = $1 OR w.user_id IS NULL) AND w.is_active AND w.kind = 'CATALOG'"""
_WORKOUTS_FILTERED = f"{_WORKOUTS} AND (w.user_id IS NOT NULL OR NOT $2)"

# $3 a revision. Somebody else's public workout is not listed, but who has its address may read it.
WORKOUT = json_row(
    _WORKOUT_COLUMNS,
    f"""{_REVISIONS} WHERE w.id = $2 AND (w.user_id = $1 OR w.is_public) AND w.is_active AND w.kind = 'CATALOG'
        AND r.revision = coalesce($3, w.revision)""",
    "d.id, d.user_id, d.revision, d.version",
)
WORKOUTS = json_page(_WORKOUT_COLUMNS, _WORKOUTS_FILTERED, {"r.workout_name": "text", "w.id": "uuid"}, 3)
WORKOUTS_IN_ORDER = json_in_order(_WORKOUT_COLUMNS, _WORKOUTS, "w.id")
WORKOUT_NAMES = f"SELECT w.id, r.workout_name, '{{}}'::text[] AS aliases {_WORKOUTS_FILTERED} ORDER BY r.workout_name, w.id"

FIND_EXERCISES = f"SELECT e.id, e.user_id {_EXERCISES} AND e.id = ANY ($2)"
# For each private exercise of somebody else's ($2, readable to the actor) the athlete's own of that name, where there is one.
OTHERS_EXERCISES = """
    SELECT e.id, o.id AS own_id, e.exercise_name, e.equipment, e.mechanic, e.tracks, e.load, e.primary_muscles,
        e.secondary_muscles, e.aliases
    FROM exercise e
    LEFT JOIN exercise o ON o.user_id = $1 AND o.is_active AND lower(o.exercise_name) = lower(e.exercise_name)
    WHERE e.id = ANY ($2) AND e.user_id <> $1
    ORDER BY e.id
"""

INSERT_WORKOUT = "INSERT INTO workout (user_id, id, is_public) VALUES ($1, $2, $3)"
NEXT_REVISION = """
    UPDATE workout AS w SET revision = w.revision + 1, is_public = $4
    WHERE w.user_id = $1 AND w.id = $2 AND w.version = $3 AND w.is_active
"""
# The workouts of a program: $2 their ids. They are written whole, many at once, whatever there are.
INSERT_PROGRAM_WORKOUTS = """
    INSERT INTO workout (user_id, id, kind, is_public) SELECT $1, n.id, 'PROGRAM', $3 FROM unnest($2::uuid[]) AS n (id)
"""
NEXT_REVISIONS = """
    UPDATE workout AS w SET revision = n.revision, is_public = $4 FROM unnest($2::uuid[], $3::integer[]) AS n (id, revision)
    WHERE w.user_id = $1 AND w.id = n.id AND w.kind = 'PROGRAM'
"""
INSERT_REVISIONS = """
    INSERT INTO workout_revision (user_id, id, workout_id, revision, is_public, workout_name, description)
    SELECT $1, n.id, n.workout_id, n.revision, $2, n.workout_name, n.description
    FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::text[], $7::text[])
        AS n (id, workout_id, revision, workout_name, description)
"""
INSERT_INSTRUCTIONS = """
    INSERT INTO exercise_instruction (user_id, is_public, id, workout_id, revision, position, exercise_id, group_number, sets,
        reps_min, reps_max, weight, weight_unit, percent, rpe, rest_seconds, duration_seconds, distance_m, set_targets, progression,
        instruction_notes)
    SELECT $1, $2, n.id, n.workout_id, n.revision, n.position, n.exercise_id, n.group_number, n.sets, n.reps_min, n.reps_max,
        n.weight, n.weight_unit, n.percent, n.rpe, n.rest_seconds, n.duration_seconds, n.distance_m, n.set_targets, n.progression,
        n.instruction_notes
    FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::smallint[], $7::uuid[], $8::smallint[], $9::smallint[], $10::smallint[],
        $11::smallint[], $12::numeric[], $13::weight_unit[], $14::numeric[], $15::numeric[], $16::integer[], $17::integer[],
        $18::numeric[], $19::jsonb[], $20::jsonb[], $21::text[])
        AS n (id, workout_id, revision, position, exercise_id, group_number, sets, reps_min, reps_max, weight, weight_unit, percent,
            rpe, rest_seconds, duration_seconds, distance_m, set_targets, progression, instruction_notes)
"""
HIDE_WORKOUT = "UPDATE workout AS w SET is_active = false WHERE w.user_id = $1 AND w.id = $2 AND w.version = $3 AND w.is_active"
