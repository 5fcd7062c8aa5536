"""Any sequence of verbs on several sessions, beside a model that knows nothing of the code."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from training_world import ok, plan, read

from helpers import Person, problem, register

MOVES = {
    ("PLANNED", "start"): "IN_PROGRESS",
    ("IN_PROGRESS", "complete"): "COMPLETED",
    ("PLANNED", "skip"): "SKIPPED",
    ("PLANNED", "cancel"): "CANCELLED",
    ("IN_PROGRESS", "cancel"): "CANCELLED",
    ("SKIPPED", "reopen"): "PLANNED",
    ("CANCELLED", "reopen"): "PLANNED",
}
EPOCH = datetime(2026, 1, 5, 17, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "complete", "skip", "cancel", "reopen", "delete"]), st.integers(0, 2), st.integers(0, 90)),
    min_size=1,
    max_size=12,
)


@dataclass
class Modelled:
    """One session as it must be."""

    id: str
    status: str = "PLANNED"
    started_at: datetime | None = None
    minutes: int | None = None
    version: int = 1


def body(verb: str, model: Modelled, minutes: int) -> dict[str, Any] | None:
    if verb == "start":
        return {"started_at": (EPOCH + timedelta(minutes=minutes)).isoformat()}
    if verb == "complete" and model.started_at is not None:
        return {"completed_at": (model.started_at + timedelta(minutes=minutes)).isoformat()}
    return None


def move(model: Modelled, verb: str, target: str, minutes: int) -> None:
    if verb == "start":
        model.started_at = EPOCH + timedelta(minutes=minutes)
    elif verb == "complete":
        model.minutes = minutes
    elif verb == "reopen":
        model.started_at = model.minutes = None
    model.status = target
    model.version += 1


async def step(person: Person, models: list[Modelled], verb: str, model: Modelled, minutes: int) -> None:
    path = f"sessions/{model.id}"
    if verb == "delete":
        response = await person.delete(path)
        if model.status == "DELETED":
            problem(response, 404, "not-found")
        assert response.status_code in (204, 404)
        model.status = "DELETED"
        return
    response = await person.post(f"{path}/{verb}", body(verb, model, minutes))
    target = MOVES.get((model.status, verb))
    if model.status == "DELETED":
        problem(response, 404, "not-found")
    elif target is None:
        refusal = problem(response, 409, "verb-not-allowed")
        assert refusal["session_status"] == model.status
        assert set(refusal["verbs"]) == {v for s, v in MOVES if s == model.status}
    elif target == "IN_PROGRESS" and (busy := [m.id for m in models if m.status == "IN_PROGRESS"]):
        assert problem(response, 409, "session-in-progress")["session_id"] == busy[0]
    else:
        assert ok(response)["session_status"] == target
        move(model, verb, target, minutes)


async def check(person: Person, models: list[Modelled]) -> None:
    alive = {m.id: m for m in models if m.status != "DELETED"}
    listed = {each["id"]: each for each in ok(await person.get("sessions"))["items"]}
    assert listed.keys() == alive.keys()
    for session_id, model in alive.items():
        for session in (listed[session_id], await read(person, {"id": session_id})):
            assert session["session_status"] == model.status
            assert session["version"] == model.version
            assert (session["started_at"] and datetime.fromisoformat(session["started_at"])) == model.started_at
            seconds = model.minutes * 60 if model.minutes else None
            assert session["actual_duration_seconds"] == seconds
            assert set(session["verbs"]) == {v for s, v in MOVES if s == model.status}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_any_sequence_of_verbs(http: httpx.AsyncClient, steps: list[tuple[str, int, int]]) -> None:
    person = await register(http)
    models = [Modelled((await plan(person))["id"]) for _ in range(3)]
    for verb, which, minutes in steps:
        await step(person, models, verb, models[which], minutes)
    await check(person, models)
