"""Pushing what is planned and said: enrollments, planned sessions, comments, goals."""

from typing import Any

import pytest
from phone import Grant, Phone, Row
from pushed import AT, RECORDED, SESSION, WEIGHT, bench, slug, statuses

from good_requests.base import BENCH_PRESS
from helpers import Person

ENROLLMENT, COMMENT, GOAL = "user_program_enrollment", "session_comment", "user_goal"


async def program(person: Person) -> str:
    found = (await person.get("/api/v1/programs")).json()["items"]
    program_id: str = found[0]["id"]
    return program_id


async def enrolled(phone: Phone, **fields: Any) -> str:
    body = {"program_id": await program(phone.person), "training_time": "18:00", **fields}
    row_id: str = phone.do(ENROLLMENT, "insert", fields=body)["row_id"]
    assert statuses(await phone.sync()) == ["APPLIED"]
    return row_id


async def test_an_enrollment_and_its_plan_arrive_and_go_through_their_lives(phone: Phone, athlete: Person) -> None:
    row_id = await enrolled(phone)
    planned = [row for (table, _), row in phone.store.items() if table == SESSION]
    assert planned
    assert {row["program_enrollment_id"] for row in planned} == {row_id}
    phone.do(ENROLLMENT, "update", row_id, {"enrollment_notes": "easy", "training_time": "18:00"})
    phone.do(ENROLLMENT, "verb", row_id, verb="pause")
    phone.do(ENROLLMENT, "verb", row_id, verb="resume")
    phone.do(ENROLLMENT, "verb", row_id, verb="cancel")
    phone.do(ENROLLMENT, "verb", row_id, verb="pause")
    results = await phone.sync()
    assert statuses(results) == ["APPLIED"] * 4 + ["REFUSED"]
    assert results[-1]["problem"]["enrollment_status"] == "CANCELLED"
    assert {row["session_status"] for (table, _), row in phone.store.items() if table == SESSION} == {"CANCELLED"}
    assert (await athlete.get(f"enrollments/{row_id}")).json()["enrollment_notes"] == "easy"
    phone.do(ENROLLMENT, "verb", row_id, verb="restart")
    assert statuses(await phone.sync()) == ["APPLIED"]
    assert phone.store[ENROLLMENT, row_id]["cycle"] == 2


async def test_what_the_enrollment_says_already_is_not_written(phone: Phone) -> None:
    row_id = await enrolled(phone)
    phone.do(ENROLLMENT, "update", row_id, {"training_time": "18:00"})
    assert statuses(await phone.sync()) == ["ALREADY_APPLIED"]
    again = phone.do(ENROLLMENT, "insert", fields={"program_id": phone.store[ENROLLMENT, row_id]["program_id"]})
    (result,) = await phone.sync()
    assert (slug(result), again["id"]) == ("already-enrolled", result["id"])


async def test_a_planned_session_is_moved_and_trained_offline(phone: Phone, athlete: Person) -> None:
    await enrolled(phone)
    first = min((row for (table, _), row in phone.store.items() if table == SESSION), key=lambda row: row["scheduled_at"])
    phone.do(SESSION, "verb", first["id"], {"scheduled_at": "2026-12-24T17:00:00Z"}, verb="reschedule")
    phone.do(SESSION, "verb", first["id"], {"started_at": AT}, verb="start")
    phone.do("user_set_performance", "insert", fields=bench(first["id"]))
    phone.do(SESSION, "verb", first["id"], {"completed_at": RECORDED["completed_at"]}, verb="complete")
    assert statuses(await phone.sync()) == ["APPLIED"] * 4
    shown = (await athlete.get(f"sessions/{first['id']}")).json()
    assert (shown["session_status"], shown["scheduled_at"]) == ("COMPLETED", "2026-12-24T17:00:00+00:00")
    # What was asked came along.
    assert [key for key in phone.store if key[0] == "user_prescription"]


async def test_comments_are_their_authors(phone: Phone, grant: Grant, athlete: Person) -> None:
    session = phone.do(SESSION, "insert", fields=RECORDED)["row_id"]
    said = phone.do(COMMENT, "insert", fields={"user_workout_session_id": session, "comment_text": "hot"})["row_id"]
    assert statuses(await phone.sync()) == ["APPLIED"] * 2
    theirs = Phone(await grant("training:read"), athlete.user_id)
    await theirs.pull()
    answer = theirs.do(COMMENT, "insert", fields={"user_workout_session_id": session, "comment_text": "drink"})["row_id"]
    theirs.do(COMMENT, "update", said, {"comment_text": "cold"})
    theirs.do(COMMENT, "delete", said)
    results = await theirs.sync()
    assert [slug(r) if "problem" in r else r["status"] for r in results] == ["APPLIED", "forbidden", "forbidden"]
    phone.do(COMMENT, "update", said, {"comment_text": "very hot"})
    assert statuses(await phone.sync()) == ["APPLIED"]
    phone.do(COMMENT, "delete", answer)
    phone.do(COMMENT, "delete", said)
    assert statuses(await phone.sync()) == ["APPLIED"] * 2
    assert not [key for key in phone.store if key[0] == COMMENT]


GOALS: list[Row] = [
    {"metric": "body-weight", "target_value": 75, "target_unit": "kg", "target_date": "2027-06-01"},
    {"exercise_id": BENCH_PRESS, "target_value": 100, "target_unit": "kg", "target_date": "2027-06-01"},
]


@pytest.mark.parametrize("fields", GOALS, ids=["metric", "lift"])
async def test_goals(phone: Phone, athlete: Person, fields: Row) -> None:
    row_id = phone.do(GOAL, "insert", fields=fields)["row_id"]
    phone.do(GOAL, "update", row_id, {"target_value": 76})
    assert statuses(await phone.sync()) == ["APPLIED"] * 2
    assert (await athlete.get(f"goals/{row_id}")).json()["target_value"] == 76
    phone.do(GOAL, "delete", row_id)
    assert statuses(await phone.sync()) == ["APPLIED"]
    assert not [key for key in phone.store if key[0] == GOAL]


async def test_a_goal_needs_the_scope_of_what_it_is_of(athlete: Person, grant: Grant) -> None:
    theirs = Phone(await grant("training:read", "training:write"), athlete.user_id)
    for fields in GOALS:
        theirs.do(GOAL, "insert", fields=fields)
    theirs.do("user_measurement", "insert", fields=WEIGHT)
    assert [slug(r) if "problem" in r else r["status"] for r in await theirs.push()] == ["forbidden", "APPLIED", "forbidden"]
