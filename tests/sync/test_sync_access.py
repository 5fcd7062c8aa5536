"""Who may push and listen: each operation needs the scope of the route it stands for."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from phone import Grant, Phone, Row

from helpers import Person, problem
from reptrail import clock

SESSION, MEASUREMENT = "user_workout_session", "user_measurement"
RECORDED = {"session_status": "COMPLETED", "started_at": "2026-03-02T17:00:00Z", "completed_at": "2026-03-02T18:00:00Z"}
WEIGHT = {"metric": "body-weight", "measured_value": 81.5, "unit": "kg"}


def both(phone: Phone) -> None:
    """An operation of each scope."""
    phone.do(SESSION, "insert", fields=RECORDED)
    phone.do(MEASUREMENT, "insert", fields=WEIGHT)


def told(results: list[Row]) -> list[str]:
    return [result.get("problem", {}).get("type", result["status"]).rpartition(":")[2] for result in results]


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (("training:read", "training:write"), ["APPLIED", "forbidden"]),
        (("measurements:read", "measurements:write"), ["forbidden", "APPLIED"]),
        (("training:read", "measurements:read"), ["forbidden", "forbidden"]),
        (("training:read", "training:write", "measurements:read", "measurements:write"), ["APPLIED", "APPLIED"]),
    ],
)
@pytest.mark.parametrize("who", ["coach", "token"])
async def test_each_operation_is_held_to_its_scope(  # noqa: PLR0917 - a table of cases
    athlete: Person, grant: Grant, token: Grant, scopes: tuple[str, ...], expected: list[str], who: str
) -> None:
    phone = Phone(await grant(*scopes), athlete.user_id) if who == "coach" else Phone(await token(*scopes))
    both(phone)
    results = await phone.sync()
    assert told(results) == expected
    assert {r["row"]["created_by"] for r in results if r["status"] == "APPLIED"} <= {phone.person.user_id}
    assert {r["row"]["user_id"] for r in results if r["status"] == "APPLIED"} <= {athlete.user_id}


async def test_who_pushed_what_is_in_the_ledger(athlete: Person, grant: Grant) -> None:
    coach = await grant("measurements:read", "measurements:write")
    phone = Phone(coach, athlete.user_id)
    operation = phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    await phone.sync()
    (change,) = (await athlete.get(f"history/{MEASUREMENT}/{operation['row_id']}")).json()["items"]
    assert (change["actor_id"], change["via"]) == (coach.user_id, "COACH_GRANT")


async def test_a_stranger_and_an_ex_coach_push_nothing(athlete: Person, stranger: Person, grant: Grant) -> None:
    coach = await grant("training:read", "training:write")
    await grant(coach=coach)
    for person in (stranger, coach):
        phone = Phone(person, athlete.user_id)
        both(phone)
        path = f"/api/v1/athletes/{athlete.user_id}/sync"
        problem(await person.post(path, {"operations": phone.outbox}), 404, "not-found")
        problem(await person.get(f"/api/v1/athletes/{athlete.user_id}/live"), 404, "not-found")


async def test_what_another_actor_pushed_is_not_taken(athlete: Person, grant: Grant, owner: asyncpg.Connection) -> None:
    mine = Phone(athlete)
    operation = mine.do(MEASUREMENT, "insert", fields=WEIGHT)
    await mine.sync()
    theirs = Phone(await grant("measurements:read", "measurements:write"), athlete.user_id)
    theirs.outbox = [{**operation, "row_id": operation["row_id"][:-1] + ("0" if operation["row_id"][-1] != "0" else "1")}]
    assert told(await theirs.sync()) == ["APPLIED"]
    count = await owner.fetchval("SELECT count(*) FROM sync_operation WHERE user_id = $1", UUID(athlete.user_id))
    assert count == 2


async def test_at_says_when_and_decides_nothing(athlete: Person, owner: asyncpg.Connection) -> None:
    phone = Phone(athlete)
    long_ago = clock.now() - timedelta(days=400)
    operation = phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    operation["at"] = long_ago.isoformat()
    await phone.sync()
    said = await owner.fetchrow("SELECT client_at, applied_seq FROM sync_operation WHERE id = $1", UUID(operation["id"]))
    assert said is not None
    assert (said["client_at"], said["applied_seq"]) == (long_ago, phone.since)


async def test_listening_needs_something_to_read(athlete: Person, grant: Grant, token: Grant) -> None:
    blind = await grant("program:assign", "training:read")
    assert (await blind.get(f"/api/v1/athletes/{athlete.user_id}/live")).status_code == 200
    nothing = await token("training:write", "training:read")
    assert (await nothing.get("live")).status_code == 200
