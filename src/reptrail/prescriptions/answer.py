"""What a rule came to, and the prescription that it makes. Pure, no I/O, no clock."""

from dataclasses import dataclass
from decimal import Decimal

from reptrail.prescriptions.rules import (
    Case,
    Inputs,
    LastSet,
    LastTime,
    Performance,
    PrescribedSet,
    Prescription,
    Rule,
    Target,
    is_work,
    kept,
)
from reptrail.prescriptions.verdict import Verdict, targets
from reptrail.sentences import Sentence

MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule came to: a working weight in kg, before rounding; or the measure to reach; and why. None: left open.

    `carries`: what rounding took off is for the next time. After a deload or a guess it is not: those are round about anyway.
    """

    reason: Sentence
    kg: Decimal | None = None
    weight: Decimal | None = None
    reach: Decimal | None = None
    verdict: Verdict | None = None
    misses: int | None = None
    e1rm_kg: Decimal | None = None
    weights: list[Decimal | None] | None = None
    carries: bool = False


def assemble(case: Case, rule: Rule, answer: Answer) -> Prescription:
    """The prescription that an answer comes to, with what it was reckoned from."""
    instruction, last = case.instruction, answer.verdict
    sets = [_set(case, answer, place, target) for place, target in enumerate(targets(case))]
    inputs = Inputs(
        constants=case.progression.constants,
        scheme=instruction.scheme,
        weight_unit=case.unit,
        equipment=instruction.equipment,
        last=None if last is None else _last_time(last.performance),
        days_since=case.days_since,
        met=None if last is None else last.met,
        misses=answer.misses,
        e1rm_kg=kept(answer.e1rm_kg),
        training_max_kg=kept(case.training_max.weight_kg) if case.training_max and rule is Rule.PERCENT else None,
        before_rounding_kg=kept(answer.kg),
        builds_on_kg=kept(answer.kg) if answer.carries else None,
        said=answer.reason.said,
    )
    return Prescription(sets, instruction.rest_seconds, rule, inputs, _within(str(answer.reason)))


def _within(reason: str) -> str:
    """The reason, as long as one may be; a training max brings along what somebody wrote of it."""
    return reason if len(reason) <= MAX_REASON else reason[: MAX_REASON - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _last_time(performance: Performance) -> LastTime:
    sets = [LastSet(s.reps, s.weight, s.weight_unit, s.rpe, s.duration_seconds, s.distance_m) for s in performance.work]
    return LastTime(performance.session_id, performance.date, sets)


def _set(case: Case, answer: Answer, place: int, target: Target) -> PrescribedSet:
    weight = answer.weight if is_work(target.kind) else None
    if answer.weights is not None:
        weight = answer.weights[place]
    reps_min, reps_max, seconds, metres = target.reps_min, target.reps_max, target.duration_seconds, case.instruction.distance_m
    if answer.reach is not None and is_work(target.kind):
        if case.instruction.measure == "reps":
            reps_min = int(answer.reach)
            reps_max = max(reps_min, reps_max or 0)
        elif case.instruction.measure == "duration_seconds":
            seconds = int(answer.reach)
        else:
            metres = answer.reach
    unit = None if weight is None else case.unit
    return PrescribedSet(place + 1, target.kind, reps_min, reps_max, weight, unit, target.rpe, seconds, metres)
