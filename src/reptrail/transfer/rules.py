"""What the names, weights and times of a foreign file come to mean here. Pure: no I/O, no clock."""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from reptrail.catalog import builtin
from reptrail.catalog.names import NameIndex, match_key
from reptrail.catalog.rules import Equipment, Tracks
from reptrail.clock import local_to_utc
from reptrail.training.rules import SMALLINT_MAX, SetKind, SetLoad, WeightUnit
from reptrail.transfer.formats.parsed import ParsedExercise, ParsedMeasurement, ParsedSession

MAX_ISSUES_SHOWN = 1000
MAX_MAPPINGS = 1000
MAX_FILE_NAME_CHARACTERS = 255
# What the API takes for a time: a file's 1 January 1970 east of Greenwich lies before it.
FIRST_INSTANT: Final = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_FIRST: Final = "before 1970"
LAST_YEAR: Final = 2099

_ON_THE_BODY: Final = frozenset({SetLoad.BODYWEIGHT, SetLoad.ADDED, SetLoad.ASSISTED})
# The tool in the brackets of a name ("Squat (Barbell)"), as `match_key` has it, in the languages of the samples.
_EQUIPMENT_WORDS: Final = {
    Equipment.BARBELL: ("barbell", "langhantel", "barre"),
    Equipment.DUMBBELL: ("dumbbell", "dumbbells", "kurzhantel", "kurzhanteln", "haltere", "halteres"),
    Equipment.KETTLEBELL: ("kettlebell",),
    Equipment.MACHINE: ("machine", "maschine", "plate loaded", "assisted"),
    Equipment.SMITH_MACHINE: ("smith machine", "multipresse"),
    Equipment.CABLE: ("cable", "kabel", "kabelzug", "poulie"),
    Equipment.BAND: ("band", "resistance band"),
    Equipment.PLATE: ("plate", "weight plate"),
    Equipment.EZ_BAR: ("ez bar", "sz stange"),
    Equipment.TRAP_BAR: ("trap bar", "hex bar"),
    Equipment.SUSPENSION: ("suspension", "trx"),
    Equipment.MEDICINE_BALL: ("medicine ball",),
    Equipment.STABILITY_BALL: ("stability ball", "swiss ball"),
    Equipment.BODYWEIGHT: ("bodyweight", "weighted"),
}
_EQUIPMENT_OF: Final = {word: equipment for equipment, words in _EQUIPMENT_WORDS.items() for word in words}


class How(StrEnum):
    """How the exercise of a foreign name was found; `new`: it was not, and the athlete gets one of that name."""

    MAPPED = "mapped"
    OWN = "own"
    EXACT = "exact"
    NORMALISED = "normalised"
    SUPERSET = "superset"
    NEW = "new"


class Exercise(NamedTuple):
    """An exercise that sets can be stored for; `load` is what its weights mean where nothing else says it."""

    id: UUID
    name: str
    load: SetLoad


class NewExercise(NamedTuple):
    """A private exercise to be made, in the order of the statement's columns."""

    id: UUID
    name: str
    equipment: Equipment
    tracks: Tracks
    load: SetLoad


class Counts(msgspec.Struct, kw_only=True):
    """What a file holds, and how much of it is new. `volume_kg` is kg times reps over all its sets, warm-ups among them."""

    rows: int = 0
    sessions: int = 0
    sessions_new: int = 0
    exercises: int = 0
    exercises_new: int = 0
    performances_new: int = 0
    sets: int = 0
    sets_new: int = 0
    sets_present: int = 0
    warmups: int = 0
    measurements: int = 0
    measurements_new: int = 0
    volume_kg: Decimal = Decimal(0)
    errors: int = 0
    warnings: int = 0
    skipped: int = 0


class NamedExercise(msgspec.Struct):
    """What a name of the file means. `exercise_id` is null for an exercise that is not made (yet)."""

    name: str
    exercise_id: UUID | None
    exercise_name: str
    how: How
    sets: int


class NewSession(NamedTuple):
    """A session with its own workout and that workout's revision."""

    id: UUID
    workout_id: UUID
    revision_id: UUID
    workout_name: str
    started_at: datetime
    completed_at: datetime
    seconds: int | None
    notes: str | None
    key: str
    effort_rating: int | None
    soreness_rating: int | None


class Summary(NamedTuple):
    """The exact summary of a performance's sets, warm-ups left out; the weight without assisted sets."""

    sets_completed: int
    reps_completed: int | None
    weight_used_kg: Decimal | None
    duration_seconds: int | None


class NewPerformance(NamedTuple):
    """A performance with its instruction."""

    id: UUID
    session_id: UUID
    instruction_id: UUID
    workout_id: UUID
    position: int
    group_number: int | None
    exercise_id: UUID
    notes: str | None
    summary: Summary


class NewSet(NamedTuple):
    """A set, in the order of the statement's columns."""

    id: UUID
    performance_id: UUID
    exercise_id: UUID
    set_number: int
    kind: SetKind
    reps: int | None
    weight: Decimal | None
    weight_unit: WeightUnit | None
    load: SetLoad
    duration_seconds: int | None
    distance_m: Decimal | None
    rpe: Decimal | None
    notes: str | None
    key: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name of the file means; `new` is the exercise to be made where none was found."""

    exercise: Exercise
    how: How
    new: NewExercise | None = None


@dataclass(slots=True)
class Lookup:
    """The athlete's own meanings of names, by `name_key`: those they stated, and their private exercises."""

    mapped: dict[str, Exercise] = field(default_factory=dict)
    own: dict[str, Exercise] = field(default_factory=dict)

    def add_own(self, exercises: Iterable[tuple[Exercise, Iterable[str]]]) -> None:
        """Index (exercise, aliases) pairs: a name letter for letter first, then its key, then the aliases' keys."""
        listed = list(exercises)
        for exercise, _ in listed:
            self.own[exercise.name.casefold()] = exercise
        for exercise, _ in listed:
            self.own.setdefault(name_key(exercise.name), exercise)
        for exercise, aliases in listed:
            for alias in aliases:
                self.own.setdefault(name_key(alias), exercise)

    def find(self, name: str) -> tuple[Exercise, How] | None:
        """The exercise of a name: what the athlete said, then their own exercises, then the built-in ones."""
        key = name_key(name)
        mapped = self.mapped.get(key)
        if mapped is not None:
            return mapped, How.MAPPED
        own = self.own.get(name.casefold()) or self.own.get(key)
        if own is not None:
            return own, How.OWN
        match = _builtin_index().match(name)
        return None if match is None else (builtin_exercises()[match.id], How(match.how))


def name_key(name: str) -> str:
    """What names are compared by. A name without letter or digit ("💪") stands for itself, or all such would be one."""
    return match_key(name) or name.casefold()


@functools.cache
def builtin_exercises() -> Mapping[UUID, Exercise]:
    """The built-in exercises by id."""
    return {each.id: Exercise(each.id, each.name, each.load) for each in builtin.exercises()}


@functools.cache
def _builtin_index() -> NameIndex[UUID]:
    return NameIndex((each.id, each.name, each.aliases) for each in builtin.exercises())


@functools.cache
def builtin_metrics() -> Mapping[str, builtin.BuiltinMetric]:
    """The built-in metrics by slug."""
    return {metric.slug: metric for metric in builtin.metrics()}


def resolve(sessions: Iterable[ParsedSession], lookup: Lookup, make_id: Callable[[], UUID]) -> dict[str, Resolved]:
    """What every exercise name of a file means, in the order of their first appearance."""
    blocks: dict[str, list[ParsedExercise]] = {}
    for session in sessions:
        for block in session.exercises:
            blocks.setdefault(block.name, []).append(block)
    resolved: dict[str, Resolved] = {}
    made: dict[str, Resolved] = {}
    for name, of_name in blocks.items():
        found = lookup.find(name)
        if found is not None:
            resolved[name] = Resolved(*found)
            continue
        # "Bench Press" and "bench-press" of one file are one new exercise, as they would be in a second import.
        if name_key(name) not in made:
            new = _new_exercise(name, of_name, make_id())
            made[name_key(name)] = Resolved(Exercise(new.id, new.name, new.load), How.NEW, new)
        resolved[name] = made[name_key(name)]
    return resolved


def _new_exercise(name: str, blocks: list[ParsedExercise], exercise_id: UUID) -> NewExercise:
    load = next((block.load_hint for block in blocks if block.load_hint is not None), SetLoad.EXTERNAL)
    _, _, bracket = name.rpartition("(")
    equipment = _EQUIPMENT_OF.get(match_key(bracket), Equipment.OTHER) if name.endswith(")") else Equipment.OTHER
    return NewExercise(exercise_id, name, equipment, _tracks(blocks), load)


def _tracks(blocks: Iterable[ParsedExercise]) -> Tracks:
    """What is logged for an exercise, by what its sets hold."""
    sets = [each for block in blocks for each in block.sets]
    weight = any(each.weight for each in sets)
    if any(each.reps is not None for each in sets):
        return Tracks.REPS_WEIGHT if weight else Tracks.REPS
    duration = any(each.duration_seconds for each in sets)
    if any(each.distance_m for each in sets):
        plain = Tracks.DISTANCE_DURATION if duration else Tracks.DISTANCE
        return Tracks.DISTANCE_WEIGHT if weight else plain
    return Tracks.DURATION_WEIGHT if weight else Tracks.DURATION


def resolve_load(hint: SetLoad | None, exercise_load: SetLoad, weight: Decimal | None) -> tuple[SetLoad, Decimal | None] | None:
    """What a weight of the file means, and the weight to store (never negative, in the unit of the file).

    A hint in the name goes before the exercise. Some exports write assistance as a negative weight.

    Returns:
        None for a negative weight where there is nothing to assist.
    """
    meant = hint or exercise_load
    if weight is not None and weight < 0:
        return (SetLoad.ASSISTED, -weight) if meant in _ON_THE_BODY or exercise_load in _ON_THE_BODY else None
    if meant in (SetLoad.BODYWEIGHT, SetLoad.ADDED):
        return (SetLoad.ADDED if weight else SetLoad.BODYWEIGHT), weight
    return meant, weight


class Span(NamedTuple):
    """When a session was, in UTC, and for how long; `seconds` is None where that is unknown or beyond a SMALLINT."""

    started_at: datetime
    completed_at: datetime
    seconds: int | None


def utc_span(session: ParsedSession, time_zone: str, *, states_end: bool) -> Span:
    """A session's local times in UTC.

    Args:
        session: local times, both on the wall clock, or both with their offset, which are taken as they are.
        time_zone: an IANA name.
        states_end: the app writes when a session ended, so a clock change within it counts; one that writes how long it
            was has measured that.
    """
    if session.started_at.tzinfo is not None:
        return Span(session.started_at, session.ended_at or session.started_at, session.duration_seconds)
    started_at = local_to_utc(session.started_at, time_zone)
    if session.ended_at is None:
        return Span(started_at, started_at, None)
    elapsed = session.ended_at - session.started_at
    completed_at = local_to_utc(session.ended_at, time_zone) if states_end else started_at + elapsed
    if completed_at < started_at:
        # It began in the hour that the clock skipped, which is read later than the end.
        completed_at = started_at + elapsed
    seconds = (completed_at - started_at) // timedelta(seconds=1)
    return Span(started_at, completed_at, seconds if 0 < seconds <= SMALLINT_MAX else None)


def year_error(day: date) -> str | None:
    """Why nobody trained or weighed themselves on a day, as over HTTP; of a time too, whose zone may lead out of the calendar."""
    if day.year < FIRST_INSTANT.year:
        return BEFORE_FIRST
    return f"after {LAST_YEAR}" if day.year > LAST_YEAR else None


def implausible(measurement: ParsedMeasurement) -> str | None:
    """Why a value is hardly right, None if it may be. The bounds are the metric's, in its canonical unit."""
    metric = builtin_metrics()[measurement.metric]
    unit = builtin.find_unit(measurement.unit)
    value = measurement.value * (unit.factor if unit else 1)
    if metric.plausible_min <= value <= metric.plausible_max:
        return None
    return (
        f"{metric.name} is hardly outside {metric.plausible_min} to {metric.plausible_max} {metric.canonical_unit}: taken as it is"
    )
