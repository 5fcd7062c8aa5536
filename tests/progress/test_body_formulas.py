"""Formulas of body composition against published examples, each with its source and how near it must come."""

import math
from datetime import date

import pytest

from reptrail.body import formulas
from reptrail.body.rules import BodyFatMethod, Input, Sex, bmi, compositions

DAY = date(2026, 3, 1)
INCH = 2.54


def test_body_mass_index_is_the_who_boundary() -> None:
    # WHO technical report 894, 2000: 25.0 is where overweight begins; 81 kg at 1.80 m are on it.
    assert formulas.body_mass_index(81, 180) == pytest.approx(25.0, abs=1e-9)
    assert formulas.body_mass_index(70, 175) == pytest.approx(22.86, abs=0.005)


# The same authors' direct equations in inches, as the Department of Defense publishes them (DoDI 1308.3, enclosure 3):
# men 86.010 log10(abdomen - neck) - 70.041 log10(height) + 36.76, women 163.205 log10(waist + hip - neck) - 97.684
# log10(height) - 78.387. They are other fits to the same people: within a percentage point where bodies are common.
@pytest.mark.parametrize("height", [66, 70, 74])
@pytest.mark.parametrize("difference", [15, 18, 21])
def test_men_by_circumference_are_as_in_the_tables(height: float, difference: float) -> None:
    table = 86.010 * math.log10(difference) - 70.041 * math.log10(height) + 36.76
    found = formulas.navy_body_fat_male((15 + difference) * INCH, 15 * INCH, height * INCH)
    assert found == pytest.approx(table, abs=0.6)


@pytest.mark.parametrize("height", [62, 65, 68])
@pytest.mark.parametrize("total", [52, 56, 60])
def test_women_by_circumference_are_as_in_the_tables(height: float, total: float) -> None:
    table = 163.205 * math.log10(total) - 97.684 * math.log10(height) - 78.387
    found = formulas.navy_body_fat_female((total - 38 + 13) * INCH, 38 * INCH, 13 * INCH, height * INCH)
    assert found == pytest.approx(table, abs=1.0)


def test_a_worked_example_of_the_navy_formula() -> None:
    # A man of 70 in with an abdomen of 34 in and a neck of 15 in: 17.5 % by the table's equation.
    assert formulas.navy_body_fat_male(34 * INCH, 15 * INCH, 70 * INCH) == pytest.approx(17.5, abs=0.1)


def test_bodies_that_cannot_be_have_no_body_fat() -> None:
    assert formulas.navy_body_fat_male(38, 38, 180) is None
    assert formulas.navy_body_fat_female(10, 20, 31, 170) is None


def test_siri_by_its_own_ends() -> None:
    # Siri 1961: fat alone has a density of 0.9, what is lean one of 1.1.
    assert formulas.siri_body_fat(0.9) == pytest.approx(100)
    assert formulas.siri_body_fat(1.1) == pytest.approx(0, abs=1e-9)


def test_fat_free_mass_index_is_as_published() -> None:
    # Kouri et al. 1995 define it as lean kg / m2 with 6.3 (1.80 m - height) added; at 1.80 m the two are one.
    assert formulas.fat_free_mass_index(81, 180) == pytest.approx(25.0)
    assert formulas.normalized_fat_free_mass_index(25.0, 180) == pytest.approx(25.0)
    assert formulas.normalized_fat_free_mass_index(22.0, 170) == pytest.approx(22.63)
    assert formulas.normalized_fat_free_mass_index(22.0, 190) == pytest.approx(21.37)


def latest(**values: float) -> dict[str, Input]:
    return {name.replace("_", "-"): Input(name.replace("_", "-"), value, "", DAY) for name, value in values.items()}


def test_each_sex_has_its_formula_and_none_both() -> None:
    assert [made.method for made in compositions({}, None)] == list(BodyFatMethod)
    assert BodyFatMethod.NAVY_FEMALE not in [made.method for made in compositions({}, Sex.MALE)]
    assert BodyFatMethod.NAVY_MALE not in [made.method for made in compositions({}, Sex.FEMALE)]


def test_what_is_missing_is_said() -> None:
    assert bmi(latest(body_weight=80)).reason == "not measured: height"
    _, male, female = compositions(latest(body_weight=80, neck=38, waist=85), None)
    assert (male.body_fat.reason, female.body_fat.reason) == ("not measured: height", "not measured: hip, height")
    assert (male.lean_mass.value, male.ffmi.reason) == (None, "not measured: height")
    measured = compositions(latest(body_fat=20), Sex.MALE)[0]
    assert (measured.body_fat.value, measured.lean_mass.reason, measured.ffmi.reason) == (20, *2 * ["not measured: body-weight"])


def test_the_abdomen_comes_before_the_waist() -> None:
    made = compositions(latest(height=180, neck=38, waist=80, abdomen=90), Sex.MALE)[1].body_fat
    assert [each.metric for each in made.inputs] == ["abdomen", "neck", "height"]
    assert made.value == formulas.navy_body_fat_male(90, 38, 180)
    without = compositions(latest(height=180, neck=38, waist=80), Sex.MALE)[1].body_fat
    assert [each.metric for each in without.inputs] == ["waist", "neck", "height"]


def test_what_no_body_has_is_not_told() -> None:
    made = compositions(latest(height=180, neck=38, abdomen=39), Sex.MALE)[1].body_fat
    assert made.value is None
    assert "no body fat between" in (made.reason or "")
