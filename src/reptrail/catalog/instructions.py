"""What a workout asks of one exercise, on the wire: sets, ranges, targets set by set, and the progression rule with its constants.

The structs of the rules are stored as they come (column `progression`, with every constant written out), so that a rule
reads the same constants however much later.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from reptrail.catalog.rules import MAX_SETS_PER_INSTRUCTION, Tracks
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, bounded
from reptrail.http.encoding import encode
from reptrail.training.rules import SetKind, SetLoad, WeightUnit
from reptrail.training.wire import Distance, Notes, Reps, Rpe, Seconds, Weight

PercentOfMax = Annotated[Decimal, bounded(1, 150, 3)]
Increment = Annotated[Decimal, bounded("0.01", 100, 3)]
IncrementOrNone = Annotated[Decimal, bounded(0, 100, 3)]
DeloadPercent = Annotated[Decimal, bounded(0, 50, 2)]


class FixedRule(Body, tag_field="rule", tag="fixed"):
    """What the plan says, every time."""


class LinearRule(Body, tag_field="rule", tag="linear"):
    """Add the increment when every set met its reps; after `deload_after` misses in a row take `deload_percent` off."""

    increment: Increment
    increment_unit: WeightUnit
    deload_percent: DeloadPercent = Decimal(10)
    deload_after: Annotated[int, Meta(ge=1, le=20)] = 3


class DoubleRule(Body, tag_field="rule", tag="double"):
    """Reps up within the range, then the weight up by the increment and the reps back."""

    increment: Increment
    increment_unit: WeightUnit


class PercentRule(Body, tag_field="rule", tag="percent", kw_only=True):
    """A percentage of the training max, which moves by the increment each cycle.

    With no training max yet, it begins as `training_max_percent` of the best estimated maximum.
    """

    training_max_percent: Annotated[Decimal, bounded(50, 100, 2)] = Decimal(90)
    increment: IncrementOrNone
    increment_unit: WeightUnit
    deload_percent: DeloadPercent = Decimal(10)


class RpeRule(Body, tag_field="rule", tag="rpe"):
    """The weight that the last estimated maximum gives for the target reps and RPE."""


Progression = FixedRule | LinearRule | DoubleRule | PercentRule | RpeRule


class SetTarget(Body):
    """What one set asks, where sets differ. What is left out is the instruction's own; `percent` is of the training max."""

    kind: SetKind = SetKind.WORKING
    reps_min: Reps | None = None
    reps_max: Reps | None = None
    percent: PercentOfMax | None = None
    rpe: Rpe | None = None
    duration_seconds: Seconds | None = None

    def together(self) -> Iterable[FieldError]:
        """The range is a range."""
        if self.reps_min is not None and self.reps_max is not None and self.reps_max < self.reps_min:
            yield FieldError("/reps_max", "must be at least reps_min")


class InstructionIn(Body):
    """What a workout asks of one exercise; instructions with one group_number are a superset.

    `percent` is of the training max. `set_targets` says set by set what differs; `sets` is then their number. Without a
    `progression` the plan asks the same every time.
    """

    exercise_id: UUID
    group_number: Annotated[int, Meta(ge=1, le=100)] | None = None
    sets: Annotated[int, Meta(ge=1, le=MAX_SETS_PER_INSTRUCTION)] | None = None
    reps_min: Reps | None = None
    reps_max: Reps | None = None
    weight: Weight | None = None
    weight_unit: WeightUnit | None = None
    percent: PercentOfMax | None = None
    rpe: Rpe | None = None
    rest_seconds: Annotated[int, Meta(ge=0, le=3600)] | None = None
    duration_seconds: Seconds | None = None
    distance_m: Distance | None = None
    set_targets: Annotated[list[SetTarget], Meta(min_length=1, max_length=MAX_SETS_PER_INSTRUCTION)] | None = None
    progression: Progression | None = None
    instruction_notes: Notes | None = None

    # The columns that hold what is asked, in the order in which they are stored.
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "exercise_id", "group_number", "sets", "reps_min", "reps_max", "weight", "weight_unit", "percent", "rpe", "rest_seconds",
        "duration_seconds", "distance_m", "set_targets", "progression", "instruction_notes",
    )  # fmt: skip

    def together(self) -> Iterable[FieldError]:
        """The range is a range, a weight never comes without its unit, and the rule has what it reckons with."""
        if self.reps_min is not None and self.reps_max is not None and self.reps_max < self.reps_min:
            yield FieldError("/reps_max", "must be at least reps_min")
        if (self.weight is None) != (self.weight_unit is None):
            yield FieldError("/weight_unit", "weight and weight_unit come together")
        if self.set_targets is not None and self.sets not in (None, len(self.set_targets)):
            yield FieldError("/sets", "is the number of set_targets: leave it out, or say the same")
        yield from self._rule_errors()

    def _rule_errors(self) -> Iterator[FieldError]:
        rule = self.progression
        has_percent = self._any("percent")
        if isinstance(rule, PercentRule):
            if not has_percent:
                yield FieldError("/percent", "the rule percent needs a percent, here or in set_targets")
        elif has_percent:
            yield FieldError("/progression", "a percent needs the rule percent")
        if isinstance(rule, LinearRule | DoubleRule) and self.sets is None and self.set_targets is None:
            yield FieldError("/sets", "this rule needs a number of sets")
        if isinstance(rule, LinearRule) and not (self._has_reps() or self._any("duration_seconds")):
            yield FieldError("/reps_min", "the rule linear needs reps or a duration")
        if isinstance(rule, DoubleRule) and not self._has_range():
            yield FieldError("/reps_max", "the rule double needs a range: reps_min below reps_max")
        if isinstance(rule, RpeRule):
            if not self._any("rpe"):
                yield FieldError("/rpe", "the rule rpe needs a target rpe, here or in set_targets")
            if not self._has_reps():
                yield FieldError("/reps_min", "the rule rpe needs reps")

    def _any(self, name: str) -> bool:
        return any(getattr(each, name) is not None for each in (self, *(self.set_targets or ())))

    def _has_reps(self) -> bool:
        return self._any("reps_min") or self._any("reps_max")

    def _has_range(self) -> bool:
        """Of the instruction, or of each of its working sets."""
        working = [each for each in self.set_targets or () if each.kind is not SetKind.WARMUP]
        return _is_range(self) or (bool(working) and all(map(_is_range, working)))

    def given(self) -> dict[str, Any]:
        """What is asked, the number of sets as it is stored."""
        asked = super().given()
        return {**asked, "sets": len(self.set_targets)} if self.set_targets is not None else asked

    def columns(self) -> tuple[Any, ...]:
        """The values of COLUMNS: what is jsonb there as JSON."""
        asked = self.given()
        for name in ("set_targets", "progression"):
            asked[name] = None if asked[name] is None else encode(asked[name]).decode()
        return tuple(asked[name] for name in self.COLUMNS)


class StoredInstruction(InstructionIn, forbid_unknown_fields=False):
    """An instruction as it is answered, read as it was sent."""


def _is_range(asked: InstructionIn | SetTarget) -> bool:
    return asked.reps_min is not None and asked.reps_max is not None and asked.reps_min < asked.reps_max


class InstructionOut(msgspec.Struct):
    """What a workout asks of one exercise."""

    id: UUID
    position: int
    exercise_id: UUID
    exercise_name: str
    tracks: Tracks
    load: SetLoad
    group_number: int | None
    sets: int | None
    reps_min: int | None
    reps_max: int | None
    weight: float | None
    weight_unit: WeightUnit | None
    percent: float | None
    rpe: float | None
    rest_seconds: int | None
    duration_seconds: int | None
    distance_m: float | None
    set_targets: list[SetTarget] | None
    progression: Progression | None
    instruction_notes: str | None
