"""What a rule would have asked at each performance of a history, never looking ahead. Pure, no I/O, no clock."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from reptrail.prescriptions.loading import Equipment
from reptrail.prescriptions.progression import prescribe
from reptrail.prescriptions.rules import (
    Case,
    DoneSet,
    Instruction,
    Performance,
    Prescribed,
    PrescribedSet,
    Prescription,
    Progression,
    Rule,
    TrainingMax,
    is_same,
    is_work,
    kept,
)
from reptrail.prescriptions.training_max import settle
from reptrail.training.rules import SetLoad

# How many performances a rule may look back at, as when a session starts (queries.py); those of 90 days are among them.
# A rule that goes down after many misses looks back far enough to count them, with another series in between.
LOOKS_BACK = 12
LOOKS_BACK_PERCENT = 60
_NOTHING = Decimal(0)


class BacktestItem(msgspec.Struct, frozen=True):
    """One performance: what the rule would have asked on that day, what was done, and whether it was what was asked or more.

    `met` and `difference_kg` (heaviest done less heaviest asked) are null where the rule asked for no weight.
    """

    session_id: UUID
    date: date
    asked: list[PrescribedSet]
    done: list[DoneSet]
    met: bool | None
    difference_kg: Decimal | None
    reason: str


class Backtest(msgspec.Struct, frozen=True):
    """What a rule would have asked over a history, newest first, and how that compares with what was done."""

    rule: Rule
    constants: dict[str, Any]
    performances: int
    asked: int
    met: int
    met_share: float | None
    mean_difference_kg: Decimal | None
    items: list[BacktestItem]


def run(instruction: Instruction, history: Sequence[Performance], equipment: Equipment, since: date | None = None) -> Backtest:
    """Asks the rule anew before each performance, oldest first, with only what was done before it.

    What it asked stands as prescribed for that performance, as it would have; what was really prescribed is left out.
    The sums count what is from `since` on.
    """
    items: list[BacktestItem] = []
    past: list[Performance] = []
    progression = instruction.progression or Progression()
    looks_back = LOOKS_BACK_PERCENT if progression.rule is Rule.PERCENT else max(LOOKS_BACK, 2 * progression.deload_after)
    for performance in reversed([each for each in history if each.work]):
        case = Case(instruction, past[:looks_back], performance.date, equipment)
        found = prescribe(with_training_max(case))
        items.insert(0, _item(instruction, performance, found))
        past.insert(0, replace(performance, prescribed=_as_prescribed(found)))
    items = [each for each in items if since is None or each.date >= since]
    judged = [each for each in items if each.met is not None]
    differences = [each.difference_kg for each in items if each.difference_kg is not None]
    met = sum(each.met is True for each in judged)
    return Backtest(
        progression.rule,
        progression.constants,
        len(items),
        len(judged),
        met,
        met / len(judged) if judged else None,
        kept(sum(differences, _NOTHING) / len(differences)) if differences else None,
        items,
    )


def with_training_max(case: Case) -> Case:
    """The case with the training max that its own history gives, which the rule percent alone needs."""
    if case.progression.rule is not Rule.PERCENT:
        return case
    found: TrainingMax | None = settle(case, None, None)[0]
    return Case(case.instruction, case.history, case.today, case.equipment, found)


def _as_prescribed(found: Prescription) -> Prescribed:
    return Prescribed(found.rule, found.sets, found.inputs.scheme, found.inputs.builds_on_kg)


def _item(instruction: Instruction, performance: Performance, found: Prescription) -> BacktestItem:
    asked = [each for each in found.sets if is_work(each.kind)]
    work = performance.work
    is_assisted = instruction.load is SetLoad.ASSISTED
    has_weight = any(each.weight is not None for each in asked)
    # Of what has no weight the first performance is no answer to a question: nobody had been asked yet.
    is_judged = has_weight if instruction.is_weighted else found.inputs.last is not None
    hardest = min if is_assisted else max
    difference = None
    if has_weight:
        done_kg = hardest(each.weight_kg or _NOTHING for each in work)
        difference = done_kg - hardest(each.weight_kg for each in asked if each.weight_kg is not None)
    met = _all_met(instruction, asked, work) if is_judged else None
    return BacktestItem(performance.session_id, performance.date, found.sets, work, met, kept(difference), found.reason)


def _all_met(instruction: Instruction, asked: Sequence[PrescribedSet], done: Sequence[DoneSet]) -> bool:
    """Whether every set asked has a set of its own that reached it: the hardest asked first, each with the easiest that does."""
    harder = -1 if instruction.load is SetLoad.ASSISTED else 1
    left = sorted(done, key=lambda each: (each.weight_kg or _NOTHING) * harder)
    for each in sorted(asked, key=lambda each: (each.weight_kg or _NOTHING) * harder, reverse=True):
        found = next((one for one in left if _reaches(instruction, each, one, harder)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _reaches(instruction: Instruction, asked: PrescribedSet, done: DoneSet, harder: int) -> bool:
    least = getattr(asked, "reps_min" if instruction.measure == "reps" else instruction.measure) or 1
    if (getattr(done, instruction.measure) or 0) < least:
        return False
    if asked.weight_kg is None:
        return True
    kg = done.weight_kg or _NOTHING
    return is_same(kg, asked.weight_kg) or kg * harder >= asked.weight_kg * harder
