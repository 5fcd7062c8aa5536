"""The demonstration athlete's history, made up: the same seed and day give the same history. Pure, no clock, no database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from reptrail.demo import body, plan
from reptrail.demo.lifting import Conditions, Lifter
from reptrail.demo.shapes import History, Performance, PerformedSet, Session, Workout
from reptrail.training.rules import SessionStatus, SetKind, SetLoad

TIME_ZONE = "Europe/Berlin"
DAYS_PER_WEEK = 7
MISSED_CHANCE = 0.14
RUN_CHANCE = 0.24
NOTE_CHANCE = 0.07
SATURDAY = 5
EVENING = time(17, 30)
MORNING = time(9, 30)
# So long before today one session is skipped, for a reason that everybody knows.
SKIPPED_DAYS_AGO = 9
HOLIDAYS = frozenset({(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)})


@dataclass(frozen=True, slots=True)
class _Slot:
    """A day on which a workout is due."""

    day: date
    week: int
    workout: Workout


def generate(*, weeks: int, seed: int, today: date) -> History:
    """A history that began `weeks` weeks before the Monday of this week.

    Everything done lies before today, so that it is past wherever the clock stands; body weight is measured this morning,
    and one session is planned for tomorrow.

    Args:
        weeks: how long, from 1 to 104; a shorter history is the beginning of the long one.
        seed: which one of many.
        today: the day where the athlete is (TIME_ZONE).

    Raises:
        ValueError: so many weeks were not made up.
    """
    if not 1 <= weeks <= plan.MAX_WEEKS:
        raise ValueError(f"a history of {weeks} weeks: it must be 1 to {plan.MAX_WEEKS}")
    start = today - timedelta(days=today.weekday()) - timedelta(weeks=weeks)
    maker = _Maker(Random(seed), start, today)  # noqa: S311 - a story, not a secret
    sessions = tuple(maker.sessions(weeks + 1))
    weighed = body.measurements(Random(seed + 1), start, today)  # noqa: S311 - so that one more session moves no weight
    used = {session.workout for session in sessions}
    workouts = plan.WORKOUTS + tuple(w for w in maker.hotel_workouts if w.key in used)
    return History(workouts=workouts, sessions=sessions, measurements=weighed)


class _Maker:
    """Walks through the weeks, one session after another."""

    def __init__(self, random: Random, start: date, today: date) -> None:
        self._random = random
        self._start = start
        self._today = today
        self._lifter = Lifter(random)
        self._by_key = {w.key: w for w in plan.WORKOUTS}
        self._turn = -1
        self.hotel_workouts: list[Workout] = []

    def sessions(self, weeks: int) -> Iterator[Session]:
        """What was done in the weeks up to this one, and the next session in turn, planned for tomorrow."""
        is_skipped_yet = False
        ahead: list[_Slot] = []
        for week in range(weeks + 1):
            slots = self._slots(week)
            ahead += [slot for slot in slots if slot.day >= self._today]
            done = [slot for slot in slots if slot.day < self._today]
            for slot in done:
                if not is_skipped_yet and self._is_skip_due(slot):
                    is_skipped_yet = True
                    yield self._skipped(slot)
                else:
                    yield self._run(slot) if slot.workout.key == "easy-run" else self._trained(slot)
            if not done:
                self._lifter.rest_a_week()
        turn = [slot.workout.key for slot in ahead if slot.workout.key != "easy-run" and not slot.workout.is_session_own]
        at = _utc(self._today + timedelta(days=1), EVENING)
        yield Session(workout=turn[0] if turn else "upper-a", status=SessionStatus.PLANNED, scheduled_at=at)

    def _is_skip_due(self, slot: _Slot) -> bool:
        return slot.day >= self._today - timedelta(days=SKIPPED_DAYS_AGO) and slot.workout.key != "easy-run"

    def _slots(self, week: int) -> list[_Slot]:
        """The workouts of a week that will be done, in order of days."""
        monday = self._start + timedelta(weeks=week)
        if week in plan.AWAY_WEEKS or week in plan.ILL_WEEKS or week == plan.INJURY_WEEK:
            return []
        if week in plan.HOTEL_WEEKS:
            return [_Slot(monday + timedelta(days=2), week, self._hotel_workout())]
        slots = []
        for weekday in plan.FULL_BODY_DAYS if week in plan.FULL_BODY_WEEKS else plan.SPLIT_DAYS:
            day = monday + timedelta(days=weekday)
            is_missed = self._random.random() < MISSED_CHANCE or (day.month, day.day) in HOLIDAYS
            if not is_missed:
                slots.append(_Slot(day, week, self._next_workout(week)))
        if self._random.random() < RUN_CHANCE + (0.3 if week in plan.CUT_WEEKS else 0):
            slots.append(_Slot(monday + timedelta(days=SATURDAY), week, self._by_key["easy-run"]))
        return slots

    def _next_workout(self, week: int) -> Workout:
        """The next in turn, whatever the day: who misses one does it the next time."""
        turns: tuple[str, ...] = plan.FULL_BODY_TURNS if week in plan.FULL_BODY_WEEKS else plan.SPLIT_TURNS
        if week in plan.NO_LEGS_WEEKS:
            turns = tuple(key for key in turns if key.startswith("upper"))
        self._turn += 1
        return self._by_key[turns[self._turn % len(turns)]]

    def _hotel_workout(self) -> Workout:
        number = len(self.hotel_workouts) + 1
        made = Workout(
            key=f"hotel-{number}", name="Hotel gym", description=None, instructions=plan.HOTEL_INSTRUCTIONS, is_session_own=True
        )
        self.hotel_workouts.append(made)
        return made

    def _conditions(self, slot: _Slot) -> Conditions:
        growth = 0.25 if slot.week in plan.CUT_WEEKS else 1.25 if slot.week in plan.BULK_WEEKS else 1.0
        is_stuck = slot.week in plan.BENCH_PLATEAU_WEEKS
        return Conditions(
            body_kg=body.true_weight((slot.day - self._start).days),
            growth=growth,
            stuck=frozenset({"bench-press-barbell"}) if is_stuck else frozenset(),
            is_deload=slot.week in plan.DELOAD_WEEKS,
            light_legs=slot.week in plan.LIGHT_LEGS_WEEKS,
        )

    def _trained(self, slot: _Slot) -> Session:
        scheduled_at = _utc(slot.day, EVENING)
        started_at = scheduled_at + timedelta(minutes=self._random.randint(-25, 70))
        trained = self._lifter.train(slot.workout, self._conditions(slot), started_at)
        ended_at = trained.ended_at + timedelta(seconds=self._random.randint(60, 400))
        is_spontaneous = slot.workout.is_session_own
        return Session(
            workout=slot.workout.key,
            status=SessionStatus.COMPLETED,
            scheduled_at=None if is_spontaneous else scheduled_at,
            started_at=started_at,
            completed_at=ended_at,
            seconds=round((ended_at - started_at).total_seconds()),
            effort_rating=trained.effort_rating,
            soreness_rating=min(10, max(0, round(self._random.gauss(2.6, 1.4)))),
            notes=self._note(slot),
            performances=tuple(self._with_notes(p) for p in trained.performances),
        )

    def _note(self, slot: _Slot) -> str | None:
        drawn, text = self._random.random(), self._random.choice(plan.SESSION_NOTES)
        if slot.workout.is_session_own:
            return "Hotel gym: dumbbells up to 24 kg and not much else."
        if slot.week in plan.DELOAD_WEEKS and slot.workout.key in ("lower-a", "full-body-a"):
            return "Deload: lighter, one set less."
        if slot.week == plan.INJURY_WEEK - 1 and slot.workout.key == "lower-b":
            return "Felt a twinge in the lower back on the last set. Stopped there."
        if slot.week == min(plan.LIGHT_LEGS_WEEKS) and slot.workout.key == "lower-a":
            return "Back under the bar. Light on purpose, no pain."
        return text if drawn < NOTE_CHANCE else None

    def _with_notes(self, performance: Performance) -> Performance:
        last = performance.sets[-1]
        if performance.exercise == "deadlift-barbell" and last.rpe == 10:  # noqa: PLR2004 - to failure
            return replace(performance, sets=(*performance.sets[:-1], replace(last, notes="Grip gave out.")))
        if last.kind is SetKind.AMRAP:
            return replace(performance, notes="Last set for as many as there were.")
        return performance

    def _run(self, slot: _Slot) -> Session:
        started_at = _utc(slot.day, MORNING) + timedelta(minutes=self._random.randint(0, 90))
        seconds = self._random.randint(24, 44) * 60 + self._random.randint(0, 59)
        pace = self._random.gauss(365 - 0.45 * slot.week, 9)
        metres = round(1000 * seconds / pace, -1)
        done = PerformedSet(
            load=SetLoad.BODYWEIGHT,
            duration_seconds=seconds,
            distance_m=Decimal(f"{metres:.0f}"),
            completed_at=started_at + timedelta(seconds=seconds),
        )
        return Session(
            workout=slot.workout.key,
            status=SessionStatus.COMPLETED,
            scheduled_at=None,
            started_at=started_at,
            completed_at=done.completed_at,
            seconds=seconds,
            effort_rating=self._random.randint(3, 6),
            soreness_rating=self._random.randint(0, 3),
            performances=(Performance(position=0, exercise="running", sets=(done,)),),
        )

    def _skipped(self, slot: _Slot) -> Session:
        return Session(
            workout=slot.workout.key,
            status=SessionStatus.SKIPPED,
            scheduled_at=_utc(slot.day, EVENING),
            notes="Dentist, and after that nothing.",
        )


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(TIME_ZONE)).astimezone(UTC)
