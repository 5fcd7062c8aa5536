"""The corners of restoring: points within a request, what is there already, what clashes, and who may."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from ledger_world import (
    BENCH,
    MEASUREMENT,
    PERFORMANCE,
    SESSION,
    SET,
    SQUAT,
    a_set,
    as_athlete,
    changes,
    is_exact,
    newest,
    ok,
    read,
    record,
    restore,
    sets_of,
    shape,
    verified,
    weigh,
)  # fmt: skip

from helpers import Person, problem
from reptrail.http.edge import Services
from reptrail.ids import uuid7


async def busy_session(person: Person) -> dict[str, Any]:
    """A session with sets logged, edited and deleted, a summary alone, and an exercise added later."""
    session = await record(person, BENCH, SQUAT, sets=2)
    address = f"sessions/{session['id']}"
    one, two, *_ = sets_of(session)
    ok(await person.patch(f"{address}/sets/{one['id']}", {"reps": 9}))
    ok(await person.delete(f"{address}/sets/{two['id']}"), 204)
    ok(await person.post(f"{address}/sets", [{**a_set(3, 140), "exercise_id": BENCH}, {**a_set(4), "exercise_id": SQUAT}]), 201)
    ok(await person.delete(f"{address}/sets/{one['id']}"), 204)
    instruction = session["performances"][1]["exercise_instruction_id"]
    ok(await person.put(f"{address}/performances/{instruction}", {"sets": [a_set(8, 60)], "difficulty_rating": 7}))
    ok(await person.patch(address, {"session_notes": "heavy", "effort_rating": 8}))
    return session


async def test_every_point_in_time_comes_back_exact_and_as_it_was(athlete: Person, services: Services) -> None:
    session = await busy_session(athlete)
    told = await changes(athlete)
    born = next(c["seq"] for c in told if c["row_id"] == session["id"])
    ends = {
        c["seq"]
        for c, after in zip(told, [*told[1:], None], strict=True)
        if after is None or c["request_id"] != after["request_id"]
    }
    for seq in range(born, told[-1]["seq"] + 1):
        await restore(athlete, SESSION, session["id"], seq)
        found = await read(athlete, session)
        assert is_exact(found), seq
        if seq in ends:
            assert {s["id"]: s["reps"] for s in sets_of(found)} == _sets_after(told, seq)
    assert (await verified(services, athlete)).findings == []


def _sets_after(told: list[dict[str, Any]], seq: int) -> dict[str, int]:
    rows: dict[str, dict[str, Any]] = {}
    for change in told:
        if change["table_name"] == SET and change["seq"] <= seq:
            rows.setdefault(change["row_id"], {}).update(change["after"])
    return {row_id: row["reps"] for row_id, row in rows.items() if row["is_active"]}


async def test_going_back_to_what_stands_writes_nothing(athlete: Person) -> None:
    session = await busy_session(athlete)
    last = await newest(athlete)
    answer = await restore(athlete, SESSION, session["id"], last)
    assert answer == {"counts": {}, "rows": []}
    assert await newest(athlete) == last


async def test_a_restore_can_be_gone_back_on(athlete: Person) -> None:
    session = await busy_session(athlete)
    before, last = shape(await read(athlete, session)), await newest(athlete)
    first = next(c["seq"] for c in await changes(athlete) if c["row_id"] == session["id"])
    await restore(athlete, SESSION, session["id"], first)
    assert (await read(athlete, session))["performances"] == []
    await restore(athlete, SESSION, session["id"], last)
    assert shape(await read(athlete, session)) == before


async def test_the_answer_names_the_rows_as_they_now_stand(athlete: Person) -> None:
    session = await record(athlete, BENCH, sets=2)
    ok(await athlete.delete(f"sessions/{session['id']}"), 204)
    answer = await restore(athlete, SESSION, session["id"])
    assert answer["counts"] == {SESSION: 1, PERFORMANCE: 1, SET: 2}
    found = await read(athlete, session)
    assert {(r["table"], r["id"], r["version"]) for r in answer["rows"]} == {
        (SESSION, found["id"], found["version"]),
        *((PERFORMANCE, p["id"], p["version"]) for p in found["performances"]),
        *((SET, s["id"], s["version"]) for s in sets_of(found)),
    }
    assert shape(found) == shape(session)


async def test_a_set_restored_alone_is_counted_once(athlete: Person) -> None:
    session = await record(athlete, BENCH, sets=2)
    one = sets_of(session)[0]
    ok(await athlete.delete(f"sessions/{session['id']}/sets/{one['id']}"), 204)
    answer = await restore(athlete, SET, one["id"])
    assert answer["counts"] == {SET: 1, PERFORMANCE: 1}
    performance = (await read(athlete, session))["performances"][0]
    assert [r["version"] for r in answer["rows"] if r["table"] == PERFORMANCE] == [performance["version"]]
    assert is_exact(await read(athlete, session))


async def test_an_edited_set_goes_back_alone(athlete: Person) -> None:
    session = await record(athlete, BENCH, sets=2)
    one, last = sets_of(session)[0], await newest(athlete)
    body = {"reps": 1, "weight": 20, "weight_unit": "lb", "notes": "typo", "rpe": 9}
    ok(await athlete.patch(f"sessions/{session['id']}/sets/{one['id']}", body))
    await restore(athlete, SET, one["id"], last)
    assert shape(await read(athlete, session)) == shape(session)


async def test_a_session_deleted_twice_comes_back_as_of_the_second_time(athlete: Person) -> None:
    session = await record(athlete, BENCH, sets=3)
    for each in sets_of(session)[:2]:
        ok(await athlete.delete(f"sessions/{session['id']}"), 204)
        await restore(athlete, SESSION, session["id"])
        ok(await athlete.delete(f"sessions/{session['id']}/sets/{each['id']}"), 204)
    before = shape(await read(athlete, session))
    ok(await athlete.delete(f"sessions/{session['id']}"), 204)
    await restore(athlete, SESSION, session["id"])
    assert shape(await read(athlete, session)) == before
    assert len(sets_of(before)) == 1


async def test_a_performance_is_not_restored_into_a_deleted_session(athlete: Person) -> None:
    session = await record(athlete, BENCH)
    last = await newest(athlete)
    ok(await athlete.delete(f"sessions/{session['id']}"), 204)
    body = {"table": PERFORMANCE, "id": session["performances"][0]["id"]}
    for extra in ({}, {"seq": last}):
        problem(await athlete.post("restore", body | extra), 409, "conflict")
    assert await newest(athlete) > last
    problem(await athlete.get(f"sessions/{session['id']}"), 404, "not-found")


async def test_a_name_taken_by_now_is_a_conflict(athlete: Person, owner: asyncpg.Connection) -> None:
    ids = [uuid7(), uuid7()]
    for id_ in ids:
        async with as_athlete(owner, athlete):
            await owner.execute(
                """INSERT INTO exercise (id, user_id, exercise_name, equipment, mechanic, tracks)
                   VALUES ($1, $2, 'Zercher squat', 'barbell', 'COMPOUND', 'REPS_WEIGHT')""",
                id_,
                UUID(athlete.user_id),
            )
            if id_ == ids[0]:
                await owner.execute("UPDATE exercise SET is_active = false WHERE id = $1", id_)
    last = await newest(athlete)
    refused = problem(await athlete.post("restore", {"table": "exercise", "id": str(ids[0])}), 409, "conflict")
    assert refused["detail"] == "you have an exercise of this name"
    assert await newest(athlete) == last
    async with as_athlete(owner, athlete):
        await owner.execute("UPDATE exercise SET exercise_name = 'Other' WHERE id = $1", ids[1])
    assert (await restore(athlete, "exercise", str(ids[0])))["counts"] == {"exercise": 1}


async def test_a_session_that_was_in_progress_is_not_made_a_second_one(athlete: Person) -> None:
    first = ok(await athlete.post("sessions", {"session_status": "IN_PROGRESS"}), 201)
    last = await newest(athlete)
    ok(await athlete.post(f"sessions/{first['id']}/complete"))
    second = ok(await athlete.post("sessions", {"session_status": "IN_PROGRESS"}), 201)
    body = {"table": SESSION, "id": first["id"], "seq": last}
    assert problem(await athlete.post("restore", body), 409, "session-in-progress")["session_id"] == second["id"]
    ok(await athlete.post(f"sessions/{second['id']}/cancel"))
    ok(await athlete.post("restore", body))
    assert (await read(athlete, first))["session_status"] == "IN_PROGRESS"


async def test_a_restore_names_the_version_it_is_based_on(athlete: Person) -> None:
    made = await weigh(athlete)
    ok(await athlete.delete(f"measurements/{made['id']}"), 204)
    body = {"table": MEASUREMENT, "id": made["id"]}
    refused = problem(await athlete.post("restore", body, headers={"If-Match": '"1"'}), 412, "precondition-failed")
    assert (refused["current"]["id"], refused["current"]["is_active"]) == (made["id"], False)
    ok(await athlete.post("restore", body, headers={"If-Match": '"2"'}))


async def test_a_repeated_restore_with_its_key_gets_the_first_answer(athlete: Person) -> None:
    made = await weigh(athlete)
    ok(await athlete.delete(f"measurements/{made['id']}"), 204)
    body, headers = {"table": MEASUREMENT, "id": made["id"]}, {"Idempotency-Key": str(uuid7())}
    answers = [ok(await athlete.post("restore", body, headers=headers)) for _ in range(2)]
    assert answers[0] == answers[1]
    problem(await athlete.post("restore", body), 409, "conflict")


async def test_an_api_token_may_not_restore(athlete: Person) -> None:
    session = await record(athlete, BENCH)
    ok(await athlete.delete(f"sessions/{session['id']}"), 204)
    token = ok(await athlete.post("/api/v1/me/tokens", {"name": "t", "scopes": ["training:read", "training:write"]}), 201)
    headers = {"Authorization": f"Bearer {token['token']}"}
    problem(await athlete.post("restore", {"table": SESSION, "id": session["id"]}, headers=headers), 403, "forbidden")


@pytest.mark.parametrize("table", ["coach_grant", "app_user", "api_token", "import", "change", "login", "workout_revision"])
async def test_what_is_not_restorable_is_refused(table: str, athlete: Person) -> None:
    problem(await athlete.post("restore", {"table": table, "id": athlete.user_id}), 422, "invalid")


async def test_what_is_built_in_is_nobody_s_to_restore(athlete: Person) -> None:
    problem(await athlete.post("restore", {"table": "exercise", "id": BENCH}), 404, "not-found")


async def test_rewinding_a_column_added_later_keeps_what_stands(athlete: Person, owner: asyncpg.Connection) -> None:
    """As after a migration: the old image lacks the column, and its value then is not known."""
    made = await weigh(athlete)
    await owner.execute("ALTER TABLE change DISABLE TRIGGER ALL")
    await owner.execute("UPDATE change SET after = after - 'measurement_notes' WHERE row_id = $1", UUID(made["id"]))
    await owner.execute("ALTER TABLE change ENABLE TRIGGER ALL")
    last = await newest(athlete)
    ok(await athlete.patch(f"measurements/{made['id']}", {"measured_value": 90, "measurement_notes": "kept"}))
    await restore(athlete, MEASUREMENT, made["id"], last)
    found = ok(await athlete.get(f"measurements/{made['id']}"))
    assert (found["measured_value"], found["measurement_notes"]) == (80, "kept")


HEVY = (
    "title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,set_index,set_type,weight_kg,reps\n"
    + "".join(
        f'{title},"{day} Mar 2025, 17:00","{day} Mar 2025, 18:00",,Zercher Thing,,,{place},normal,{kg},5\n'
        for title, day, place, kg in (("Push", 2, 0, 60), ("Push", 2, 1, 70), ("Pull", 4, 0, 80))
    )
)


async def import_file(person: Person) -> Any:
    return ok(
        await person.post("imports", files={"file": ("w.csv", HEVY.encode())}, data={"format": "auto", "time_zone": "UTC"}), 201
    )


async def sessions(person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(await person.get("sessions"))["items"]
    return found


async def test_an_import_takes_its_exercises_and_edits_along(athlete: Person, services: Services) -> None:
    made = await import_file(athlete)
    session = (await sessions(athlete))[0]
    ok(await athlete.patch(f"sessions/{session['id']}/sets/{sets_of(session)[0]['id']}", {"reps": 12}))
    ok(await athlete.post(f"sessions/{session['id']}/sets", {**a_set(), "exercise_id": SQUAT}), 201)
    before = shape({"all": await sessions(athlete)})
    ok(await athlete.delete(f"imports/{made['id']}"))
    answer = ok(await athlete.post("restore", {"import_id": made["id"]}))
    assert answer["counts"]["exercise"] == 1
    assert [row["table"] for row in answer["rows"]] == ["import"]
    assert shape({"all": await sessions(athlete)}) == before
    assert (await verified(services, athlete)).findings == []


async def test_what_came_back_before_its_import_keeps_what_was_done_since(athlete: Person) -> None:
    made = await import_file(athlete)
    session = (await sessions(athlete))[0]
    ok(await athlete.delete(f"imports/{made['id']}"))
    await restore(athlete, SESSION, session["id"])
    ok(await athlete.patch(f"sessions/{session['id']}/sets/{sets_of(session)[0]['id']}", {"reps": 12}))
    ok(await athlete.patch(f"sessions/{session['id']}", {"session_notes": "mine"}))
    before = shape(await read(athlete, session))
    ok(await athlete.post("restore", {"import_id": made["id"]}))
    assert shape(await read(athlete, session)) == before
    assert len(await sessions(athlete)) == 2
    assert all(is_exact(each) for each in await sessions(athlete))


async def test_a_stranger_s_import_is_not_there(athlete: Person, stranger: Person) -> None:
    made = await import_file(athlete)
    ok(await athlete.delete(f"imports/{made['id']}"))
    problem(await stranger.post("restore", {"import_id": made["id"]}), 404, "not-found")
