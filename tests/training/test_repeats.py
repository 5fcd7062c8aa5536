"""What is sent twice is stored once: by the ids that clients make, and by Idempotency-Key."""

import asyncio
from typing import Any

from training_world import BENCH, FULL_BODY, FULL_BODY_SQUAT, SQUAT, a_set, at, log, new_id, ok, plan, read, record, start

from helpers import Person, pointers, problem
from reptrail.http.edge import Services


async def head(services: Services, person: Person) -> int:
    """How many changes the athlete's ledger has."""
    async with services.database.act_as_system(person.user_id, new_id()) as tx:
        found: int = await tx.value("SELECT seq FROM change_head WHERE user_id = $1", tx.athlete)
        return found


def same(set_: dict[str, Any]) -> dict[str, Any]:
    times = ("completed_at", "created_at", "updated_at")
    return {name: at(value) if name in times and value else value for name, value in set_.items()}


async def test_the_same_set_again(athlete: Person, services: Services) -> None:
    session = await start(athlete)
    body = a_set(rpe=8, notes="x", completed_at="2026-02-03T18:00:00.5+01:00", weight=100.50)
    first = await log(athlete, session, body)
    before = await head(services, athlete)
    for variant in (body, {**body, "completed_at": "2026-02-03T17:00:00.500Z"}, {**body, "set_number": 1, "load": "EXTERNAL"}):
        again = await log(athlete, session, variant)
        assert [same(s) for s in again["sets"]] == [same(s) for s in first["sets"]]
        assert [same(p) for p in again["performances"]] == [same(p) for p in first["performances"]]
    assert await head(services, athlete) == before, "a repeated request writes nothing"
    by_instruction = {**body, "exercise_instruction_id": first["performances"][0]["exercise_instruction_id"]}
    del by_instruction["exercise_id"]
    assert len((await log(athlete, session, by_instruction))["sets"]) == 1
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1


async def test_some_again_and_some_new(athlete: Person, services: Services) -> None:
    session = await start(athlete)
    old = [a_set(BENCH), a_set(SQUAT)]
    await log(athlete, session, *old)
    before = await head(services, athlete)
    new = a_set(BENCH, reps=7)
    answer = await log(athlete, session, old[1], new, old[0])
    assert [s["id"] for s in answer["sets"]] == [old[1]["id"], new["id"], old[0]["id"]]
    assert {p["exercise_id"]: p["reps_completed"] for p in answer["performances"]} == {BENCH: 12, SQUAT: 5}
    assert await head(services, athlete) == before + 2, "one set, and its performance"


async def test_the_same_id_with_other_contents(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    body = a_set(SQUAT, rpe=8)
    await log(athlete, session, body)
    path = f"sessions/{session['id']}/sets"
    for change in (
        {"reps": 6},
        {"weight": 100.5},
        {"weight_unit": "lb"},
        {"rpe": None},
        {"kind": "AMRAP"},
        {"notes": ""},
        {"set_number": 2},
        {"load": "ADDED"},
        {"exercise_id": BENCH},
        {"duration_seconds": 5},
        {"completed_at": "2026-02-03T17:00:00Z"},
    ):
        for sent, pointer in (({**body, **change}, "/id"), ([a_set(SQUAT), {**body, **change}], "/1/id")):
            refusal = problem(await athlete.post(path, sent), 409, "id-taken")
            assert pointers(refusal) == {pointer}
            assert (refusal["current"]["id"], refusal["current"]["reps"]) == (body["id"], 5)
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1


async def test_the_id_of_a_set_elsewhere(athlete: Person, stranger: Person) -> None:
    body = a_set(None, exercise_instruction_id=FULL_BODY_SQUAT)
    first = await record(athlete, workout_id=FULL_BODY)
    await log(athlete, first, body)
    other = await start(athlete, workout_id=FULL_BODY)
    problem(await athlete.post(f"sessions/{other['id']}/sets", body), 409, "id-taken")
    theirs = await start(stranger, workout_id=FULL_BODY)
    refusal = problem(await stranger.post(f"sessions/{theirs['id']}/sets", body), 409, "id-taken")
    assert refusal.keys() == {"type", "title", "status", "errors", "request_id"}
    assert athlete.user_id not in str(refusal)
    for session, person in ((other, athlete), (theirs, stranger)):
        assert (await read(person, session))["performances"] == []


async def test_the_id_of_a_deleted_set(athlete: Person) -> None:
    session = await start(athlete)
    body = a_set()
    await log(athlete, session, body)
    await athlete.delete(f"sessions/{session['id']}/sets/{body['id']}")
    refusal = problem(await athlete.post(f"sessions/{session['id']}/sets", body), 409, "id-taken")
    assert "deleted" in refusal["detail"]
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 0


async def test_a_key_answers_again(athlete: Person, services: Services) -> None:
    session = await start(athlete)
    path = f"sessions/{session['id']}/sets"
    body = a_set(id=...)
    key = {"Idempotency-Key": new_id()}
    first = await athlete.post(path, body, headers=key)
    before = await head(services, athlete)
    again = await athlete.post(path, body, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers.get("etag") == first.headers.get("etag")
    assert await head(services, athlete) == before
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1
    problem(await athlete.post(path, {**body, "reps": 6}, headers=key), 422, "idempotency-key-reused")
    problem(await athlete.post(f"sessions/{session['id']}/complete", headers=key), 422, "idempotency-key-reused")


async def test_a_key_for_every_kind_of_write(athlete: Person) -> None:
    session = await plan(athlete)
    path = f"sessions/{session['id']}"
    for method, where, body in [
        ("POST", f"{path}/start", None),
        ("POST", f"{path}/exercises", {"exercise_id": BENCH}),
        ("PATCH", path, {"session_notes": "x"}),
        ("PUT", f"{path}/performances/{FULL_BODY_SQUAT}", {"sets": [a_set(None)]}),
        ("POST", f"{path}/complete", None),
        ("DELETE", path, None),
    ]:
        key = {"Idempotency-Key": new_id()}
        first = await athlete.call(method, where, body, headers=key)
        assert first.status_code < 300, first.text
        again = await athlete.call(method, where, body, headers=key)
        assert (again.status_code, again.content, again.headers.get("etag")) == (
            first.status_code,
            first.content,
            first.headers.get("etag"),
        )


async def test_ten_at_once_with_one_key(athlete: Person) -> None:
    session = await start(athlete)
    key = {"Idempotency-Key": new_id()}
    body = a_set(id=...)
    responses = await asyncio.gather(*(athlete.post(f"sessions/{session['id']}/sets", body, headers=key) for _ in range(10)))
    assert {r.status_code for r in responses} == {201}
    assert len({r.content for r in responses}) == 1
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1


async def test_ten_at_once_with_one_id(athlete: Person) -> None:
    session = await start(athlete)
    body = a_set()
    responses = await asyncio.gather(*(athlete.post(f"sessions/{session['id']}/sets", body) for _ in range(10)))
    assert {r.status_code for r in responses} == {201}
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1


async def test_a_problem_is_not_kept(athlete: Person) -> None:
    session = await plan(athlete)
    key = {"Idempotency-Key": new_id()}
    path = f"sessions/{session['id']}/sets"
    problem(await athlete.post(path, a_set(reps=-1), headers=key), 422, "invalid")
    body = a_set()
    problem(await athlete.post(path, body, headers=key), 409, "verb-not-allowed")
    ok(await athlete.post(f"sessions/{session['id']}/start"))
    ok(await athlete.post(path, body, headers=key), 201)


async def test_the_keys_of_two_athletes_do_not_meet(athlete: Person, stranger: Person) -> None:
    key = {"Idempotency-Key": "same"}
    body = {"session_status": "IN_PROGRESS"}
    mine, theirs = [ok(await p.post("sessions", body, headers=key), 201) for p in (athlete, stranger)]
    assert mine["id"] != theirs["id"]
    assert (mine["user_id"], theirs["user_id"]) == (athlete.user_id, stranger.user_id)
    other = {"Idempotency-Key": "other"}
    for person, weight in ((athlete, 100), (stranger, 50)):
        session = mine if person is athlete else theirs
        ok(await person.post(f"sessions/{session['id']}/sets", a_set(weight=weight), headers=other), 201)


async def test_a_key_at_another_address_of_the_same_server(athlete: Person) -> None:
    """At home by the address of the house, elsewhere by the public one."""
    session = await start(athlete)
    key = {"Idempotency-Key": new_id()}
    body = a_set(id=...)
    path = f"/api/v1/athletes/me/sessions/{session['id']}/sets"
    first = await athlete.post(path, body, headers=key)
    again = await athlete.post(path, body, headers={**key, "Host": "192.168.1.7:8000"})
    assert (first.status_code, again.content) == (201, first.content)
