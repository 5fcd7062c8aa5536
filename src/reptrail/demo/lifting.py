"""One made-up athlete under the bar: strength that grows, weights that follow it, and the sets that come of both."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from reptrail.demo.plan import LOWER_BODY, MOVEMENTS, Movement
from reptrail.demo.shapes import Instruction, Performance, PerformedSet, Workout
from reptrail.training.rules import SetKind, SetLoad

# How much of a set's repetitions the sets before it cost, each.
REPS_LOST_PER_SET = 0.35
# Repetitions left in reserve with the first weight of an exercise.
FIRST_RESERVE = 3
DELOAD_SHARE = 0.85
LIGHT_LEGS_SHARE = 0.7
MISSES_BEFORE_LESS = 2
LESS_SHARE = 0.9
MAX_RPE_TO_ADD = 9.0
# Nobody tells seven repetitions in reserve from six.
LOWEST_RPE = 5.0
FAILURE_RPE = 10.0
FORM_DEVIATION = 0.014
# A week without training costs this share of the strength above the untrained one.
WEEK_OFF_SHARE = 0.97
SECONDS_A_SET = 40
AMRAP_CHANCE = 0.12
EPLEY_REPS = 30
HARD_EFFORT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a day is like. `growth` scales what is gained; `stuck` exercises gain nothing; body weight in kg."""

    body_kg: float
    growth: float = 1.0
    stuck: frozenset[str] = frozenset()
    is_deload: bool = False
    light_legs: bool = False


@dataclass(slots=True)
class _Aim:
    """What is to be lifted next time."""

    weight_kg: float
    reps: int
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """What a session came to."""

    performances: tuple[Performance, ...]
    ended_at: datetime
    effort_rating: int


class Lifter:
    """The athlete's strength and next weights; every session changes both."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._strength = {name: movement.start_kg for name, movement in MOVEMENTS.items() if movement.strength is None}
        self._aims: dict[tuple[str, str], _Aim] = {}

    def rest_a_week(self) -> None:
        """Weaker by a week without training."""
        for name, strength in self._strength.items():
            untrained = MOVEMENTS[name].start_kg
            self._strength[name] = untrained + (strength - untrained) * WEEK_OFF_SHARE

    def train(self, workout: Workout, conditions: Conditions, started_at: datetime) -> Trained:
        """Does a workout, one exercise after another."""
        at = started_at + timedelta(seconds=self._random.randint(180, 420))
        performances = []
        for position, instruction in enumerate(workout.instructions):
            sets = self._do(workout.key, instruction, conditions, at)
            at = sets[-1].completed_at + timedelta(seconds=instruction.rest_seconds + self._random.randint(20, 90))
            hardest = max((s.rpe for s in sets if s.rpe is not None), default=None)
            rated = hardest is not None and self._random.random() < 0.4  # noqa: PLR2004 - as often as not, roughly
            performances.append(
                Performance(
                    position=position,
                    exercise=instruction.exercise,
                    sets=tuple(sets),
                    difficulty_rating=int(hardest) if rated and hardest is not None else None,
                )
            )
        return Trained(tuple(performances), at, self._effort(performances, conditions))

    def _effort(self, performances: list[Performance], conditions: Conditions) -> int:
        if conditions.is_deload:
            return self._random.randint(4, 5)
        hardest = [float(s.rpe) for p in performances for s in p.sets if s.rpe is not None]
        typical = sum(hardest) / len(hardest) if hardest else HARD_EFFORT
        return max(1, min(10, round(typical - 0.5 + self._random.gauss(0, 0.6))))

    def _do(self, workout: str, instruction: Instruction, conditions: Conditions, at: datetime) -> list[PerformedSet]:
        if instruction.duration_seconds is not None:
            return self._hold(instruction, at)
        movement = MOVEMENTS[instruction.exercise]
        aim = self._aims.setdefault((workout, instruction.exercise), self._first_aim(instruction, conditions.body_kg))
        weight = self._weight_today(instruction.exercise, movement, aim, conditions)
        sets = self._warm_up(weight, at) if movement.warm_ups else []
        if sets:
            at = sets[-1].completed_at + timedelta(seconds=120)
        form = self._random.gauss(1, FORM_DEVIATION)
        count = max(2, instruction.sets - 1) if conditions.is_deload else instruction.sets
        met, hardest = True, 0.0
        for number in range(count):
            capacity = self._reps_possible(instruction.exercise, weight, conditions.body_kg, form) - REPS_LOST_PER_SET * number
            is_amrap = number == count - 1 and movement.warm_ups and not conditions.is_deload
            is_amrap = is_amrap and self._random.random() < AMRAP_CHANCE
            made, rpe = self._set(aim.reps, capacity, is_amrap=is_amrap)
            met, hardest = met and made >= aim.reps, max(hardest, rpe if not is_amrap else 0.0)
            sets.append(
                PerformedSet(
                    kind=SetKind.AMRAP if is_amrap else SetKind.WORKING,
                    load=SetLoad.ADDED if movement.load is SetLoad.BODYWEIGHT and weight > 0 else movement.load,
                    reps=made,
                    weight=_decimal(weight) if weight > 0 else None,
                    rpe=_decimal(rpe) if movement.warm_ups else None,
                    completed_at=at + timedelta(seconds=SECONDS_A_SET),
                )
            )
            at += timedelta(seconds=SECONDS_A_SET + round(instruction.rest_seconds * self._random.uniform(0.8, 1.3)))
        if weight == aim.weight_kg and not conditions.is_deload:
            self._look_ahead(instruction, movement, aim, met=met, hardest=hardest)
        self._grow(instruction.exercise, movement, conditions)
        return sets

    def _hold(self, instruction: Instruction, at: datetime) -> list[PerformedSet]:
        aim = self._aims.setdefault(("", instruction.exercise), _Aim(0, instruction.duration_seconds or 0))
        aim.reps = min(aim.reps + 1, 120)
        sets = []
        for _ in range(instruction.sets):
            seconds = aim.reps + 5 * self._random.randint(-1, 1)
            at += timedelta(seconds=seconds)
            sets.append(PerformedSet(load=SetLoad.BODYWEIGHT, duration_seconds=seconds, completed_at=at))
            at += timedelta(seconds=instruction.rest_seconds)
        return sets

    def _first_aim(self, instruction: Instruction, body_kg: float) -> _Aim:
        movement = MOVEMENTS[instruction.exercise]
        reps = instruction.reps_min or 1
        total = self._strength[movement.strength or instruction.exercise] / (1 + (reps + FIRST_RESERVE) / EPLEY_REPS)
        weight = total - movement.body_share * body_kg
        if movement.load is SetLoad.ASSISTED:
            return _Aim(-_round_down(weight, movement.step_kg, None), reps)
        if movement.step_kg == 0:
            return _Aim(0, reps)
        return _Aim(_round_down(weight, movement.step_kg, movement.least_kg), reps)

    def _weight_today(self, exercise: str, movement: Movement, aim: _Aim, conditions: Conditions) -> float:
        share = DELOAD_SHARE if conditions.is_deload else 1.0
        if conditions.light_legs and exercise in LOWER_BODY:
            share = min(share, LIGHT_LEGS_SHARE)
        if share == 1.0 or movement.load is not SetLoad.EXTERNAL:
            return aim.weight_kg
        return _round_down(aim.weight_kg * share, movement.step_kg, movement.least_kg)

    def _reps_possible(self, exercise: str, weight: float, body_kg: float, form: float) -> float:
        movement = MOVEMENTS[exercise]
        lifted = body_kg * movement.body_share + (-weight if movement.load is SetLoad.ASSISTED else weight)
        strength = self._strength[movement.strength or exercise] * form
        return EPLEY_REPS * (strength / lifted - 1)

    def _set(self, aim: int, capacity: float, *, is_amrap: bool) -> tuple[int, float]:
        """Repetitions done and how hard they were (RPE in halves)."""
        possible = max(1, int(capacity + 0.4))
        made = min(possible, aim + (3 if is_amrap else 0))
        rpe = FAILURE_RPE - max(0.0, capacity - made) + self._random.gauss(0, 0.2)
        return made, max(LOWEST_RPE, min(FAILURE_RPE, round(rpe * 2) / 2))

    def _warm_up(self, weight: float, at: datetime) -> list[PerformedSet]:
        steps = [(20.0, 8), (_round_down(weight * 0.55, 2.5, 20), 5), (_round_down(weight * 0.8, 2.5, 20), 2)]
        sets: list[PerformedSet] = []
        for kg, reps in steps:
            if kg < weight and (not sets or _decimal(kg) > (sets[-1].weight or 0)):
                at += timedelta(seconds=75)
                sets.append(
                    PerformedSet(kind=SetKind.WARMUP, load=SetLoad.EXTERNAL, reps=reps, weight=_decimal(kg), completed_at=at)
                )
        return sets[-2:]

    def _look_ahead(self, instruction: Instruction, movement: Movement, aim: _Aim, *, met: bool, hardest: float) -> None:
        """Double progression: repetitions up within the range, then weight up; less weight after missing twice."""
        least, most = instruction.reps_min or 1, instruction.reps_max or 1
        step = -movement.step_kg if movement.load is SetLoad.ASSISTED else movement.step_kg
        if not met:
            aim.misses += 1
            if aim.misses >= MISSES_BEFORE_LESS and movement.load is SetLoad.EXTERNAL:
                aim.weight_kg = _round_down(aim.weight_kg * LESS_SHARE, movement.step_kg, movement.least_kg)
                aim.reps, aim.misses = least, 0
        elif hardest <= MAX_RPE_TO_ADD:
            aim.misses = 0
            if aim.reps < most:
                aim.reps += 1
            elif step:
                aim.weight_kg = max(movement.least_kg, aim.weight_kg + step)
                aim.reps = least

    def _grow(self, exercise: str, movement: Movement, conditions: Conditions) -> None:
        if exercise in conditions.stuck:
            return
        name = movement.strength or exercise
        share = movement.pace * conditions.growth * self._random.uniform(0.5, 1.5)
        self._strength[name] += (movement.ceiling_kg - self._strength[name]) * share


def _round_down(kg: float, step_kg: float, least_kg: float | None) -> float:
    rounded = kg // step_kg * step_kg
    return rounded if least_kg is None else max(least_kg, rounded)


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:g}")
