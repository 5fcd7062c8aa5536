"""How many statements each request sends, beside begin and commit: a rise fails."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from training_world import (
    BENCH,
    DEADLIFT,
    FULL_BODY,
    FULL_BODY_BENCH,
    FULL_BODY_SQUAT,
    PULL_UP,
    SQUAT,
    Counting,
    a_set,
    in_status,
    log,
    new_id,
    ok,
    plan,
    record,
    start,
)

from helpers import Person, register

Send = Callable[[Person], Awaitable[httpx.Response]]
Case = Callable[[Person], Awaitable[Send]]
CASES: dict[str, tuple[int, Case]] = {}


def case(name: str, statements: int) -> Callable[[Case], Case]:
    """Registers what prepares a request and returns what sends it."""

    def register(make: Case) -> Case:
        CASES[name] = statements, make
        return make

    return register


def sends(method: str, path: str, body: Any = None, **kwargs: Any) -> Send:
    return lambda person: person.call(method, path, body, **kwargs)


def squat(**fields: Any) -> dict[str, Any]:
    return a_set(None, exercise_instruction_id=FULL_BODY_SQUAT, **fields)


async def under_way(person: Person) -> str:
    """A session of a workout, with a past one before it and one set logged."""
    await record(person, performances=[{"exercise_id": SQUAT, "sets": [a_set(None)]}])
    session = await start(person, workout_id=FULL_BODY)
    await log(person, session, squat())
    return f"sessions/{session['id']}"


@case("log a set", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"{await under_way(person)}/sets", squat())


@case("log 20 sets of two exercises", 3)
async def _(person: Person) -> Send:
    sets = [squat() if n % 2 else a_set(None, exercise_instruction_id=FULL_BODY_BENCH) for n in range(20)]
    return sends("POST", f"{await under_way(person)}/sets", sets)


@case("log a set by the exercise of an instruction", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"{await under_way(person)}/sets", a_set(BENCH))


@case("log sets of two exercises that are new to a session of its own workout", 3)
async def _(person: Person) -> Send:
    session = await start(person)
    return sends("POST", f"sessions/{session['id']}/sets", [a_set(BENCH), a_set(DEADLIFT)])


@case("log the first set of an exercise that the workout does not name", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"{await under_way(person)}/sets", a_set(DEADLIFT))


@case("log the next such exercise", 3)
async def _(person: Person) -> Send:
    path = await under_way(person)
    ok(await person.post(f"{path}/sets", a_set(DEADLIFT)), 201)
    return sends("POST", f"{path}/sets", a_set(PULL_UP))


@case("log a set that is stored already", 2)
async def _(person: Person) -> Send:
    path, body = await under_way(person), squat()
    ok(await person.post(f"{path}/sets", body), 201)
    return sends("POST", f"{path}/sets", body)


@case("log a set with a key", 5)
async def _(person: Person) -> Send:
    return sends("POST", f"{await under_way(person)}/sets", squat(), headers={"Idempotency-Key": new_id()})


@case("correct a set", 3)
async def _(person: Person) -> Send:
    path, body = await under_way(person), squat()
    ok(await person.post(f"{path}/sets", body), 201)
    return sends("PATCH", f"{path}/sets/{body['id']}", {"reps": 8})


@case("delete a set", 3)
async def _(person: Person) -> Send:
    path, body = await under_way(person), squat()
    ok(await person.post(f"{path}/sets", body), 201)
    return sends("DELETE", f"{path}/sets/{body['id']}")


@case("a page of sessions", 1)
async def _(person: Person) -> Send:
    await under_way(person)
    return sends("GET", "sessions?status=IN_PROGRESS&from=2020-01-01&to=2099-01-01")


@case("a session in full", 1)
async def _(person: Person) -> Send:
    return sends("GET", await under_way(person))


@case("plan a session of a workout", 3)
async def _(_person: Person) -> Send:
    return sends("POST", "sessions", {"workout_id": FULL_BODY})


@case("start a session from nothing", 5)
async def _(_person: Person) -> Send:
    return sends("POST", "sessions", {"session_status": "IN_PROGRESS"})


# Two more than planning it: what it goes by is read, and what it asks kept, for all of its instructions at once.
@case("start a session of a workout now", 6)
async def _(_person: Person) -> Send:
    return sends("POST", "sessions", {"session_status": "IN_PROGRESS", "workout_id": FULL_BODY})


@case("record a session whole: 4 exercises, 12 sets", 9)
async def _(_person: Person) -> Send:
    performances = [{"exercise_id": e, "sets": [a_set(None) for _ in range(3)]} for e in (SQUAT, BENCH, DEADLIFT, SQUAT)]
    body = {"session_status": "COMPLETED", "started_at": "2026-03-01T10:00:00Z", "performances": performances}
    return sends("POST", "sessions", body)


@case("record a session of a workout whole", 7)
async def _(_person: Person) -> Send:
    performances = [{"exercise_instruction_id": FULL_BODY_SQUAT, "sets": [a_set(None) for _ in range(3)]}]
    body = {"session_status": "COMPLETED", "started_at": "2026-03-01T10:00:00Z", "performances": performances}
    return sends("POST", "sessions", {**body, "workout_id": FULL_BODY})


# Two of them for what it asks.
@case("start", 6)
async def _(person: Person) -> Send:
    return sends("POST", f"sessions/{(await plan(person))['id']}/start")


@case("complete", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"{await under_way(person)}/complete")


@case("skip", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"sessions/{(await plan(person))['id']}/skip")


@case("cancel", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"{await under_way(person)}/cancel")


@case("reopen", 3)
async def _(person: Person) -> Send:
    return sends("POST", f"sessions/{(await in_status(person, 'SKIPPED'))['id']}/reopen")


@case("edit a session", 3)
async def _(person: Person) -> Send:
    return sends("PATCH", await under_way(person), {"session_notes": "x"})


@case("delete a session", 5)
async def _(person: Person) -> Send:
    return sends("DELETE", await under_way(person))


@case("add two exercises to a session of its own workout", 3)
async def _(person: Person) -> Send:
    session = await start(person)
    return sends("POST", f"sessions/{session['id']}/exercises", [{"exercise_id": BENCH}, {"exercise_id": SQUAT}])


@case("replace the sets of a performance: one edited, one new, one gone", 7)
async def _(person: Person) -> Send:
    path = f"{await under_way(person)}/performances/{FULL_BODY_SQUAT}"
    gone, edited = a_set(None), a_set(None)
    ok(await person.put(path, {"sets": [gone, edited]}))
    return sends("PUT", path, {"sets": [{**edited, "reps": 9}, a_set(None)]})


@case("a summary alone", 5)
async def _(person: Person) -> Send:
    return sends("PUT", f"{await under_way(person)}/performances/{FULL_BODY_BENCH}", {"sets_completed": 3})


@case("rate a performance", 2)
async def _(person: Person) -> Send:
    return sends("PATCH", f"{await under_way(person)}/performances/{FULL_BODY_SQUAT}", {"difficulty_rating": 3})


@pytest.mark.parametrize("name", CASES)
async def test_statements_of_a_request(http: httpx.AsyncClient, counting: Counting, name: str) -> None:
    expected, make = CASES[name]
    # The first time the driver asks for the types of the parameters, once a connection: the second time counts.
    for _ in range(2):
        person = await register(http)
        send = await make(person)
        counting.clear()
        response = await send(replace(person, http=counting.http))
        assert response.status_code < 300, response.text
    assert len(counting.counted()) == expected, "\n".join(counting.statements)


async def test_the_page_is_one_statement_however_long(athlete: Person, counting: Counting) -> None:
    for day in range(1, 8):
        await record(athlete, f"2026-02-{day:02}T10:00:00Z", performances=[{"exercise_id": SQUAT, "sets": [a_set(None)]}])
    for limit in (1, 50, 200):
        counting.clear()
        ok(await replace(athlete, http=counting.http).get(f"sessions?limit={limit}"))
        assert len(counting.counted()) == 1


async def test_a_retry_with_its_key_is_one_statement(athlete: Person, counting: Counting) -> None:
    session = await start(athlete)
    key = {"Idempotency-Key": new_id()}
    body = a_set()
    for _ in range(3):
        counting.clear()
        ok(await replace(athlete, http=counting.http).post(f"sessions/{session['id']}/sets", body, headers=key), 201)
    assert len(counting.counted()) == 1
