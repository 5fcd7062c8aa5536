"""What the tests of progress share: sessions recorded over HTTP, and the charts read back."""

from dataclasses import dataclass
from typing import Any

import httpx

from helpers import Person, register
from reptrail.catalog.builtin import builtin_id
from reptrail.coaching.consent import current

BENCH, SQUAT, PULL_UP, ASSISTED, PLANK, RUN, DIP = (
    str(builtin_id("exercise", slug))
    for slug in ("bench-press-barbell", "squat-barbell", "pull-up", "pull-up-assisted", "plank", "running", "chest-dip")
)


def a_set(reps: int | None = 5, weight: float | None = 100, unit: str = "kg", **fields: Any) -> dict[str, Any]:
    """A set of 5 with 100 kg unless something else is said; None leaves a field out."""
    body = {"reps": reps, "weight": weight, "weight_unit": None if weight is None else unit, **fields}
    return {name: value for name, value in body.items() if value is not None}


async def answered(person: Person, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
    response = await person.call(method, path, json, **kwargs)
    assert response.is_success, response.text
    return response.json() if response.content else None


async def record(person: Person, started_at: str, performances: dict[str, list[dict[str, Any]]], **fields: Any) -> Any:
    """A session of the past, `performances` by exercise."""
    body = {
        "session_status": "COMPLETED",
        "started_at": started_at,
        "performances": [{"exercise_id": exercise, "sets": sets} for exercise, sets in performances.items()],
        **fields,
    }
    return await answered(person, "POST", "sessions", body)


async def chart(person: Person, name: str, **query: Any) -> Any:
    """A chart's numbers, `from_` as `from`."""
    return await answered(person, "GET", f"progress/{name}", params={k.rstrip("_"): str(v) for k, v in query.items()})


SCOPES = ["training:read", "training:write", "program:assign", "measurements:read", "measurements:write"]


@dataclass
class Coach(Person):
    """Somebody's coach with every scope there is; a relative path is the athlete's."""

    athlete_id: str = ""

    async def call(self, method: str, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        address = path if path.startswith("/") else f"/api/v1/athletes/{self.athlete_id}/{path}"
        return await super().call(method, address, json, **kwargs)


async def coach_of(athlete: Person) -> Coach:
    """A coach whom the athlete has just let in."""
    made = await register(athlete.http, "coach")
    grant = {"scopes": SCOPES, "consent_version": current().consent_version, "coach_id": made.user_id}
    await answered(athlete, "POST", "grants", grant)
    return Coach(athlete.http, made.user_id, made.email, made.access_token, made.refresh_token, athlete_id=athlete.user_id)
