"""A goal's changes are its athlete's alone to read: others' edits of it are compared all the same."""

import pytest
from phone import Grant, Phone, Row
from pushed import statuses

from helpers import Person

GOAL = "user_goal"
LEAN = {"metric": "body-weight", "target_value": 75, "target_unit": "kg", "target_date": "2027-12-01"}


@pytest.fixture
async def goal(athlete: Person) -> Row:
    made = await athlete.post("goals", LEAN)
    assert made.status_code == 201, made.text
    found: Row = made.json()
    return found


def edit(phone: Phone, goal: Row, fields: Row, after: list[str] | None = None) -> Row:
    operation = phone.do(GOAL, "update", goal["id"], fields)
    return operation | {"base_version": goal["version"], "after": after or []}


@pytest.mark.parametrize("who", ["coach", "token"])
async def test_an_edit_nobody_saw_is_not_overwritten(athlete: Person, grant: Grant, token: Grant, goal: Row, who: str) -> None:
    scopes = ("measurements:read", "measurements:write")
    phone = Phone(await grant(*scopes), athlete.user_id) if who == "coach" else Phone(await token(*scopes))
    first = edit(phone, goal, {"target_value": 80})
    second = edit(phone, goal, {"target_value": 81}, [first["id"]])
    phone.outbox = [first, second]
    assert statuses(await phone.push()) == ["APPLIED", "APPLIED"]  # its own it knows
    assert (await athlete.patch(f"goals/{goal['id']}", {"target_value": 70})).is_success
    phone.outbox = [edit(phone, goal, {"target_value": 82}, [first["id"], second["id"]])]
    assert statuses(await phone.push()) == ["CONFLICT"]
    assert (await athlete.get(f"goals/{goal['id']}")).json()["target_value"] == 70
