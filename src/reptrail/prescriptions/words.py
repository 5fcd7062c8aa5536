"""How a prescription says things: weights, days, sets. Pure, no I/O, no clock."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from reptrail.prescriptions.rules import Case, DoneSet, Instruction, Target, in_unit
from reptrail.training.rules import WeightUnit

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {"duration_seconds": " s", "distance_m": " m", "reps": ""}
_HUNDREDTH = Decimal("0.01")


def number(value: Decimal) -> str:
    """A number with two digits after the point at most, and no zeros at the end."""
    return f"{value.quantize(_HUNDREDTH).normalize():f}"


def weight(value: Decimal, unit: WeightUnit) -> str:
    """A weight with its unit."""
    return f"{number(value)} {unit}"


def kilograms(kg: Decimal, unit: WeightUnit) -> str:
    """A weight in kg, said in a unit."""
    return weight(in_unit(kg, unit), unit)


def day(day_: date, today: date) -> str:
    """A day, with its year where that is not this year."""
    return f"{day_.day} {MONTHS[day_.month - 1]}" + ("" if day_.year == today.year else f" {day_.year}")


def done_weight(done: DoneSet) -> str:
    """The weight of a set as it was entered."""
    return "body weight" if not done.weight or done.weight_unit is None else weight(done.weight, done.weight_unit)


def measure(instruction: Instruction, value: Decimal) -> str:
    """Repetitions, seconds or metres."""
    return number(value) + _UNITS[instruction.measure]


def asked(instruction: Instruction, targets: Sequence[Target]) -> str:
    """What working sets ask: `3 x 5`, `3 x 8-12`, `2 x 30 s`; where they differ, how many there are."""
    said = {_one(instruction, target) for target in targets}
    one = said.pop() if len(said) == 1 else ""
    return f"{len(targets)} x {one}" if one else f"{len(targets)} {'set' if len(targets) == 1 else 'sets'}"


def reached(instruction: Instruction, values: Sequence[Decimal]) -> str:
    """What working sets had to reach: `3 x 5`; where they differ, how many there were."""
    same = f" x {measure(instruction, values[0])}" if len(set(values)) == 1 else " sets"
    return f"{len(values)}{same}"


def _one(instruction: Instruction, target: Target) -> str:
    least = instruction.least(target)
    if least is None:
        return ""
    if instruction.measure == "reps" and target.reps_min is not None and target.reps_max not in (None, target.reps_min):
        return f"{target.reps_min}-{target.reps_max}"
    return measure(instruction, least)


def loaded(case: Case, kg: Decimal, weight_: Decimal) -> str:
    """The weight to load, with what it was before rounding where that differs."""
    exact = in_unit(kg, case.unit)
    said = weight(weight_, case.unit)
    return said if number(exact) == number(weight_) else f"{said} (the nearest to {number(exact)} that can be loaded)"
