"""What the tests of the ledger share: sessions with sets, the ledger as it stands, and somebody who tampers with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from helpers import Person
from reptrail.catalog import builtin
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger.actions import Verification, verify

SQUAT, BENCH = (str(builtin.builtin_id("exercise", slug)) for slug in ("squat-barbell", "bench-press-barbell"))
SESSION, PERFORMANCE, SET, MEASUREMENT = (
    "user_workout_session", "user_exercise_performance", "user_set_performance", "user_measurement",
)  # fmt: skip


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def a_set(reps: int = 5, weight: float = 100) -> dict[str, Any]:
    return {"reps": reps, "weight": weight, "weight_unit": "kg"}


async def record(person: Person, *exercises: str, sets: int = 3, **fields: Any) -> Any:
    """A past session with some sets of each exercise, of 5, 6, ... repetitions."""
    performances = [{"exercise_id": e, "sets": [a_set(5 + n) for n in range(sets)]} for e in exercises or (SQUAT, BENCH)]
    body = {"session_status": "COMPLETED", "started_at": "2026-03-02T17:00:00Z", "performances": performances, **fields}
    return ok(await person.post("sessions", body), 201)


async def read(person: Person, session: dict[str, Any]) -> Any:
    return ok(await person.get(f"sessions/{session['id']}"))


def shape(session: dict[str, Any]) -> Any:
    """What a session says, without versions and who wrote it when."""
    moving = {"version", "updated_at", "updated_by", "previous_performance", "prescriptions", "verbs"}

    def still(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: still(each) for name, each in value.items() if name not in moving}
        return [still(each) for each in value] if isinstance(value, list) else value

    return still(session)


def sets_of(session: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for performance in session["performances"] for each in performance["sets"]]


def is_exact(session: dict[str, Any]) -> bool:
    """Whether every performance is the exact summary of its sets."""
    return all(
        (p["sets_completed"], p["reps_completed"] or 0, p["weight_used_kg"])
        == (len(p["sets"]), sum(s["reps"] for s in p["sets"]), max((s["weight_kg"] for s in p["sets"]), default=None))
        for p in session["performances"]
    )


async def weigh(person: Person, value: float = 80, day: str = "2026-03-01", metric: str = "body-weight", unit: str = "kg") -> Any:
    body = {"metric": metric, "measured_value": value, "unit": unit, "measurement_date": day}
    return ok(await person.post("measurements", body), 201)


async def restore(person: Person, table: str, row_id: str, seq: int | None = None) -> Any:
    return ok(await person.post("restore", {"table": table, "id": row_id} | ({} if seq is None else {"seq": seq})))


async def changes(person: Person, since: int = 0) -> list[dict[str, Any]]:
    """Every change after one, over the API."""
    found: list[dict[str, Any]] = []
    while True:
        page = ok(await person.get("changes", params={"since": str(since), "limit": "200"}))
        found += page["items"]
        since = page["next_since"]
        if page["next_cursor"] is None:
            return found


async def newest(person: Person) -> int:
    found: int = (await changes(person))[-1]["seq"]
    return found


async def verified(services: Services, person: Person) -> Verification:
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        return await verify(tx)


@asynccontextmanager
async def as_athlete(connection: asyncpg.Connection, person: Person) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the system's on an athlete's rows, over a bare connection."""
    async with connection.transaction():
        await connection.execute("SELECT app.act_as_system($1, 'SYSTEM', $2)", UUID(person.user_id), uuid7())
        yield connection


@asynccontextmanager
async def tampering(owner: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """Somebody with the owner's powers, whom no trigger and no foreign key sees."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        yield owner
