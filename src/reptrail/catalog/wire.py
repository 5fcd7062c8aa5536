"""The wire structs of exercises, metrics and workouts: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.catalog.builtin import find_unit, units
from reptrail.catalog.instructions import InstructionIn, InstructionOut
from reptrail.catalog.rules import (
    MAX_ALIASES,
    MAX_INSTRUCTIONS_PER_WORKOUT,
    Equipment,
    Mechanic,
    Muscle,
    Tracks,
    bounds_errors,
    muscle_errors,
)
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, bounded, text
from reptrail.http.paging import Page
from reptrail.training.rules import SetLoad
from reptrail.training.wire import Revision


def _name_check(value: str) -> str | None:
    if "\x00" in value:
        return "must not contain the character NUL"
    return None if value.strip() else "must not be blank"


def _name(maximum: int) -> Meta:
    return Meta(min_length=1, max_length=maximum, extra={"check": _name_check})


Name = Annotated[str, _name(120)]
Query = Annotated[str, text(0, 120)]
Muscles = Annotated[list[Muscle], Meta(max_length=len(Muscle))]
Aliases = Annotated[list[Name], Meta(max_length=MAX_ALIASES)]
Dimension = Annotated[str, _name(60)]
Unit = Annotated[str, _name(20)]
Bound = Annotated[Decimal, bounded(0, 1_000_000_000, 6)]
Description = Annotated[str, text(0, 2000)]
OTHER_DIMENSION = "other"


def _blank_aliases(aliases: Sequence[str] | UnsetType) -> Iterator[FieldError]:
    # The check of a list's items is only run when a body is explained.
    for place, alias in enumerate([] if isinstance(aliases, UnsetType) else aliases):
        wrong = _name_check(alias)
        if wrong is not None:
            yield FieldError(f"/aliases/{place}", wrong)


def _stripped(values: dict[str, Any]) -> dict[str, Any]:
    """The columns with blanks around names taken off, as phone keyboards leave them."""
    return {
        name: value.strip() if isinstance(value, str) else [each.strip() for each in value] if name == "aliases" else value
        for name, value in values.items()
    }


class ExerciseIn(Body, kw_only=True):
    """A private exercise."""

    id: UUID | None = None
    exercise_name: Name
    equipment: Equipment
    mechanic: Mechanic
    tracks: Tracks
    load: SetLoad = SetLoad.EXTERNAL
    primary_muscles: Muscles = []
    secondary_muscles: Muscles = []
    aliases: Aliases = []

    def together(self) -> Iterable[FieldError]:
        """Muscles once, aliases with something in them."""
        yield from muscle_errors(self.primary_muscles, self.secondary_muscles)
        yield from _blank_aliases(self.aliases)

    def columns(self) -> dict[str, Any]:
        """The columns but the id."""
        return _stripped({name: value for name, value in self.given().items() if name != "id"})


class ExercisePatch(Body):
    """What to change of a private exercise."""

    exercise_name: Name | UnsetType = UNSET
    equipment: Equipment | UnsetType = UNSET
    mechanic: Mechanic | UnsetType = UNSET
    tracks: Tracks | UnsetType = UNSET
    load: SetLoad | UnsetType = UNSET
    primary_muscles: Muscles | UnsetType = UNSET
    secondary_muscles: Muscles | UnsetType = UNSET
    aliases: Aliases | UnsetType = UNSET

    def together(self) -> Iterable[FieldError]:
        """Aliases with something in them; the muscles are compared with those that stay."""
        yield from _blank_aliases(self.aliases)

    def columns(self) -> dict[str, Any]:
        """The columns that were sent."""
        return _stripped(self.given())


class ExercisesQuery(Page):
    """What exercises to list. `q` forgives typing errors and knows aliases; `muscle` is a primary or secondary one."""

    q: Query | None = None
    muscle: Muscle | None = None
    equipment: Equipment | None = None
    tracks: Tracks | None = None
    mine: bool = False


class MetricIn(Body, kw_only=True):
    """A private metric, measured in one unit.

    A unit that is known ("lb", "[in_i]") converts to the canonical unit of its dimension; any other is its own. The
    plausible bounds are in the canonical unit, as they are answered.
    """

    id: UUID | None = None
    metric_name: Name
    dimension: Dimension | None = None
    unit: Unit
    minimum_plausible: Bound | None = None
    maximum_plausible: Bound | None = None

    def together(self) -> Iterable[FieldError]:
        """A known dimension has known units."""
        yield from bounds_errors(self.minimum_plausible, self.maximum_plausible)
        dimension, known = (self.dimension or "").strip(), find_unit(self.unit.strip())
        taken = [unit.symbol for unit in units().values() if unit.dimension == dimension]
        if taken and (known is None or known.dimension != dimension):
            yield FieldError("/unit", f"is not a unit of {dimension}: send one of {', '.join(taken)}, or another dimension")

    def columns(self) -> dict[str, Any]:
        """The columns but the id."""
        unit = self.unit.strip()
        known = find_unit(unit)
        return {
            "metric_name": self.metric_name.strip(),
            "dimension": (self.dimension or (OTHER_DIMENSION if known is None else known.dimension)).strip(),
            "canonical_unit": unit if known is None else _canonical_unit(known.dimension),
            "allowed_units": [unit],
            "minimum_plausible": self.minimum_plausible,
            "maximum_plausible": self.maximum_plausible,
        }


def _canonical_unit(dimension: str) -> str:
    return next(unit.code for unit in units().values() if unit.dimension == dimension and unit.factor == 1)


class MetricPatch(Body):
    """What to change of a private metric; null clears a bound. Its unit stays: values were entered in it."""

    metric_name: Name | UnsetType = UNSET
    minimum_plausible: Bound | None | UnsetType = UNSET
    maximum_plausible: Bound | None | UnsetType = UNSET

    def columns(self) -> dict[str, Any]:
        """The columns that were sent."""
        return _stripped(self.given())


class NamesQuery(Page):
    """What metrics or workouts to list. `q` forgives typing errors."""

    q: Query | None = None
    mine: bool = False


class WorkoutPut(Body, kw_only=True):
    """The text of a workout: all of it, as a revision holds it."""

    workout_name: Name
    description: Description | None = None
    is_public: bool = False
    instructions: Annotated[list[InstructionIn], Meta(min_length=1, max_length=MAX_INSTRUCTIONS_PER_WORKOUT)]


class WorkoutIn(WorkoutPut, kw_only=True):
    """A workout of one's own."""

    id: UUID | None = None


class RevisionQuery(Body):
    """Which revision to read; the latest, if none is named."""

    revision: Revision | None = None


class ExerciseOut(msgspec.Struct):
    """An exercise; `user_id` is null and `slug` is set for a built-in one."""

    id: UUID
    user_id: UUID | None
    slug: str | None
    exercise_name: str
    equipment: Equipment
    mechanic: Mechanic
    tracks: Tracks
    load: SetLoad
    primary_muscles: list[Muscle]
    secondary_muscles: list[Muscle]
    aliases: list[str]
    import_id: UUID | None
    created_by: UUID | None
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class ExercisePage(msgspec.Struct):
    """A page of exercises: by likeness to `q`, else the most popular first."""

    items: list[ExerciseOut]
    next_cursor: str | None


class MetricOut(msgspec.Struct):
    """A metric; `user_id` is null and `slug` is set for a built-in one. The bounds are in `canonical_unit`."""

    id: UUID
    user_id: UUID | None
    slug: str | None
    metric_name: str
    dimension: str
    canonical_unit: str
    allowed_units: list[str]
    minimum_plausible: float | None
    maximum_plausible: float | None
    loinc: str | None
    is_calculated: bool
    created_by: UUID | None
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class MetricPage(msgspec.Struct):
    """A page of metrics: by likeness to `q`, else by name."""

    items: list[MetricOut]
    next_cursor: str | None


class WorkoutOut(msgspec.Struct):
    """A workout in one of its revisions; `user_id` is null for a built-in one."""

    id: UUID
    user_id: UUID | None
    slug: str | None
    workout_name: str
    description: str | None
    is_public: bool
    revision: int
    latest_revision: int
    instructions: list[InstructionOut]
    import_id: UUID | None
    created_by: UUID | None
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class WorkoutPage(msgspec.Struct):
    """A page of workouts: by likeness to `q`, else by name."""

    items: list[WorkoutOut]
    next_cursor: str | None
