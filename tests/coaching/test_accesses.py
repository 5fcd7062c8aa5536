"""Who read and wrote what: recorded by the database with the access itself, and told to the athlete alone."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from coaching_world import ALL, READ_AND_ASSIGN, let_in, new_coach, of, ok, trained

from helpers import Person, problem
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7


async def accesses(athlete: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ok(await athlete.get("accesses"))["items"]
    return found


def counts(found: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {each["what"]: (each["reads"], each["writes"]) for each in found}


async def test_reads_and_writes_are_counted_by_resource(athlete: Person, coach: Person) -> None:
    session = await trained(athlete)
    grant = await let_in(athlete, coach, ALL)
    for _ in range(3):
        ok(await coach.get(of(athlete, "sessions")))
    ok(await coach.get(of(athlete, f"sessions/{session['id']}")))
    ok(await coach.get(of(athlete, "changes")))
    weight = {"metric": "body-weight", "measured_value": 80, "unit": "kg"}
    ok(await coach.post(of(athlete, "measurements"), weight), 201)
    ok(await coach.post(of(athlete, f"sessions/{session['id']}/comments"), {"comment_text": "Well done"}), 201)
    found = await accesses(athlete)
    assert counts(found) == {"sessions": (4, 1), "changes": (1, 0), "measurements": (0, 1)}
    assert {(each["coach_id"], each["coach_name"], each["grant_id"]) for each in found} == {(coach.user_id, "coach", grant["id"])}
    assert [each["first_at"] for each in found] == sorted((each["first_at"] for each in found), reverse=True)
    assert all(each["first_at"] <= each["last_at"] for each in found)


async def test_reads_at_the_same_instant_are_all_counted(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, ALL)
    weight = {"metric": "body-weight", "measured_value": 80, "unit": "kg"}
    reads = [coach.get(of(athlete, "measurements")) for _ in range(12)]
    writes = [coach.post(of(athlete, "measurements"), {**weight, "measured_value": 80 + n}) for n in range(4)]
    answers = await asyncio.gather(*reads, *writes)
    assert all(answer.is_success for answer in answers)
    assert counts(await accesses(athlete)) == {"measurements": (12, 4)}


async def test_what_shows_nothing_leaves_no_trace(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, READ_AND_ASSIGN)
    problem(await coach.get(of(athlete, "measurements")), 403, "forbidden")
    problem(await coach.get(of(athlete, f"sessions/{uuid4()}")), 404, "not-found")
    problem(await coach.get(of(athlete, "sessions?status=NO")), 422, "invalid")
    assert await accesses(athlete) == []


async def test_ones_own_accesses_are_not_recorded(athlete: Person) -> None:
    await trained(athlete)
    ok(await athlete.get("sessions"))
    ok(await athlete.get(of(athlete, "sessions")))
    assert await accesses(athlete) == []


async def test_the_coachs_list_is_a_look_at_each_athlete(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, ["measurements:read"])
    for _ in range(3):
        ok(await coach.get("/api/v1/coach/athletes"))
    assert counts(await accesses(athlete)) == {"overview": (1, 0)}


async def test_they_are_listed_page_by_page(athlete: Person) -> None:
    for _ in range(2):
        coach = await new_coach(athlete)
        await let_in(athlete, coach, ALL)
        for what in ("sessions", "measurements", "changes"):
            ok(await coach.get(of(athlete, what)))
    found, cursor = [], ""
    while cursor is not None:
        page = ok(await athlete.get(f"accesses?limit=2{cursor and '&cursor=' + cursor}"))
        found += page["items"]
        cursor = page["next_cursor"]
    assert found == await accesses(athlete)
    assert len(found) == 6


async def test_they_stay_after_the_grant_and_another_athletes_are_not_there(
    athlete: Person, coach: Person, stranger: Person
) -> None:
    grant = await let_in(athlete, coach)
    ok(await coach.get(of(athlete, "sessions")))
    ok(await athlete.delete(f"grants/{grant['id']}"), 204)
    assert counts(await accesses(athlete)) == {"sessions": (1, 0)}
    assert await accesses(stranger) == []
    assert await accesses(coach) == []


@pytest.mark.parametrize("statement", ["UPDATE coach_access SET reads = 0", "DELETE FROM coach_access", "TRUNCATE coach_access",
                                       "INSERT INTO coach_access SELECT * FROM coach_access"])  # fmt: skip
async def test_a_coach_cannot_read_without_a_trace(athlete: Person, coach: Person, services: Services, statement: str) -> None:
    """Whatever the server's own code asked for: its role has no right to the record, and act_as writes it first."""
    await let_in(athlete, coach)
    who = services.authenticator.credential(f"Bearer {coach.access_token}")
    async with services.database.act_as(who, UUID(athlete.user_id), "training:read", uuid7(), write=False) as tx:
        assert await tx.value("SELECT sum(reads) FROM coach_access WHERE user_id = $1", tx.athlete) == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with services.database.act_as(who, UUID(athlete.user_id), "training:read", uuid7(), write=True) as tx:
            await tx.execute(statement)
    assert counts(await accesses(athlete)) == {"other": (1, 0)}


async def test_the_record_is_no_part_of_the_ledger(athlete: Person, coach: Person, urls: DatabaseUrls) -> None:
    await let_in(athlete, coach)
    owner = await asyncpg.connect(urls.owner)
    head = "SELECT seq FROM change_head WHERE user_id = $1"
    before = await owner.fetchval(head, UUID(athlete.user_id))
    ok(await coach.get(of(athlete, "sessions")))
    assert await owner.fetchval(head, UUID(athlete.user_id)) == before
    await owner.close()
