"""The wire structs of goals and forecasts: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from reptrail.errors import FieldError
from reptrail.goals.rules import Direction, GoalState, Movement, Refusal
from reptrail.http.bodies import Body, Day, bounded, text

Target = Annotated[Decimal, bounded("0.000001", 1_000_000_000, 6)]
Unit = Annotated[str, text(1, 20)]
Notes = Annotated[str, text(0, 1000)]
Slug = Annotated[str, text(1, 120)]


def _order_errors(start: object, target: object) -> Iterable[FieldError]:
    """Both days were sent, and the first comes after the second."""
    if start not in (None, UNSET) and target not in (None, UNSET) and start > target:  # type: ignore[operator]
        yield FieldError("/target_date", "must not be before start_date")


class GoalIn(Body, kw_only=True):
    """A goal: of a metric (its slug or id), or of the estimated one-repetition maximum of an exercise.

    Without start_date it begins on the athlete's today. The unit of a lift is kg or lb.
    """

    id: UUID | None = None
    metric: Slug | None = None
    metric_id: UUID | None = None
    exercise_id: UUID | None = None
    target_value: Target
    target_unit: Unit
    target_date: Day
    start_date: Day | None = None
    goal_notes: Notes | None = None

    def together(self) -> Iterable[FieldError]:
        """One subject, and days in order."""
        if sum(given is not None for given in (self.metric, self.metric_id, self.exercise_id)) != 1:
            yield FieldError("/metric", "give metric (a slug), metric_id or exercise_id, one of the three")
        yield from _order_errors(self.start_date, self.target_date)


class GoalPatch(Body):
    """What to change of a goal; null clears the notes. What it is of stays: that would be another goal."""

    target_value: Target | UnsetType = UNSET
    target_unit: Unit | UnsetType = UNSET
    target_date: Day | UnsetType = UNSET
    start_date: Day | UnsetType = UNSET
    goal_notes: Notes | None | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """Days in order."""
        yield from _order_errors(self.start_date, self.target_date)


class GoalOut(msgspec.Struct, kw_only=True):
    """A goal and how it stands, every value in `target_unit`.

    `start_value` is the value in force on start_date, or else the first one after it; `current_value` that of today: of a
    metric the last day's, of a lift the best e1RM of four weeks. Both are null, and so is `direction`, while nothing was
    measured. `reached_on` is the first day since the start with a value at the target or past it; `progress` is the share of
    the way that is done, 1 at most and below 0 where it went the other way. All of them are read from the data as it stands.
    """

    id: UUID
    user_id: UUID
    metric_id: UUID | None
    metric: str | None
    exercise_id: UUID | None
    name: str | None
    target_value: Decimal
    target_unit: str
    start_date: Day
    target_date: Day
    goal_notes: str | None
    state: GoalState
    direction: Direction | None
    start_value: float | None
    current_value: float | None
    last_day: Day | None
    progress: float | None
    reached_on: Day | None
    created_by: UUID
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class GoalPage(msgspec.Struct):
    """A page of goals, the nearest target date first."""

    items: list[GoalOut]
    next_cursor: str | None


class ForecastQuery(Body):
    """What to forecast: a goal; or a metric (slug or id) or the e1RM of an exercise, towards `target` by `date`.

    Without `date` 28 days ahead; without `target` no chance is told. `unit` is that of the target and the answer, by default
    the athlete's unit of weight, or the metric's canonical one.
    """

    goal_id: UUID | None = None
    metric: Slug | None = None
    exercise_id: UUID | None = None
    target: Target | None = None
    unit: Unit | None = None
    date: Day | None = None

    def together(self) -> Iterable[FieldError]:
        """One subject; a goal brings its own target."""
        if sum(given is not None for given in (self.goal_id, self.metric, self.exercise_id)) != 1:
            yield FieldError("/goal_id", "give goal_id, metric or exercise_id, one of the three")
        elif self.goal_id is not None:
            for name in ("target", "unit", "date"):
                if getattr(self, name) is not None:
                    yield FieldError(f"/{name}", "does not go with goal_id: the goal says it")


class RefusalOut(msgspec.Struct):
    """Why there is no forecast."""

    code: Refusal
    detail: str


class DayForecastOut(msgspec.Struct):
    """What is expected of a day; [low, high] holds its value with a chance of 80 %."""

    day: Day
    value: float
    low: float
    high: float


class LineOut(msgspec.Struct):
    """The least-squares line behind the forecast: through the values of `days` days from `first_day` to `last_day`.

    `value` is the line's on the last day, `rate_per_week` its slope, `residual_sd` the spread around it. `widening` says how
    much wider than a textbook's the interval is at each horizon (days), since that is what past forecasts needed to hold.
    """

    first_day: Day
    last_day: Day
    days: int
    value: float
    rate_per_week: float
    residual_sd: float
    widening: dict[str, float]


class ArrivalOut(msgspec.Struct):
    """The day on which the line meets the target, and at the earliest and latest its 80 % band; null: not within a year."""

    day: Day | None
    earliest: Day | None
    latest: Day | None


class StandstillOut(msgspec.Struct):
    """Whether progress stands still, from `days` days with values since `since`; UNCLEAR: too much noise to tell.

    Of a metric by the rate a week and its 90 % confidence interval (28 days), of a lift by the day of its best e1RM (six weeks).
    """

    movement: Movement
    since: Day | None
    days: int
    rate_per_week: float | None
    rate_low: float | None
    rate_high: float | None
    best: float | None
    best_day: Day | None


class ForecastOut(msgspec.Struct, kw_only=True):
    """A forecast, every value in `unit`; `line`, `at_date`, `arrival` and `points` are empty where `refusal` says why.

    `chance` is that of a value at the target or past it on target_date itself. `is_tested` is false for a day further ahead
    than the forecasts that are held against what came (84 days): the interval then is a guess that grows with the distance.
    """

    goal_id: UUID | None
    metric_id: UUID | None
    metric: str | None
    exercise_id: UUID | None
    name: str
    unit: str
    today: Day
    target_value: Decimal | None
    target_date: Day
    direction: Direction | None
    reached_on: Day | None
    refusal: RefusalOut | None
    line: LineOut | None
    at_date: DayForecastOut | None
    chance: float | None
    is_tested: bool
    arrival: ArrivalOut | None
    points: list[DayForecastOut]
    standstill: StandstillOut
    method: str
