"""The wire structs of prescriptions, training maxes and equipment: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day, bounded, text
from reptrail.http.paging import Page
from reptrail.prescriptions.loading import MAX_WEIGHT, USUAL, Equipment
from reptrail.prescriptions.rules import Instruction, Rule
from reptrail.sentences import Said
from reptrail.training.rules import SMALLINT_MAX, SetKind, SetLoad, WeightUnit

MAX_PLATES = 30
MAX_DUMBBELLS = 200

# A float, since a list of decimals would let texts in; both kinds of equipment come in hundredths.
Piece = Annotated[float, Meta(ge=0.01, le=200)]
MaxWeight = Annotated[Decimal, bounded("0.01", MAX_WEIGHT, 3)]
Reason = Annotated[str, text(1, 1000)]
Reps = Annotated[int, Meta(ge=1, le=1000)]


class EquipmentIn(Body, kw_only=True):
    """What the athlete can load, all in `weight_unit`; what is left out is what is usual in that unit.

    Plates: as many pairs of each as the bar takes. Dumbbells (and kettlebells): each weight there is.
    """

    weight_unit: WeightUnit
    bar_weight: Annotated[Decimal, bounded(0, 100, 2)] | None = None
    plates: Annotated[list[Piece], Meta(max_length=MAX_PLATES)] | None = None
    dumbbells: Annotated[list[Piece], Meta(max_length=MAX_DUMBBELLS)] | None = None
    machine_step: Annotated[Decimal, bounded("0.01", 50, 2)] | None = None

    def together(self) -> Iterable[FieldError]:
        """Plates and dumbbells come in hundredths at the finest."""
        for name in ("plates", "dumbbells"):
            yield from coarse_errors(name, getattr(self, name) or ())

    def equipment(self) -> Equipment:
        """The equipment as it is stored: heaviest plate first, lightest dumbbell first, each once."""
        usual = USUAL[self.weight_unit]
        return Equipment(
            self.weight_unit,
            usual.bar_weight if self.bar_weight is None else self.bar_weight,
            usual.plates if self.plates is None else _pieces(self.plates)[::-1],
            usual.dumbbells if self.dumbbells is None else _pieces(self.dumbbells),
            usual.machine_step if self.machine_step is None else self.machine_step,
        )


def coarse_errors(name: str, pieces: Sequence[float]) -> Iterable[FieldError]:
    """What is wrong with the plates or dumbbells of a field."""
    for place, piece in enumerate(pieces):
        if piece != round(piece, 2):
            yield FieldError(f"/{name}/{place}", "must have at most 2 digits after the point")


def _pieces(given: Sequence[float]) -> tuple[Decimal, ...]:
    return tuple(sorted({Decimal(str(piece)) for piece in given}))


class EquipmentOut(msgspec.Struct, kw_only=True):
    """What the athlete can load; `is_usual`: nothing was said yet, so this is what is usual in their unit."""

    weight_unit: WeightUnit
    bar_weight: float
    plates: list[float]
    dumbbells: list[float]
    machine_step: float
    is_usual: bool
    version: int | None
    updated_at: datetime | None
    updated_by: UUID | None


class TrainingMaxPut(Body):
    """The weight that percentages of an exercise are of, from now on."""

    weight: MaxWeight
    weight_unit: WeightUnit
    reason: Reason = "Set by hand."


class TrainingMaxOut(msgspec.Struct):
    """The training max in force; made for a cycle of an enrollment, or by hand where that is null."""

    id: UUID
    exercise_id: UUID
    exercise_name: str
    weight: float
    weight_unit: WeightUnit
    weight_kg: float
    program_enrollment_id: UUID | None
    cycle: int | None
    reason: str
    created_by: UUID
    created_at: datetime


class TrainingMaxPage(msgspec.Struct):
    """A page of training maxes, by the name of the exercise."""

    items: list[TrainingMaxOut]
    next_cursor: str | None


class TrainingMaxesQuery(Page):
    """Which page."""


class AskedSet(msgspec.Struct):
    """What one set asks: weight as it can be loaded, null where the athlete is to choose."""

    set_number: int
    kind: SetKind
    reps_min: int | None
    reps_max: int | None
    weight: float | None
    weight_unit: WeightUnit | None
    rpe: float | None
    duration_seconds: int | None
    distance_m: float | None


class DoneSetOut(msgspec.Struct):
    """A set that was done."""

    kind: SetKind
    reps: int | None
    weight: float | None
    weight_unit: WeightUnit | None
    weight_kg: float | None
    load: SetLoad
    rpe: float | None
    duration_seconds: int | None
    distance_m: float | None


class LastSetOut(msgspec.Struct):
    """A set that a rule went by: only what it has."""

    reps: int | UnsetType = UNSET
    weight: float | UnsetType = UNSET
    weight_unit: WeightUnit | UnsetType = UNSET
    rpe: float | UnsetType = UNSET
    duration_seconds: int | UnsetType = UNSET
    distance_m: float | UnsetType = UNSET


class LastPerformanceOut(msgspec.Struct):
    """The performance a rule went by."""

    session_id: UUID
    date: Day
    sets: list[LastSetOut]


class RuleInputs(msgspec.Struct):
    """What a rule reckoned with; weights in kg are not rounded to what can be loaded.

    `said` is the reason as data, for who says it in another language; null or left out where it was kept before there was such.
    """

    constants: dict[str, float | str]
    scheme: str
    weight_unit: WeightUnit
    equipment: str
    last: LastPerformanceOut | None
    days_since: int | None
    met: bool | None
    misses: int | None
    e1rm_kg: float | None
    training_max_kg: float | None
    before_rounding_kg: float | None
    builds_on_kg: float | None
    said: Said | None | UnsetType = UNSET


class ComputedOut(msgspec.Struct):
    """What was asked of the athlete when the session started, by which rule, out of what, and why."""

    sets: list[AskedSet]
    rest_seconds: int | None
    rule: Rule
    inputs: RuleInputs
    reason: str


class SessionPrescription(msgspec.Struct):
    """What a session asks of one exercise, by which rule, out of what, and why."""

    exercise_instruction_id: UUID
    exercise_id: UUID
    exercise_name: str
    sets: list[AskedSet]
    rest_seconds: int | None
    rule: Rule
    inputs: RuleInputs
    reason: str


class SessionPrescriptions(msgspec.Struct):
    """What a session asks; `is_preview`: it has not started, so what is done until then may change it."""

    is_preview: bool
    items: list[SessionPrescription]


class TargetOut(msgspec.Struct):
    """What the plan says of one set."""

    kind: SetKind
    reps_min: int | None
    reps_max: int | None
    percent: float | None
    rpe: float | None
    duration_seconds: int | None


class InstructionAsked(msgspec.Struct):
    """What the plan says of one exercise in a session, and what came of it when the session started."""

    id: UUID
    exercise_id: UUID
    exercise_name: str
    tracks: str
    load: SetLoad
    position: int
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
    set_targets: list[TargetOut] | None
    progression: dict[str, float | str] | None
    instruction_notes: str | None
    is_own: bool
    prescription: ComputedOut | None


class BacktestQuery(Body, kw_only=True):
    """Which exercise, which rule with which constants, and what it is to ask; without `sets` as many as the time before."""

    exercise_id: UUID
    rule: Rule
    sets: Annotated[int, Meta(ge=1, le=100)] | None = None
    reps_min: Reps = 5
    reps_max: Reps | None = None
    duration_seconds: Annotated[int, Meta(ge=1, le=SMALLINT_MAX)] | None = None
    weight: Annotated[Decimal, bounded(0, MAX_WEIGHT, 3)] | None = None
    weight_unit: WeightUnit | None = None
    percent: Annotated[Decimal, bounded(1, 150, 3)] | None = None
    rpe: Annotated[Decimal, bounded(1, 10, 1)] | None = None
    increment: Annotated[Decimal, bounded(0, 100, 3)] = Decimal("2.5")
    increment_unit: WeightUnit = WeightUnit.KG
    deload_percent: Annotated[Decimal, bounded(0, 50, 2)] = Decimal(10)
    deload_after: Annotated[int, Meta(ge=1, le=20)] = 3
    training_max_percent: Annotated[Decimal, bounded(50, 100, 2)] = Decimal(90)
    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None

    def together(self) -> Iterable[FieldError]:
        """A rule needs what it reckons with."""
        if self.reps_max is not None and self.reps_max < self.reps_min:
            yield FieldError("/reps_max", "must be at least reps_min")
        if self.rule is Rule.DOUBLE and (self.reps_max is None or self.reps_max == self.reps_min):
            yield FieldError("/reps_max", "the rule double needs a range: reps_min below reps_max")
        if self.rule is Rule.PERCENT and self.percent is None:
            yield FieldError("/percent", "the rule percent needs a percent")
        if self.rule is Rule.RPE and self.rpe is None:
            yield FieldError("/rpe", "the rule rpe needs a target rpe")
        if (self.weight is None) != (self.weight_unit is None):
            yield FieldError("/weight_unit", "weight and weight_unit come together")

    def instruction(self, tool: str, tracks: str, load: str) -> Instruction:
        """The instruction that is tried on the history."""
        names = ("increment", "increment_unit", "deload_percent", "deload_after", "training_max_percent", "rule")
        asked = ("sets", "reps_min", "duration_seconds", "weight", "weight_unit", "percent", "rpe")
        fields = {name: getattr(self, name) for name in asked}
        return msgspec.convert(
            {
                **fields,
                "id": self.exercise_id,
                "exercise_id": self.exercise_id,
                "reps_max": self.reps_max or self.reps_min,
                "equipment": tool,
                "tracks": tracks,
                "load": load,
                "progression": {name: getattr(self, name) for name in names},
            },
            Instruction,
        )


class BacktestedOut(msgspec.Struct):
    """One performance: what the rule would have asked that day, what was done, and whether that was it or more."""

    session_id: UUID
    date: Day
    asked: list[AskedSet]
    done: list[DoneSetOut]
    met: bool | None
    difference_kg: float | None
    reason: str


class BacktestOut(msgspec.Struct):
    """What a rule would have asked over the athlete's own history, newest first, and how that compares with what was done.

    `asked` counts the performances for which it asked something, `met` those that did that or more.
    """

    rule: Rule
    constants: dict[str, float | str]
    performances: int
    asked: int
    met: int
    met_share: float | None
    mean_difference_kg: float | None
    items: list[BacktestedOut]
