"""What holds for any history, any equipment and any rule."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from prescribing import KG, LB, TODAY, a_set, ask, instruction, performed, sets_of, weight, weights

from reptrail.http.encoding import encode
from reptrail.prescriptions.backtest import run
from reptrail.prescriptions.loading import USUAL, nearest
from reptrail.prescriptions.rules import DoneSet, Instruction, Performance
from reptrail.training.rules import KG_PER_LB, SetKind, SetLoad, WeightUnit

units = st.sampled_from([KG, LB])
loads = st.sampled_from(["EXTERNAL", "BODYWEIGHT", "ASSISTED"])
tools = st.sampled_from(["BARBELL", "DUMBBELL", "MACHINE", "BODYWEIGHT"])
tracks = st.sampled_from(["REPS_WEIGHT", "REPS", "DURATION", "DISTANCE", "DISTANCE_DURATION", "DURATION_WEIGHT", "DISTANCE_WEIGHT"])
halves = st.integers(0, 600).map(lambda n: Decimal(n) / 2)
small = st.sampled_from([0.25, 0.5, 1, 2.5, 5, 10])


@st.composite
def done_sets(draw: st.DrawFn) -> DoneSet:
    unit = draw(units)
    value = draw(st.none() | halves)
    return DoneSet(
        kind=draw(st.sampled_from(list(SetKind))),
        reps=draw(st.none() | st.integers(0, 30)),
        weight=value,
        weight_unit=None if value is None else unit,
        weight_kg=None if value is None else value if unit is KG else value * KG_PER_LB,
        load=draw(st.sampled_from(list(SetLoad))),
        rpe=draw(st.none() | st.integers(2, 20).map(lambda n: Decimal(n) / 2)),
        duration_seconds=draw(st.none() | st.integers(1, 4000)),
        distance_m=draw(st.none() | st.integers(1, 20000).map(Decimal)),
    )


@st.composite
def targets(draw: st.DrawFn, rule: str | None) -> dict[str, Any]:
    """What one set asks, warm-ups and what says nothing among them."""
    low = draw(st.none() | st.integers(0, 15))
    return {
        "kind": draw(st.sampled_from(list(SetKind))),
        "reps_min": low,
        "reps_max": None if low is None else low + draw(st.integers(0, 5)),
        "percent": draw(st.none() | st.sampled_from([65, 100, 150])) if rule == "percent" else None,
        "rpe": draw(st.none() | st.sampled_from([7, 8, 9.5])),
        "duration_seconds": draw(st.none() | st.integers(1, 3600)),
    }


@st.composite
def instructions(draw: st.DrawFn) -> Instruction:
    rule = draw(st.sampled_from([None, "fixed", "linear", "double", "percent", "rpe"]))
    low = draw(st.none() | st.integers(0, 15))
    fields: dict[str, Any] = {
        "sets": draw(st.none() | st.integers(1, 6)),
        "reps_min": low,
        "reps_max": None if low is None else low + draw(st.integers(0, 5)),
        "rpe": draw(st.none() | st.sampled_from([7, 8, 9.5])),
        "percent": draw(st.none() | st.sampled_from([65, 100, 150])) if rule == "percent" else None,
        "duration_seconds": draw(st.none() | st.integers(1, 3600)),
        "distance_m": draw(st.none() | st.integers(1, 10000)),
        "load": draw(loads),
        "equipment": draw(tools),
        "tracks": draw(tracks),
    }
    if draw(st.booleans()):
        fields |= {"set_targets": draw(st.lists(targets(rule), min_size=1, max_size=4)), "sets": None}
    constants = {"increment": draw(small), "increment_unit": draw(units), "deload_percent": draw(st.sampled_from([0, 10, 50]))}
    return instruction(rule, constants=constants if rule else {}, **fields)


@st.composite
def histories(draw: st.DrawFn) -> list[Performance]:
    days = sorted(draw(st.lists(st.integers(0, 200), max_size=6)))
    return [performed(each, *draw(st.lists(done_sets(), max_size=5))) for each in days]


@settings(max_examples=200)
@given(instructions(), histories(), units)
def test_every_answer_is_whole_and_can_be_loaded(asked: Instruction, history: list[Performance], unit: WeightUnit) -> None:
    found = ask(asked, *history, equipment=USUAL[unit])
    assert 1 <= len(found.reason) <= 1000
    assert [each.set_number for each in found.sets] == list(range(1, len(found.sets) + 1))
    for each in found.sets:
        assert (each.weight is None) == (each.weight_unit is None)
        if each.weight is not None:
            assert each.weight_unit is unit
            assert 0 <= each.weight <= 2000
            assert each.weight == nearest(USUAL[unit], asked.equipment, asked.load, each.weight)
        if each.reps_min is not None and each.reps_max is not None:
            assert 0 <= each.reps_min <= each.reps_max
    assert encode(found.inputs)
    assert ask(asked, *history, equipment=USUAL[unit]) == found


@settings(max_examples=100)
@given(instructions(), histories(), units)
def test_a_backtest_never_looks_ahead(asked: Instruction, history: list[Performance], unit: WeightUnit) -> None:
    """What it says of the older half is the same without the younger half."""
    whole = run(asked, history, USUAL[unit])
    older = [each for each in history if each.date < TODAY.replace(month=1, day=1)]
    known = {id(each) for each in older}
    assert run(asked, older, USUAL[unit]).items == whole.items[len(whole.items) - sum(bool(e.work) for e in older) :]
    assert len(known) == len(older)
    assert 0 <= whole.met <= whole.asked <= whole.performances == len(whole.items)


reps = st.lists(st.integers(1, 9), min_size=3, max_size=3)


@given(st.integers(8, 100).map(lambda n: n * 2.5), st.integers(8, 100).map(lambda n: n * 2.5), reps, small)
def test_who_lifted_more_is_not_asked_for_less(one: float, other: float, done: list[int], increment: float) -> None:
    asked = instruction("linear", constants={"increment": increment})
    low, high = sorted((one, other))
    lower, higher = (weight(ask(asked, performed(2, *sets_of(each, *done)))) for each in (low, high))
    if min(done) >= 5:
        assert lower is not None
        assert higher is not None
        assert lower <= higher
        assert lower >= low
        assert higher >= high


@given(st.integers(9, 100).map(lambda n: n * 2.5), st.integers(1, 6), st.integers(1, 8), st.sampled_from([1, 5, 10, 30]))
def test_it_goes_down_after_n_misses_and_not_before(start: float, after: int, misses: int, percent: int) -> None:
    asked = instruction("linear", constants={"deload_after": after, "deload_percent": percent})
    had = ask(asked)
    history = [performed(2 * n + 2, *sets_of(start, 5, 5, 4), had=had) for n in range(misses)]
    found = weight(ask(asked, *history))
    assert found is not None
    if misses < after:
        assert found == start
    else:
        assert found < start


@given(st.lists(st.tuples(st.integers(30, 200), reps), min_size=1, max_size=5), st.booleans())
def test_the_unit_of_entry_changes_nothing(done: list[tuple[int, list[int]]], is_double: bool) -> None:
    """A history in kg and the same one entered in pounds give the same kg, to the plate."""
    asked = instruction("double", reps_min=3, reps_max=8) if is_double else instruction("linear")
    in_kg = [performed(3 * n + 1, *sets_of(kg, *each)) for n, (kg, each) in enumerate(done)]
    in_lb = [replace(p, sets=[a_set(s.reps, float(round((s.weight or 0) / KG_PER_LB, 4)), LB) for s in p.sets]) for p in in_kg]
    assert weights(ask(asked, *in_kg)) == weights(ask(asked, *in_lb))


@given(st.lists(reps, min_size=1, max_size=30))
def test_a_double_progression_never_goes_back(results: list[list[int]]) -> None:
    """Trained as asked and never missed by more than the range, weight and then reps only go up."""
    asked = instruction("double", reps_min=3, reps_max=8)
    history = [performed(0, *sets_of(50, 3, 3, 3))]
    before: tuple[Decimal, int] = (Decimal(0), 0)
    for done in results:
        found = ask(asked, *history)
        first = found.sets[0]
        assert first.weight is not None
        assert first.reps_min is not None
        assert (first.weight, first.reps_min) >= before
        before = (first.weight, first.reps_min)
        reached = [max(first.reps_min, each) for each in done]
        history.insert(0, performed(0, *sets_of(float(first.weight), *reached), had=found))
