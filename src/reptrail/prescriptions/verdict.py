"""How a past performance went by what was asked of it, and which ones a rule goes on from. Pure, no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from reptrail.prescriptions.rules import Case, DoneSet, Performance, PrescribedSet, Target, is_same, is_work
from reptrail.progress.formulas import RPE_OF_FAILURE
from reptrail.training.rules import SetLoad

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a performance went: its sets at the working weight against what was asked, both greatest first."""

    performance: Performance
    top: DoneSet
    top_kg: Decimal
    values: list[Decimal]
    asked: list[Decimal]

    @property
    def done(self) -> int:
        """How many of the sets asked reached what was asked of them."""
        return sum(value >= asked for value, asked in zip(self.values, self.asked, strict=False))

    @property
    def met(self) -> bool:
        """Whether every set asked was done."""
        return self.done >= len(self.asked)


def judge(case: Case, performance: Performance) -> Verdict:
    """How a performance that has working sets went, by what had been prescribed then, else by what the instruction asks.

    The working weight is the heaviest; of help the least, since less of it is harder.
    """
    instruction = case.instruction
    work = performance.work
    weights = [each.weight_kg or _NOTHING for each in work]
    top_kg = min(weights) if instruction.load is SetLoad.ASSISTED else max(weights)
    top = [each for each, kg in zip(work, weights, strict=True) if is_same(kg, top_kg)]
    values = sorted((_value(case, each) for each in top), reverse=True)
    had = performance.prescribed
    if had is not None:
        asked = [_asked(case, each) for each in had.sets if is_work(each.kind)]
    else:
        asked = [instruction.least(each) or Decimal(1) for each in work_targets(case, len(top))]
    at_top = next(each for each, kg in zip(work, weights, strict=True) if kg == top_kg)
    return Verdict(performance, at_top, top_kg, values, sorted(asked, reverse=True))


def _value(case: Case, done: DoneSet) -> Decimal:
    return Decimal(getattr(done, case.instruction.measure) or 0)


def _asked(case: Case, prescribed: PrescribedSet) -> Decimal:
    name = "reps_min" if case.instruction.measure == "reps" else case.instruction.measure
    return Decimal(getattr(prescribed, name) or 1)


def work_targets(case: Case, usual: int = 1) -> list[Target]:
    """What the working sets ask."""
    return [each for each in case.instruction.targets(usual) if is_work(each.kind)]


def series(case: Case) -> list[Performance]:
    """The performances to go on from, newest first: those of this rule and scheme, else the last one if it fits.

    Where the plan says what to start with, it starts with that. A performance fits if one of its sets at the working weight
    reached what the plan asks: singles say nothing about the weight for tens.
    """
    if case.series or case.instruction.weight is not None:
        return case.series
    last = next((performance for performance in case.history if performance.work), None)
    if last is None:
        return []
    verdict = judge(case, last)
    is_known = verdict.top_kg > 0 or not case.instruction.is_weighted or case.instruction.load is not SetLoad.EXTERNAL
    return [last] if is_known and verdict.values[0] >= min(verdict.asked, default=_NOTHING) else []


def base_kg(verdict: Verdict) -> Decimal:
    """What to build on: what was asked before rounding if that was lifted, else what was lifted."""
    had = verdict.performance.prescribed
    if had is None or had.builds_on_kg is None:
        return verdict.top_kg
    asked = max((each.weight_kg or _NOTHING for each in had.sets if is_work(each.kind)), default=_NOTHING)
    return had.builds_on_kg if is_same(asked, verdict.top_kg) else verdict.top_kg


def misses(case: Case, past: Sequence[Performance]) -> int:
    """How many performances in a row, the last one first, missed what was asked at the same weight."""
    count = 0
    last = judge(case, past[0])
    for performance in past:
        verdict = judge(case, performance)
        # Without a weight, what was asked is what stays the same.
        is_other = verdict.asked != last.asked and not case.instruction.is_weighted
        if verdict.met or is_other or not is_same(verdict.top_kg, last.top_kg):
            break
        count += 1
    return count


def last_verdict(case: Case) -> Verdict | None:
    """How the last performance went, of the series if there is one."""
    last = next((p for p in [*case.series, *case.history] if p.work), None)
    return None if last is None else judge(case, last)


def targets(case: Case) -> list[Target]:
    """What each set asks; as many sets as were done the last time, where the plan does not say."""
    last = last_verdict(case)
    return case.instruction.targets(1 if last is None else len(last.values))


def e1rm_as_asked(performance: Performance) -> Decimal | None:
    """The best estimated maximum of a performance in kg; without any RPE, with each set as hard as was asked of it.

    Else whoever does just what is asked and says nothing more would be taken to have failed, and be asked for less each time.
    """
    had, work = performance.prescribed, performance.work
    asked = [] if had is None else [each for each in had.sets if is_work(each.kind)]
    if not asked or any(each.rpe is not None for each in work):
        return performance.best_e1rm_kg
    felt = [_as_hard_as(asked[min(place, len(asked) - 1)], each) for place, each in enumerate(work)]
    return max((e for each in felt if (e := each.e1rm_kg) is not None), default=performance.best_e1rm_kg)


def _as_hard_as(asked: PrescribedSet, done: DoneSet) -> DoneSet:
    """A set with the RPE that was asked: more repetitions were so much harder, and fewer are a failure, which says enough."""
    reps = done.reps or 0
    if asked.rpe is None or reps < (asked.reps_min or asked.reps_max or 1):
        return done
    beyond = reps - min(reps, asked.reps_max or reps)
    return replace(done, rpe=min(RPE_OF_FAILURE, asked.rpe + beyond))
