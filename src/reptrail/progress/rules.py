"""The shapes of the report, and the rules of the charts: periods, records, balance, load. Pure, no I/O, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import msgspec

from reptrail.catalog.rules import Muscle
from reptrail.progress.formulas import (
    ACUTE_DAYS,
    CHRONIC_DAYS,
    DAYS_PER_WEEK,
    FATIGUE_DAYS,
    FITNESS_DAYS,
    LOAD_MEMORY,
    WEIGHTED_MEMORY,
    TrendPoint,
    impulse_response,
    monotony,
    strain,
    weighted_mean,
)
from reptrail.training.rules import KG_PER_LB, Bests, Lifted, SetKind, SetLoad, WeightUnit

_UNITS = {"HEAVIEST_WEIGHT": "kg", "BEST_E1RM": "kg", "LONGEST": "s", "FURTHEST": "m", "MOST_REPS_AT_WEIGHT": "reps"}
E1RM_FORMULA = "Epley 1985"

LIFT_TREND_WEEKS = 26

# What a chart shows where no days are asked for: four weeks, twelve, a year; and the most it ever shows, eleven years.
SUMMARY_DAYS = 28
WEEKS_DAYS = 84
EXERCISE_DAYS = 364
MAX_PERIOD_DAYS = 4000


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
class Lately:
    """The last four weeks, and how many sessions more or less than in the four before; as the summary chart says it.

    `adherence` is done out of done, skipped and missed, `load_ratio` acute over chronic load; None where there is none.
    """

    sessions: int
    sessions_change: int
    records: int
    adherence: float | None
    load_ratio: float | None


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
    lately: Lately | None = None


MAX_REP_MAX = 12
_GRAM = Decimal("0.001")

# Sets a muscle took part in, one group against the other. Push and pull are the movers of pressing and of rowing and
# pulling; trunk, neck, and what is counted for the whole body are in neither, nor in upper and lower.
PUSH = frozenset({Muscle.CHEST, Muscle.FRONT_DELTS, Muscle.SIDE_DELTS, Muscle.TRICEPS})
PULL = frozenset({Muscle.LATS, Muscle.UPPER_BACK, Muscle.TRAPS, Muscle.REAR_DELTS, Muscle.BICEPS})
LOWER = frozenset(
    {
        Muscle.GLUTES,
        Muscle.QUADS,
        Muscle.HAMSTRINGS,
        Muscle.ADDUCTORS,
        Muscle.ABDUCTORS,
        Muscle.HIP_FLEXORS,
        Muscle.CALVES,
        Muscle.SHINS,
    }
)
BALANCES = (
    ("PUSH_PULL", PUSH, PULL),
    ("UPPER_LOWER", PUSH | PULL | {Muscle.FOREARMS}, LOWER),
    ("QUADS_HAMSTRINGS", frozenset({Muscle.QUADS}), frozenset({Muscle.HAMSTRINGS})),
)


def balances(sets_by_muscle: Mapping[str, float]) -> list[dict[str, Any]]:
    """Hard sets of two groups of muscles, and how many of the first come on one of the second (None without the second)."""
    found = []
    for name, first, second in BALANCES:
        sets = [sum(sets_by_muscle.get(muscle, 0) for muscle in group) for group in (first, second)]
        ratio = round(sets[0] / sets[1], 3) if sets[1] else None
        found.append({"balance": name, "first_sets": sets[0], "second_sets": sets[1], "ratio": ratio})
    return found


class Candidate(msgspec.Struct):
    """A set that had more of something than all sets of its exercise before it; only such can be a record."""

    set_id: UUID
    session_id: UUID
    day: date
    kind: SetKind
    reps: int | None
    weight: Decimal | None
    weight_unit: WeightUnit | None
    weight_kg: Decimal | None
    load: SetLoad
    rpe: Decimal | None
    duration_seconds: int | None
    distance_m: Decimal | None
    e1rm_kg: Decimal | None

    @property
    def lifted(self) -> Lifted:
        """What of it counts for records."""
        return Lifted(self.reps, self.weight_kg, self.load, self.kind, self.rpe, self.duration_seconds, self.distance_m)


def in_unit(kg: Decimal, unit: WeightUnit) -> float:
    """A weight in kg in the athlete's unit, to the thousandth, halves away from zero as PostgreSQL rounds."""
    value = kg if unit is WeightUnit.KG else kg / KG_PER_LB
    return float(value.quantize(_GRAM, ROUND_HALF_UP))


def _record(kind: str, value: Decimal | float, of: Candidate, unit: WeightUnit) -> dict[str, Any]:
    is_weight = _UNITS[kind] == "kg"
    return {
        "kind": kind,
        "value": in_unit(Decimal(value), unit) if is_weight else float(value),
        "unit": unit if is_weight else _UNITS[kind],
        "formula": E1RM_FORMULA if kind == "BEST_E1RM" else None,
        **{name: getattr(of, name) for name in _SHOWN},
    }


_SHOWN = ("day", "session_id", "set_id", "reps", "weight", "weight_unit", "load", "rpe", "duration_seconds", "distance_m")


def broken(candidates: Iterable[Candidate], unit: WeightUnit) -> list[dict[str, Any]]:
    """Every record that was ever broken, in order, as training told it when the set was logged."""
    bests = Bests()
    found = []
    for candidate in candidates:
        for kind, value, before in bests.take(candidate.lifted):
            record = _record(kind, value, candidate, unit)
            # Nothing is broken that did not stand before.
            previous = in_unit(Decimal(before or 0), unit) if _UNITS[kind] == "kg" else float(before or 0)
            found.append({**record, "previous_value": previous})
    return found


def standing(candidates: Sequence[Candidate], unit: WeightUnit) -> list[dict[str, Any]]:
    """The records that stand: the best of each kind, and the most repetitions where no heavier weight was lifted as often."""
    found = []
    columns = zip(*((c.weight_kg if c.reps else 0, c.e1rm_kg, c.duration_seconds, c.distance_m) for c in candidates), strict=True)
    for kind, column in zip(("HEAVIEST_WEIGHT", "BEST_E1RM", "LONGEST", "FURTHEST"), columns, strict=False):
        values = [value or 0 for value in column]
        if best := max(values):
            found.append(_record(kind, best, candidates[values.index(best)], unit))  # the first of equals
    most = 0
    for candidate in sorted((c for c in candidates if c.reps), key=lambda c: (-(c.weight_kg or 0), -(c.reps or 0))):
        if candidate.reps and candidate.reps > most:
            most = candidate.reps
            found.append(_record("MOST_REPS_AT_WEIGHT", most, candidate, unit))
    return found


def rep_maxes(candidates: Sequence[Candidate], unit: WeightUnit) -> list[dict[str, Any]]:
    """For 1 to 12 repetitions the heaviest weight that was lifted at least so often, and the first set that did it."""
    found = []
    for reps in range(1, MAX_REP_MAX + 1):
        able = [c for c in candidates if (c.reps or 0) >= reps and c.weight_kg]
        if able:
            best = max(able, key=lambda c: c.weight_kg or 0)
            value = in_unit(best.weight_kg or Decimal(0), unit)
            found.append({"rep_max": reps, "value": value, "unit": unit, **{name: getattr(best, name) for name in _SHOWN}})
    return found


LOAD_MEANINGS = {
    "load": "How hard a session was, 1 to 10, times its minutes (Foster 2001). A day's load is that of its sessions together.",
    "acute": "What the last week weighs: a mean of daily load in which the last 7 days count most (Williams 2017).",
    "chronic": "What you are used to: the same mean over about 28 days.",
    "ratio": "Acute over chronic: above 1 you do more than you are used to. It tells a jump from a habit; it does not foretell "
    "an injury, and the bands that are printed for it elsewhere were found in team sports.",
    "monotony": "How alike the days of a week were: their mean over their spread (Foster 1998). High is every day the same; "
    "below 1.5 is usual for hard and easy days in turn. Only for weeks that are over.",
    "strain": "A week's load times its monotony (Foster 1998): much, and much of the same.",
    "fitness": "What is left of all training, fading to a third in 42 days (Banister 1975). Read its slope, not its height.",
    "fatigue": "The same, fading to a third in 7 days. Performance is thought to be fitness less fatigue, each with a weight "
    "that is everyone's own; so no such difference is shown.",
}


def load_caveats(days: int, sessions: int, without_load: int) -> list[str]:
    """Where the numbers of load do not apply, in words. `days` since the first load; sessions of the period shown."""
    found = []
    if days == 0:
        found.append("No session has both an effort rating and a duration yet, so there is no load to show.")
    elif days < CHRONIC_DAYS:
        found.append(
            f"Load is known for {days} days. Acute and chronic load need {CHRONIC_DAYS}: until then both lean on the first "
            "session, and their ratio is left out."
        )
    if without_load:
        found.append(
            f"{without_load} of {sessions} sessions of this period have no effort rating or no duration. They count as no load, so "
            "everything here is lower than it was."
        )
    return found


def load_series(daily: Sequence[float], known: int, since: date, until: date) -> list[dict[str, Any]]:
    """Each day's load and what follows from all loads up to it.

    Args:
        daily: one load a day up to `until`, from the first load on or from LOAD_MEMORY_DAYS before `since`, 0 on days of rest.
        known: days from the first of all loads to `until`, both included.
        since: the first day to tell of.
        until: the last one, at most today.
    """
    shown = (until - since).days + 1
    told = max(0, min(shown, known))  # of the days shown, those from the first load on
    if not told:
        return [_day_of_load(since + timedelta(days=n), 0.0, (None,) * 5) for n in range(shown)]
    acute, chronic, fitness, fatigue = (
        formula(daily[-(shown + memory) :], days)[-told:]
        for formula, days, memory in (
            (weighted_mean, ACUTE_DAYS, WEIGHTED_MEMORY * ACUTE_DAYS),
            (weighted_mean, CHRONIC_DAYS, WEIGHTED_MEMORY * CHRONIC_DAYS),
            (impulse_response, FITNESS_DAYS, LOAD_MEMORY * FITNESS_DAYS),
            (impulse_response, FATIGUE_DAYS, LOAD_MEMORY * FATIGUE_DAYS),
        )
    )
    found = [_day_of_load(since + timedelta(days=n), 0.0, (None,) * 5) for n in range(shown - told)]
    first = until - timedelta(days=told - 1)
    for n, load in enumerate(daily[-told:]):
        usual = round(chronic[n], 3)
        ratio = round(acute[n] / chronic[n], 3) if known - told + n + 1 >= CHRONIC_DAYS and usual else None
        means = (round(acute[n], 3), usual, ratio, round(fitness[n], 3), round(fatigue[n], 3))
        found.append(_day_of_load(first + timedelta(days=n), round(load, 3), means))
    return found


def _day_of_load(day: date, load: float, means: tuple[float | None, ...]) -> dict[str, Any]:
    acute, chronic, ratio, fitness, fatigue = means
    return {"day": day, "load": load, "acute": acute, "chronic": chronic, "ratio": ratio, "fitness": fitness, "fatigue": fatigue}


def load_week(monday: date, loads: Sequence[float], today: date) -> dict[str, Any]:
    """One ISO week's load, and its monotony and strain once it is over. `loads`: of its days so far."""
    alike = monotony(loads) if monday + timedelta(days=DAYS_PER_WEEK) <= today else None
    total = sum(loads)
    return {
        "monday": monday,
        "load": round(total, 3),
        "monotony": None if alike is None else round(alike, 3),
        "strain": None if alike is None else round(strain(total, alike), 3),
    }
