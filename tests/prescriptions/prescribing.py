"""What the tests of prescriptions share: made-up histories, cases for the rules, and plans over HTTP."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec

from helpers import Person
from reptrail.catalog.builtin import builtin_id
from reptrail.prescriptions.loading import USUAL, Equipment
from reptrail.prescriptions.progression import prescribe
from reptrail.prescriptions.rules import Case, DoneSet, Instruction, Performance, Prescribed, Prescription, TrainingMax
from reptrail.training.rules import KG_PER_LB, SetKind, SetLoad, WeightUnit

TODAY = date(2026, 3, 20)
KG, LB = WeightUnit.KG, WeightUnit.LB
SQUAT, BENCH, CURL, PULL_UP, ASSISTED, PLANK, PUSH_UP = (
    str(builtin_id("exercise", slug))
    for slug in (
        "squat-barbell", "bench-press-barbell", "bicep-curl-dumbbell", "pull-up", "pull-up-assisted", "plank", "push-up",
    )
)  # fmt: skip


def instruction(rule: str | None, **fields: Any) -> Instruction:
    """3 x 5 of a barbell exercise by a rule, unless the fields say otherwise; constants of the rule in `constants`."""
    constants = fields.pop("constants", {})
    body = {"id": uuid4(), "exercise_id": uuid4(), "sets": 3, "reps_min": 5, "reps_max": 5, **fields}
    if rule is not None:
        body["progression"] = {"rule": rule, **constants}
    return msgspec.convert(body, Instruction)


def a_set(reps: int | None, weight: float | None = None, unit: WeightUnit = KG, **fields: Any) -> DoneSet:
    """A set as it was done."""
    value = None if weight is None else Decimal(str(weight))
    kg = None if value is None else value if unit is KG else value * KG_PER_LB
    return DoneSet(reps=reps, weight=value, weight_unit=None if value is None else unit, weight_kg=kg, **fields)


def performed(days_ago: int, *sets: DoneSet, had: Prescription | None = None, today: date = TODAY, **fields: Any) -> Performance:
    """A performance so many days ago, with what had been prescribed for it."""
    day = today - timedelta(days=days_ago)
    prescribed = None if had is None else Prescribed(had.rule, had.sets, had.inputs.scheme, had.inputs.builds_on_kg)
    at = datetime.combine(day, time(17), UTC)
    return Performance(session_id=uuid4(), at=at, date=day, sets=list(sets), prescribed=prescribed, **fields)


def sets_of(weight: float | None, *reps: int, unit: WeightUnit = KG, **fields: Any) -> list[DoneSet]:
    return [a_set(each, weight, unit, **fields) for each in reps]


def ask(
    asked: Instruction,
    *history: Performance,
    equipment: Equipment = USUAL[KG],
    today: date = TODAY,
    training_max: TrainingMax | None = None,
) -> Prescription:
    """What a rule asks, with a history that is newest first."""
    return prescribe(Case(asked, list(history), today, equipment, training_max))


def weights(found: Prescription) -> list[float | None]:
    """The weights of the working sets."""
    return [None if each.weight is None else float(each.weight) for each in found.sets if each.kind is not SetKind.WARMUP]


def weight(found: Prescription) -> float | None:
    """The one weight of all working sets."""
    (only,) = set(weights(found))
    return only


def train(
    asked: Instruction, results: Sequence[Sequence[int]], start: float, equipment: Equipment = USUAL[KG]
) -> list[Prescription]:
    """Trains as prescribed, every other day, with these repetitions set by set; what was asked each time, and then next."""
    history: list[Performance] = []
    found: list[Prescription] = []
    day = date(2026, 1, 1)
    for reps in results:
        asked_now = prescribe(Case(asked, history, day, equipment))
        found.append(asked_now)
        lifted = weight(asked_now)
        load = SetLoad.ASSISTED if asked.load is SetLoad.ASSISTED else SetLoad.EXTERNAL
        done = sets_of(start if lifted is None else lifted, *reps, unit=equipment.weight_unit, load=load)
        history.insert(0, performed(0, *done, had=asked_now, today=day))
        day += timedelta(days=2)
    found.append(prescribe(Case(asked, history, day, equipment)))
    return found


# --- Over HTTP -----------------------------------------------------------------------------------------------------------


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def a_workout(person: Person, *instructions: dict[str, Any], name: str = "Plan") -> str:
    """A workout of one's own; its id."""
    found: str = ok(await person.post("/api/v1/workouts", {"workout_name": name, "instructions": list(instructions)}), 201)["id"]
    return found


def linear(exercise: str = SQUAT, **fields: Any) -> dict[str, Any]:
    """3 x 5, 2.5 kg more each time."""
    rule = {"rule": "linear", "increment": 2.5, "increment_unit": "kg"}
    return {"exercise_id": exercise, "sets": 3, "reps_min": 5, "reps_max": 5, "progression": rule, **fields}


def logged(reps: int, weight_: float | None, unit: str = "kg", **fields: Any) -> dict[str, Any]:
    body = {"reps": reps, **fields}
    return body if weight_ is None else {**body, "weight": weight_, "weight_unit": unit}


async def record(person: Person, day: str, exercise: str, *sets: dict[str, Any], **fields: Any) -> Any:
    """A past session of one exercise."""
    body = {"session_status": "COMPLETED", "started_at": f"{day}T17:00:00Z", **fields}
    return ok(await person.post("sessions", {**body, "performances": [{"exercise_id": exercise, "sets": list(sets)}]}), 201)


async def begin(person: Person, workout: str, day: str = "2026-03-20", **fields: Any) -> Any:
    """Plans a session of a workout and starts it on a day."""
    planned = ok(await person.post("sessions", {"workout_id": workout, "scheduled_at": f"{day}T17:00:00Z", **fields}), 201)
    return ok(await person.post(f"sessions/{planned['id']}/start", {"started_at": f"{day}T17:00:00Z"}))


async def finish(person: Person, session: Any, *done: dict[str, Any], hours: int = 1) -> Any:
    """Logs sets for the first instruction and completes the session."""
    target = session["prescriptions"][0]["id"]
    if done:
        ok(await person.post(f"sessions/{session['id']}/sets", [{**each, "exercise_instruction_id": target} for each in done]), 201)
    end = datetime.fromisoformat(session["started_at"]) + timedelta(hours=hours)
    return ok(await person.post(f"sessions/{session['id']}/complete", {"completed_at": end.isoformat()}))


def asked_of(session: Any, place: int = 0) -> Any:
    """What a session asks of its instruction at a place."""
    return session["prescriptions"][place]["prescription"]


def uuid(text: str) -> UUID:
    return UUID(text)
