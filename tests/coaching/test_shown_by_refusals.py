"""A refusal that shows the row as it stands is a read like any other."""

import pytest
from coaching_world import ALL, let_in, new_coach, of, ok, trained

from helpers import Person, problem
from reptrail.ids import uuid7


@pytest.fixture
async def coach(athlete: Person) -> Person:
    found = await new_coach(athlete)
    await let_in(athlete, found, ALL)
    return found


async def test_a_row_that_a_refusal_shows_was_read(athlete: Person, coach: Person) -> None:
    session = await trained(athlete, session_notes="felt heavy")
    path = of(athlete, f"sessions/{session['id']}")
    for headers in ({}, {"Idempotency-Key": "once"}):
        refused = await coach.patch(path, {"session_notes": "x"}, headers={"If-Match": '"99"', **headers})
        assert problem(refused, 412, "precondition-failed")["current"]["session_notes"] == "felt heavy"
    weight = {"id": str(uuid7()), "metric": "body-weight", "measured_value": 80, "unit": "kg"}
    ok(await athlete.post("measurements", weight), 201)
    problem(await coach.post(of(athlete, "measurements"), {**weight, "measured_value": 90}), 409, "id-taken")
    found = ok(await athlete.get("accesses"))["items"]
    assert {each["what"]: (each["reads"], each["writes"]) for each in found} == {"sessions": (2, 0), "measurements": (1, 0)}


async def test_the_athlete_s_own_refusals_are_nobody_s_access(athlete: Person, coach: Person) -> None:
    session = await trained(athlete)
    refused = await athlete.patch(f"sessions/{session['id']}", {"session_notes": "x"}, headers={"If-Match": '"99"'})
    problem(refused, 412, "precondition-failed")
    assert ok(await athlete.get("accesses"))["items"] == []
    assert coach
