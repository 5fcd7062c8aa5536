"""Loads the built-in catalogue into the database: part of migrate, and nothing is written where nothing changed."""

from typing import Any

import asyncpg

from reptrail.catalog import builtin
from reptrail.catalog.builtin import builtin_id
from reptrail.http.encoding import encode

ACT_AS_SYSTEM = "SELECT app.act_as_system(NULL, 'SYSTEM', NULL)"

# A row is written only where it differs, so that a second start costs one comparison and leaves no trace.
LOAD_EXERCISES = """
    INSERT INTO exercise AS e (id, slug, exercise_name, equipment, mechanic, tracks, load, primary_muscles, secondary_muscles,
        aliases, rank)
    SELECT n.id, n.slug, n.exercise_name, n.equipment, n.mechanic, n.tracks, n.load, n.primary_muscles, n.secondary_muscles,
        n.aliases, n.rank
    FROM jsonb_populate_recordset(NULL::exercise, $1::jsonb) n
    ON CONFLICT (id) DO UPDATE SET exercise_name = EXCLUDED.exercise_name, equipment = EXCLUDED.equipment,
        mechanic = EXCLUDED.mechanic, tracks = EXCLUDED.tracks, load = EXCLUDED.load, primary_muscles = EXCLUDED.primary_muscles,
        secondary_muscles = EXCLUDED.secondary_muscles, aliases = EXCLUDED.aliases, rank = EXCLUDED.rank
    WHERE (e.exercise_name, e.equipment, e.mechanic, e.tracks, e.load, e.primary_muscles, e.secondary_muscles, e.aliases, e.rank)
        IS DISTINCT FROM (EXCLUDED.exercise_name, EXCLUDED.equipment, EXCLUDED.mechanic, EXCLUDED.tracks, EXCLUDED.load,
            EXCLUDED.primary_muscles, EXCLUDED.secondary_muscles, EXCLUDED.aliases, EXCLUDED.rank)
"""

LOAD_METRICS = """
    INSERT INTO metric AS m (id, slug, metric_name, dimension, canonical_unit, allowed_units, minimum_plausible, maximum_plausible,
        loinc, is_calculated)
    SELECT n.id, n.slug, n.metric_name, n.dimension, n.canonical_unit, n.allowed_units, n.minimum_plausible, n.maximum_plausible,
        n.loinc, n.is_calculated
    FROM jsonb_populate_recordset(NULL::metric, $1::jsonb) n
    ON CONFLICT (id) DO UPDATE SET metric_name = EXCLUDED.metric_name, dimension = EXCLUDED.dimension,
        canonical_unit = EXCLUDED.canonical_unit, allowed_units = EXCLUDED.allowed_units,
        minimum_plausible = EXCLUDED.minimum_plausible, maximum_plausible = EXCLUDED.maximum_plausible, loinc = EXCLUDED.loinc,
        is_calculated = EXCLUDED.is_calculated
    WHERE (m.metric_name, m.dimension, m.canonical_unit, m.allowed_units, m.minimum_plausible, m.maximum_plausible, m.loinc,
            m.is_calculated)
        IS DISTINCT FROM (EXCLUDED.metric_name, EXCLUDED.dimension, EXCLUDED.canonical_unit, EXCLUDED.allowed_units,
            EXCLUDED.minimum_plausible, EXCLUDED.maximum_plausible, EXCLUDED.loinc, EXCLUDED.is_calculated)
"""

WORKOUTS = """
    SELECT w.slug, (SELECT json_build_object('workout_name', r.workout_name, 'description', r.description, 'instructions', (
            SELECT coalesce(json_agg(x), '[]') FROM (
                SELECT i.exercise_id, i.group_number, i.sets, i.reps_min, i.reps_max, i.rpe, i.rest_seconds, i.duration_seconds,
                    i.distance_m
                FROM exercise_instruction i WHERE i.workout_id = w.id AND i.revision = w.revision ORDER BY i.position) x))
        FROM workout_revision r WHERE r.workout_id = w.id AND r.revision = w.revision)::jsonb AS contents, w.revision
    FROM workout w WHERE w.slug IS NOT NULL
"""
INSERT_WORKOUT = """
    INSERT INTO workout (id, slug, kind, is_public, revision) VALUES ($1, $2, 'CATALOG', true, $3)
    ON CONFLICT (id) DO UPDATE SET revision = EXCLUDED.revision
"""
INSERT_REVISION = """
    INSERT INTO workout_revision (id, workout_id, revision, is_public, workout_name, description) VALUES ($1, $2, $3, true, $4, $5)
"""
INSERT_INSTRUCTIONS = """
    INSERT INTO exercise_instruction (id, workout_id, revision, is_public, position, exercise_id, group_number, sets, reps_min,
        reps_max, rpe, rest_seconds, duration_seconds, distance_m)
    SELECT n.id, $1, $2, true, n.position, n.exercise_id, n.group_number, n.sets, n.reps_min, n.reps_max, n.rpe, n.rest_seconds,
        n.duration_seconds, n.distance_m
    FROM jsonb_populate_recordset(NULL::exercise_instruction, $3::jsonb) n
"""


LOADED = "SELECT catalog_fingerprint FROM instance"
SET_LOADED = "UPDATE instance SET catalog_fingerprint = $1 WHERE id = 1"


async def load_builtin(connection: asyncpg.Connection, *, reload: bool = True) -> None:
    """Brings the built-in exercises, metrics and workouts of a database to those of this version, in one transaction.

    Without `reload` nothing is compared where the data files are those that were loaded last: that saves a start 0.3 s.
    """
    fingerprint = builtin.fingerprint()
    async with connection.transaction():
        await connection.execute(ACT_AS_SYSTEM)
        if not reload and await connection.fetchval(LOADED) == fingerprint:
            return
        await connection.execute(LOAD_EXERCISES, _json([_exercise(place, e) for place, e in enumerate(builtin.exercises())]))
        await connection.execute(LOAD_METRICS, _json([_metric(m) for m in builtin.metrics()]))
        await _load_workouts(connection)
        await connection.execute(SET_LOADED, fingerprint)


def _json(rows: list[dict[str, Any]]) -> str:
    return encode(rows).decode()


def _exercise(place: int, exercise: builtin.BuiltinExercise) -> dict[str, Any]:
    return {
        "id": exercise.id, "slug": exercise.slug, "exercise_name": exercise.name, "equipment": exercise.equipment,
        "mechanic": exercise.mechanic, "tracks": exercise.tracks, "load": exercise.load, "primary_muscles": exercise.primary,
        "secondary_muscles": exercise.secondary, "aliases": exercise.aliases, "rank": place,
    }  # fmt: skip


def _metric(metric: builtin.BuiltinMetric) -> dict[str, Any]:
    return {
        "id": metric.id, "slug": metric.slug, "metric_name": metric.name, "dimension": metric.dimension,
        "canonical_unit": metric.canonical_unit, "allowed_units": metric.allowed_units, "minimum_plausible": metric.plausible_min,
        "maximum_plausible": metric.plausible_max, "loinc": metric.loinc, "is_calculated": metric.calculated,
    }  # fmt: skip


async def _load_workouts(connection: asyncpg.Connection) -> None:
    """A workout whose text changed since it was loaded gets a new revision; sessions that pinned the old one keep it."""
    present = {row["slug"]: row for row in await connection.fetch(WORKOUTS)}
    for workout in builtin.workouts():
        instructions = [_instruction(i) for i in workout.instructions]
        contents = {"workout_name": workout.name, "description": workout.description, "instructions": instructions}
        found = present.get(workout.slug)
        if found is not None and await connection.fetchval(
            "SELECT $1::jsonb = $2::jsonb", found["contents"], encode(contents).decode()
        ):
            continue
        revision = 1 if found is None else found["revision"] + 1
        await connection.execute(INSERT_WORKOUT, workout.id, workout.slug, revision)
        await connection.execute(
            INSERT_REVISION,
            builtin_id("workout", f"{workout.slug}@{revision}"),
            workout.id,
            revision,
            workout.name,
            workout.description,
        )
        rows = [
            {**instruction, "position": place, "id": builtin_id("workout", f"{workout.slug}@{revision}#{place}")}
            for place, instruction in enumerate(instructions, start=1)
        ]
        await connection.execute(INSERT_INSTRUCTIONS, workout.id, revision, _json(rows))


def _instruction(instruction: builtin.BuiltinInstruction) -> dict[str, Any]:
    exercise = builtin.exercises_by_slug()[instruction.exercise_slug]
    return {
        "exercise_id": exercise.id, "group_number": instruction.group_number, "sets": instruction.sets,
        "reps_min": instruction.reps_min, "reps_max": instruction.reps_max, "rpe": instruction.rpe,
        "rest_seconds": instruction.rest_seconds, "duration_seconds": instruction.duration_seconds,
        "distance_m": instruction.distance_m,
    }  # fmt: skip
