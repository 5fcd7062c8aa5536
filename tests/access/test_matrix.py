"""Who may do what: every route crossed with everybody there is. What is expected follows from the route table alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from good_requests import GOOD, Sent, name_of
from helpers import Person, register
from reptrail import clock
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Route, Services, Who
from reptrail.ids import uuid7
from reptrail.routes import ROUTES

COACH_SCOPES = ["training:read", "training:write", "program:assign", "measurements:read", "measurements:write"]
# All that can be held without the scope; writing is never held without reading.
WITHOUT = {
    "training:read": ["measurements:read", "measurements:write"],
    "training:write": ["training:read", "measurements:read", "measurements:write"],
    "program:assign": ["training:read", "training:write", "measurements:read", "measurements:write"],
    "measurements:read": ["training:read", "training:write", "program:assign"],
    "measurements:write": ["training:read", "training:write", "program:assign", "measurements:read"],
    "account:read": COACH_SCOPES,
}

INSERT_GRANT = """
    INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version, expires_at, revoked_at)
    VALUES ($1, $2, $3, $4, 'test', $5, $6)
"""


class Role(StrEnum):
    ANONYMOUS = "anonymous"
    OWNER = "owner"
    COACH = "coach with the grant"
    COACH_WITHOUT = "coach without the scope"
    EX_COACH = "coach whose grant was revoked"
    EXPIRED_COACH = "coach whose grant has expired"
    STRANGER = "stranger"
    TOKEN = "API token with the scope"
    TOKEN_WITHOUT = "API token without the scope"


COACHES = (Role.COACH, Role.COACH_WITHOUT, Role.EX_COACH, Role.EXPIRED_COACH, Role.STRANGER)


def expected(route: Route, role: Role) -> int | None:  # noqa: PLR0911 - a table, read from the top
    """The status a route answers to somebody: 200 for any success, None where the question makes no sense."""
    if role is Role.OWNER:
        return 200
    if route.who is Who.ANYONE:
        return 200 if role is Role.ANONYMOUS else None
    if role is Role.ANONYMOUS:
        return 401
    if role in (Role.TOKEN, Role.TOKEN_WITHOUT):
        return _by_scope(route, holds=role is Role.TOKEN, never=("self",))
    if role is Role.COACH and name_of(route) in OWN_WORDS:
        return 403
    if route.who is Who.USER:
        # They speak for themselves here, so all they can try is to name what is the athlete's.
        return 404 if "{" in route.path else None
    if role in (Role.COACH, Role.COACH_WITHOUT):
        return _by_scope(route, holds=role is Role.COACH, never=("self", "account:read"))
    return 404


def _by_scope(route: Route, *, holds: bool, never: tuple[str, ...]) -> int | None:
    if route.scope in never:
        return 403
    if holds:
        return 200
    return 403 if route.scope is not None else None


@dataclass
class World:
    """An athlete and everybody else, with real grants and tokens."""

    http: httpx.AsyncClient
    owner: Person
    others: dict[Role, Person]
    coaches_without: dict[str, Person]
    tokens_without: dict[str, Person]

    def speaker(self, role: Role, route: Route) -> Person:
        if role is Role.OWNER:
            return self.owner
        if role is Role.COACH_WITHOUT:
            return self.coaches_without.get(route.scope or "", self.others[Role.COACH])
        if role is Role.TOKEN_WITHOUT:
            return self.tokens_without.get(route.scope or "", self.others[Role.TOKEN])
        return self.others[role]

    async def send(self, role: Role, route: Route, sent: Sent) -> httpx.Response:
        address = sent.address(route, "me" if role is Role.OWNER else self.owner.user_id)
        if role is Role.ANONYMOUS:
            return await self.http.request(route.method, address, **sent.body())
        headers = {"Authorization": f"Bearer {sent.token}"} if sent.token and role is Role.OWNER else {}
        return await self.speaker(role, route).call(route.method, address, headers=headers, **sent.body())


@pytest.fixture(scope="module")
async def world(http: httpx.AsyncClient, services: Services) -> World:
    owner = await register(http, "owner")

    async def coach(scopes: list[str], **times: Any) -> Person:
        person = await register(http, "coach")
        async with services.database.act_as_system(UUID(owner.user_id), uuid7()) as tx:
            await tx.execute(
                INSERT_GRANT,
                uuid7(),
                UUID(owner.user_id),
                UUID(person.user_id),
                scopes,
                times.get("expires_at", clock.now() + timedelta(days=1)),
                times.get("revoked_at"),
            )
        return person

    async def token(scopes: list[str]) -> Person:
        made = await owner.post("/api/v1/me/tokens", {"name": "test", "scopes": scopes})
        assert made.status_code == 201, made.text
        return replace(owner, access_token=made.json()["token"])

    return World(
        http,
        owner,
        {
            Role.COACH: await coach(COACH_SCOPES),
            Role.EX_COACH: await coach(COACH_SCOPES, revoked_at=clock.now()),
            Role.EXPIRED_COACH: await coach(COACH_SCOPES, expires_at=clock.now() - timedelta(seconds=1)),
            Role.STRANGER: await register(http, "stranger"),
            Role.TOKEN: await token([*COACH_SCOPES, "account:read"]),
        },
        {scope: await coach(scopes) for scope, scopes in WITHOUT.items()},
        {scope: await token(scopes) for scope, scopes in WITHOUT.items()},
    )


@pytest.fixture(scope="module")
async def owner_connection(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.owner)
    yield connection
    await connection.close()


async def head(connection: asyncpg.Connection, person: Person) -> int:
    found: int = await connection.fetchval("SELECT seq FROM change_head WHERE user_id = $1", UUID(person.user_id))
    return found


def test_every_route_has_a_good_request() -> None:
    assert {name_of(route) for route in ROUTES} - GOOD.keys() == set(), "add it to tests/good_requests"
    assert GOOD.keys() - {name_of(route) for route in ROUTES} == set(), "there is no such route"


def test_no_two_routes_are_the_same() -> None:
    assert len({name_of(route) for route in ROUTES}) == len(ROUTES)


# Each change is held to the scope of what changed, by a policy: a coach sees those that any of their scopes covers
# (tests/ledger/test_coaches.py). So is each goal to the scopes of what it is of (tests/goals/test_goal_access.py).
WRITTEN_BY_EACH_ROW = {
    "POST /athletes/{athlete}/goals",
    "PATCH /athletes/{athlete}/goals/{goal_id}",
    "DELETE /athletes/{athlete}/goals/{goal_id}",
    # Each operation needs the scope of the route it stands for (tests/sync/test_sync_access.py).
    "POST /athletes/{athlete}/sync",
}
BY_EACH_ROW = WRITTEN_BY_EACH_ROW | {
    "GET /athletes/{athlete}/changes",
    "GET /athletes/{athlete}/history/{table}/{row_id}",
    "GET /athletes/{athlete}/goals",
    "GET /athletes/{athlete}/goals/{goal_id}",
    "GET /athletes/{athlete}/progress/forecast",
    "GET /athletes/{athlete}/sync",
    "GET /athletes/{athlete}/sync/catalog",
    "GET /athletes/{athlete}/sync/first",
    "GET /athletes/{athlete}/live",
}


def test_a_route_of_an_athletes_rows_needs_a_scope() -> None:
    assert {name_of(route) for route in ROUTES if route.who is Who.ATHLETE and route.scope is None} == BY_EACH_ROW
    assert {route.scope for route in ROUTES} <= {None, "self", *WITHOUT}


# Whoever may read a session may speak about it; of a token act_as asks for the scope to write (tests/coaching).
COMMENTS = {
    "POST /athletes/{athlete}/sessions/{session_id}/comments",
    "PATCH /athletes/{athlete}/sessions/{session_id}/comments/{comment_id}",
    "DELETE /athletes/{athlete}/sessions/{session_id}/comments/{comment_id}",
}
# The comments of the good requests are the owner's words, and it is the owner who paused.
OWN_WORDS = {name for name in COMMENTS if "{comment_id}" in name} | {"POST /athletes/{athlete}/enrollments/{enrollment_id}/resume"}


def test_writing_needs_more_than_reading() -> None:
    reading = {"training:read", "measurements:read", "account:read", None}
    written = [name_of(r) for r in ROUTES if r.writes and r.who is not Who.ANYONE and r.scope in reading]
    assert set(written) == WRITTEN_BY_EACH_ROW | COMMENTS


@pytest.mark.parametrize("route", [r for r in ROUTES if name_of(r) in GOOD], ids=name_of)
async def test_everybody_gets_what_is_theirs_to_get(route: Route, world: World, owner_connection: asyncpg.Connection) -> None:
    make = GOOD[name_of(route)]
    sent = await make(world.owner)
    wrong: dict[str, str] = {}
    denied = [role for role in Role if expected(route, role) not in (200, None)]
    for role in denied:
        before = await head(owner_connection, world.owner)
        response = await world.send(role, route, sent)
        if response.status_code != expected(route, role):
            wrong[role] = f"{response.status_code} instead of {expected(route, role)}: {response.text[:200]}"
        elif await head(owner_connection, world.owner) != before:
            wrong[role] = "was refused, and yet something was written"
        elif response.headers["content-type"] != "application/problem+json":
            wrong[role] = f"is answered {response.headers['content-type']}"
    for role in [role for role in Role if expected(route, role) == 200]:
        response = await world.send(role, route, sent)
        if not response.is_success:
            wrong[role] = f"{response.status_code} instead of success: {response.text[:200]}"
        sent = await make(world.owner)
    assert wrong == {}


@pytest.mark.parametrize("route", [r for r in ROUTES if r.who is Who.ATHLETE and name_of(r) in GOOD], ids=name_of)
async def test_an_athlete_nobody_is_answers_like_one_who_is_not_yours(route: Route, world: World) -> None:
    sent = await GOOD[name_of(route)](world.owner)
    stranger = world.others[Role.STRANGER]
    answers = [
        await stranger.call(route.method, sent.address(route, athlete), **sent.body())
        for athlete in (world.owner.user_id, str(uuid7()))
    ]
    first, second = ({**answer.json(), "request_id": None} for answer in answers)
    assert (answers[0].status_code, first) == (answers[1].status_code, second)


async def test_revoking_takes_effect_at_once(world: World, services: Services) -> None:
    coach = await register(world.http, "coach")
    owner_id, address = UUID(world.owner.user_id), f"/api/v1/athletes/{world.owner.user_id}/sessions"
    async with services.database.act_as_system(owner_id, uuid7()) as tx:
        await tx.execute(INSERT_GRANT, uuid7(), owner_id, UUID(coach.user_id), ["training:read"], None, None)
    assert (await coach.get(address)).status_code == 200
    async with services.database.act_as_system(owner_id, uuid7()) as tx:
        await tx.execute(
            "UPDATE coach_grant SET revoked_at = now() WHERE user_id = $1 AND coach_id = $2", owner_id, UUID(coach.user_id)
        )
    assert (await coach.get(address)).status_code == 404


async def test_what_a_coach_writes_says_so(world: World, owner_connection: asyncpg.Connection) -> None:
    coach = world.others[Role.COACH]
    sent = await GOOD["POST /athletes/{athlete}/measurements"](world.owner)
    response = await coach.post(f"/api/v1/athletes/{world.owner.user_id}/measurements", sent.json)
    assert response.json()["created_by"] == coach.user_id
    assert response.json()["user_id"] == world.owner.user_id
    last = await owner_connection.fetchrow(
        "SELECT actor_id, via::text FROM change WHERE user_id = $1 ORDER BY seq DESC LIMIT 1", UUID(world.owner.user_id)
    )
    assert tuple(last or ()) == (UUID(coach.user_id), "COACH_GRANT")
