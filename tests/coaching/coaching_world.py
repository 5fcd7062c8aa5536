"""What the tests of coaching share: people, and the ways one lets another in."""

from datetime import timedelta
from typing import Any

import httpx

from helpers import Person, register
from reptrail import clock
from reptrail.coaching.consent import current

VERSION = current().consent_version
READ_AND_ASSIGN = ["training:read", "program:assign"]
ALL = ["training:read", "training:write", "program:assign", "measurements:read", "measurements:write"]


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def soon(days: float = 1) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


async def invite(coach: Person, scopes: list[str] = READ_AND_ASSIGN, **fields: Any) -> Any:
    return ok(await coach.post("/api/v1/invitations", {"scopes": scopes, **fields}), 201)


def consent(scopes: list[str], **fields: Any) -> dict[str, Any]:
    return {"scopes": scopes, "consent_version": VERSION, **fields}


async def accept(athlete: Person, code: str, scopes: list[str] = READ_AND_ASSIGN, **fields: Any) -> httpx.Response:
    return await athlete.post(f"/api/v1/invitations/{code}/accept", consent(scopes, **fields))


async def let_in(athlete: Person, coach: Person, scopes: list[str] = ALL, **fields: Any) -> Any:
    """A grant without an invitation."""
    return ok(await athlete.post("grants", consent(scopes, coach_id=coach.user_id, **fields)), 201)


def of(athlete: Person, path: str = "") -> str:
    """An athlete's address, as their coach uses it."""
    return f"/api/v1/athletes/{athlete.user_id}{path and '/'}{path}"


async def new_coach(athlete: Person) -> Person:
    return await register(athlete.http, "coach")


async def trained(person: Person, started_at: str = "2026-03-01T17:00:00Z", weight: float | None = None, **fields: Any) -> Any:
    """A session that is done, with a bench press of the weight, if one is given."""
    performances = []
    if weight is not None:
        exercise = ok(await person.get("/api/v1/exercises?q=bench press"))["items"][0]["id"]
        performances = [{"exercise_id": exercise, "sets": [{"reps": 5, "weight": weight, "weight_unit": "kg"}]}]
    body = {"session_status": "COMPLETED", "started_at": started_at, "performances": performances, **fields}
    return ok(await person.post("sessions", body), 201)
