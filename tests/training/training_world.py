"""What the tests of training share: exercises, sets, and a session under way."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from helpers import Person
from reptrail.catalog import builtin
from reptrail.ids import uuid7

SQUAT, BENCH, DEADLIFT, PULL_UP, PLANK, RUN, ASSISTED = (
    str(builtin.builtin_id("exercise", slug))
    for slug in ("squat-barbell", "bench-press-barbell", "deadlift-barbell", "pull-up", "plank", "running", "pull-up-assisted")
)
FULL_BODY = str(builtin.builtin_id("workout", "full-body-a"))
FULL_BODY_SQUAT = str(builtin.builtin_id("workout", "full-body-a@1#1"))
FULL_BODY_BENCH = str(builtin.builtin_id("workout", "full-body-a@1#2"))
VERBS = ("start", "complete", "skip", "cancel", "reopen")


def new_id() -> str:
    return str(uuid7())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def a_set(exercise: str | None = BENCH, **fields: Any) -> dict[str, Any]:
    """A set of 5 with 100 kg, of an exercise unless an instruction is named."""
    body = {"id": new_id(), "reps": 5, "weight": 100, "weight_unit": "kg", **fields}
    if exercise is not None and "exercise_instruction_id" not in fields:
        body["exercise_id"] = exercise
    return {name: value for name, value in body.items() if value is not ...}


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def plan(person: Person, **fields: Any) -> Any:
    return ok(await person.post("sessions", {"workout_id": FULL_BODY, "scheduled_at": "2026-05-01T17:00:00Z", **fields}), 201)


async def start(person: Person, **fields: Any) -> Any:
    """A session under way, empty unless a workout is named."""
    return ok(await person.post("sessions", {"session_status": "IN_PROGRESS", **fields}), 201)


async def record(person: Person, started_at: str = "2026-03-02T17:00:00Z", **fields: Any) -> Any:
    """A past session."""
    return ok(await person.post("sessions", {"session_status": "COMPLETED", "started_at": started_at, **fields}), 201)


async def log(person: Person, session: dict[str, Any], *sets: dict[str, Any]) -> Any:
    """Logs one set, or several in one request."""
    body = sets[0] if len(sets) == 1 else list(sets)
    return ok(await person.post(f"sessions/{session['id']}/sets", body), 201)


async def read(person: Person, session: dict[str, Any]) -> Any:
    return ok(await person.get(f"sessions/{session['id']}"))


async def in_status(person: Person, status: str) -> Any:
    """A session that came into a status by the verbs that lead there."""
    if status == "COMPLETED":
        return await record(person)
    session = await plan(person)
    for verb in {"IN_PROGRESS": ["start"], "SKIPPED": ["skip"], "CANCELLED": ["start", "cancel"]}.get(status, []):
        session = ok(await person.post(f"sessions/{session['id']}/{verb}"))
    assert session["session_status"] == status
    return session


def instruction_of(session: dict[str, Any], exercise: str) -> str:
    return next(p["id"] for p in session["prescriptions"] if p["exercise_id"] == exercise)


@dataclass
class Counting:
    """A client, and the statements that were sent since `clear`."""

    http: httpx.AsyncClient
    statements: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.statements.clear()

    def counted(self) -> list[str]:
        """The statements between BEGIN (with act_as, one simple query) and COMMIT."""
        assert self.statements[0].startswith("BEGIN; SELECT app.act_as(")
        assert self.statements[-1] in ("COMMIT", "ROLLBACK")
        return self.statements[1:-1]
