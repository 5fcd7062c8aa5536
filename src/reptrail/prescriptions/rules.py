"""What a rule reckons with: the instruction, what was done before, and what it comes to. Pure, no I/O, no clock.

The five rules themselves are in progression.py, rounding in loading.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

import msgspec

from reptrail.catalog.rules import Tracks
from reptrail.prescriptions.loading import Equipment, heavier, lighter, nearest
from reptrail.progress.formulas import e1rm_epley
from reptrail.sentences import Said
from reptrail.training.rules import KG_PER_LB, SetKind, SetLoad, WeightUnit, to_kg

# Two weights closer than this are the same to a rule: 80 kg once entered as 176 lb is no other weight.
SAME_WEIGHT_KG = Decimal("0.5")
_MILLIONTH = Decimal("0.000001")
_WORK = frozenset({SetKind.WORKING, SetKind.AMRAP, SetKind.FAILURE})
_WEIGHTED = frozenset({Tracks.REPS_WEIGHT, Tracks.DURATION_WEIGHT, Tracks.DISTANCE_WEIGHT})
_BY_TIME = frozenset({Tracks.DURATION, Tracks.DURATION_WEIGHT})
_BY_DISTANCE = frozenset({Tracks.DISTANCE, Tracks.DISTANCE_WEIGHT})


class Rule(StrEnum):
    """The progression rules."""

    FIXED = "fixed"
    LINEAR = "linear"
    DOUBLE = "double"
    PERCENT = "percent"
    RPE = "rpe"


# The constants that a rule reads.
CONSTANTS: dict[Rule, tuple[str, ...]] = {
    Rule.FIXED: (),
    Rule.LINEAR: ("increment", "increment_unit", "deload_percent", "deload_after"),
    Rule.DOUBLE: ("increment", "increment_unit"),
    Rule.PERCENT: ("training_max_percent", "increment", "increment_unit", "deload_percent"),
    Rule.RPE: (),
}


class Progression(msgspec.Struct, frozen=True):
    """A rule with its constants; each rule reads its own. Percentages in percent, `deload_after` in misses in a row."""

    rule: Rule = Rule.FIXED
    increment: Decimal = Decimal("2.5")
    increment_unit: WeightUnit = WeightUnit.KG
    deload_percent: Decimal = Decimal(10)
    deload_after: int = 3
    training_max_percent: Decimal = Decimal(90)

    @property
    def increment_kg(self) -> Decimal:
        """The increment in kg."""
        return to_kg(self.increment, self.increment_unit) or Decimal(0)

    @property
    def constants(self) -> dict[str, Any]:
        """What this rule reads, by name."""
        return {name: getattr(self, name) for name in CONSTANTS[self.rule]}


class Target(msgspec.Struct, frozen=True):
    """What one set asks, where sets differ."""

    kind: SetKind = SetKind.WORKING
    reps_min: int | None = None
    reps_max: int | None = None
    percent: Decimal | None = None
    rpe: Decimal | None = None
    duration_seconds: int | None = None


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """An instruction with what its exercise is done with, tracks and loads."""

    id: UUID
    exercise_id: UUID
    exercise_name: str = ""
    equipment: str = "BARBELL"
    tracks: Tracks = Tracks.REPS_WEIGHT
    load: SetLoad = SetLoad.EXTERNAL
    sets: int | None = None
    reps_min: int | None = None
    reps_max: int | None = None
    weight: Decimal | None = None
    weight_unit: WeightUnit | None = None
    percent: Decimal | None = None
    rpe: Decimal | None = None
    rest_seconds: int | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None
    set_targets: list[Target] | None = None
    progression: Progression | None = None

    @property
    def is_weighted(self) -> bool:
        """Whether its weight can go up; where there is none, repetitions, seconds or metres do."""
        return self.tracks in _WEIGHTED

    @property
    def measure(self) -> str:
        """What is done in a set: the name of its column."""
        if self.tracks in _BY_DISTANCE:
            return "distance_m"
        if self.tracks in _BY_TIME:
            return "duration_seconds"
        if self.tracks is Tracks.DISTANCE_DURATION:
            return "distance_m" if self.distance_m is not None or self.duration_seconds is None else "duration_seconds"
        return "reps"

    def targets(self, usual: int = 1) -> list[Target]:
        """What each set asks, the instruction's own filled in; `usual` is how many sets, where it does not say."""
        given = self.set_targets or [Target()] * (self.sets or usual or 1)
        return [
            Target(
                kind=each.kind,
                reps_min=each.reps_min if each.reps_min is not None or each.reps_max is not None else self.reps_min,
                reps_max=each.reps_max if each.reps_min is not None or each.reps_max is not None else self.reps_max,
                percent=each.percent if each.percent is not None else self.percent,
                rpe=each.rpe if each.rpe is not None or each.kind is SetKind.WARMUP else self.rpe,
                duration_seconds=each.duration_seconds or self.duration_seconds,
            )
            for each in given
        ]

    def least(self, target: Target) -> Decimal | None:
        """What a set must reach to count as done: repetitions, seconds or metres; None where the plan leaves it open."""
        if self.measure == "reps":
            reps = target.reps_min if target.reps_min is not None else target.reps_max
            return None if reps is None else Decimal(reps)
        if self.measure == "distance_m":
            return self.distance_m
        return None if target.duration_seconds is None else Decimal(target.duration_seconds)

    @property
    def scheme(self) -> str:
        """What its working sets ask, as text: performances by the same rule and scheme are one series, heavy and light are two."""
        if self.measure != "reps":
            return self.measure
        ranges = {(each.reps_min or 0, each.reps_max or 0) for each in self.targets() if each.kind in _WORK}
        return ",".join(f"{low}-{high}" for low, high in sorted(ranges))


class DoneSet(msgspec.Struct, frozen=True):
    """A set as it was done: weight as entered and in kg."""

    kind: SetKind = SetKind.WORKING
    reps: int | None = None
    weight: Decimal | None = None
    weight_unit: WeightUnit | None = None
    weight_kg: Decimal | None = None
    load: SetLoad = SetLoad.EXTERNAL
    rpe: Decimal | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None

    @property
    def e1rm_kg(self) -> Decimal | None:
        """Its estimated maximum in kg (Epley 1985); None for warm-ups, for help and for weight on the body alone."""
        if self.kind is SetKind.WARMUP or self.load is not SetLoad.EXTERNAL or not self.weight_kg or not self.reps:
            return None
        return e1rm_epley(self.weight_kg, self.reps, self.rpe)


class PrescribedSet(msgspec.Struct, frozen=True):
    """What one set of a session asks. Weight in `weight_unit`, as it can be loaded; null where it is for the athlete to choose."""

    set_number: int
    kind: SetKind
    reps_min: int | None = None
    reps_max: int | None = None
    weight: Decimal | None = None
    weight_unit: WeightUnit | None = None
    rpe: Decimal | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None

    @property
    def weight_kg(self) -> Decimal | None:
        """The weight in kg."""
        return to_kg(self.weight, self.weight_unit)


class LastSet(msgspec.Struct, frozen=True, omit_defaults=True):
    """A set in short: what it has, and no nulls, since it is kept with every prescription."""

    reps: int | None = None
    weight: Decimal | None = None
    weight_unit: WeightUnit | None = None
    rpe: Decimal | None = None
    duration_seconds: int | None = None
    distance_m: Decimal | None = None


class LastTime(msgspec.Struct, frozen=True):
    """The performance a rule went by: its working sets, weights as entered."""

    session_id: UUID
    date: date
    sets: list[LastSet]


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule reckoned with. Weights that end in `_kg` are in kg and not rounded to what can be loaded.

    `said` is the reason as data; what was prescribed before there was such has none.
    `builds_on_kg`: what the next one adds to, if this was lifted; null where that is the weight as loaded.
    """

    constants: dict[str, Any]
    scheme: str
    weight_unit: WeightUnit
    equipment: str
    last: LastTime | None = None
    days_since: int | None = None
    met: bool | None = None
    misses: int | None = None
    e1rm_kg: Decimal | None = None
    training_max_kg: Decimal | None = None
    before_rounding_kg: Decimal | None = None
    builds_on_kg: Decimal | None = None
    said: Said | None = None


class Prescription(msgspec.Struct, frozen=True):
    """What a session asks of one exercise, by which rule, out of what, and why in words."""

    sets: list[PrescribedSet]
    rest_seconds: int | None
    rule: Rule
    inputs: Inputs
    reason: str


class Prescribed(msgspec.Struct, frozen=True):
    """What had been prescribed for a performance, as far as a rule looks back at it."""

    rule: Rule
    sets: list[PrescribedSet]
    scheme: str = ""
    builds_on_kg: Decimal | None = None


class Performance(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise as it was done in a completed session, on a day of the athlete's."""

    session_id: UUID
    at: datetime
    date: date
    sets: list[DoneSet]
    program_enrollment_id: UUID | None = None
    program_cycle: int | None = None
    prescribed: Prescribed | None = None
    # The summary, which stands for the sets where nobody wrote them down one by one.
    sets_completed: int = 0
    reps_completed: int | None = None
    weight_used_kg: Decimal | None = None
    duration_seconds: int | None = None

    @property
    def work(self) -> list[DoneSet]:
        """The sets that count: no warm-ups, no drop sets. Of a bare summary, its repetitions shared out among its sets."""
        if self.sets or not self.sets_completed:
            return [each for each in self.sets if each.kind in _WORK]
        count = self.sets_completed
        reps, more = divmod(self.reps_completed or 0, count)
        seconds = (self.duration_seconds or 0) // count
        kg = self.weight_used_kg
        return [
            DoneSet(
                reps=reps + (place < more) or None,
                weight=kg,
                weight_unit=None if kg is None else WeightUnit.KG,
                weight_kg=kg,
                duration_seconds=seconds or None,
            )
            for place in range(count)
        ]

    @property
    def best_e1rm_kg(self) -> Decimal | None:
        """The best estimated maximum of its sets in kg."""
        return max((e for each in self.work if (e := each.e1rm_kg) is not None), default=None)


class TrainingMax(msgspec.Struct, frozen=True, kw_only=True):
    """The weight that percentages are of. `of_this_cycle`: this cycle of the enrollment has one of its own already."""

    weight: Decimal
    weight_unit: WeightUnit
    reason: str
    created_at: datetime | None = None
    program_enrollment_id: UUID | None = None
    of_this_cycle: bool = False

    @property
    def weight_kg(self) -> Decimal:
        """The weight in kg."""
        return to_kg(self.weight, self.weight_unit) or Decimal(0)


@dataclass(frozen=True)
class Case:
    """One question to a rule: the instruction, every performance it may look at (newest first), today, and what can be loaded."""

    instruction: Instruction
    history: list[Performance]
    today: date
    equipment: Equipment
    training_max: TrainingMax | None = None

    @property
    def progression(self) -> Progression:
        """The rule; the plan as it stands, where none is named."""
        return self.instruction.progression or Progression()

    @property
    def unit(self) -> WeightUnit:
        """The unit of the answer."""
        return self.equipment.weight_unit

    @property
    def days_since(self) -> int | None:
        """Days since the exercise was last done at all."""
        return (self.today - self.history[0].date).days if self.history else None

    @cached_property
    def series(self) -> list[Performance]:
        """The performances of the same rule and scheme, newest first."""
        rule, scheme = self.progression.rule, self.instruction.scheme
        return [p for p in self.history if p.prescribed and (p.prescribed.rule, p.prescribed.scheme) == (rule, scheme) and p.work]

    def load(self, kg: Decimal) -> Decimal:
        """A weight in kg as the nearest that can be loaded, in the athlete's unit."""
        return plain(nearest(self.equipment, self.instruction.equipment, self.instruction.load, in_unit(kg, self.unit)))

    def one_more(self, weight: Decimal) -> Decimal | None:
        """The next heavier weight that can be loaded."""
        return heavier(self.equipment, self.instruction.equipment, self.instruction.load, weight)

    def one_less(self, weight: Decimal) -> Decimal | None:
        """The next lighter weight that can be loaded."""
        return lighter(self.equipment, self.instruction.equipment, self.instruction.load, weight)


def in_unit(kg: Decimal, unit: WeightUnit) -> Decimal:
    """A weight in kg in a unit, to the millionth: 225 lb come back as 225 lb."""
    return (kg if unit is WeightUnit.KG else kg / KG_PER_LB).quantize(_MILLIONTH)


def kept(kg: Decimal | None) -> Decimal | None:
    """A weight in kg to the milligram, as it is kept: finer than any plate, so that pounds still add up after years."""
    return None if kg is None else plain(kg.quantize(_MILLIONTH))


def plain(value: Decimal) -> Decimal:
    """A number without zeros at its end, and without an exponent: 82.5, 100."""
    found = value.normalize()
    return found if found.as_tuple().exponent in (0, -1, -2) else Decimal(f"{found:f}")


def is_same(one: Decimal, other: Decimal) -> bool:
    """Whether two weights in kg are the same to a rule."""
    return abs(one - other) < SAME_WEIGHT_KG


def is_work(kind: SetKind) -> bool:
    """Whether a set of this kind is one that a rule goes by."""
    return kind in _WORK
