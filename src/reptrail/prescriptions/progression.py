"""The five progression rules: from an instruction and what was done before to what is asked now, and why. Pure, no I/O, no clock.

Nothing is remembered but what was done and what was asked for it then, so editing an old set changes what is asked next.
Weights are reckoned in kg and rounded last, to what the athlete can load; what a rule came to before rounding is kept with
the prescription and is what the next one builds on, so an increment smaller than the plates adds up instead of being lost.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reptrail.prescriptions import words
from reptrail.prescriptions.answer import Answer, assemble
from reptrail.prescriptions.loading import MAX_WEIGHT
from reptrail.prescriptions.rules import Case, Performance, Prescription, Rule, Target, in_unit
from reptrail.prescriptions.training_max import E1RM_DAYS
from reptrail.prescriptions.verdict import (
    Verdict,
    base_kg,
    e1rm_as_asked,
    judge,
    last_verdict,
    misses,
    series,
    targets,
    work_targets,
)
from reptrail.prescriptions.words import WHY
from reptrail.progress.formulas import E1RM_MAX_REPS, RPE_OF_FAILURE
from reptrail.sentences import SaidDay, Sentence, Value
from reptrail.training.rules import SMALLINT_MAX, SetKind, SetLoad, to_kg

# After a break longer than this, training starts again this much lower.
BREAK_DAYS = 28
BREAK_PERCENT = Decimal(10)
# How old an estimated maximum may be: for the rule rpe, and for a first guess.
RPE_DAYS = 60
GUESS_DAYS = 90
# The repetitions in reserve that a first guess leaves.
GUESS_RESERVE = 2
# Where there is no weight: one repetition more, or 5 % of the seconds or metres, up to whole steps.
MEASURE_PERCENT = Decimal(5)
STEPS = {"reps": Decimal(1), "duration_seconds": Decimal(5), "distance_m": Decimal(10)}
MOST = {"reps": Decimal(1000), "duration_seconds": Decimal(SMALLINT_MAX), "distance_m": Decimal(1_000_000)}
_HUNDRED = Decimal(100)
_NOTHING = Decimal(0)
_EPLEY = 30


def prescribe(case: Case) -> Prescription:
    """What to do today, by the instruction's rule."""
    rule = case.progression.rule
    return assemble(case, rule, _RULES[rule](case))


def _is_away(case: Case) -> bool:
    return (case.days_since or 0) > BREAK_DAYS


def _harder(case: Case) -> int:
    return -1 if case.instruction.load is SetLoad.ASSISTED else 1


def _day(case: Case, performance: Performance) -> SaidDay:
    return words.day(performance.date, case.today)


# --- linear --------------------------------------------------------------------------------------------------------------


def _linear(case: Case) -> Answer:
    past = series(case)
    if not past:
        return _first(case)
    return _linear_weight(case, past) if case.instruction.is_weighted else _linear_measure(case, past)


def _linear_weight(case: Case, past: Sequence[Performance]) -> Answer:
    rule, last = case.progression, judge(case, past[0])
    if _is_away(case):
        return _after_break(case, last)
    if last.met:
        return _ended(_step(case, last, _all_done(case, last)))
    missed = misses(case, past)
    if missed >= rule.deload_after and rule.deload_percent > 0:
        at: dict[str, Value] = {"weight": words.done_weight(last.top), "day": _day(case, last.performance)}
        why = WHY.say("missed_times", times=missed, **at) if missed > 1 else WHY.say("missed", **at)
        return _easier(case, last, rule.deload_percent, why, missed)
    kg = base_kg(last)
    weight = case.load(kg)
    why = WHY.say("done_of", done=last.done, sets=_reached(case, last), day=_day(case, last.performance))
    again = words.loaded(case, in_kg(case, weight), weight)
    reason = WHY.say("same_again", why=why, load=again, miss=missed, after=rule.deload_after)
    return Answer(reason, kg, weight, verdict=last, misses=missed, carries=True)


def in_kg(case: Case, weight: Decimal) -> Decimal:
    """A weight in the athlete's unit, in kg."""
    return to_kg(weight, case.unit) or _NOTHING


def _reached(case: Case, last: Verdict) -> Sentence:
    return WHY.say("sets_at", sets=words.reached(case.instruction, last.asked), weight=words.done_weight(last.top))


def _all_done(case: Case, last: Verdict) -> Sentence:
    return WHY.say("all_done" if len(last.asked) > 1 else "done", sets=_reached(case, last), day=_day(case, last.performance))


def _ended(answer: Answer) -> Answer:
    """An answer whose reason is a clause, with the reason as a whole sentence."""
    return replace(answer, reason=WHY.say("whole", said=answer.reason))


def _step(case: Case, last: Verdict, why: Sentence, *, at_least_one: bool = False) -> Answer:
    """The increment more, or that much less help; its reason is a clause yet to be ended.

    `at_least_one`: the next weight that can be loaded at the least.
    """
    rule, harder = case.progression, _harder(case)
    kg = min(max(_NOTHING, base_kg(last) + harder * rule.increment_kg), in_max_kg(case))
    weight, lifted = case.load(kg), in_unit(last.top_kg, case.unit)
    next_ = case.one_more(lifted) if harder > 0 else case.one_less(lifted)
    if next_ is None:
        end = WHY.say("no_heavier" if harder > 0 else "no_help_left", why=why, load=words.weight(weight, case.unit))
        return Answer(end, kg, weight, verdict=last)
    if at_least_one and (weight - lifted) * harder <= 0:
        kg, weight = in_kg(case, next_), next_
        return Answer(WHY.say("next_weight", why=why, load=words.weight(weight, case.unit)), kg, weight, verdict=last)
    step, load = words.weight(rule.increment, rule.increment_unit), words.loaded(case, kg, weight)
    more = WHY.say("more" if harder > 0 else "less_help", why=why, step=step, load=load)
    return Answer(more, kg, weight, verdict=last, carries=True)


def in_max_kg(case: Case) -> Decimal:
    """The heaviest weight that is ever asked, in kg."""
    return in_kg(case, Decimal(MAX_WEIGHT))


def _easier(case: Case, last: Verdict, percent: Decimal, why: Sentence, missed: int | None = None) -> Answer:
    """So much less, or so much more help; lighter than what was lifted wherever something lighter can be loaded."""
    harder = _harder(case)
    kg = last.top_kg * (1 - harder * percent / _HUNDRED)
    weight, lifted = case.load(kg), in_unit(last.top_kg, case.unit)
    if (weight - lifted) * harder >= 0:
        other = case.one_less(lifted) if harder > 0 else case.one_more(lifted)
        weight = weight if other is None else other
    if weight == lifted:
        return Answer(WHY.say("no_lighter", why=why, load=words.weight(weight, case.unit)), kg, weight, verdict=last)
    less = WHY.say("lighter" if harder > 0 else "more_help", why=why, percent=percent, load=words.loaded(case, kg, weight))
    return Answer(less, kg, weight, verdict=last, misses=missed)


def _after_break(case: Case, last: Verdict) -> Answer:
    day = _day(case, last.performance)
    why = WHY.say("away", days=case.days_since or 0, weight=words.done_weight(last.top), day=day)
    return _easier(case, last, BREAK_PERCENT, why)


def _linear_measure(case: Case, past: Sequence[Performance]) -> Answer:
    """Where there is no weight, the repetitions, seconds or metres go up and down instead."""
    instruction, rule, last = case.instruction, case.progression, judge(case, past[0])
    name = instruction.measure
    why: dict[str, Value]
    asked = words.measure(instruction, last.asked[0]) if last.asked else ""
    done: dict[str, Value] = {"sets": words.sets(len(last.asked), asked), "day": _day(case, last.performance)}
    missed = 0 if last.met else misses(case, past)
    if _is_away(case):
        reach = _fewer(name, _lowest(last), BREAK_PERCENT)
        code, why = "away_less", {"days": case.days_since or 0, "percent": BREAK_PERCENT}
    elif last.met:
        reach = _further(name, _lowest(last))
        code, why = "a_little_more", done
    elif missed >= rule.deload_after and rule.deload_percent > 0:
        reach = _fewer(name, last.asked[0], rule.deload_percent)
        code, why = "missed_less", {"each": asked, "times": missed, "percent": rule.deload_percent}
    else:
        reach = last.asked[0]
        code, why = "reach_again", {"done": last.done, **done}
    reason = WHY.say(code, **why, reach=words.measure(instruction, reach))
    return Answer(reason, reach=reach, verdict=last, misses=missed)


def _lowest(last: Verdict) -> Decimal:
    """What each of the sets asked reached."""
    counted = last.values[: max(1, len(last.asked))]
    return max(counted[-1], Decimal(1))


def _further(name: str, value: Decimal) -> Decimal:
    step = STEPS[name]
    more = step if name == "reps" else (value * MEASURE_PERCENT / _HUNDRED / step).to_integral_value(ROUND_CEILING) * step
    return min(MOST[name], (value + more).to_integral_value(ROUND_CEILING))


def _fewer(name: str, value: Decimal, percent: Decimal) -> Decimal:
    step = STEPS[name]
    less = (value * (1 - percent / _HUNDRED) / step).to_integral_value(ROUND_FLOOR) * step
    return less if less > 0 else max(Decimal(1), value.to_integral_value(ROUND_FLOOR) - 1)


# --- double --------------------------------------------------------------------------------------------------------------


def _double(case: Case) -> Answer:
    past = series(case)
    if not past:
        return _first(case)
    instruction, last = case.instruction, judge(case, past[0])
    wanted = work_targets(case, len(last.values))
    low = min((each.reps_min or 1 for each in wanted), default=1)
    high = max((each.reps_max or each.reps_min or 1 for each in wanted), default=low)
    if instruction.is_weighted and _is_away(case):
        easier = _after_break(case, last)
        return Answer(easier.reason, easier.kg, easier.weight, Decimal(low), last)
    count = len(last.asked)
    counted = last.values[:count]
    said = words.sets(count, high)
    if instruction.is_weighted:
        said = WHY.say("sets_at", sets=said, weight=words.done_weight(last.top))
    day = _day(case, last.performance)
    if counted and len(counted) == count and min(counted) >= high:
        if not instruction.is_weighted:
            return Answer(WHY.say("end_of_range", sets=said, day=day), reach=Decimal(high), verdict=last)
        return _top_of_range(case, last, WHY.say("all_done", sets=said, day=day), low, high)
    fewest = min(counted, default=_NOTHING)
    is_whole = len(counted) == count
    reach = min(Decimal(high), max(Decimal(low), fewest + 1 if is_whole else fewest))
    done = WHY.say("or_more", count=len(counted), least=fewest) if counted else WHY.say("nothing")
    if not instruction.is_weighted:
        return Answer(WHY.say("reps_each", done=done, sets=said, day=day, reps=reach), reach=reach, verdict=last)
    kg = base_kg(last)
    weight = case.load(kg)
    reason = WHY.say("reps_each_at", done=done, sets=said, day=day, reps=reach, load=words.weight(weight, case.unit))
    return Answer(reason, kg, weight, reach, last)


def _top_of_range(case: Case, last: Verdict, why: Sentence, low: int, high: int) -> Answer:
    """A step more with the repetitions back to the lower end, where a step more can be loaded."""
    step = _step(case, last, why, at_least_one=True)
    if step.weight is not None and (step.weight - in_unit(last.top_kg, case.unit)) * _harder(case) > 0:
        return replace(step, reason=WHY.say("reps_back", said=step.reason, least=low), reach=Decimal(low))
    return replace(_ended(step), reach=Decimal(high))


# --- percent, rpe, fixed -------------------------------------------------------------------------------------------------


def _percent(case: Case) -> Answer:
    known, percents = case.training_max, [each.percent for each in targets(case)]
    top = max((each for each in percents if each is not None), default=None)
    if known is None or top is None:
        return Answer(WHY.say("no_max", days=E1RM_DAYS))
    weights = [None if each is None else case.load(known.weight_kg * each / _HUNDRED) for each in percents]
    kg = known.weight_kg * top / _HUNDRED
    reason = WHY.say(
        "percent_up_to" if len({each for each in percents if each is not None}) > 1 else "percent",
        percent=top,
        max=words.weight(known.weight, known.weight_unit),
        load=words.loaded(case, kg, case.load(kg)),
        reason=words.remembered(known.reason, (known.created_at or case.today).year),
    )
    return Answer(reason, kg, case.load(kg), weights=weights)


def _rpe(case: Case) -> Answer:
    last = next((performance for performance in case.history if performance.best_e1rm_kg is not None), None)
    last_e1rm = None if last is None else e1rm_as_asked(last)
    if last is None or last_e1rm is None:
        return _first(case)
    best = words.kilograms(last_e1rm, case.unit)
    if (case.today - last.date).days > RPE_DAYS:
        return Answer(
            WHY.say("old_maximum", best=best, day=_day(case, last), days=RPE_DAYS), verdict=judge(case, last), e1rm_kg=last_e1rm
        )
    e1rm = last_e1rm * (1 - BREAK_PERCENT / _HUNDRED) if _is_away(case) else last_e1rm
    exact = [_of_rpe(e1rm, each) for each in targets(case)]
    heaviest = max((kg for kg in exact if kg is not None), default=None)
    if heaviest is None:
        return _last_used(case, WHY.say("no_rpe", most=E1RM_MAX_REPS))
    weight = case.load(heaviest)
    said: dict[str, Value] = {"best": best, "day": _day(case, last), "load": words.loaded(case, heaviest, weight)}
    away: dict[str, Value] = {"percent": BREAK_PERCENT, "days": case.days_since or 0}
    weights = [None if kg is None else case.load(kg) for kg in exact]
    return Answer(
        WHY.say("by_rpe_lower", **said, **away) if _is_away(case) else WHY.say("by_rpe", **said),
        heaviest,
        weight,
        verdict=judge(case, last),
        e1rm_kg=e1rm,
        weights=weights,
    )


def _of_rpe(e1rm_kg: Decimal, target: Target) -> Decimal | None:
    """The weight in kg of which the target's repetitions are of its RPE: Epley 1985 the other way round, reps and RIR up to 12."""
    reps = target.reps_max if target.reps_max is not None else target.reps_min
    if not reps or target.rpe is None or target.kind is SetKind.WARMUP:
        return None
    to_failure = reps + RPE_OF_FAILURE - target.rpe
    return e1rm_kg / (1 + to_failure / _EPLEY) if to_failure <= E1RM_MAX_REPS else None


def _fixed(case: Case) -> Answer:
    instruction = case.instruction
    asked = words.asked(instruction, work_targets(case, 1))
    if instruction.weight is not None:
        kg = to_kg(instruction.weight, instruction.weight_unit) or _NOTHING
        weight = case.load(kg)
        return Answer(WHY.say("plan_at", sets=asked, load=words.loaded(case, kg, weight)), kg, weight)
    if not instruction.is_weighted:
        return Answer(WHY.say("plan", sets=asked), verdict=last_verdict(case))
    return _last_used(case, WHY.say("no_weight"))


# --- Where there is nothing to go on from --------------------------------------------------------------------------------


def _last_used(case: Case, why: Sentence) -> Answer:
    """The weight last used, as it is."""
    last = last_verdict(case)
    if last is None or (last.top_kg == 0 and case.instruction.load is SetLoad.EXTERNAL):
        return Answer(WHY.say("choose", why=why), verdict=last)
    weight = case.load(last.top_kg)
    said = WHY.say("last_used", why=why, day=_day(case, last.performance), load=words.loaded(case, last.top_kg, weight))
    return Answer(said, last.top_kg, weight, verdict=last)


def _first(case: Case) -> Answer:
    """Where a rule begins: with the plan's weight, else with what an estimated maximum allows, else with the one last used."""
    instruction = case.instruction
    if instruction.weight is not None or not instruction.is_weighted:
        return _fixed(case)
    recent = [p for p in case.history if p.best_e1rm_kg is not None and (case.today - p.date).days <= GUESS_DAYS]
    reps = max((each.reps_max or each.reps_min or 0 for each in work_targets(case)), default=0)
    if recent and recent[0].best_e1rm_kg is not None and 0 < reps <= E1RM_MAX_REPS - GUESS_RESERVE:
        best = recent[0].best_e1rm_kg
        kg = best / (1 + Decimal(reps + GUESS_RESERVE) / _EPLEY)
        weight = case.load(kg)
        reason = WHY.say(
            "to_begin",
            reps=reps,
            reserve=GUESS_RESERVE,
            best=words.kilograms(best, case.unit),
            day=_day(case, recent[0]),
            load=words.loaded(case, kg, weight),
        )
        return Answer(reason, kg, weight, verdict=judge(case, recent[0]), e1rm_kg=best)
    return _last_used(case, WHY.say("nothing_yet"))


_RULES = {Rule.FIXED: _fixed, Rule.LINEAR: _linear, Rule.DOUBLE: _double, Rule.PERCENT: _percent, Rule.RPE: _rpe}
