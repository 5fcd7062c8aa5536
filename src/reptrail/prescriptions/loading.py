"""What can be loaded: a weight to the nearest that bar, plates, dumbbells or stack give. Pure, no I/O, no clock.

Weights here are in the unit of the equipment; kg become that unit in rules.py, once, before rounding.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache

import msgspec

from reptrail.catalog.rules import Equipment as Tool
from reptrail.training.rules import SetLoad, WeightUnit

# Plates and dumbbells have two digits after the point at most (wire.py), so hundredths count them as integers.
_HUNDREDTHS = 100
# The heaviest weight that can be asked for, as for a weight that is logged.
MAX_WEIGHT = 2000
_LIMIT = (MAX_WEIGHT + 100) * _HUNDREDTHS
# What is loaded with plates onto a bar of its own weight, which nobody told us: any number of pairs.
_OTHER_BARS = frozenset({Tool.EZ_BAR, Tool.TRAP_BAR, Tool.SMITH_MACHINE})
_IN_HAND = frozenset({Tool.DUMBBELL, Tool.KETTLEBELL})
_ON_THE_BODY = frozenset({SetLoad.BODYWEIGHT, SetLoad.ADDED})


class Equipment(msgspec.Struct, frozen=True):
    """What an athlete can load, in one unit: bar, plates (as many of each as it takes), dumbbells, the step of a stack."""

    weight_unit: WeightUnit
    bar_weight: Decimal
    plates: tuple[Decimal, ...]
    dumbbells: tuple[Decimal, ...]
    machine_step: Decimal


def _decimals(*numbers: float | str) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(number)) for number in numbers)


USUAL: dict[WeightUnit, Equipment] = {
    WeightUnit.KG: Equipment(
        WeightUnit.KG,
        Decimal(20),
        _decimals(25, 20, 15, 10, 5, 2.5, 1.25),
        _decimals(*range(1, 11), *range(12, 52, 2)),
        Decimal("2.5"),
    ),
    WeightUnit.LB: Equipment(
        WeightUnit.LB, Decimal(45), _decimals(45, 35, 25, 10, 5, 2.5), _decimals(*range(5, 105, 5)), Decimal(5)
    ),
}


@lru_cache(maxsize=256)
def _step(plates: tuple[Decimal, ...]) -> Decimal | None:
    """The lightest plate, where it alone reaches all that the plates do: so with the plates of nearly every gym."""
    lightest = min(plates, default=None)
    return None if lightest is None or any(plate % lightest for plate in plates) else lightest


@lru_cache(maxsize=256)
def _sums(plates: tuple[int, ...]) -> int:
    """Every sum of any number of these plates, up to _LIMIT, as the bits of one number.

    Adding 1, 2, 4, ... of a plate to all that is reached reaches every number of it: a millisecond for 20 sizes of plates,
    whatever sizes they are, which a search for the nearest sum would not promise.
    """
    reached, mask = 1, (1 << (_LIMIT + 1)) - 1
    for plate in plates:
        shift = plate
        while 0 < shift <= _LIMIT:
            reached |= (reached << shift) & mask
            shift *= 2
    return reached


def _of_plates(plates: tuple[Decimal, ...], weight: Decimal) -> tuple[Decimal | None, Decimal | None]:
    step = _step(plates)
    if step is not None:
        return _of_steps(step, weight)
    reached = _sums(tuple(int(plate * _HUNDREDTHS) for plate in plates))
    floor = int((weight * _HUNDREDTHS).to_integral_value(ROUND_FLOOR))
    ceiling = max(0, int((weight * _HUNDREDTHS).to_integral_value(ROUND_CEILING)))
    below = (reached & ((1 << (floor + 1)) - 1)).bit_length() - 1 if floor >= 0 else -1
    rest = reached >> ceiling
    above = ceiling + (rest & -rest).bit_length() - 1 if rest else -1
    return _weight(below), _weight(above)


def _weight(hundredths: int) -> Decimal | None:
    return None if hundredths < 0 else Decimal(hundredths) / _HUNDREDTHS


def _of_steps(step: Decimal, weight: Decimal) -> tuple[Decimal | None, Decimal | None]:
    steps = weight / step
    below = steps.to_integral_value(ROUND_FLOOR) * step
    return (below if below >= 0 else None), max(Decimal(0), steps.to_integral_value(ROUND_CEILING) * step)


def _of_list(weights: tuple[Decimal, ...], weight: Decimal) -> tuple[Decimal | None, Decimal | None]:
    return max((w for w in weights if w <= weight), default=None), min((w for w in weights if w >= weight), default=None)


def neighbours(equipment: Equipment, tool: str, load: SetLoad, weight: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The heaviest weight that can be loaded up to `weight`, and the lightest from it on; None where there is none.

    A barbell is bar and pairs of plates; an EZ bar, trap bar or Smith machine pairs alone, since the weight of that bar is
    not known; weight on the body single plates; all else the step of a stack.
    """
    if load in _ON_THE_BODY and equipment.plates:
        return _of_plates(equipment.plates, weight)
    if tool == Tool.BARBELL and load is SetLoad.EXTERNAL:
        found = _of_plates(equipment.plates, (weight - equipment.bar_weight) / 2)
        below, above = (None if side is None else equipment.bar_weight + 2 * side for side in found)
        return below, above
    if tool in _OTHER_BARS and equipment.plates:
        below, above = _of_plates(equipment.plates, weight / 2)
        return (None if below is None else 2 * below), (None if above is None else 2 * above)
    if tool in _IN_HAND and equipment.dumbbells:
        return _of_list(equipment.dumbbells, weight)
    return _of_steps(equipment.machine_step, weight)


def nearest(equipment: Equipment, tool: str, load: SetLoad, weight: Decimal) -> Decimal:
    """The nearest weight that can be loaded; of two as near the lighter, the lightest or heaviest there is beyond the ends."""
    below, above = neighbours(equipment, tool, load, weight)
    if below is None or above is None:
        only = above if below is None else below
        return weight if only is None else only
    return below if weight - below <= above - weight else above


def heavier(equipment: Equipment, tool: str, load: SetLoad, weight: Decimal) -> Decimal | None:
    """The next weight above that can be loaded, None if there is none."""
    return neighbours(equipment, tool, load, weight + Decimal(1) / _HUNDREDTHS)[1]


def lighter(equipment: Equipment, tool: str, load: SetLoad, weight: Decimal) -> Decimal | None:
    """The next weight below that can be loaded, None if there is none."""
    return neighbours(equipment, tool, load, weight - Decimal(1) / _HUNDREDTHS)[0]
