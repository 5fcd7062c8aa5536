"""A coach who waits for the athlete's ledger while the grant is revoked or narrowed is too late."""

import asyncio
from uuid import UUID

import pytest
from coaching_world import let_in, new_coach, of, ok, trained

from helpers import Person, problem
from reptrail.http.edge import Services
from reptrail.ids import uuid7

REVOKE = "UPDATE coach_grant SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL"
NARROW = "UPDATE coach_grant SET scopes = '{training:read}' WHERE user_id = $1 AND revoked_at IS NULL"


@pytest.mark.parametrize(("meanwhile", "status", "slug"), [(REVOKE, 404, "not-found"), (NARROW, 403, "forbidden")])
async def test_the_grant_is_looked_at_after_the_wait(
    athlete: Person, services: Services, meanwhile: str, status: int, slug: str
) -> None:
    coach = await new_coach(athlete)
    await let_in(athlete, coach)
    session = await trained(athlete)
    athlete_id = UUID(athlete.user_id)
    async with services.database.act_as_system(athlete_id, uuid7()) as tx:
        await tx.execute(meanwhile, athlete_id)
        writing = asyncio.create_task(coach.patch(of(athlete, f"sessions/{session['id']}"), {"session_notes": "mine"}))
        await asyncio.sleep(0.5)
        assert not writing.done()
    problem(await writing, status, slug)
    assert ok(await athlete.get(f"sessions/{session['id']}"))["session_notes"] is None
