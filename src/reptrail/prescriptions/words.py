"""How a prescription says why: its sentences by code, and the weights, days and sets in them. Pure, no I/O, no clock."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from reptrail.prescriptions.rules import Case, DoneSet, Instruction, Target, in_unit
from reptrail.sentences import MONTHS, Phrases, SaidDay, Sentence, Value, Weight, number
from reptrail.training.rules import WeightUnit

# A `why` is a clause that the sentence goes on from; `load`, `weight` and `step` are weights, `reach` and `each` what a set is of.
WHY = Phrases(
    {
        "body_weight": "body weight",
        "nearest": "{weight} (the nearest to {exact} that can be loaded)",
        "seconds": "{value} s",
        "metres": "{value} m",
        "range": "{least}-{most}",
        "sets": "{count} x {each}",
        "sets_at": "{sets} at {weight}",
        "one_set": "{count} set",
        "some_sets": "{count} sets",
        "or_more": "{count} x {least} or more",
        "nothing": "nothing",
        "whole": "{said}.",
        # What came before.
        "all_done": "All {sets} done on {day}",
        "done": "{sets} done on {day}",
        "done_of": "{done} of {sets} done on {day}",
        "missed": "{weight} was missed, last on {day}",
        "missed_times": "{weight} was missed {times} times in a row, last on {day}",
        "away": "{days} days without it since {weight} on {day}",
        # What follows for the weight.
        "more": "{why}, so {step} more: {load}",
        "less_help": "{why}, so {step} less help: {load}",
        "next_weight": "{why}, so the next weight there is: {load}",
        "no_heavier": "{why}; nothing heavier can be loaded, so the same again: {load}",
        "no_help_left": "{why}; there is no help left to take away, so the same again: {load}",
        "reps_back": "{said}, the reps back to {least}.",
        "same_again": "{why}, so the same again: {load} (miss {miss} of the {after} after which it goes down).",
        "lighter": "{why}, so {percent} % less: {load}.",
        "more_help": "{why}, so {percent} % more help: {load}.",
        "no_lighter": "{why}; nothing lighter can be loaded: {load}.",
        # What follows for repetitions, seconds and metres.
        "away_less": "{days} days without it, so {percent} % less: {reach}.",
        "a_little_more": "All {sets} done on {day}, so a little more: {reach}.",
        "missed_less": "{each} was missed {times} times in a row, so {percent} % less: {reach}.",
        "reach_again": "{done} of {sets} done on {day}, so the same again: {reach}.",
        "end_of_range": "All {sets} done on {day}, the end of the range: the same again, or a harder variant.",
        "reps_each": "{done} of {sets} done on {day}, so {reps} reps a set.",
        "reps_each_at": "{done} of {sets} done on {day}, so {reps} reps a set at the same weight: {load}.",
        # Percentages of a training max, and where it comes from.
        "no_max": "There is no training max of this exercise, and nothing done in the last {days} days to reckon one from: "
        "set one, or choose a weight that leaves two repetitions in reserve.",
        "percent": "{percent} % of the training max of {max}: {load}. {reason}",
        "percent_up_to": "Up to {percent} % of the training max of {max}: {load}. {reason}",
        "max_by_hand": "Set by hand.",
        "max_begun": "{percent} % of the best estimated maximum of the last {days} days, {best} on {day}.",
        "max_more": "From {weight}: every top set of the last cycle was done, so {step} more.",
        "max_less": "From {weight}: a top set of the last cycle was missed on {day}, so {percent} % less.",
        # A target RPE.
        "old_maximum": "The last estimated maximum, {best} on {day}, is more than {days} days old: work up to a weight of the "
        "target RPE.",
        "by_rpe": "For the target RPE from the estimated maximum of {best} on {day}: {load}.",
        "by_rpe_lower": "For the target RPE from the estimated maximum of {best} on {day}, {percent} % lower after {days} days "
        "without it: {load}.",
        "no_rpe": "No target here has an RPE and at most {most} repetitions to failure",
        # The plan, and where nothing else is known.
        "plan": "As the plan says: {sets}.",
        "plan_at": "As the plan says: {sets} at {load}.",
        "no_weight": "The plan names no weight",
        "nothing_yet": "There is nothing yet to go on from",
        "choose": "{why}: choose a weight that leaves two repetitions in reserve.",
        "last_used": "{why}, so the one last used, on {day}: {load}.",
        "to_begin": "To begin with, {reps} reps with {reserve} in reserve by the estimated maximum of {best} on {day}: {load}.",
    }
)
# Why a training max is what it is: kept as a sentence alone.
_MAXES = Phrases({code: text for code, text in WHY.texts.items() if code.startswith("max_")})
_MEASURES = {"duration_seconds": "seconds", "distance_m": "metres"}
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?) (kg|lb)")
_DAY = re.compile(rf"(\d+) ({'|'.join(MONTHS)})(?: (\d+))?")


def weight(value: Decimal, unit: WeightUnit) -> Weight:
    """A weight with its unit."""
    return Weight(value, unit)


def kilograms(kg: Decimal, unit: WeightUnit) -> Weight:
    """A weight in kg, said in a unit."""
    return Weight(in_unit(kg, unit), unit)


def day(day_: date, today: date) -> SaidDay:
    """A day, with its year where that is not this year."""
    return SaidDay(day_, day_.year != today.year)


def done_weight(done: DoneSet) -> Value:
    """The weight of a set as it was entered."""
    return WHY.say("body_weight") if not done.weight or done.weight_unit is None else Weight(done.weight, done.weight_unit)


def measure(instruction: Instruction, value: Decimal) -> Value:
    """Repetitions, seconds or metres."""
    code = _MEASURES.get(instruction.measure)
    return value if code is None else WHY.say(code, value=value)


def asked(instruction: Instruction, targets: Sequence[Target]) -> Sentence:
    """What working sets ask: `3 x 5`, `3 x 8-12`, `2 x 30 s`; where they differ, how many there are."""
    said = {str(each): each for target in targets if (each := _one(instruction, target)) is not None}
    if len(said) == 1 and all(_one(instruction, target) is not None for target in targets):
        return sets(len(targets), next(iter(said.values())))
    return WHY.say("one_set" if len(targets) == 1 else "some_sets", count=len(targets))


def sets(count: int, each: Value) -> Sentence:
    """So many sets of the same."""
    return WHY.say("sets", count=count, each=each)


def reached(instruction: Instruction, values: Sequence[Decimal]) -> Sentence:
    """What working sets had to reach: `3 x 5`; where they differ, how many there were."""
    if len(set(values)) == 1:
        return sets(len(values), measure(instruction, values[0]))
    return WHY.say("some_sets", count=len(values))


def _one(instruction: Instruction, target: Target) -> Value | None:
    least = instruction.least(target)
    if least is None:
        return None
    if instruction.measure == "reps" and target.reps_min is not None and target.reps_max not in (None, target.reps_min):
        return WHY.say("range", least=target.reps_min, most=target.reps_max or target.reps_min)
    return measure(instruction, least)


def loaded(case: Case, kg: Decimal, weight_: Decimal) -> Value:
    """The weight to load, with what it was before rounding where that differs."""
    exact = in_unit(kg, case.unit)
    said = Weight(weight_, case.unit)
    return said if number(exact) == number(weight_) else WHY.say("nearest", weight=said, exact=exact)


def remembered(reason: str, year: int) -> str:
    """The reason of a training max, which is kept as a sentence alone: with its code where it is one of ours.

    `year` is when it was kept: a day of that year is said without it.
    """
    found = None if isinstance(reason, Sentence) else _MAXES.find(reason)
    if found is None:
        return reason
    try:
        return WHY.say(found.code, **{name: _read_back(value, year) for name, value in found.values.items()})
    except ValueError:  # 29 February said in a leap year's last hours, kept when it was the next year in UTC
        return reason


def _read_back(value: str | float, year: int) -> Value:
    if not isinstance(value, str):
        return Decimal(str(value))
    if weighed := _WEIGHT.fullmatch(value):
        return Weight(Decimal(weighed[1]), weighed[2])
    if dated := _DAY.fullmatch(value):
        return SaidDay(date(int(dated[3] or year), MONTHS.index(dated[2]) + 1, int(dated[1])), dated[3] is not None)
    return value
