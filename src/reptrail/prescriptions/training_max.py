"""The training max: where it begins, and how it moves from one cycle of a program to the next. Pure, no I/O, no clock."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from reptrail.prescriptions import words
from reptrail.prescriptions.loading import MAX_WEIGHT
from reptrail.prescriptions.rules import Case, Performance, PrescribedSet, Rule, TrainingMax, in_unit, is_same, is_work
from reptrail.prescriptions.words import WHY
from reptrail.training.rules import SetKind, WeightUnit

# A maximum that was reached longer ago says little about today.
E1RM_DAYS = 90
_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)


def settle(case: Case, enrollment_id: UUID | None, cycle: int | None) -> tuple[TrainingMax | None, bool]:
    """The training max to go by in this cycle of this enrollment, and whether it is new and so to be kept.

    `case.training_max` is the newest there is. With none it begins at `training_max_percent` of the best e1RM of the last 90
    days. In the first session of a cycle it moves: by the increment if every top set of the cycle before reached its
    minimum, else down by `deload_percent`. One that the athlete set since then stands.
    """
    known = case.training_max
    if known is None:
        begun = _begin(case)
        return begun, begun is not None and enrollment_id is not None
    if enrollment_id is None or cycle is None or known.of_this_cycle:
        return known, False
    before = [
        performance
        for performance in case.history
        if (performance.program_enrollment_id, performance.program_cycle) == (enrollment_id, cycle - 1)
        and performance.prescribed is not None
        and performance.prescribed.rule is Rule.PERCENT
    ]
    is_set_since = known.program_enrollment_id is None and known.created_at is not None
    if not before or (is_set_since and known.created_at is not None and known.created_at > before[0].at):
        return known, False
    return _moved(case, known, before), True


def _begin(case: Case) -> TrainingMax | None:
    recent = [p for p in case.history if (case.today - p.date).days <= E1RM_DAYS and p.best_e1rm_kg is not None]
    best = max(recent, key=lambda p: p.best_e1rm_kg or Decimal(0), default=None)
    if best is None or best.best_e1rm_kg is None:
        return None
    percent = case.progression.training_max_percent
    weight = _settable(best.best_e1rm_kg * percent / _HUNDRED, case.unit)
    reached, day = words.kilograms(best.best_e1rm_kg, case.unit), words.day(best.date, case.today)
    reason = WHY.say("max_begun", percent=percent, days=E1RM_DAYS, best=reached, day=day)
    return TrainingMax(weight=weight, weight_unit=case.unit, reason=reason)


def _settable(kg: Decimal, unit: WeightUnit) -> Decimal:
    """A weight in kg as a training max is kept: to the tenth of the unit, and within what one can be."""
    return min(max(_TENTH, in_unit(kg, unit).quantize(_TENTH)), Decimal(MAX_WEIGHT))


def _moved(case: Case, known: TrainingMax, before: Sequence[Performance]) -> TrainingMax:
    rule, before_ = case.progression, words.weight(known.weight, known.weight_unit)
    missed = next((performance for performance in before if not reached_top(performance)), None)
    if missed is None:
        kg = known.weight_kg + rule.increment_kg
        reason = WHY.say("max_more", weight=before_, step=words.weight(rule.increment, rule.increment_unit))
    else:
        kg = known.weight_kg * (1 - rule.deload_percent / _HUNDRED)
        day = words.day(missed.date, case.today)
        reason = WHY.say("max_less", weight=before_, day=day, percent=rule.deload_percent)
    weight = _settable(kg, known.weight_unit)
    return TrainingMax(weight=weight, weight_unit=known.weight_unit, reason=reason)


def reached_top(performance: Performance) -> bool:
    """Whether the top sets of a performance reached their minimum: its AMRAP sets, or where it has none the heaviest."""
    if performance.prescribed is None:
        return True
    return all(_is_done(performance, each) for each in top_sets(performance.prescribed.sets))


def top_sets(sets: Sequence[PrescribedSet]) -> list[PrescribedSet]:
    """The sets that decide: AMRAP, or where there are none the heaviest working sets."""
    work = [each for each in sets if is_work(each.kind)]
    decisive = [each for each in work if each.kind is SetKind.AMRAP]
    if decisive:
        return decisive
    heaviest = max((each.weight_kg or Decimal(0) for each in work), default=Decimal(0))
    return [each for each in work if (each.weight_kg or Decimal(0)) == heaviest]


def _is_done(performance: Performance, asked: PrescribedSet) -> bool:
    needed_kg = asked.weight_kg or Decimal(0)
    least = asked.reps_min if asked.reps_min is not None else asked.reps_max or 1
    return any(
        (done.reps or 0) >= least and ((kg := done.weight_kg or Decimal(0)) >= needed_kg or is_same(kg, needed_kg))
        for done in performance.work
    )
