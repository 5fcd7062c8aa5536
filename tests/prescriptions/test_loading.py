"""Rounding to what can be loaded: cases, and what holds for any equipment."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reptrail.prescriptions.loading import USUAL, Equipment, heavier, lighter, nearest, neighbours
from reptrail.training.rules import SetLoad, WeightUnit

KG, LB = USUAL[WeightUnit.KG], USUAL[WeightUnit.LB]
EXTERNAL = SetLoad.EXTERNAL


def near(weight: float, tool: str = "BARBELL", load: SetLoad = EXTERNAL, equipment: Equipment = KG) -> float:
    return float(nearest(equipment, tool, load, Decimal(str(weight))))


@pytest.mark.parametrize(
    ("weight", "expected"),
    [(100, 100), (101, 100), (101.24, 100), (101.25, 100), (101.26, 102.5), (20, 20), (5, 20), (0, 20), (21.25, 20), (22.4, 22.5)],
)
def test_a_barbell_takes_pairs_and_ties_go_down(weight: float, expected: float) -> None:
    assert near(weight) == expected


@pytest.mark.parametrize(
    ("tool", "load", "weight", "expected"),
    [
        ("DUMBBELL", EXTERNAL, 11, 10),
        ("DUMBBELL", EXTERNAL, 11.1, 12),
        ("DUMBBELL", EXTERNAL, 90, 50),
        ("KETTLEBELL", EXTERNAL, 0.2, 1),
        ("MACHINE", EXTERNAL, 41, 40),
        ("CABLE", EXTERNAL, 41.3, 42.5),
        ("EZ_BAR", EXTERNAL, 31, 30),
        ("BODYWEIGHT", SetLoad.BODYWEIGHT, 0, 0),
        ("BODYWEIGHT", SetLoad.BODYWEIGHT, 1.3, 1.25),
        ("MACHINE", SetLoad.ASSISTED, 0.9, 0),
    ],
)
def test_everything_else_in_kg(tool: str, load: SetLoad, weight: float, expected: float) -> None:
    assert near(weight, tool, load) == expected


def test_pounds_have_plates_of_their_own() -> None:
    assert near(227, equipment=LB) == 225
    assert near(12, "DUMBBELL", equipment=LB) == 10
    assert near(12.6, "MACHINE", equipment=LB) == 15


def test_a_gym_of_two_plates_reaches_few_weights() -> None:
    few = Equipment(WeightUnit.KG, Decimal(20), (Decimal(20), Decimal(15)), (), Decimal(5))
    reached = {near(weight, equipment=few) for weight in range(20, 171)}
    assert reached == {20, 50, 60, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170}


def test_without_plates_there_is_the_bar() -> None:
    bare = Equipment(WeightUnit.KG, Decimal(20), (), (), Decimal("2.5"))
    assert near(100, equipment=bare) == 20
    assert heavier(bare, "BARBELL", EXTERNAL, Decimal(20)) is None
    # No dumbbell was named: the step of a stack is the best guess.
    assert near(11, "DUMBBELL", equipment=bare) == 10


hundredths = st.integers(1, 5000).map(lambda n: Decimal(n) / 100)
equipments = st.builds(
    Equipment,
    st.just(WeightUnit.KG),
    st.integers(0, 5000).map(lambda n: Decimal(n) / 100),
    st.lists(hundredths, max_size=6).map(tuple),
    st.lists(hundredths, max_size=6).map(tuple),
    hundredths,
)
tools = st.sampled_from(["BARBELL", "EZ_BAR", "DUMBBELL", "MACHINE", "BODYWEIGHT", "BAND"])
loads = st.sampled_from(list(SetLoad))
weights = st.integers(0, 50_000_000).map(lambda n: Decimal(n) / 100_000)


@given(equipments, tools, loads, weights)
def test_rounding_is_to_the_nearer_neighbour_and_to_itself(equipment: Equipment, tool: str, load: SetLoad, weight: Decimal) -> None:
    below, above = neighbours(equipment, tool, load, weight)
    found = nearest(equipment, tool, load, weight)
    assert below is None or below <= weight
    assert above is None or above >= weight
    assert found in (below, above)
    assert all(abs(found - weight) <= abs(each - weight) for each in (below, above) if each is not None)
    assert nearest(equipment, tool, load, found) == found


@given(equipments, tools, loads, weights, weights)
def test_rounding_keeps_the_order(equipment: Equipment, tool: str, load: SetLoad, one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert nearest(equipment, tool, load, low) <= nearest(equipment, tool, load, high)


@given(equipments, tools, loads, weights)
def test_the_next_ones_are_loadable_and_beyond(equipment: Equipment, tool: str, load: SetLoad, weight: Decimal) -> None:
    for found, way in ((heavier(equipment, tool, load, weight), 1), (lighter(equipment, tool, load, weight), -1)):
        if found is not None:
            assert (found - weight) * way > 0
            assert nearest(equipment, tool, load, found) == found


@settings(deadline=None)  # a machine with much to do may take longer over one than Hypothesis would wait
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 400))
def test_plates_reach_what_a_search_by_hand_reaches(plates: list[int], half: int) -> None:
    reached = {0}
    for weight in range(1, 500):
        if any(weight - plate in reached for plate in plates):
            reached.add(weight)
    equipment = Equipment(WeightUnit.KG, Decimal(20), tuple(map(Decimal, plates)), (), Decimal(1))
    below, above = neighbours(equipment, "BARBELL", EXTERNAL, Decimal(20 + 2 * half))
    assert below == 20 + 2 * max(each for each in reached if each <= half)
    assert above == 20 + 2 * min(each for each in reached if each >= half)
