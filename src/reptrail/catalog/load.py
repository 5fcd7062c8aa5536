"""Loads the built-in catalogue into the database: part of migrate, and nothing is written where nothing changed."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from reptrail.catalog import builtin
from reptrail.catalog.builtin import builtin_id
from reptrail.http.encoding import encode

if TYPE_CHECKING:
    from reptrail.programs.builtin import BuiltinProgram

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
# $2 is null for a workout of a program.
INSERT_WORKOUT = """
    INSERT INTO workout (id, slug, kind, is_public, revision)
    VALUES ($1, $2, CASE WHEN $2::text IS NULL THEN 'PROGRAM' ELSE 'CATALOG' END::workout_kind, true, $3)
    ON CONFLICT (id) DO UPDATE SET revision = EXCLUDED.revision
"""
INSERT_REVISION = """
    INSERT INTO workout_revision (id, workout_id, revision, is_public, workout_name, description) VALUES ($1, $2, $3, true, $4, $5)
"""
INSERT_INSTRUCTIONS = """
    INSERT INTO exercise_instruction (id, workout_id, revision, is_public, position, exercise_id, group_number, sets, reps_min,
        reps_max, weight, weight_unit, percent, rpe, rest_seconds, duration_seconds, distance_m, set_targets, progression,
        instruction_notes)
    SELECT n.id, $1, $2, true, n.position, n.exercise_id, n.group_number, n.sets, n.reps_min, n.reps_max, n.weight, n.weight_unit,
        n.percent, n.rpe, n.rest_seconds, n.duration_seconds, n.distance_m, n.set_targets, n.progression, n.instruction_notes
    FROM jsonb_populate_recordset(NULL::exercise_instruction, $3::jsonb) n
"""

# Every built-in program as it was loaded last: its text, and of each workout in it the revision and the text.
PROGRAMS = """
    SELECT p.slug, p.revision, json_build_object(
        'program_name', r.program_name, 'description', r.description,
        'days', (SELECT json_agg(json_build_object('day_name', d.day_name, 'day_notes', d.day_notes, 'workouts', (
                     SELECT coalesce(json_agg(k.workout_key ORDER BY k.position), '[]') FROM program_day_workout k
                     WHERE k.program_id = p.id AND k.revision = p.revision AND k.day_number = d.day_number)) ORDER BY d.day_number)
                 FROM program_day d WHERE d.program_id = p.id AND d.revision = p.revision),
        'workouts', (SELECT json_object_agg(u.workout_key, json_build_object('revision', u.workout_revision, 'text', (
                SELECT json_build_object('workout_name', v.workout_name, 'description', v.description, 'instructions', (
                    SELECT json_agg(x ORDER BY x.position) FROM (
                        SELECT i.position, i.exercise_id, i.group_number, i.sets, i.reps_min, i.reps_max, i.weight, i.weight_unit,
                            i.percent, i.rpe, i.rest_seconds, i.duration_seconds, i.distance_m, i.set_targets, i.progression,
                            i.instruction_notes
                        FROM exercise_instruction i WHERE i.workout_id = v.workout_id AND i.revision = v.revision) x))
                FROM workout_revision v WHERE v.workout_id = u.workout_id AND v.revision = u.workout_revision)))
            FROM (SELECT DISTINCT k.workout_key, k.workout_id, k.workout_revision FROM program_day_workout k
                  WHERE k.program_id = p.id AND k.revision = p.revision) u)) AS contents
    FROM program p JOIN program_revision r ON r.program_id = p.id AND r.revision = p.revision
    WHERE p.slug IS NOT NULL
"""
# The newest revision of each workout of a built-in program: one may have left its program, and come back.
PROGRAM_WORKOUTS = "SELECT w.id, w.revision FROM workout w WHERE w.user_id IS NULL AND w.kind = 'PROGRAM'"
INSERT_PROGRAM = """
    INSERT INTO program (id, slug, is_public, revision) VALUES ($1, $2, true, $3)
    ON CONFLICT (id) DO UPDATE SET revision = EXCLUDED.revision
"""
INSERT_PROGRAM_REVISION = """
    INSERT INTO program_revision (id, program_id, revision, is_public, program_name, description, day_count)
    VALUES ($1, $2, $3, true, $4, $5, $6)
"""
INSERT_DAYS = """
    INSERT INTO program_day (id, program_id, revision, is_public, day_number, day_name, day_notes)
    SELECT n.id, $1, $2, true, n.day_number, n.day_name, n.day_notes FROM jsonb_populate_recordset(NULL::program_day, $3::jsonb) n
"""
INSERT_DAY_WORKOUTS = """
    INSERT INTO program_day_workout (id, program_id, revision, is_public, day_number, position, workout_key, workout_id,
        workout_revision)
    SELECT n.id, $1, $2, true, n.day_number, n.position, n.workout_key, n.workout_id, n.workout_revision
    FROM jsonb_populate_recordset(NULL::program_day_workout, $3::jsonb) n
"""


LOADED = "SELECT catalog_fingerprint FROM instance"
SET_LOADED = "UPDATE instance SET catalog_fingerprint = $1 WHERE id = 1"


async def load_builtin(connection: asyncpg.Connection, *, reload: bool = True) -> None:
    """Brings the built-in exercises, metrics, workouts and programs of a database to those of this version, in one transaction.

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
        await _load_programs(connection)
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
        await _insert_workout(connection, workout.slug, workout.id, revision, contents, is_listed=True)


async def _insert_workout(
    connection: asyncpg.Connection, name: str, workout_id: UUID, revision: int, contents: dict[str, Any], *, is_listed: bool
) -> None:
    """A revision of a workout. The ids of its rows are made from `name`, so they are the same on every instance."""
    await connection.execute(INSERT_WORKOUT, workout_id, name if is_listed else None, revision)
    row_id = builtin_id("workout", f"{name}@{revision}")
    await connection.execute(INSERT_REVISION, row_id, workout_id, revision, contents["workout_name"], contents["description"])
    rows = [
        {**instruction, "position": place, "id": builtin_id("workout", f"{name}@{revision}#{place}")}
        for place, instruction in enumerate(contents["instructions"], start=1)
    ]
    await connection.execute(INSERT_INSTRUCTIONS, workout_id, revision, _json(rows))


async def _load_programs(connection: asyncpg.Connection) -> None:
    """A program whose text changed gets a new revision, with new revisions of those of its workouts alone that changed."""
    from reptrail.programs.builtin import programs  # noqa: PLC0415 - half of the package: a start with nothing to load spares it

    present = {row["slug"]: row for row in await connection.fetch(PROGRAMS)}
    newest = {row["id"]: row["revision"] for row in await connection.fetch(PROGRAM_WORKOUTS)}
    for program in programs():
        found = present.get(program.slug)
        there = {"workouts": {}} if found is None else _decoded(found["contents"])
        contents = _decoded(encode(_program(program)).decode())
        texts = {key: held["text"] for key, held in there["workouts"].items()}
        if {**there, "workouts": texts} == contents:
            continue
        revisions: dict[str, int] = {}
        for key, text in contents["workouts"].items():
            if texts.get(key) == text:
                revisions[key] = there["workouts"][key]["revision"]
                continue
            workout_id = program.workout_id(key)
            revisions[key] = newest.get(workout_id, 0) + 1
            await _insert_workout(connection, f"{program.slug}/{key}", workout_id, revisions[key], text, is_listed=False)
        await _insert_program(connection, program, 1 if found is None else found["revision"] + 1, revisions)


def _decoded(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def _program(program: "BuiltinProgram") -> dict[str, Any]:
    """A program in the form in which PROGRAMS reads it."""
    body = program.body
    return {
        "program_name": body.program_name,
        "description": body.description,
        "days": body.days,
        "workouts": {
            workout.workout_key: {
                "workout_name": workout.workout_name,
                "description": workout.description,
                "instructions": [
                    {"position": place, **each.given()} for place, each in enumerate(workout.instructions or (), start=1)
                ],
            }
            for workout in body.workouts
        },
    }


async def _insert_program(
    connection: asyncpg.Connection, program: "BuiltinProgram", revision: int, revisions: dict[str, int]
) -> None:
    """A revision of a program, whose workouts stand there already in these revisions."""
    body = program.body

    def row_id(place: str = "") -> UUID:
        return builtin_id("program", f"{program.slug}@{revision}{place}")

    await connection.execute(INSERT_PROGRAM, program.id, program.slug, revision)
    await connection.execute(
        INSERT_PROGRAM_REVISION, row_id(), program.id, revision, body.program_name, body.description, len(body.days)
    )
    days = [
        {"id": row_id(f"#{number}"), "day_number": number, "day_name": day.day_name, "day_notes": day.day_notes}
        for number, day in enumerate(body.days, start=1)
    ]
    await connection.execute(INSERT_DAYS, program.id, revision, _json(days))
    workouts = [
        {
            "id": row_id(f"#{number}.{position}"), "day_number": number, "position": position, "workout_key": key,
            "workout_id": program.workout_id(key), "workout_revision": revisions[key],
        }
        for number, day in enumerate(body.days, start=1) for position, key in enumerate(day.workouts, start=1)
    ]  # fmt: skip
    await connection.execute(INSERT_DAY_WORKOUTS, program.id, revision, _json(workouts))


def _instruction(instruction: builtin.BuiltinInstruction) -> dict[str, Any]:
    exercise = builtin.exercises_by_slug()[instruction.exercise_slug]
    return {
        "exercise_id": exercise.id, "group_number": instruction.group_number, "sets": instruction.sets,
        "reps_min": instruction.reps_min, "reps_max": instruction.reps_max, "rpe": instruction.rpe,
        "rest_seconds": instruction.rest_seconds, "duration_seconds": instruction.duration_seconds,
        "distance_m": instruction.distance_m,
    }  # fmt: skip
