"""The built-in programs: whole, sensible, loaded once, and read by anybody as they were written."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import asyncpg
import msgspec
import pytest

from helpers import Person
from reptrail.catalog import builtin as catalog
from reptrail.catalog import load
from reptrail.catalog.instructions import DoubleRule, FixedRule, InstructionIn, LinearRule, PercentRule, RpeRule
from reptrail.catalog.rules import Equipment
from reptrail.db.embedded import DatabaseUrls
from reptrail.programs import builtin
from reptrail.programs.files import from_document, parse, write
from reptrail.programs.naming import slugs
from reptrail.programs.wire import ProgramWorkoutIn
from reptrail.training.rules import SetKind, SetLoad

# slug: weeks, training days in all, and the rules by which its main lifts go on.
WANTED = {
    "novice-linear": (12, 36, {LinearRule}),
    "five-by-five": (12, 36, {LinearRule}),
    "upper-lower": (8, 32, {DoubleRule}),
    "push-pull-legs": (8, 48, {DoubleRule}),
    "weekly-wave": (4, 16, {PercentRule}),
    "full-body-dumbbell": (9, 27, {DoubleRule}),
    "bodyweight": (9, 27, {FixedRule, DoubleRule}),
    "couch-to-5k": (9, 27, {FixedRule}),
    "strength-by-effort": (8, 30, {RpeRule}),
    "machine-circuit": (6, 16, {DoubleRule}),
}
MOST_HARD_SETS = 30
LONGEST_MINUTES = 100
SECONDS_A_SET = 45
BY_PROGRAM = pytest.mark.parametrize("program", builtin.programs(), ids=lambda each: each.slug)
EXERCISES = {each.id: each for each in catalog.exercises()}


def instructions(program: builtin.BuiltinProgram) -> list[InstructionIn]:
    return [each for workout in program.body.workouts for each in workout.instructions or ()]


def hard_sets(instruction: InstructionIn) -> int:
    if instruction.set_targets is not None:
        return sum(target.kind is not SetKind.WARMUP for target in instruction.set_targets)
    return instruction.sets or 0


def minutes(workout: ProgramWorkoutIn) -> float:
    """About how long a workout takes."""
    seconds = 0
    for each in workout.instructions or ():
        a_set = (each.duration_seconds or SECONDS_A_SET) + (each.rest_seconds or 0)
        seconds += (len(each.set_targets) if each.set_targets else each.sets or 1) * a_set
    return seconds / 60


def test_every_kind_that_was_promised_is_there() -> None:
    assert {program.slug for program in builtin.programs()} == set(WANTED)
    assert len({program.body.program_name for program in builtin.programs()}) == len(WANTED) >= 8


@BY_PROGRAM
def test_it_is_as_long_as_it_says(program: builtin.BuiltinProgram) -> None:
    weeks, training_days, rules = WANTED[program.slug]
    days = program.body.days
    assert (len(days), sum(bool(day.workouts) for day in days)) == (7 * weeks, training_days)
    assert {type(each.progression) for each in instructions(program)} >= rules
    words = ["", "", "", "", "four", "", "six", "", "eight", "nine", "", "", "twelve"]
    assert re.search(rf"\b{words[weeks]} weeks\b", (program.body.description or "").lower())


@BY_PROGRAM
def test_every_week_has_training_and_rest(program: builtin.BuiltinProgram) -> None:
    days = program.body.days
    for start in range(0, len(days), 7):
        trained = sum(bool(day.workouts) for day in days[start : start + 7])
        assert 2 <= trained <= 6


@BY_PROGRAM
def test_every_instruction_can_be_done_and_says_how_it_goes_on(program: builtin.BuiltinProgram) -> None:
    for each in instructions(program):
        exercise = EXERCISES[each.exercise_id]
        asks_reps = each.reps_min is not None or any(target.reps_min is not None for target in each.set_targets or ())
        assert asks_reps == ("REPS" in exercise.tracks), exercise.slug
        if each.duration_seconds is not None:
            assert "DURATION" in exercise.tracks, exercise.slug
        if each.distance_m is not None:
            assert "DISTANCE" in exercise.tracks, exercise.slug
        assert asks_reps or each.duration_seconds or each.distance_m, exercise.slug
        assert each.progression is not None, exercise.slug
        assert each.rest_seconds is not None, exercise.slug
        if isinstance(each.progression, LinearRule | DoubleRule | PercentRule):
            assert "WEIGHT" in exercise.tracks, exercise.slug
            assert exercise.load is not SetLoad.ASSISTED, exercise.slug
            assert each.progression.increment > 0, exercise.slug


@BY_PROGRAM
def test_no_session_asks_too_much(program: builtin.BuiltinProgram) -> None:
    for workout in program.body.workouts:
        assert sum(map(hard_sets, workout.instructions or ())) <= MOST_HARD_SETS, workout.workout_key
        assert minutes(workout) <= LONGEST_MINUTES, workout.workout_key
        assert len({each.exercise_id for each in workout.instructions or ()}) >= 1
        assert workout.description, workout.workout_key


@BY_PROGRAM
def test_a_superset_has_more_than_one_exercise_and_as_many_sets_of_each(program: builtin.BuiltinProgram) -> None:
    for workout in program.body.workouts:
        groups: dict[int, list[int | None]] = {}
        for each in workout.instructions or ():
            if each.group_number is not None:
                groups.setdefault(each.group_number, []).append(each.sets)
        assert all(len(sets) > 1 and len(set(sets)) == 1 for sets in groups.values()), workout.workout_key


def test_the_percentages_of_the_wave_rise_and_then_fall() -> None:
    wave = next(program for program in builtin.programs() if program.slug == "weekly-wave")
    by_key = {workout.workout_key: workout for workout in wave.body.workouts}
    for lift in "SBDP":
        tops = []
        for week in range(1, 5):
            first = (by_key[f"{lift}{week}"].instructions or [])[0]
            percents = [target.percent for target in first.set_targets or ()]
            assert percents == sorted(percent for percent in percents if percent is not None)
            tops.append(max(percent for percent in percents if percent is not None))
        assert tops[:3] == sorted(tops[:3])
        assert tops[3] < tops[0]
        assert max(tops) <= 90


def test_running_grows_from_week_to_week_up_to_half_an_hour() -> None:
    program = next(program for program in builtin.programs() if program.slug == "couch-to-5k")
    running = catalog.builtin_id("exercise", "running")
    seconds = {
        workout.workout_key: sum(
            (each.sets or 1) * (each.duration_seconds or 0) for each in workout.instructions or () if each.exercise_id == running
        )
        for workout in program.body.workouts
    }
    days = [day.workouts[0] for day in program.body.days if day.workouts]
    weekly = [sum(seconds[key] for key in days[start : start + 3]) for start in range(0, 24, 3)]
    assert weekly == sorted(weekly)
    assert max(seconds.values()) == 1800
    last = next(workout for workout in program.body.workouts if workout.workout_key == days[-1])
    assert [each.distance_m for each in last.instructions or () if each.exercise_id == running] == [Decimal(5000)]


def test_dumbbells_and_bodyweight_need_nothing_else() -> None:
    allowed = {
        "full-body-dumbbell": {Equipment.DUMBBELL, Equipment.BODYWEIGHT, Equipment.NONE},
        "bodyweight": {Equipment.BODYWEIGHT, Equipment.NONE},
    }
    for program in builtin.programs():
        if program.slug in allowed:
            used = {EXERCISES[each.exercise_id].equipment for each in instructions(program)}
            assert used <= allowed[program.slug], program.slug


@BY_PROGRAM
async def test_anybody_reads_it_over_http_as_it_was_written(program: builtin.BuiltinProgram, athlete: Person) -> None:
    response = await athlete.get(f"/api/v1/programs/{program.id}")
    assert response.status_code == 200, response.text
    found = response.json()
    assert (found["slug"], found["user_id"], found["is_public"], found["revision"]) == (program.slug, None, True, 1)
    assert [[each["workout_key"] for each in day["workouts"]] for day in found["days"]] == [
        day.workouts for day in program.body.days
    ]
    assert {each["workout_key"]: each["workout_id"] for each in found["workouts"]} == {
        workout.workout_key: str(program.workout_id(workout.workout_key)) for workout in program.body.workouts
    }
    assert {each["kind"] for each in found["workouts"]} == {"PROGRAM"}
    assert from_document(response.content, slugs()) == program.text


@BY_PROGRAM
def test_its_file_is_as_export_writes_it(program: builtin.BuiltinProgram) -> None:
    data: dict[str, Any] = parse(program.text)
    days = [day if isinstance(day, dict) else {"workouts": day} for day in data["days"]]
    assert write({**data, "days": days}) == program.text
    assert tomllib.loads(program.text)["format"] == 1


async def test_they_are_listed_and_their_workouts_are_not(athlete: Person) -> None:
    listed = (await athlete.get("/api/v1/programs", params={"limit": 200})).json()["items"]
    assert {item["slug"] for item in listed if item["slug"]} == set(WANTED)
    workouts = (await athlete.get("/api/v1/workouts", params={"limit": 200})).json()["items"]
    assert {workout["slug"] for workout in workouts} == {workout.slug for workout in catalog.workouts()}


async def rows(connection: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Every row that loading programs may write, with its version."""
    found: list[tuple[Any, ...]] = []
    for table in ("program", "program_revision", "program_day", "program_day_workout", "workout", "workout_revision"):
        found += map(tuple, await connection.fetch(f"SELECT '{table}', id, version, to_jsonb(t)::text FROM {table} t"))  # noqa: S608
    return found


async def test_loading_again_writes_nothing(make_database: Callable[..., DatabaseUrls]) -> None:
    connection = await asyncpg.connect(make_database().owner)
    before = await rows(connection)
    await load.load_builtin(connection)
    assert await rows(connection) == before
    await connection.close()


async def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(
    make_database: Callable[..., DatabaseUrls], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = await asyncpg.connect(make_database().owner)
    before = await rows(connection)
    old = next(program for program in builtin.programs() if program.slug == "novice-linear")
    first, second = old.body.workouts
    changed = msgspec.structs.replace(first, workout_name="Squat and press", instructions=(first.instructions or [])[:2])
    body = msgspec.structs.replace(old.body, description="Other words.", workouts=[changed, second])
    for wanted in (replace(old, body=body), old):
        monkeypatch.setattr(builtin, "programs", lambda wanted=wanted: (wanted,))
        await load.load_builtin(connection)
    pinned = {
        row["revision"]: (row["description"], row["a"], row["b"])
        for row in await connection.fetch(
            """SELECT r.revision, r.description, min(k.workout_revision) FILTER (WHERE k.workout_key = 'A') AS a,
                   max(k.workout_revision) FILTER (WHERE k.workout_key = 'B') AS b
               FROM program_revision r JOIN program_day_workout k ON k.program_id = r.program_id AND k.revision = r.revision
               WHERE r.program_id = $1 GROUP BY r.revision, r.description""",
            old.id,
        )
    }
    assert pinned == {1: (old.body.description, 1, 1), 2: ("Other words.", 2, 1), 3: (old.body.description, 3, 1)}
    asked = await connection.fetch(
        "SELECT revision, count(*) FROM exercise_instruction WHERE workout_id = $1 GROUP BY revision ORDER BY revision",
        old.workout_id("A"),
    )
    assert [tuple(row) for row in asked] == [(1, 4), (2, 2), (3, 4)]
    heads = {old.id, old.workout_id("A")}
    there = set(await rows(connection))
    assert [row for row in before if row not in there and row[1] not in heads] == []
    await connection.close()


async def test_a_start_with_nothing_new_does_not_read_them(
    make_database: Callable[..., DatabaseUrls], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise AssertionError("the programs were read")

    monkeypatch.setattr(builtin, "programs", never)
    connection = await asyncpg.connect(make_database().owner)
    await load.load_builtin(connection, reload=False)
    monkeypatch.setattr(catalog, "fingerprint", lambda: "another")
    with pytest.raises(AssertionError, match="were read"):
        await load.load_builtin(connection, reload=False)
    await connection.close()


def test_a_mistake_in_a_file_names_the_program_and_the_place() -> None:
    text = builtin.programs()[0].text.replace('"incline-push-up"', '"incline-pushh-up"')
    with pytest.raises(ValueError, match=r"program bodyweight: .*/workouts/0/instructions/0/exercise: there is no exercise"):
        builtin._program("bodyweight", text)
