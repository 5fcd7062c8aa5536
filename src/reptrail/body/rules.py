"""What body composition is estimated from which measurements, and what to think of it: pure, no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reptrail.body import formulas

# The metrics that estimates are made from, by slug, and the units of their values here.
INPUT_UNITS = {
    "body-weight": "kg", "height": "cm", "waist": "cm", "abdomen": "cm", "hip": "cm", "neck": "cm", "body-fat": "%",
}  # fmt: skip
LEAST_BODY_FAT, MOST_BODY_FAT = 2, 70


class Sex(StrEnum):
    """Which of the two formulas for circumferences to use. Nothing asks for it elsewhere, and nothing keeps it."""

    MALE = "male"
    FEMALE = "female"


class BodyFatMethod(StrEnum):
    """Where a body fat percentage comes from."""

    MEASURED = "MEASURED"
    NAVY_MALE = "NAVY_MALE"
    NAVY_FEMALE = "NAVY_FEMALE"


@dataclass(frozen=True, slots=True)
class Input:
    """A measurement that an estimate is made from, in its canonical unit."""

    metric: str
    value: float
    unit: str
    day: date


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number, or null with the reason; what it is made from, by which method, and what to think of it."""

    value: float | None
    unit: str
    method: str
    inputs: Sequence[Input]
    reason: str | None
    caveat: str
    # What is not measured, by slug; where nothing is missing and there is still no value, the measurements give none that can be.
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Composition:
    """Body fat by one method, and what follows from it."""

    method: BodyFatMethod
    body_fat: Estimate
    lean_mass: Estimate
    ffmi: Estimate
    ffmi_normalized: Estimate


Latest = Mapping[str, Input]

_BMI = "Quetelet 1832 (WHO 2000): weight / height squared"
_BMI_CAVEAT = "Says nothing of muscle and fat: people who lift are often overweight by it and are not."
_LEAN = "weight x (1 - body fat)"
_LEAN_CAVEAT = "As good as the body fat it is made from; also holds water, bone and organs."
_FFMI = "Kouri et al. 1995: lean mass / height squared"
_FFMI_NORMALIZED = "Kouri et al. 1995: FFMI + 6.3 (1.80 m - height)"
_FFMI_CAVEAT = "From a study of 157 male athletes; each percent of body fat by which the estimate is off moves it by about 0.2."
_BODY_FAT = {
    BodyFatMethod.MEASURED: ("as entered", "As good as the scale, caliper or scan that it was read from."),
    BodyFatMethod.NAVY_MALE: (
        "Hodgdon and Beckett 1984, men: circumferences of abdomen and neck, and height",
        "Off by up to 3.5 percentage points in two of three men. The abdomen is measured at the navel; else the waist is taken.",
    ),
    BodyFatMethod.NAVY_FEMALE: (
        "Hodgdon and Beckett 1984, women: circumferences of waist, hip and neck, and height",
        "Off by up to 3.7 percentage points in two of three women. The waist is measured where it is narrowest.",
    ),
}


def bmi(latest: Latest) -> Estimate:
    """The body mass index, as the stored one is calculated: to two digits."""
    inputs, missing = _take(latest, "body-weight", "height")
    value = None if missing else round(formulas.body_mass_index(inputs[0].value, inputs[1].value), 2)
    return Estimate(value, "kg/m2", _BMI, inputs, _lacking(missing), _BMI_CAVEAT, missing)


def compositions(latest: Latest, sex: Sex | None) -> list[Composition]:
    """Body fat by each method, that of the other sex left out where one is named, with lean mass and FFMI from it."""
    left_out = {Sex.MALE: BodyFatMethod.NAVY_FEMALE, Sex.FEMALE: BodyFatMethod.NAVY_MALE, None: None}[sex]
    return [_composition(latest, method) for method in BodyFatMethod if method is not left_out]


def _composition(latest: Latest, method: BodyFatMethod) -> Composition:
    fat = _body_fat(latest, method)
    weight, no_weight = _take(latest, "body-weight")
    height, no_height = _take(latest, "height")
    no_lean = fat.reason or _lacking(no_weight)
    missing = fat.missing or ([] if fat.reason else no_weight)
    every_missing = missing or ([] if no_lean else no_height)
    lean = None if fat.value is None or no_weight else formulas.lean_mass(weight[0].value, fat.value)
    index = None if lean is None or no_height else formulas.fat_free_mass_index(lean, height[0].value)
    normalized = None if index is None else formulas.normalized_fat_free_mass_index(index, height[0].value)
    inputs = _once([*fat.inputs, *weight])
    every = _once([*inputs, *height])
    return Composition(
        method,
        fat,
        Estimate(lean, "kg", _LEAN, inputs, no_lean, _LEAN_CAVEAT, missing),
        Estimate(index, "kg/m2", _FFMI, every, no_lean or _lacking(no_height), _FFMI_CAVEAT, every_missing),
        Estimate(normalized, "kg/m2", _FFMI_NORMALIZED, every, no_lean or _lacking(no_height), _FFMI_CAVEAT, every_missing),
    )


def _body_fat(latest: Latest, method: BodyFatMethod) -> Estimate:
    said, caveat = _BODY_FAT[method]
    value: float | None = None
    if method is BodyFatMethod.MEASURED:
        inputs, missing = _take(latest, "body-fat")
        value = None if missing else inputs[0].value
        return Estimate(value, "%", said, inputs, _lacking(missing), caveat, missing)
    if method is BodyFatMethod.NAVY_MALE:
        inputs, missing = _take(latest, "abdomen" if "abdomen" in latest else "waist", "neck", "height")
        if not missing:
            value = formulas.navy_body_fat_male(*(each.value for each in inputs))
    else:
        inputs, missing = _take(latest, "waist", "hip", "neck", "height")
        if not missing:
            value = formulas.navy_body_fat_female(*(each.value for each in inputs))
    reason = _lacking(missing)
    if not missing and (value is None or not LEAST_BODY_FAT <= value <= MOST_BODY_FAT):
        value, reason = None, f"these measurements give no body fat between {LEAST_BODY_FAT} and {MOST_BODY_FAT} %"
    return Estimate(value, "%", said, inputs, reason, caveat, missing)


def _take(latest: Latest, *slugs: str) -> tuple[list[Input], list[str]]:
    """The inputs that are there, and the slugs of those that are missing."""
    return [latest[slug] for slug in slugs if slug in latest], [slug for slug in slugs if slug not in latest]


def _lacking(missing: Sequence[str]) -> str | None:
    """What is missing in words, None if nothing is."""
    return f"not measured: {', '.join(missing)}" if missing else None


def _once(inputs: Sequence[Input]) -> list[Input]:
    return list({each.metric: each for each in inputs}.values())
