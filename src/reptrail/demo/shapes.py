"""The shapes of a made-up history: what is to be stored, without ids. Weights in kg, times in UTC."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reptrail.training.rules import SessionStatus, SetKind, SetLoad


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """What a workout asks of one exercise, named by its slug in the catalogue."""

    exercise: str
    sets: int
    reps_min: int | None = None
    reps_max: int | None = None
    rest_seconds: int = 90
    duration_seconds: int | None = None
    group_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workout:
    """A workout of the athlete's own. `is_session_own`: made while training, for one session alone."""

    key: str
    name: str
    description: str | None
    instructions: tuple[Instruction, ...]
    is_session_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformedSet:
    """One set as it was done; `weight` is what was added or, ASSISTED, what was helped."""

    kind: SetKind = SetKind.WORKING
    load: SetLoad
    reps: int | None = None
    weight: Decimal | None = None
    rpe: Decimal | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None
    completed_at: datetime
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What was done for the instruction at `position` (from 0) of the session's workout."""

    position: int
    exercise: str
    sets: tuple[PerformedSet, ...]
    difficulty_rating: int | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One workout session; `workout` is a workout's key."""

    workout: str
    status: SessionStatus
    scheduled_at: datetime | None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    seconds: int | None = None
    effort_rating: int | None = None
    soreness_rating: int | None = None
    notes: str | None = None
    performances: tuple[Performance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One value of a metric, named by its slug, in one of the metric's units."""

    metric: str
    value: Decimal
    unit: str
    day: date
    source: str
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A whole made-up history, sessions and measurements in order of time."""

    workouts: tuple[Workout, ...]
    sessions: tuple[Session, ...]
    measurements: tuple[Measurement, ...]
