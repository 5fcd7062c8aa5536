"""The shapes of the report: what it says of an athlete's training and body weight. Pure, no I/O, no clock."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from reptrail.progress.formulas import TrendPoint
from reptrail.training.rules import SetLoad, WeightUnit

LIFT_TREND_WEEKS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One ISO week in the athlete's time zone, named by its Monday. Volume load in kg, time in whole minutes."""

    monday: date
    sessions: int
    sets: int
    volume_kg: Decimal
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSet:
    """A set that was the best of its exercise: weight as entered and in kg, and the e1RM in kg where it has one."""

    set_id: UUID
    day: date
    reps: int
    weight: Decimal | None
    weight_unit: WeightUnit | None
    weight_kg: Decimal | None
    load: SetLoad
    rpe: Decimal | None
    e1rm_kg: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyBest:
    """The best e1RM of an exercise in one ISO week, in kg."""

    monday: date
    e1rm_kg: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """What was done with one exercise, warm-ups left out everywhere.

    `sessions_lately` and `sets_lately` count within the report's weeks. `heaviest` is the set with the most weight, then the most
    repetitions, then the first of them; without any weight it is the set with the most repetitions; None where every set
    was assisted. `trend` holds those of the last LIFT_TREND_WEEKS weeks that have an e1RM.
    """

    exercise_id: UUID
    exercise_name: str
    sessions_lately: int
    sets_lately: int
    sets: int
    volume_kg: Decimal
    first_day: date
    last_day: date
    heaviest: BestSet | None
    best_e1rm: BestSet | None
    trend: tuple[WeeklyBest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyWeight:
    """Body weight in kg by day with its trend; changes are of the trend, up to the last day that was weighed.

    `change_4_weeks_kg` and `rate_kg_per_week` are None where the weights do not reach back far enough.
    """

    points: tuple[TrendPoint, ...]
    rate_kg_per_week: float | None
    change_4_weeks_kg: float | None
    change_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session that is under way (since `at`) or planned (for `at`)."""

    session_id: UUID
    workout_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report of one athlete on one day of theirs.

    `sessions`, `sets`, `volume_kg` and `minutes` are of all time. `streak_weeks` counts the weeks in a row with at least
    one session up to this week; a week that is not over yet does not end it. `weeks` are in order, this week last.
    """

    display_name: str
    time_zone: str
    weight_unit: WeightUnit
    today: date
    sessions: int
    sets: int
    volume_kg: Decimal
    minutes: int
    first_day: date | None
    last_day: date | None
    streak_weeks: int
    longest_streak_weeks: int
    in_progress: OpenSession | None
    planned: OpenSession | None
    weeks: tuple[Week, ...]
    lifts: tuple[Lift, ...]
    body_weight: BodyWeight | None
