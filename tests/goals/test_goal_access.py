"""Who may do what with a goal follows from what it is of: every grant crossed with both kinds, over HTTP."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from goal_world import SQUAT, set_goal

from good_requests import answered
from helpers import Person, problem, register
from reptrail import clock
from reptrail.http.edge import Services
from reptrail.ids import uuid7

INSERT_GRANT = """
    INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version, expires_at) VALUES ($1, $2, $3, $4, 'test', $5)
"""
TRAINING, MEASUREMENTS = ["training:read", "training:write"], ["measurements:read", "measurements:write"]
GRANTS = [TRAINING[:1], TRAINING, MEASUREMENTS[:1], MEASUREMENTS, [*TRAINING[:1], *MEASUREMENTS]]
SUBJECTS = {"training": {"exercise_id": SQUAT}, "measurements": {"metric": "body-weight"}}


@dataclass
class Pair:
    """An athlete with a goal of each kind, and a coach's view of them."""

    owner: Person
    coach: Person
    goals: dict[str, str]

    def address(self, path: str) -> str:
        return f"/api/v1/athletes/{self.owner.user_id}/{path}"


async def paired(http: httpx.AsyncClient, services: Services, scopes: list[str]) -> Pair:
    owner, coach = await register(http, "owner"), await register(http, "coach")
    goals = {domain: (await set_goal(owner, **subject))["id"] for domain, subject in SUBJECTS.items()}
    async with services.database.act_as_system(UUID(owner.user_id), uuid7()) as tx:
        await tx.execute(INSERT_GRANT, uuid7(), UUID(owner.user_id), UUID(coach.user_id), scopes, clock.now() + timedelta(days=1))
    return Pair(owner, coach, goals)


@pytest.mark.parametrize("scopes", GRANTS, ids=",".join)
async def test_a_coach_reads_and_writes_what_the_grant_covers(
    http: httpx.AsyncClient, services: Services, scopes: list[str]
) -> None:
    pair = await paired(http, services, scopes)
    coach = pair.coach
    listed = {goal["id"] for goal in (await answered(coach, "GET", pair.address("goals")))["items"]}
    assert listed == {id_ for domain, id_ in pair.goals.items() if f"{domain}:read" in scopes}
    for domain, subject in SUBJECTS.items():
        reads, writes = f"{domain}:read" in scopes, f"{domain}:write" in scopes
        goal = pair.address(f"goals/{pair.goals[domain]}")
        assert (await coach.get(goal)).status_code == (200 if reads else 404)
        assert (await coach.patch(goal, {"goal_notes": "well done"})).status_code == (200 if writes else 403 if reads else 404)
        wanted = {"target_value": 100, "target_unit": "kg", "target_date": "2030-01-01", **subject}
        made = await coach.post(pair.address("goals"), wanted)
        assert made.status_code == (201 if writes else 403)
        if writes:
            assert (made.json()["created_by"], made.json()["user_id"]) == (coach.user_id, pair.owner.user_id)
        for query in ({"goal_id": pair.goals[domain]}, subject):
            status = (await coach.get(pair.address("progress/forecast"), params=query)).status_code
            assert status == (200 if reads else 404 if "goal_id" in query else 403)
        assert (await coach.delete(goal)).status_code == (204 if writes else 403 if reads else 404)


@pytest.mark.parametrize("scopes", [["account:read"], TRAINING[:1], MEASUREMENTS], ids=",".join)
async def test_an_api_token_too(athlete: Person, scopes: list[str]) -> None:
    goals = {domain: (await set_goal(athlete, **subject))["id"] for domain, subject in SUBJECTS.items()}
    made = await answered(athlete, "POST", "/api/v1/me/tokens", {"name": "test", "scopes": scopes})
    athlete.access_token = made["token"]
    listed = await athlete.get("goals")
    if scopes == ["account:read"]:
        assert "training:read or measurements:read" in problem(listed, 403, "forbidden")["detail"]
    else:
        assert {g["id"] for g in listed.json()["items"]} == {i for d, i in goals.items() if f"{d}:read" in scopes}
    for domain, id_ in goals.items():
        assert (await athlete.get(f"goals/{id_}")).status_code == (200 if f"{domain}:read" in scopes else 404)


async def test_the_problem_names_the_scope(http: httpx.AsyncClient, services: Services) -> None:
    pair = await paired(http, services, ["training:read"])
    wanted = {"target_value": 100, "target_unit": "kg", "target_date": "2030-01-01", "exercise_id": SQUAT}
    assert "training:write" in problem(await pair.coach.post(pair.address("goals"), wanted), 403, "forbidden")["detail"]
    forecast = await pair.coach.get(pair.address("progress/forecast"), params={"metric": "body-weight"})
    assert "measurements:read" in problem(forecast, 403, "forbidden")["detail"]


async def test_no_change_of_a_goal_reaches_a_coach(http: httpx.AsyncClient, services: Services) -> None:
    pair = await paired(http, services, ["training:read"])
    changes = await answered(pair.coach, "GET", pair.address("changes"), params={"since": "0", "limit": "200"})
    assert [change for change in changes["items"] if change["table_name"] == "user_goal"] == []
    own = await answered(pair.owner, "GET", "changes", params={"since": "0", "limit": "200"})
    assert len([change for change in own["items"] if change["table_name"] == "user_goal"]) == 2
