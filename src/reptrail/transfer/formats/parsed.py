"""What every importer parses a file into: in the words of the glossary, nothing resolved against a database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from reptrail.measurements.rules import MeasurementSource
from reptrail.training.rules import SetKind, SetLoad, WeightUnit


class DistanceUnit(StrEnum):
    """The unit of a file's distances where the file itself names none; parsed distances are always metres."""

    M = "m"
    KM = "km"
    MI = "mi"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing the importer could not take, or took with a doubt.

    `line` is the physical line of the file where the record begins (the header is line 1). An `error` leaves out the
    set or the measurement it speaks of; a `warning` leaves out at most the value in `column`.
    """

    line: int
    column: str
    value: str
    reason: str
    severity: Literal["error", "warning"] = "error"
    # The reason as data, for who says it in a language of their own; null for one that no table has.
    code: str | None = None
    values: dict[str, Any] | None = None


@dataclass(slots=True)
class ParsedSet:
    """One set as the file has it.

    `weight` is the file's own decimal in `weight_unit`, None where the file has none or 0; it may be negative
    (assistance in some exports). `reps` is 0 only for a failed attempt at a weight. `position` is the 0-based place
    among the set rows of its exercise block and part of the natural key: a row left out by an error keeps its place,
    so mending the file and importing it again moves no other set's key. `load` is what the weight means where the file says it.
    """

    line: int
    position: int
    kind: SetKind
    reps: int | None = None
    weight: Decimal | None = None
    weight_unit: WeightUnit | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None
    rpe: Decimal | None = None
    notes: str | None = None
    load: SetLoad | None = None


@dataclass(slots=True)
class ParsedExercise:
    """One block of consecutive sets of one exercise.

    `load_hint` comes from the name alone ("(Assisted)", "(Weighted)", "(Bodyweight)"); `group_number` counts from 1 and
    is the same for the exercises of one superset.
    """

    name: str
    group_number: int | None = None
    load_hint: SetLoad | None = None
    notes: str | None = None
    sets: list[ParsedSet] = field(default_factory=list)


@dataclass(slots=True)
class ParsedSession:
    """One workout session.

    Times are the local wall clock of the file, without zone, or, where the file states it, with their offset. `key` is the
    natural key, the same in every export of the same app and unique in a file. `duration_seconds` is None where it is unknown
    or beyond a SMALLINT; `ended_at` then still says what the file said. `ids`: of a file of our own, the row that it was written
    from, and the one of another account that this had been imported from.
    """

    line: int
    key: str
    name: str
    started_at: datetime
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    notes: str | None = None
    exercises: list[ParsedExercise] = field(default_factory=list)
    ids: tuple[UUID, ...] = ()
    effort_rating: int | None = None
    soreness_rating: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedMeasurement:
    """One value of a built-in metric (`metric` is its slug) on a day.

    `unit` is a symbol or a UCUM code that the metric allows. `key` is the natural key, unique in a file. `source`: an app for
    training is no measuring device, its numbers were typed in by hand; a file of our own says. `ids` are as a session's.
    """

    line: int
    key: str
    metric: str
    value: Decimal
    unit: str
    measurement_date: date
    notes: str | None = None
    ids: tuple[UUID, ...] = ()
    source: MeasurementSource = MeasurementSource.MANUAL


@dataclass(slots=True)
class ParsedFile:
    """A whole file.

    `rows` counts the data records read; every one of them is a set, a measurement row, skipped by the format's own rule
    (counted in `skipped`), or named in an error. For workouts: `rows == set_count + skipped + len(error_lines)`.
    """

    format: str
    rows: int = 0
    skipped: int = 0
    sessions: list[ParsedSession] = field(default_factory=list)
    measurements: list[ParsedMeasurement] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def set_count(self) -> int:
        """How many sets were taken."""
        return sum(len(exercise.sets) for session in self.sessions for exercise in session.exercises)

    @property
    def error_lines(self) -> set[int]:
        """The lines of the records that an error names."""
        return {issue.line for issue in self.issues if issue.severity == "error"}
