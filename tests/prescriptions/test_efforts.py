"""How hard a set was: where nobody said it, and on the light days of the built-in programs."""

from decimal import Decimal

import msgspec
import pytest
from prescribing import ask, instruction, performed, sets_of, train, weight

from reptrail.catalog import builtin as catalog
from reptrail.catalog.instructions import InstructionIn
from reptrail.catalog.rules import Equipment
from reptrail.programs import builtin

EXERCISES = {each.id: each for each in catalog.exercises()}
EASY_RPE = 6


def is_light(asked: InstructionIn) -> bool:
    exercise = EXERCISES[asked.exercise_id]
    return asked.set_targets is None and (asked.rpe or 10) <= EASY_RPE and exercise.equipment is Equipment.BARBELL


LIGHT = [
    pytest.param(asked, id=f"{program.slug}-{workout.workout_key}-{EXERCISES[asked.exercise_id].slug}")
    for program in builtin.programs()
    for workout in program.body.workouts
    for asked in workout.instructions or ()
    if is_light(asked)
]


def test_there_are_light_days() -> None:
    assert len(LIGHT) >= 8


@pytest.mark.parametrize("asked", LIGHT)
def test_it_asks_for_less_than_was_lifted_the_last_time(asked: InstructionIn) -> None:
    rule = msgspec.to_builtins(asked.progression)["rule"]
    plan = instruction(rule, sets=asked.sets, reps_min=asked.reps_min, reps_max=asked.reps_max, rpe=asked.rpe)
    assert 80 <= (weight(ask(plan, performed(2, *sets_of(100, 6, 6, 6, 6)))) or 0) < 100


@pytest.mark.parametrize(
    ("done", "rpe", "expected"),
    [
        ([6, 6, 6], None, 100),  # as asked, and nothing said: it was as hard as it was to be
        ([7, 6, 6], None, 100),  # one repetition more is one in reserve less
        ([9, 6, 6], None, 102.5),  # more than the reserve
        ([6, 5, 5], None, 100),
        ([5, 5, 5], None, 92.5),  # short of what was asked, so to failure
        ([6, 6, 6], 9.5, 95),  # what was said counts
        ([6, 6, 6], 6, 105),
    ],
)
def test_rpe_takes_what_was_asked_for_what_was_felt_where_nothing_was_said(
    done: list[int], rpe: float | None, expected: float
) -> None:
    asked = instruction("rpe", reps_min=6, reps_max=6, rpe=8)
    first = ask(asked, performed(9, *sets_of(100, 8)))
    assert weight(first) == 100
    felt = sets_of(100, *done, rpe=None if rpe is None else Decimal(str(rpe)))
    assert weight(ask(asked, performed(2, *felt, had=first))) == expected


def test_who_does_what_is_asked_is_not_asked_for_less_each_time() -> None:
    asked = train(instruction("rpe", reps_min=6, reps_max=6, rpe=7.5), [[6, 6, 6]] * 10, 100)
    assert [weight(each) for each in asked] == [None] + [100] * 10
