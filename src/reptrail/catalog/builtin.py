"""The built-in catalogue: exercises, metrics, units and workouts, read from the TOML files beside this module.

Every loader reads its files once and checks every value; a mistake in the data is a ValueError that names the slug
and the field, so that a bad edit fails the first test and not an import in the field.
"""

import functools
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

from reptrail.catalog.rules import Equipment, Mechanic, Muscle, Tracks
from reptrail.training.rules import SetLoad

Kind = Literal["exercise", "metric", "workout", "program"]

# Fixed for ever: ids made from it stand in exports and on phones, and are the same on every instance.
BUILTIN_NAMESPACE: Final = uuid.UUID("6f1c1c3e-0b57-5d0b-9a53-2f6d9b7f4c11")

# Files are read in this order; exercises of one rank keep it, so it breaks ties of popularity.
_EXERCISE_FILES: Final = ("chest", "back", "legs", "shoulders", "arms", "core", "full-body", "cardio")

EnumT = TypeVar("EnumT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class BuiltinExercise:
    """A movement of the built-in catalogue. `rank` is its popularity: 1 for what everybody does, up to 4 for exotic."""

    id: uuid.UUID
    slug: str
    name: str
    rank: int
    equipment: Equipment
    mechanic: Mechanic
    tracks: Tracks
    load: SetLoad
    primary: tuple[Muscle, ...]
    secondary: tuple[Muscle, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its UCUM code; value * factor is the value in the canonical unit of its dimension."""

    code: str
    symbol: str
    dimension: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class BuiltinMetric:
    """A metric of the built-in catalogue; units are UCUM codes, bounds are in the canonical unit and plausible only."""

    id: uuid.UUID
    slug: str
    name: str
    dimension: str
    canonical_unit: str
    allowed_units: tuple[str, ...]
    plausible_min: Decimal
    plausible_max: Decimal
    loinc: str | None
    calculated: bool


@dataclass(frozen=True, slots=True)
class BuiltinInstruction:
    """What a built-in workout asks of one exercise; instructions with one group number are a superset."""

    exercise_slug: str
    sets: int
    reps_min: int | None
    reps_max: int | None
    rest_seconds: int
    rpe: Decimal | None
    duration_seconds: int | None
    distance_m: int | None
    group_number: int | None


@dataclass(frozen=True, slots=True)
class BuiltinWorkout:
    """A built-in workout: instructions in the order in which they are done."""

    id: uuid.UUID
    slug: str
    name: str
    description: str
    instructions: tuple[BuiltinInstruction, ...]


def builtin_id(kind: Kind, slug: str) -> uuid.UUID:
    """The id of a built-in row, the same on every instance: UUIDv5 of a fixed namespace and "kind:slug"."""
    return uuid.uuid5(BUILTIN_NAMESPACE, f"{kind}:{slug}")


@functools.cache
def exercises() -> tuple[BuiltinExercise, ...]:
    """Every built-in exercise, the most popular first.

    Raises:
        ValueError: a value is wrong or a slug stands twice; names the slug and the field.
    """
    found: dict[str, BuiltinExercise] = {}
    for region in _EXERCISE_FILES:
        for slug, fields in _read("exercises", f"{region}.toml").items():
            if slug in found:
                raise ValueError(f"exercise {slug}: slug: stands in two files")
            found[slug] = _exercise(slug, _Fields("exercise", slug, fields))
    return tuple(sorted(found.values(), key=lambda exercise: exercise.rank))


@functools.cache
def exercises_by_slug() -> Mapping[str, BuiltinExercise]:
    """Every built-in exercise by its slug."""
    return MappingProxyType({exercise.slug: exercise for exercise in exercises()})


@functools.cache
def units() -> Mapping[str, Unit]:
    """Every unit by its UCUM code."""
    found: dict[str, Unit] = {}
    for code, values in _read("metrics.toml")["units"].items():
        fields = _Fields("unit", code, values)
        factor = Decimal(fields.text("factor"))
        found[code] = Unit(code, fields.text("symbol"), fields.text("dimension"), factor)
        fields.done()
    return MappingProxyType(found)


@functools.cache
def _units_as_entered() -> Mapping[str, Unit]:
    return MappingProxyType({entered: unit for unit in units().values() for entered in (unit.code, unit.symbol)})


def find_unit(entered: str) -> Unit | None:
    """The unit that a UCUM code or a symbol means ("[lb_av]" and "lb" alike), or None. Case counts, as in UCUM."""
    return _units_as_entered().get(entered)


@functools.cache
def metrics() -> tuple[BuiltinMetric, ...]:
    """Every built-in metric in the order of the file.

    Raises:
        ValueError: a value is wrong; names the slug and the field.
    """
    return tuple(_metric(slug, _Fields("metric", slug, fields)) for slug, fields in _read("metrics.toml")["metrics"].items())


@functools.cache
def workouts() -> tuple[BuiltinWorkout, ...]:
    """Every built-in workout in the order of the file.

    Raises:
        ValueError: a value is wrong or an exercise unknown; names the slug and the field.
    """
    found = []
    for slug, values in _read("workouts.toml").items():
        fields = _Fields("workout", slug, values)
        name, description = fields.text("name"), fields.text("description")
        instructions = tuple(_instruction(slug, position, row) for position, row in enumerate(fields.take("do"), 1))
        fields.done()
        found.append(BuiltinWorkout(builtin_id("workout", slug), slug, name, description, instructions))
    return tuple(found)


@functools.cache
def fingerprint() -> str:
    """SHA-256 of all data files, hexadecimal: the same where nothing built in has changed."""
    data = files("reptrail.catalog").joinpath("data")
    found = [data.joinpath(name) for name in ("metrics.toml", "workouts.toml")]
    for folder in ("exercises", "programs"):
        found += sorted(data.joinpath(folder).iterdir(), key=lambda file: file.name)
    return sha256(b"".join(file.read_bytes() for file in found if file.name.endswith(".toml"))).hexdigest()


def _read(*path: str) -> dict[str, Any]:
    text = files("reptrail.catalog").joinpath("data", *path).read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)


class _Fields:
    """The fields of one row of data, each taken once; what is wrong is said with the row and the field."""

    def __init__(self, kind: str, slug: str, values: dict[str, Any]) -> None:
        self._kind, self._slug, self._values = kind, slug, dict(values)

    def wrong(self, field: str, why: str) -> ValueError:
        """The error for one field, to be raised."""
        return ValueError(f"{self._kind} {self._slug}: {field}: {why}")

    def take(self, field: str) -> Any:
        """A field that must be there."""
        if field not in self._values:
            raise self.wrong(field, "is missing")
        return self._values.pop(field)

    def text(self, field: str) -> str:
        """A text that is not blank."""
        value = self.take(field)
        if not isinstance(value, str) or value != value.strip() or not value:
            raise self.wrong(field, f"{value!r} is not a text")
        return value

    def text_or_none(self, field: str) -> str | None:
        """A text, or None where the field is left out."""
        return self.text(field) if field in self._values else None

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        values = tuple(self.take(field))
        if len(set(values)) != len(values) or not all(isinstance(v, str) and v.strip() == v != "" for v in values):
            raise self.wrong(field, f"{values!r} is not a list of different texts")
        return values

    def whole(self, field: str, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.take(field)
        if type(value) is not int or not low <= value <= high:
            raise self.wrong(field, f"{value!r} is not a whole number from {low} to {high}")
        return value

    def whole_or_none(self, field: str, low: int, high: int) -> int | None:
        """A whole number within bounds, or None where the field is left out."""
        return self.whole(field, low, high) if field in self._values else None

    def number(self, field: str) -> Decimal:
        """A number, exact."""
        value = self.take(field)
        if type(value) is not int and not isinstance(value, Decimal):
            raise self.wrong(field, f"{value!r} is not a number")
        return Decimal(value)

    def flag(self, field: str) -> bool:
        """True, or False where the field is left out."""
        return self._values.pop(field, False) is True

    def one_of(self, field: str, enum: type[EnumT]) -> EnumT:
        """A member of an enum."""
        value = self.take(field)
        if value not in list(enum):
            raise self.wrong(field, f"{value!r} is not a {enum.__name__}")
        return enum(value)

    def some_of(self, field: str, enum: type[EnumT]) -> tuple[EnumT, ...]:
        """Different members of an enum."""
        values = self.texts(field)
        for value in values:
            if value not in list(enum):
                raise self.wrong(field, f"{value!r} is not a {enum.__name__}")
        return tuple(enum(value) for value in values)

    def done(self) -> None:
        """Refuse fields that nobody took: they are spelling mistakes."""
        for field in self._values:
            raise self.wrong(field, "is not a field")


def _exercise(slug: str, fields: _Fields) -> BuiltinExercise:
    exercise = BuiltinExercise(
        id=builtin_id("exercise", slug),
        slug=slug,
        name=fields.text("name"),
        rank=fields.whole("rank", 1, 4),
        equipment=fields.one_of("equipment", Equipment),
        mechanic=fields.one_of("mechanic", Mechanic),
        tracks=fields.one_of("tracks", Tracks),
        load=fields.one_of("load", SetLoad),
        primary=fields.some_of("primary", Muscle),
        secondary=fields.some_of("secondary", Muscle),
        aliases=fields.texts("aliases"),
    )
    fields.done()
    if not exercise.primary:
        raise fields.wrong("primary", "is empty")
    if set(exercise.primary) & set(exercise.secondary):
        raise fields.wrong("secondary", "repeats a primary muscle")
    return exercise


def _metric(slug: str, fields: _Fields) -> BuiltinMetric:
    metric = BuiltinMetric(
        id=builtin_id("metric", slug),
        slug=slug,
        name=fields.text("name"),
        dimension=fields.text("dimension"),
        canonical_unit=fields.text("canonical_unit"),
        allowed_units=fields.texts("allowed_units"),
        plausible_min=fields.number("min"),
        plausible_max=fields.number("max"),
        loinc=fields.text_or_none("loinc"),
        calculated=fields.flag("calculated"),
    )
    fields.done()
    if metric.canonical_unit not in metric.allowed_units:
        raise fields.wrong("allowed_units", "lacks the canonical unit")
    for code in metric.allowed_units:
        if code not in units() or units()[code].dimension != metric.dimension:
            raise fields.wrong("allowed_units", f"{code!r} is not a unit of {metric.dimension}")
    if metric.plausible_min >= metric.plausible_max:
        raise fields.wrong("min", "is not below max")
    return metric


def _instruction(workout: str, position: int, row: dict[str, Any]) -> BuiltinInstruction:
    fields = _Fields("workout", f"{workout} instruction {position}", row)
    instruction = BuiltinInstruction(
        exercise_slug=fields.text("exercise"),
        sets=fields.whole("sets", 1, 20),
        reps_min=fields.whole_or_none("reps_min", 1, 200),
        reps_max=fields.whole_or_none("reps_max", 1, 200),
        rest_seconds=fields.whole("rest_seconds", 0, 900),
        rpe=fields.number("rpe") if "rpe" in row else None,
        duration_seconds=fields.whole_or_none("duration_seconds", 1, 32_760),
        distance_m=fields.whole_or_none("distance_m", 1, 200_000),
        group_number=fields.whole_or_none("group_number", 1, 99),
    )
    fields.done()
    if instruction.exercise_slug not in exercises_by_slug():
        raise fields.wrong("exercise", f"{instruction.exercise_slug!r} is not an exercise")
    if (instruction.reps_min is None) != (instruction.reps_max is None):
        raise fields.wrong("reps_min", "stands without the other bound")
    if (instruction.reps_min or 0) > (instruction.reps_max or 0):
        raise fields.wrong("reps_min", "is above reps_max")
    if instruction.reps_min is instruction.duration_seconds is instruction.distance_m is None:
        raise fields.wrong("reps_min", "neither reps nor duration nor distance is asked for")
    return instruction
