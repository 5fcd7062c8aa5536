"""The five rules, case by case: what they ask after what was done, and what they say for it."""

from decimal import Decimal
from typing import Any

import pytest
from prescribing import KG, LB, TODAY, a_set, ask, instruction, performed, sets_of, train, weight, weights

from reptrail.prescriptions.loading import USUAL, Equipment
from reptrail.prescriptions.rules import Performance, Prescription, TrainingMax
from reptrail.prescriptions.training_max import settle
from reptrail.training.rules import SetKind, SetLoad, WeightUnit

LINEAR = instruction("linear")
DOUBLE = instruction("double", reps_min=8, reps_max=12)
BODY: dict[str, Any] = {"equipment": "BODYWEIGHT", "load": "BODYWEIGHT"}


def reps(found: Prescription) -> list[tuple[int | None, int | None]]:
    return [(each.reps_min, each.reps_max) for each in found.sets]


# --- linear --------------------------------------------------------------------------------------------------------------


def test_linear_adds_when_every_set_met_its_reps() -> None:
    found = ask(LINEAR, performed(17, *sets_of(80, 5, 5, 5)))
    assert weights(found) == [82.5, 82.5, 82.5]
    assert found.reason == "All 3 x 5 at 80 kg done on 3 Mar, so 2.5 kg more: 82.5 kg."
    assert (found.inputs.before_rounding_kg, found.inputs.met, found.inputs.days_since) == (Decimal("82.5"), True, 17)
    assert found.inputs.constants == {
        "increment": Decimal("2.5"), "increment_unit": "kg", "deload_percent": 10, "deload_after": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("done", "expected"), [([5, 5, 4], 80), ([5, 5], 80), ([9, 9], 80), ([5, 5, 5, 3], 82.5), ([8, 6, 5], 82.5)]
)
def test_linear_needs_every_set_and_no_more(done: list[int], expected: float) -> None:
    assert weight(ask(LINEAR, performed(2, *sets_of(80, *done)))) == expected


def test_linear_says_what_was_missed() -> None:
    found = ask(LINEAR, performed(2, *sets_of(80, 5, 5, 4)))
    assert found.reason == (
        "2 of 3 x 5 at 80 kg done on 18 Mar, so the same again: 80 kg (miss 1 of the 3 after which it goes down)."
    )


def test_linear_goes_down_after_as_many_misses_in_a_row_and_up_from_there() -> None:
    found = train(LINEAR, [(5, 5, 5), (5, 5, 4), (5, 4, 4), (5, 5, 3), (5, 5, 5)], start=80)
    assert [weight(each) for each in found] == [None, 82.5, 82.5, 82.5, 75, 77.5]
    assert found[4].reason == (
        "82.5 kg was missed 3 times in a row, last on 7 Jan, so 10 % less: 75 kg (the nearest to 74.25 that can be loaded)."
    )
    assert found[4].inputs.misses == 3


def test_a_success_between_two_misses_starts_the_count_again() -> None:
    results = [(5, 5, 5), (5, 5, 4), (5, 5, 4), (5, 5, 5), (5, 5, 4), (5, 5, 4)]
    assert [weight(each) for each in train(LINEAR, results, start=80)] == [None, 82.5, 82.5, 82.5, 85, 85, 85]


def test_an_increment_smaller_than_the_plates_adds_up() -> None:
    """1 kg with 2.5 kg steps: 81 and 82 are loaded as 80 and 82.5, and what is not loaded is not lost."""
    found = train(instruction("linear", constants={"increment": 1}), [(5, 5, 5)] * 11, start=80)
    assert [weight(each) for each in found] == [None, 80, 82.5, 82.5, 85, 85, 85, 87.5, 87.5, 90, 90, 90]
    assert "80 kg (the nearest to 81 that can be loaded)" in found[1].reason


def test_linear_builds_on_what_was_lifted_where_that_was_not_what_was_asked() -> None:
    asked = ask(LINEAR, performed(4, *sets_of(80, 5, 5, 5)))
    assert weight(ask(LINEAR, performed(2, *sets_of(90, 5, 5, 5), had=asked))) == 92.5
    assert weight(ask(LINEAR, performed(2, *sets_of(70, 5, 5, 5), had=asked))) == 72.5


def test_warm_ups_and_drop_sets_count_for_nothing() -> None:
    done = [a_set(5, 100, kind=SetKind.WARMUP), *sets_of(80, 5, 5, 5), a_set(3, 60, kind=SetKind.DROP)]
    assert weight(ask(LINEAR, performed(2, *done))) == 82.5
    assert weight(ask(LINEAR, performed(2, a_set(5, 100, kind=SetKind.WARMUP)))) is None


def test_after_a_long_break_it_starts_lower_and_says_so() -> None:
    done = sets_of(80, 5, 5, 5)
    assert weight(ask(LINEAR, performed(28, *done))) == 82.5
    found = ask(LINEAR, performed(29, *done))
    assert weight(found) == 72.5
    assert found.reason.startswith("29 days without it since 80 kg on 19 Feb, so 10 % less: 72.5 kg")


def test_heavy_and_light_days_are_two_series() -> None:
    light = instruction("linear", reps_min=10, reps_max=10)
    heavy = performed(2, *sets_of(100, 5, 5, 5), had=ask(LINEAR))
    easy = performed(1, *sets_of(60, 10, 10, 10), had=ask(light))
    assert weight(ask(LINEAR, easy, heavy)) == 102.5
    assert weight(ask(light, easy, heavy)) == 62.5


def test_linear_begins_where_the_plan_says() -> None:
    found = ask(instruction("linear", weight=60, weight_unit="kg"), performed(2, *sets_of(100, 5, 5, 5)))
    assert (weight(found), found.reason) == (60, "As the plan says: 3 x 5 at 60 kg.")


def test_linear_begins_by_the_estimated_maximum_where_the_last_sets_say_nothing() -> None:
    found = ask(LINEAR, performed(2, a_set(1, 120)))
    # Epley: 120 x (1 + 1/30) = 124; 5 and 2 in reserve: 124 / (1 + 7/30) = 100.54
    assert weight(found) == 100
    assert "5 reps with 2 in reserve by the estimated maximum of 124 kg on 18 Mar" in found.reason
    assert found.inputs.e1rm_kg == 124


def test_linear_without_any_history_leaves_the_weight_open() -> None:
    found = ask(LINEAR)
    assert weights(found) == [None, None, None]
    assert "choose a weight" in found.reason
    assert reps(found) == [(5, 5)] * 3


def test_assisted_goes_down_when_it_goes_well() -> None:
    asked = instruction("linear", equipment="MACHINE", load="ASSISTED", constants={"increment": 5})
    help_ = {"load": SetLoad.ASSISTED}
    found = ask(asked, performed(2, *sets_of(30, 5, 5, 5, **help_)))
    assert (weight(found), found.reason) == (25, "All 3 x 5 at 30 kg done on 18 Mar, so 5 kg less help: 25 kg.")
    assert [weight(each) for each in train(asked, [(5, 5, 5), *[(5, 5, 4)] * 3], start=30)] == [None, 25, 25, 25, 27.5]
    assert weight(ask(asked, performed(40, *sets_of(30, 5, 5, 5, **help_)))) == 32.5
    assert weight(ask(asked, performed(2, *sets_of(2.5, 5, 5, 5, **help_)))) == 0
    assert "no help left" in ask(asked, performed(2, *sets_of(0, 5, 5, 5, **help_))).reason


def test_on_the_body_the_weight_that_is_added_goes_up() -> None:
    asked = instruction("linear", **BODY)
    bare = sets_of(None, 5, 5, 5, load=SetLoad.BODYWEIGHT)
    found = ask(asked, performed(2, *bare))
    assert (weight(found), found.reason) == (2.5, "All 3 x 5 at body weight done on 18 Mar, so 2.5 kg more: 2.5 kg.")
    assert weight(ask(asked, performed(2, *sets_of(10, 5, 5, 5, load=SetLoad.ADDED)))) == 12.5


@pytest.mark.parametrize(
    ("tracks", "fields", "done", "expected"),
    [
        ("REPS", {"reps_min": 10, "reps_max": 10}, [{"reps": 10}] * 3, {"reps_min": 11, "reps_max": 11}),
        ("REPS", {"reps_min": 10, "reps_max": 10}, [{"reps": 14}, {"reps": 12}, {"reps": 13}], {"reps_min": 13}),
        ("REPS", {"reps_min": 10, "reps_max": 10}, [{"reps": 10}, {"reps": 12}, {"reps": 11}], {"reps_min": 11}),
        ("DURATION", {"duration_seconds": 60}, [{"reps": None, "duration_seconds": 60}] * 3, {"duration_seconds": 65}),
        ("DURATION", {"duration_seconds": 600}, [{"reps": None, "duration_seconds": 600}] * 3, {"duration_seconds": 630}),
        ("DISTANCE", {"distance_m": 5000}, [{"reps": None, "distance_m": Decimal(5000)}] * 3, {"distance_m": 5250}),
    ],
)
def test_without_a_weight_what_is_done_goes_up(
    tracks: str, fields: dict[str, Any], done: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    asked = instruction("linear", tracks=tracks, **({"reps_min": None, "reps_max": None} | fields))
    found = ask(asked, performed(2, *(a_set(**{"reps": None, **each}) for each in done)))
    assert {name: getattr(found.sets[0], name) for name in expected} == expected
    assert weights(found) == [None] * 3


def test_a_plank_that_was_missed_too_often_gets_shorter() -> None:
    asked = instruction("linear", tracks="DURATION", reps_min=None, reps_max=None, duration_seconds=60)
    history: list[Performance] = []
    said = []
    for days_ago, held in ((10, 60), (8, 50), (6, 50), (4, 50)):
        found = ask(asked, *history)
        said.append(found.sets[0].duration_seconds)
        history.insert(0, performed(days_ago, *[a_set(None, duration_seconds=held)] * 3, had=found))
    assert said == [60, 65, 65, 65]
    assert ask(asked, *history).sets[0].duration_seconds == 55


# --- double --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "weight_", "least"),
    [
        ([8, 8, 8], 40, 9),
        ([11, 10, 9], 40, 10),
        ([12, 12, 11], 40, 12),
        ([12, 12, 12], 42.5, 8),
        ([15, 13, 12], 42.5, 8),
        ([12, 12], 40, 12),
        ([6, 5, 5], 40, 8),
        ([12, 12, 3], 40, 8),
    ],
)
def test_double_takes_the_reps_up_and_then_the_weight(done: list[int], weight_: float, least: int) -> None:
    found = ask(DOUBLE, performed(2, *sets_of(40, *done)))
    assert (weight(found), reps(found)) == (weight_, [(least, 12)] * 3)


def test_double_takes_the_next_dumbbell_where_the_increment_is_smaller() -> None:
    asked = instruction("double", reps_min=8, reps_max=12, equipment="DUMBBELL", constants={"increment": 1})
    found = ask(asked, performed(2, *sets_of(20, 12, 12, 12)))
    assert (weight(found), found.sets[0].reps_min) == (22, 8)
    assert found.reason == "All 3 x 12 at 20 kg done on 18 Mar, so the next weight there is: 22 kg, the reps back to 8."


def test_double_stays_at_the_top_where_there_is_no_heavier_dumbbell() -> None:
    asked = instruction("double", reps_min=8, reps_max=12, equipment="DUMBBELL")
    found = ask(asked, performed(2, *sets_of(50, 12, 12, 12)))
    assert (weight(found), found.sets[0].reps_min) == (50, 12)
    assert "nothing heavier can be loaded" in found.reason


def test_double_without_a_weight_ends_at_the_end_of_the_range() -> None:
    asked = instruction("double", reps_min=8, reps_max=12, tracks="REPS")
    assert ask(asked, performed(2, *sets_of(None, 9, 9, 9))).sets[0].reps_min == 10
    assert "a harder variant" in ask(asked, performed(2, *sets_of(None, 12, 12, 12))).reason


def test_double_starts_lower_after_a_break() -> None:
    found = ask(DOUBLE, performed(60, *sets_of(40, 12, 12, 12)))
    assert (weight(found), found.sets[0].reps_min) == (35, 8)


# --- percent -------------------------------------------------------------------------------------------------------------

WAVE = instruction(
    "percent",
    sets=None,
    reps_min=5,
    set_targets=[
        {"kind": "WARMUP", "percent": 40},
        {"percent": 65},
        {"percent": 75},
        {"kind": "AMRAP", "percent": 85, "reps_min": 5, "reps_max": None},
    ],
)
TRAINING_MAX = TrainingMax(weight=Decimal(100), weight_unit=KG, reason="Set by hand.")


def test_percent_is_of_the_training_max_set_by_set() -> None:
    found = ask(WAVE, training_max=TRAINING_MAX)
    assert [float(each.weight or 0) for each in found.sets] == [40, 65, 75, 85]
    assert found.reason == "Up to 85 % of the training max of 100 kg: 85 kg. Set by hand."
    assert found.inputs.training_max_kg == 100


def test_percent_without_a_training_max_and_without_history_leaves_the_weight_open() -> None:
    found = ask(WAVE)
    assert [each.weight for each in found.sets] == [None] * 4
    assert "no training max" in found.reason


def settled(*history: Performance, known: TrainingMax | None = None, cycle: int | None = 2) -> tuple[Any, bool]:
    from uuid import UUID

    from reptrail.prescriptions.rules import Case

    case = Case(WAVE, list(history), TODAY, USUAL[KG], known)
    found, is_new = settle(case, UUID(int=1), cycle)
    return found and (float(found.weight), found.reason), is_new


def in_cycle(cycle: int, *done: Any, days_ago: int = 7) -> Performance:
    from uuid import UUID

    had = ask(WAVE, training_max=TRAINING_MAX)
    return performed(days_ago, *done, had=had, program_enrollment_id=UUID(int=1), program_cycle=cycle)


def test_a_training_max_begins_as_a_share_of_the_best_of_90_days() -> None:
    old = performed(91, *sets_of(200, 5))
    best, last = performed(40, *sets_of(120, 5)), performed(3, *sets_of(100, 5))
    found, is_new = settled(last, best, old)
    # Epley: 120 x (1 + 5/30) = 140
    assert found == (126, "90 % of the best estimated maximum of the last 90 days, 140 kg on 8 Feb.")
    assert is_new
    assert settled(old) == (None, False)


def test_a_training_max_moves_once_a_cycle_by_how_the_top_sets_went() -> None:
    up = in_cycle(1, *sets_of(85, 7))
    assert settled(up, known=TRAINING_MAX) == (
        (102.5, "From 100 kg: every top set of the last cycle was done, so 2.5 kg more."), True,
    )  # fmt: skip
    down = in_cycle(1, *sets_of(85, 4), days_ago=14)
    assert settled(up, down, known=TRAINING_MAX) == (
        (90, "From 100 kg: a top set of the last cycle was missed on 6 Mar, so 10 % less."), True,
    )  # fmt: skip
    assert settled(up, known=TRAINING_MAX, cycle=3) == ((100, "Set by hand."), False)


def test_a_training_max_of_this_cycle_or_set_since_stands() -> None:
    from msgspec.structs import replace

    done = in_cycle(1, *sets_of(85, 7))
    assert settled(done, known=replace(TRAINING_MAX, of_this_cycle=True)) == ((100, "Set by hand."), False)
    later = replace(TRAINING_MAX, created_at=in_cycle(1, days_ago=2).at)
    assert settled(done, known=later) == ((100, "Set by hand."), False)
    assert settled(done, known=replace(later, created_at=in_cycle(1, days_ago=9).at))[1]


# --- rpe -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "done", "expected"),
    [
        # 100 x 5 at RPE 8 is 7 to failure: 123.33; 5 at RPE 8 is the same again.
        ({"reps_min": 5, "reps_max": 5, "rpe": 8}, a_set(5, 100, rpe=Decimal(8)), 100),
        # 3 at RPE 9 are 4 to failure: 123.33 / (1 + 4/30) = 108.8
        ({"reps_min": 3, "reps_max": 3, "rpe": 9}, a_set(5, 100, rpe=Decimal(8)), 110),
        # No RPE: taken to failure. 100 x 5 is 116.67; 8 at RPE 8 are 10: 87.5
        ({"reps_min": 8, "reps_max": 8, "rpe": 8}, a_set(5, 100), 87.5),
    ],
)
def test_rpe_turns_the_estimated_maximum_round(target: dict[str, Any], done: Any, expected: float) -> None:
    found = ask(instruction("rpe", **target), performed(2, done))
    assert weight(found) == expected
    assert found.sets[0].rpe == target["rpe"]


def test_rpe_goes_by_the_last_performance_and_not_by_the_best() -> None:
    asked = instruction("rpe", rpe=10)
    assert weight(ask(asked, performed(2, *sets_of(80, 5)), performed(5, *sets_of(100, 5)))) == 80


def test_rpe_after_a_break_and_after_too_long() -> None:
    asked = instruction("rpe", rpe=10)
    found = ask(asked, performed(40, *sets_of(100, 5)))
    assert (weight(found), "10 % lower after 40 days without it" in found.reason) == (90, True)
    too_old = ask(asked, performed(61, *sets_of(100, 5)))
    assert (weight(too_old), "more than 60 days old" in too_old.reason) == (None, True)


def test_rpe_outside_of_the_formula_takes_the_weight_last_used() -> None:
    found = ask(instruction("rpe", reps_min=12, reps_max=12, rpe=7), performed(2, *sets_of(50, 10)))
    assert (weight(found), "at most 12 repetitions to failure" in found.reason) == (50, True)


@pytest.mark.parametrize("rule", ["linear", "rpe", "percent", "fixed"])
def test_a_plan_without_a_number_of_sets_asks_for_as_many_as_last_time(rule: str) -> None:
    asked = instruction(rule, sets=None, rpe=8, percent=80 if rule == "percent" else None)
    assert len(ask(asked, performed(2, *sets_of(60, 5, 5, 5, 5)), training_max=TRAINING_MAX).sets) == 4
    assert len(ask(asked, training_max=TRAINING_MAX).sets) == 1


# --- fixed ---------------------------------------------------------------------------------------------------------------


def test_fixed_says_what_the_plan_says_in_the_athletes_unit() -> None:
    found = ask(instruction(None, weight=100, weight_unit="lb"))
    assert weight(found) == 45
    assert found.reason == "As the plan says: 3 x 5 at 45 kg (the nearest to 45.36 that can be loaded)."


def test_fixed_without_a_weight_takes_the_one_last_used() -> None:
    found = ask(instruction("fixed"), performed(100, *sets_of(62.5, 8, 8)))
    assert (weight(found), found.reason) == (
        62.5, "The plan names no weight, so the one last used, on 10 Dec 2025: 62.5 kg.",
    )  # fmt: skip
    assert weight(ask(instruction("fixed"))) is None


def test_a_plan_of_minutes_is_as_it_says() -> None:
    found = ask(instruction(None, tracks="DISTANCE_DURATION", sets=None, reps_min=None, reps_max=None, duration_seconds=1800))
    assert (found.sets[0].duration_seconds, found.reason) == (1800, "As the plan says: 1 x 1800 s.")


# --- Units and summaries -------------------------------------------------------------------------------------------------


def test_a_summary_stands_for_sets() -> None:
    """3 sets of 15 reps in all at 80 kg are 5 each; of 14 the last one missed."""
    whole = performed(2, sets_completed=3, reps_completed=15, weight_used_kg=Decimal(80))
    assert weight(ask(LINEAR, whole)) == 82.5
    short = performed(2, sets_completed=3, reps_completed=14, weight_used_kg=Decimal(80))
    assert weight(ask(LINEAR, short)) == 80


def test_pounds_and_kilograms_are_the_same_iron() -> None:
    in_lb = instruction("linear", constants={"increment": 5, "increment_unit": "lb"})
    found = ask(in_lb, performed(2, *sets_of(225, 5, 5, 5, unit=LB)), equipment=USUAL[LB])
    assert (weights(found), found.sets[0].weight_unit) == ([230, 230, 230], LB)
    assert found.reason == "All 3 x 5 at 225 lb done on 18 Mar, so 5 lb more: 230 lb."
    mixed = ask(in_lb, performed(2, *sets_of(225, 5, unit=LB), *sets_of(102, 5, 5)), equipment=USUAL[LB])
    assert weights(mixed) == [230, 230, 230]


def test_five_pounds_a_time_stay_five_pounds_after_a_year() -> None:
    asked = instruction("linear", constants={"increment": 5, "increment_unit": "lb"})
    found = train(asked, [(5, 5, 5)] * 100, start=45, equipment=USUAL[LB])
    assert [weight(each) for each in found[1:]] == [45 + 5 * n for n in range(1, 101)]


def test_a_gym_decides_what_can_be_asked() -> None:
    gym = Equipment(WeightUnit.KG, Decimal(15), (Decimal(10), Decimal(5)), (), Decimal(5))
    assert weight(ask(LINEAR, performed(2, *sets_of(45, 5, 5, 5)), equipment=gym)) == 45
    found = ask(instruction("linear", constants={"increment": 6}), performed(2, *sets_of(45, 5, 5, 5)), equipment=gym)
    assert weight(found) == 55
