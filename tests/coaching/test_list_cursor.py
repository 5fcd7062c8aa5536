"""Cursors are not signed: one that somebody made up is no error of ours."""

import pytest
from coaching_world import let_in, new_coach, ok

from helpers import Person
from reptrail.http.paging import encode_cursor
from reptrail.ids import uuid7


@pytest.mark.parametrize("number", [2**31, 2**62, -(2**62)])
async def test_a_cursor_that_somebody_made_up(athlete: Person, number: int) -> None:
    coach = await new_coach(athlete)
    await let_in(athlete, coach)
    cursor = encode_cursor(number, number, "2026-01-01T00:00:00Z", uuid7())
    ok(await coach.get(f"/api/v1/coach/athletes?cursor={cursor}"))
