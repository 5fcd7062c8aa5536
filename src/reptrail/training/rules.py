"""Enums, transition tables and arithmetic of workout sessions, performances and sets: pure, no I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from reptrail.progress.formulas import e1rm_epley


class SetKind(StrEnum):
    """What a set was for. A WARMUP counts in no summary, record or volume."""

    WARMUP = "WARMUP"
    WORKING = "WORKING"
    DROP = "DROP"
    AMRAP = "AMRAP"
    FAILURE = "FAILURE"


class SetLoad(StrEnum):
    """What the weight of a set means. ASSISTED is help: less of it is harder, so it is in no record and no e1RM."""

    EXTERNAL = "EXTERNAL"
    BODYWEIGHT = "BODYWEIGHT"
    ADDED = "ADDED"
    ASSISTED = "ASSISTED"


class WeightUnit(StrEnum):
    """The unit a weight was entered in; it is kept beside the weight and never converted in place."""

    KG = "kg"
    LB = "lb"


class SessionStatus(StrEnum):
    """The states of a workout session."""

    PLANNED = "PLANNED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"


class SessionVerb(StrEnum):
    """What can be done to a session that exists."""

    START = "start"
    COMPLETE = "complete"
    SKIP = "skip"
    CANCEL = "cancel"
    REOPEN = "reopen"


# The lifecycle of a workout session: verb -> (the states it may come from, the state it leads to).
TRANSITIONS: dict[SessionVerb, tuple[frozenset[SessionStatus], SessionStatus]] = {
    SessionVerb.START: (frozenset({SessionStatus.PLANNED}), SessionStatus.IN_PROGRESS),
    SessionVerb.COMPLETE: (frozenset({SessionStatus.IN_PROGRESS}), SessionStatus.COMPLETED),
    SessionVerb.SKIP: (frozenset({SessionStatus.PLANNED}), SessionStatus.SKIPPED),
    SessionVerb.CANCEL: (frozenset({SessionStatus.PLANNED, SessionStatus.IN_PROGRESS}), SessionStatus.CANCELLED),
    SessionVerb.REOPEN: (frozenset({SessionStatus.SKIPPED, SessionStatus.CANCELLED}), SessionStatus.PLANNED),
}

_DONE_COLUMNS = frozenset({"started_at", "completed_at", "actual_duration_seconds", "paused_seconds", "effort_rating"})
# What cannot be said of a session in a state: it has not started, or not ended.
UNSAID: dict[SessionStatus, frozenset[str]] = {
    SessionStatus.PLANNED: _DONE_COLUMNS,
    SessionStatus.IN_PROGRESS: frozenset({"completed_at", "actual_duration_seconds"}),
    SessionStatus.COMPLETED: frozenset(),
    SessionStatus.SKIPPED: _DONE_COLUMNS,
    SessionStatus.CANCELLED: frozenset({"completed_at", "actual_duration_seconds"}),
}
# What a session in a state always has.
NEEDED: dict[SessionStatus, frozenset[str]] = {
    SessionStatus.IN_PROGRESS: frozenset({"started_at"}),
    SessionStatus.COMPLETED: frozenset({"completed_at"}),
}

# Logging is training, or, once completed, a correction; the ledger keeps what stood before.
LOGGABLE = frozenset({SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED})

SMALLINT_MAX = 32_767
_GRAM = Decimal("0.001")
MAX_SETS_PER_REQUEST = 200
MAX_EXERCISES_PER_SESSION = 100
MAX_CLOCK_AHEAD_SECONDS = 86_400


def verbs_allowed(status: SessionStatus) -> list[SessionVerb]:
    """The verbs that a session in this state takes, in the order a person meets them."""
    return [verb for verb, (sources, _) in TRANSITIONS.items() if status in sources]


def default_load(exercise_load: SetLoad, weight: Decimal | None) -> SetLoad:
    """What a weight means for an exercise when the client does not say: on a bodyweight movement it was added."""
    if exercise_load in (SetLoad.BODYWEIGHT, SetLoad.ADDED):
        return SetLoad.ADDED if weight else SetLoad.BODYWEIGHT
    return exercise_load


def changed_load(exercise_load: SetLoad, load: SetLoad, before: Decimal | None, after: Decimal | None) -> SetLoad:
    """What a set's weight means once it is corrected: what the client once said stays, what was left to us is decided anew."""
    return default_load(exercise_load, after) if load is default_load(exercise_load, before) else load


def session_seconds(started_at: datetime, completed_at: datetime, paused_seconds: int) -> int:
    """The time trained, in whole seconds, pauses left out; may be zero, negative or more than the column holds."""
    return int((completed_at - started_at).total_seconds()) - paused_seconds


@dataclass(frozen=True, slots=True)
class Lifted:
    """What counts of a set for records. Weight in kg, duration in seconds, distance in metres."""

    reps: int | None
    weight_kg: Decimal | None
    load: SetLoad
    kind: SetKind
    rpe: Decimal | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None


def whole_grams(kg: Decimal | None) -> Decimal | None:
    """An estimate in kg, to the gram: PostgreSQL and Python end 133.333... after different digits, and that is no record."""
    return None if kg is None else kg.quantize(_GRAM, ROUND_HALF_UP)


@dataclass(slots=True)
class Bests:
    """The bests of one exercise so far. `reps_at` maps a weight in kg (0 for none) to the most repetitions with it."""

    weight_kg: Decimal | None = None
    e1rm_kg: Decimal | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None
    reps_at: dict[Decimal, int] = field(default_factory=dict)

    def take(self, lifted: Lifted) -> list[tuple[str, Decimal | int, Decimal | int | None]]:
        """Counts a set in; returns the records it broke as (kind, value, the best before).

        Warm-ups and assisted sets are in no record. The first set ever of an exercise breaks none: there is nothing to
        beat, and a phone that cheers at everything is soon ignored. So most reps needs the same weight before, and as
        many at no heavier one: else each back-off set of a new weight would be a record.
        """
        if lifted.kind is SetKind.WARMUP or lifted.load is SetLoad.ASSISTED:
            return []
        broken: list[tuple[str, Decimal | int, Decimal | int | None]] = []
        weight = lifted.weight_kg or Decimal(0)
        e1rm = whole_grams(e1rm_epley(weight, lifted.reps, lifted.rpe)) if weight and lifted.reps else None
        for kind, name, value in (
            ("HEAVIEST_WEIGHT", "weight_kg", lifted.weight_kg if lifted.reps else None),
            ("BEST_E1RM", "e1rm_kg", e1rm),
            ("LONGEST", "duration_seconds", lifted.duration_seconds),
            ("FURTHEST", "distance_m", lifted.distance_m),
        ):
            best = getattr(self, name)
            if value and (best is None or value > best):
                setattr(self, name, value)
                if best is not None:
                    broken.append((kind, value, best))
        if lifted.reps:
            before = max((reps for at, reps in self.reps_at.items() if at >= weight), default=0)
            if weight in self.reps_at and lifted.reps > before:
                broken.append(("MOST_REPS_AT_WEIGHT", lifted.reps, before))
            self.reps_at[weight] = max(lifted.reps, self.reps_at.get(weight, 0))
        return broken


@dataclass(frozen=True, slots=True)
class SetEntry:
    """One set to be logged, for an instruction of the session or, where the plan names none, for an exercise."""

    id: UUID
    exercise_instruction_id: UUID | None
    exercise_id: UUID | None
    set_number: int | None
    kind: SetKind
    reps: int | None
    weight: Decimal | None
    weight_unit: WeightUnit | None
    load: SetLoad | None
    duration_seconds: int | None
    distance_m: Decimal | None
    rpe: Decimal | None
    completed_at: datetime | None
    notes: str | None
    # Where it stood in the request, a JSON pointer, for the errors.
    pointer: str = ""

    @property
    def weight_kg(self) -> Decimal | None:
        """The weight in kg, as the database computes it (a stored column)."""
        return to_kg(self.weight, self.weight_unit)

    def same_as(self, stored: Mapping[str, Any]) -> bool:
        """Whether a stored set holds what this one says: then it was logged already, and logging it again is no conflict.

        What the client left to us (set_number, load) is not compared.
        """
        return all(
            getattr(self, name) == stored[name]
            for name in ("kind", "reps", "weight", "weight_unit", "duration_seconds", "distance_m", "rpe", "completed_at", "notes")
        ) and all(
            getattr(self, name) in (None, stored[name]) for name in ("set_number", "load", "exercise_id", "exercise_instruction_id")
        )


KG_PER_LB = Decimal("0.45359237")


def to_kg(weight: Decimal | None, unit: WeightUnit | None) -> Decimal | None:
    """A weight in kg. One pound is 0.45359237 kg exactly (international yard and pound agreement, 1959)."""
    return weight if weight is None or unit is WeightUnit.KG else weight * KG_PER_LB


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlan:
    """A session to be planned, started or recorded. Durations in seconds, times aware."""

    id: UUID | None
    workout_id: UUID | None
    workout_revision: int | None
    workout_name: str | None
    program_enrollment_id: UUID | None
    session_status: SessionStatus
    scheduled_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    actual_duration_seconds: int | None
    paused_seconds: int
    effort_rating: int | None
    soreness_rating: int | None
    session_notes: str | None
    session_name: str | None


@dataclass(frozen=True, slots=True)
class SessionChange:
    """An edit of a session: the columns that were given, by name; None clears one."""

    given: dict[str, Any]

    COLUMNS: ClassVar = (
        "scheduled_at",
        "started_at",
        "completed_at",
        "actual_duration_seconds",
        "paused_seconds",
        "effort_rating",
        "soreness_rating",
        "session_notes",
        "session_name",
    )
