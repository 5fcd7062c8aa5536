"""How many statements a program costs, whatever its length, and that a long one is quick."""

import time
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from program_world import BENCH, CATALOGUE_WORKOUT, DEADLIFT, PROGRAMS, Counted, asks, days, ok, program, workout

from helpers import Person
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.programs import actions

# 104 weeks of four workouts, of twelve different ones, five exercises each.
KEYS = "ABCDEFGHIJKL"
TWO_YEARS = {
    "workouts": [workout(key, *[asks(e) for e in (BENCH, DEADLIFT, BENCH, DEADLIFT, BENCH)]) for key in KEYS],
    "days": days(*[KEYS[n % 12] if n % 7 in (0, 1, 3, 5) else "" for n in range(728)], KEYS[2::3], KEYS[1::3]),
}
LONGEST = {"workouts": TWO_YEARS["workouts"], "days": days(*[KEYS[n % 7 : n % 7 + 6] for n in range(1_100)])}
# On a machine that runs other tests beside this one; alone it takes a tenth.
PATIENCE_SECONDS = 20


async def sent(counted: Counted, person: Person, method: str, path: str, body: Any = None) -> tuple[Any, int]:
    """An answer, and the statements it took. Sent twice: at first the driver asks for the types of parameters."""
    for _ in range(2):
        counted.statements.clear()
        answer = ok(await replace(person, http=counted.http).call(method, path, body), 201 if method == "POST" else 200)
    return answer, len(counted.taken())


@pytest.mark.parametrize("text", [program(), program(**TWO_YEARS)], ids=["short", "two years"])
async def test_statements_of_each_request(athlete: Person, counted: Counted, text: dict[str, Any]) -> None:
    catalogue = any("workout_id" in each for each in text["workouts"])
    # Look for exercises (and workouts); store workouts, revisions, instructions, program, revision, days, places; read back.
    made, count = await sent(counted, athlete, "POST", PROGRAMS, text)
    assert count == 9 + catalogue
    path = f"{PROGRAMS}/{made['id']}"
    assert (await sent(counted, athlete, "GET", path))[1] == 1
    assert (await sent(counted, athlete, "GET", f"{PROGRAMS}?mine=true"))[1] == 1
    assert (await sent(counted, athlete, "GET", f"{PROGRAMS}?q=strong"))[1] == 2
    assert (await sent(counted, athlete, "GET", f"{path}/difference?from=1"))[1] == 2
    unchanged, count = await sent(counted, athlete, "PUT", path, text)
    assert (count, unchanged["revision"]) == (2, 1)
    # Read; look for workouts; the program's next revision with its days and places; read back. Workouts stay.
    for name in ("Once", "Twice"):
        counted.statements.clear()
        ok(await replace(athlete, http=counted.http).put(path, {**text, "program_name": name}))
        assert len(counted.taken()) == 6 + catalogue
    # Besides that, one workout moved on: exercises looked for, the workout, its revision and its instructions.
    for sets in (7, 8):
        edited = [workout("A", asks(sets=sets)), *text["workouts"][1:]]
        counted.statements.clear()
        ok(await replace(athlete, http=counted.http).put(path, {**text, "workouts": edited}))
        assert len(counted.taken()) == 10 + catalogue
    # Read, look for others' exercises, store as made, read back; nothing is looked up again.
    assert (await sent(counted, athlete, "POST", f"{path}/copy"))[1] == 10


async def test_a_plan_is_one_statement(athlete: Person, services: Services) -> None:
    stored = ok(await athlete.post(PROGRAMS, program(**TWO_YEARS)), 201)
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        began = time.perf_counter()
        plan = await actions.load_plan(tx, UUID(stored["id"]), None)
        seconds = time.perf_counter() - began
    assert (plan.day_count, sum(len(day.workouts) for day in plan.days)) == (730, 416 + 8)
    assert seconds < PATIENCE_SECONDS


async def test_the_longest_program_is_quick(athlete: Person) -> None:
    began = time.perf_counter()
    stored = ok(await athlete.post(PROGRAMS, program(**LONGEST)), 201)
    path = f"{PROGRAMS}/{stored['id']}"
    assert len(stored["days"]) == 1_100
    assert sum(len(day["workouts"]) for day in stored["days"]) == 6_600
    edited = ok(await athlete.put(path, program(**{**LONGEST, "days": LONGEST["days"][:-1] + days("A")})))
    assert ok(await athlete.get(path, params={"revision": 1}))["days"] == stored["days"]
    (change,) = ok(await athlete.get(f"{path}/difference", params={"from": 1}))["days"]
    assert (change["day_number"], edited["revision"]) == (1_100, 2)
    assert time.perf_counter() - began < 4 * PATIENCE_SECONDS


async def test_the_widest_program_is_taken(athlete: Person) -> None:
    """60 workouts of 100 instructions: the most that fits into a program."""
    keys = [f"W{n}" for n in range(59)]
    workouts = [workout(key, *[asks(BENCH)] * 100) for key in keys] + [{"workout_key": "C", "workout_id": CATALOGUE_WORKOUT}]
    planned = [{"workouts": [key]} for key in [*keys, "C"]]
    began = time.perf_counter()
    stored = ok(await athlete.post(PROGRAMS, program(workouts=workouts, days=planned)), 201)
    assert sum(len(each["instructions"]) for each in stored["workouts"]) >= 5_900
    assert time.perf_counter() - began < 2 * PATIENCE_SECONDS
