"""Programs as files: what is written reads back to the byte, in the database, over HTTP and from hand to hand."""

import asyncio
import json
import tomllib
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from file_strategies import a_file, programs
from hypothesis import HealthCheck, given, settings

from helpers import Person, problem
from reptrail.catalog import builtin
from reptrail.errors import Problem
from reptrail.http.edge import Services
from reptrail.http.encoding import encode
from reptrail.ids import uuid7
from reptrail.programs import sharing
from reptrail.programs.builtin import programs as builtin_programs
from reptrail.programs.files import parse, read, write
from reptrail.programs.naming import ExerciseNames
from reptrail.programs.schema import schema

NAMES = ExerciseNames()
SQUAT = builtin.builtin_id("exercise", "squat-barbell")
VALIDATOR = jsonschema_rs.validator_for(schema())


def reshaped(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "days": [day if isinstance(day, dict) else {"workouts": day} for day in data["days"]]}


@given(programs())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_what_is_written_reads_back_and_is_written_the_same(program: dict[str, Any]) -> None:
    text = write(program)
    data = parse(text)
    assert reshaped(data) == {"format": 1, **program}
    assert write(reshaped(data)) == text
    assert tomllib.loads(text)["program_name"] == program["program_name"]
    body = read(text, NAMES.find)
    assert [day.workouts for day in body.days] == [day["workouts"] for day in program["days"]]
    assert VALIDATOR.is_valid(json.loads(encode(data)))


async def into_the_database(services: Services, person: Person, text: str) -> tuple[sharing.Imported, str]:
    """Imports a file, and exports what came of it."""
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        made = await sharing.import_program(tx, text)
        return made, await sharing.export_program(tx, made.program_id)


@given(program=programs())
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
async def test_a_program_goes_into_the_database_and_comes_out_byte_for_byte(
    program: dict[str, Any], services: Services, athlete: Person, stranger: Person
) -> None:
    first, text = await into_the_database(services, athlete, write(program))
    assert text == write(program)
    second, again = await into_the_database(services, stranger, text)
    assert again == text
    assert second.program_id != first.program_id


@pytest.mark.parametrize("program", builtin_programs(), ids=lambda each: each.slug)
async def test_a_built_in_program_is_shared_by_its_file(program: Any, services: Services, athlete: Person) -> None:
    made, text = await into_the_database(services, athlete, program.text)
    assert text == program.text
    assert made.is_new
    found = (await athlete.get(f"/api/v1/programs/{made.program_id}")).json()
    assert (found["user_id"], found["is_public"], found["program_name"]) == (athlete.user_id, False, program.body.program_name)
    assert VALIDATOR.is_valid(json.loads(encode(parse(text))))


async def test_the_same_file_again_makes_nothing(services: Services, athlete: Person) -> None:
    first, _ = await into_the_database(services, athlete, a_file())
    again, _ = await into_the_database(services, athlete, a_file())
    other, _ = await into_the_database(services, athlete, a_file(days='[["A"]]'))
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.program_id == first.program_id != other.program_id
    mine = (await athlete.get("/api/v1/programs", params={"mine": "true"})).json()["items"]
    assert len(mine) == 2


async def test_a_file_can_be_the_next_revision(services: Services, athlete: Person, stranger: Person) -> None:
    first, _ = await into_the_database(services, athlete, a_file())
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        second = await sharing.import_program(tx, a_file(days='[["A"], [], ["A"]]'), first.program_id)
        third = await sharing.import_program(tx, a_file(days='[["A"], [], ["A"]]'), first.program_id)
        assert await sharing.export_program(tx, first.program_id, 1) != await sharing.export_program(tx, first.program_id)
    assert [(each.program_id, each.revision, each.is_new) for each in (second, third)] == [
        (first.program_id, 2, True),
        (first.program_id, 2, False),
    ]
    with pytest.raises(Problem, match="Nothing here"):
        async with services.database.act_as_system(UUID(stranger.user_id), uuid7()) as tx:
            await sharing.import_program(tx, a_file(), first.program_id)


async def an_exercise(person: Person, name: str) -> str:
    body = {
        "exercise_name": name,
        "equipment": "BARBELL",
        "mechanic": "COMPOUND",
        "tracks": "REPS_WEIGHT",
        "load": "EXTERNAL",
        "primary_muscles": ["QUADS"],
    }
    response = await person.post("/api/v1/exercises", body)
    assert response.status_code == 201, response.text
    found: str = response.json()["id"]
    return found


async def test_ones_own_exercise_goes_by_its_name(services: Services, athlete: Person, stranger: Person) -> None:
    own = await an_exercise(athlete, "Squat, my way")
    text = a_file(instruction='{ exercise = "Squat, my way", sets = 3 }, { exercise = "Squat (Barbell)", sets = 1 }')
    made, exported = await into_the_database(services, athlete, text)
    asked = (await athlete.get(f"/api/v1/programs/{made.program_id}")).json()["workouts"][0]["instructions"]
    assert [each["exercise_id"] for each in asked] == [own, str(SQUAT)]
    assert [each["exercise"] for each in parse(exported)["workouts"][0]["instructions"]] == ["Squat, my way", "squat-barbell"]
    with pytest.raises(Problem, match="there is no exercise 'Squat, my way'"):
        await into_the_database(services, stranger, exported)


async def test_an_own_exercise_named_like_a_slug_is_not_exported_to_be_mistaken(services: Services, athlete: Person) -> None:
    own = await an_exercise(athlete, "squat-barbell")
    body = {
        "program_name": "x",
        "days": [{"workouts": ["A"]}],
        "workouts": [{"workout_key": "A", "workout_name": "x", "instructions": [{"exercise_id": own}]}],
    }
    program = (await athlete.post("/api/v1/programs", body)).json()["id"]
    with pytest.raises(Problem, match="rename it first"):
        async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
            await sharing.export_program(tx, UUID(program))


async def test_a_workout_of_the_catalogue_is_written_out(services: Services, athlete: Person) -> None:
    push = str(builtin.builtin_id("workout", "push"))
    body = {"program_name": "x", "days": [{"workouts": ["A"]}], "workouts": [{"workout_key": "A", "workout_id": push}]}
    program = (await athlete.post("/api/v1/programs", body)).json()["id"]
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        text = await sharing.export_program(tx, UUID(program))
    _, again = await into_the_database(services, athlete, text)
    assert again == text
    assert len(parse(text)["workouts"][0]["instructions"]) == 5


async def test_anothers_private_program_cannot_be_exported(services: Services, athlete: Person, stranger: Person) -> None:
    made, _ = await into_the_database(services, athlete, a_file())
    problem(await stranger.get(f"/api/v1/programs/{made.program_id}"), 404, "not-found")
    with pytest.raises(Problem) as caught:
        async with services.database.act_as_system(UUID(stranger.user_id), uuid7()) as tx:
            await sharing.export_program(tx, made.program_id)
    assert caught.value.slug == "not-found"


async def test_a_program_is_found_by_id_slug_and_name(services: Services, athlete: Person) -> None:
    first, _ = await into_the_database(services, athlete, a_file())
    await into_the_database(services, athlete, a_file(program_name='"Twice"'))
    await into_the_database(services, athlete, a_file(program_name='"Twice"', days='[["A"]]'))
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        wave = builtin.builtin_id("program", "weekly-wave")
        assert await sharing.find_program(tx, "weekly-wave") == wave
        assert await sharing.find_program(tx, "Weekly Wave") == wave
        assert await sharing.find_program(tx, "Small") == await sharing.find_program(tx, str(first.program_id)) == first.program_id
        with pytest.raises(Problem, match="no program has"):
            await sharing.find_program(tx, "weekly wave")
        with pytest.raises(Problem, match="several programs"):
            await sharing.find_program(tx, "Twice")


async def test_a_program_is_shared_over_http(athlete: Person, stranger: Person) -> None:
    wave = builtin.builtin_id("program", "weekly-wave")
    response = await athlete.get(f"/api/v1/programs/{wave}/file")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/toml")
    tag = {"If-None-Match": response.headers["etag"]}
    assert (await athlete.get(f"/api/v1/programs/{wave}/file", headers=tag)).status_code == 304
    text = response.text.replace("Weekly Wave", "My wave")
    made = await athlete.post("/api/v1/programs/import", {"program_file": text})
    again = await athlete.post("/api/v1/programs/import", {"program_file": text})
    assert (made.status_code, again.status_code) == (201, 200)
    program = made.json()
    assert (program["id"], program["user_id"], program["is_public"]) == (again.json()["id"], athlete.user_id, False)
    edited = {"program_file": text.replace("leave one in you", "leave two in you"), "into": program["id"]}
    assert (await athlete.post("/api/v1/programs/import", edited)).json()["revision"] == 2
    assert (await athlete.get(f"/api/v1/programs/{program['id']}/file")).text == edited["program_file"]
    assert (await athlete.get(f"/api/v1/programs/{program['id']}/file", params={"revision": 1})).text == text
    problem(await stranger.get(f"/api/v1/programs/{program['id']}/file"), 404, "not-found")
    problem(await stranger.post("/api/v1/programs/import", edited), 404, "not-found")
    problem(await athlete.post("/api/v1/programs/import", {**edited, "into": str(wave)}), 403, "forbidden")


async def test_a_big_file_holds_up_nobody_else(athlete: Person) -> None:
    text = "format = 1\n" + "".join(f"a{n} = {{ b = 1 }}\n" for n in range(20_000))
    importing = asyncio.create_task(athlete.post("/api/v1/programs/import", {"program_file": text}))
    turns = 0
    while not importing.done():
        await asyncio.sleep(0.01)
        turns += 1
    problem(importing.result(), 422, "invalid")
    assert turns > 4  # it takes the better part of a second, in which the loop goes on turning: held up it would turn once or twice


async def test_what_is_wrong_with_a_file_is_said_over_http(athlete: Person) -> None:
    refused = problem(await athlete.post("/api/v1/programs/import", {"program_file": "x = "}), 422, "import-refused")
    assert [each["pointer"] for each in refused["errors"]] == ["/program_file"]
    wrong = problem(
        await athlete.post("/api/v1/programs/import", {"program_file": a_file(instruction="{ sets = 0 }")}), 422, "invalid"
    )
    assert {each["pointer"] for each in wrong["errors"]} == {
        "/program_file/workouts/0/instructions/0/exercise",
        "/program_file/workouts/0/instructions/0/sets",
    }
