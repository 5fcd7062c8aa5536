"""The wire structs of progress: which days are asked for, and what is answered.

`weight_unit` is the athlete's; every weight without a unit beside it is in that unit. `weight` and `weight_unit` of a set
are as they were entered.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from reptrail.catalog.rules import Muscle
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day
from reptrail.progress.rules import MAX_PERIOD_DAYS
from reptrail.training.rules import SetKind, SetLoad, WeightUnit

Year = Annotated[int, Meta(ge=1970, le=2100)]
By = Annotated[str, Meta(pattern="^week$")]


class Period(Body):
    """The days asked for, both included. Without `to` they end today, without `from` they are as many as the route says.

    Never more than 4,000 days: `from` alone is brought forward to that.
    """

    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None

    def together(self) -> Iterable[FieldError]:
        """A period ends after it begins."""
        if self.from_ is None or self.to is None:
            return
        if self.to < self.from_:
            yield FieldError("/to", "must not be before from")
        elif (self.to - self.from_).days >= MAX_PERIOD_DAYS:
            yield FieldError("/from", f"a period has at most {MAX_PERIOD_DAYS} days")


class VolumeQuery(Period):
    """The days asked for, widened to ISO weeks; `by` can only be week."""

    by: By = "week"


class CalendarQuery(Body):
    """Which year, this one if not said."""

    year: Year | None = None


class SetOfRecord(msgspec.Struct, kw_only=True):
    """The set behind a number: `value` is in `unit`; day, session and set say where it was done."""

    value: float
    unit: str
    day: Day
    session_id: UUID
    set_id: UUID
    reps: int | None
    weight: float | None
    weight_unit: WeightUnit | None
    load: SetLoad
    rpe: float | None
    duration_seconds: int | None
    distance_m: float | None


class RecordOut(SetOfRecord, kw_only=True):
    """A record that stands, or stood; an estimate names its formula."""

    kind: str
    formula: str | None


class BrokenOut(RecordOut, kw_only=True):
    """A record as it was broken: what stood before."""

    previous_value: float


class RepMaxOut(SetOfRecord, kw_only=True):
    """The heaviest weight (`value`) that was lifted at least `rep_max` times in a set, for the first time."""

    rep_max: int


class ExerciseRecordsOut(msgspec.Struct):
    """The records of one exercise; without a name where the exercise is not to be seen any more."""

    exercise_id: UUID
    exercise_name: str | None
    records: list[RecordOut]


class RecordsOut(msgspec.Struct):
    """All records that stand, by exercise."""

    weight_unit: WeightUnit
    items: list[ExerciseRecordsOut]


class ExerciseDayOut(msgspec.Struct):
    """An exercise on one day, warm-ups left out.

    `best_set_id` is the set with the most weight, then repetitions, duration, distance; a failed attempt (0 repetitions) only
    where there is no other. `e1rm` is the day's best (Epley 1985); `e1rm_smoothed` follows it by 10 % a day.
    """

    day: Day
    sets: int
    reps: int | None
    volume: float
    best_set_id: UUID | None
    e1rm: float | None
    e1rm_smoothed: float | None


class DoneSetOut(msgspec.Struct):
    """A set as it was done, warm-ups too."""

    set_id: UUID
    set_number: int
    kind: SetKind
    reps: int | None
    weight: float | None
    weight_unit: WeightUnit | None
    load: SetLoad
    rpe: float | None
    duration_seconds: int | None
    distance_m: float | None
    e1rm: float | None


class SessionSetsOut(msgspec.Struct):
    """The sets of an exercise in one session."""

    session_id: UUID
    started_at: datetime
    day: Day
    volume: float
    sets: list[DoneSetOut]


class ExerciseOut(msgspec.Struct, kw_only=True):
    """An exercise: `days` in order and `sessions` newest first are of the period, all else of all time.

    `e1rm_per_week` is the slope of the line through the days' best e1RM, null for fewer than three days or two weeks.
    """

    exercise_id: UUID
    exercise_name: str | None
    weight_unit: WeightUnit
    from_: Day = msgspec.field(name="from")
    to: Day
    sets: int
    volume: float
    first_day: Day | None
    last_day: Day | None
    records: list[RecordOut]
    records_broken: list[BrokenOut]
    rep_maxes: list[RepMaxOut]
    days: list[ExerciseDayOut]
    e1rm_per_week: float | None
    sessions: list[SessionSetsOut]


class PeriodOut(msgspec.Struct, kw_only=True):
    """One period: completed sessions, hard sets, volume load, time, session load (Foster 2001).

    `records` counts bests that stood higher at the end of the period than at its beginning: one for each exercise and
    kind, of heaviest weight, e1RM, longest and furthest. `adherence` is done out of done, skipped and missed.
    """

    from_: Day = msgspec.field(name="from")
    to: Day
    sessions: int
    sets: int
    volume: float
    minutes: int
    load: float
    sessions_without_load: int
    records: int
    done: int
    skipped: int
    missed: int
    adherence: float | None


class ChangeOut(msgspec.Struct):
    """The period less the one before it; null where either has no such number."""

    sessions: int
    sets: int
    volume: float
    minutes: int
    load: float
    records: int
    adherence: float | None


class SummaryOut(msgspec.Struct):
    """A period, the one before it, the change, and the streaks: ISO weeks in a row with a session."""

    weight_unit: WeightUnit
    now: PeriodOut
    before: PeriodOut
    change: ChangeOut
    streak_weeks: int
    longest_streak_weeks: int


class MuscleOut(msgspec.Struct):
    """A muscle's hard sets and volume load, a secondary muscle's at one half."""

    muscle: Muscle
    sets: float
    volume: float


class VolumeWeekOut(msgspec.Struct):
    """One ISO week. Its sets and volume count once, whatever muscles they were of."""

    monday: Day
    sessions: int
    sets: int
    volume: float
    muscles: list[MuscleOut]


class BalanceOut(msgspec.Struct):
    """Hard sets of one group of muscles against another, PUSH_PULL, UPPER_LOWER or QUADS_HAMSTRINGS; ratio is first over second."""

    balance: str
    first_sets: float
    second_sets: float
    ratio: float | None


class VolumeOut(msgspec.Struct, kw_only=True):
    """Volume by week and muscle; `muscles` and `balances` are of the whole period."""

    weight_unit: WeightUnit
    from_: Day = msgspec.field(name="from")
    to: Day
    weeks: list[VolumeWeekOut]
    muscles: list[MuscleOut]
    balances: list[BalanceOut]


class LoadDayOut(msgspec.Struct):
    """A day's load and what follows from all loads up to it; null before the first load, the ratio for 28 days after it."""

    day: Day
    load: float
    acute: float | None
    chronic: float | None
    ratio: float | None
    fitness: float | None
    fatigue: float | None


class LoadWeekOut(msgspec.Struct):
    """A week's load; monotony and strain are null until it is over, and where all its days are alike."""

    monday: Day
    load: float
    monotony: float | None
    strain: float | None


class LoadOut(msgspec.Struct, kw_only=True):
    """Training load up to today, in arbitrary units; `caveats` says where it does not apply, `meanings` what it means."""

    from_: Day = msgspec.field(name="from")
    to: Day
    sessions: int
    sessions_without_load: int
    days_known: int
    caveats: list[str]
    meanings: dict[str, str]
    days: list[LoadDayOut]
    weeks: list[LoadWeekOut]


class DueOut(msgspec.Struct, kw_only=True):
    """Sessions planned, by what they are today; `adherence` is done out of done, skipped and missed."""

    done: int
    skipped: int
    missed: int
    due: int
    ahead: int
    paused: int
    cancelled: int
    in_progress: int
    adherence: float | None


class DueWeekOut(DueOut, kw_only=True):
    """One ISO week's."""

    monday: Day


class DueProgramOut(DueOut, kw_only=True):
    """One enrollment's; all null for what was planned without one."""

    program_enrollment_id: UUID | None
    program_id: UUID | None
    program_name: str | None


class AdherenceOut(msgspec.Struct, kw_only=True):
    """What came of what was planned for the days of these ISO weeks."""

    from_: Day = msgspec.field(name="from")
    to: Day
    total: DueOut
    weeks: list[DueWeekOut]
    programs: list[DueProgramOut]


class CalendarDayOut(msgspec.Struct):
    """A day on which was trained."""

    day: Day
    sessions: int
    sets: int
    volume: float
    minutes: int


class CalendarOut(msgspec.Struct):
    """The days of a year on which was trained, in order."""

    year: int
    weight_unit: WeightUnit
    days: list[CalendarDayOut]
