import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from reptrail.catalog.builtin import exercises_by_slug, find_unit, metrics
from reptrail.catalog.rules import Tracks
from reptrail.demo.history import TIME_ZONE, generate
from reptrail.demo.shapes import History, PerformedSet
from reptrail.training.rules import SessionStatus, SetKind, SetLoad

TODAY = date(2026, 7, 29)
SEEDS = (7, 8, 99)
DAYS = [TODAY + timedelta(days=n) for n in range(7)]


def local_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(TIME_ZONE)).date()


@pytest.fixture(scope="module", params=SEEDS)
def history(request: pytest.FixtureRequest) -> History:
    return generate(weeks=104, seed=request.param, today=TODAY)


def test_a_seed_makes_one_history() -> None:
    assert generate(weeks=104, seed=7, today=TODAY) == generate(weeks=104, seed=7, today=TODAY)
    assert generate(weeks=104, seed=7, today=TODAY) != generate(weeks=104, seed=8, today=TODAY)


def test_it_is_quick() -> None:
    started = time.process_time()
    generate(weeks=104, seed=7, today=TODAY)
    assert time.process_time() - started < 1


def test_it_is_as_large_as_two_years_are(history: History) -> None:
    done = [s for s in history.sessions if s.status is SessionStatus.COMPLETED]
    sets = sum(len(p.sets) for s in done for p in s.performances)
    assert 310 <= len(done) <= 380
    assert 5_300 <= sets <= 6_700
    assert sum(s.status is SessionStatus.SKIPPED for s in history.sessions) == 1
    counts: dict[str, int] = defaultdict(int)
    for measurement in history.measurements:
        counts[measurement.metric] += 1
    assert 580 <= counts.pop("body-weight") <= 700
    assert counts.pop("height") == 1
    assert counts.pop("resting-heart-rate") >= 95
    assert set(counts) == {"waist", "body-fat"}
    assert min(counts.values()) >= 22


@pytest.mark.parametrize("today", DAYS)
def test_all_is_past_but_the_session_planned_for_tomorrow(today: date) -> None:
    history = generate(weeks=104, seed=7, today=today)
    *done, planned = history.sessions
    assert planned.status is SessionStatus.PLANNED
    assert planned.scheduled_at is not None
    assert local_day(planned.scheduled_at) == today + timedelta(days=1)
    assert planned.workout in {w.key for w in history.workouts if not w.is_session_own}
    for session in done:
        assert session.status in (SessionStatus.COMPLETED, SessionStatus.SKIPPED)
        for at in (session.scheduled_at, session.started_at, session.completed_at):
            assert at is None or local_day(at) < today
    assert max(m.day for m in history.measurements) <= today
    assert max(m.day for m in history.measurements) >= today - timedelta(days=4)


@pytest.mark.parametrize("weeks", [1, 2, 26, 27, 47, 83])
def test_a_shorter_history_is_whole_too(weeks: int) -> None:
    history = generate(weeks=weeks, seed=7, today=TODAY)
    assert history.sessions[-1].status is SessionStatus.PLANNED
    assert {s.workout for s in history.sessions} <= {w.key for w in history.workouts}
    assert {w.key for w in history.workouts if w.is_session_own} <= {s.workout for s in history.sessions}


@pytest.mark.parametrize("weeks", [0, 105])
def test_there_are_at_most_two_years(weeks: int) -> None:
    with pytest.raises(ValueError, match="1 to 104"):
        generate(weeks=weeks, seed=7, today=TODAY)


def test_times_are_in_order_and_fit(history: History) -> None:
    done = [s for s in history.sessions if s.status is SessionStatus.COMPLETED]
    starts = [s.started_at for s in done if s.started_at]
    assert starts == sorted(starts)
    assert len({local_day(at) for at in starts}) == len(starts)
    for session in done:
        assert session.started_at is not None
        assert session.completed_at is not None
        assert session.seconds == round((session.completed_at - session.started_at).total_seconds())
        assert 15 * 60 <= session.seconds <= 3 * 3600
        assert session.started_at.tzinfo is UTC
        at = session.started_at
        for performed in (s for p in session.performances for s in p.sets):
            assert at < performed.completed_at <= session.completed_at
            at = performed.completed_at


def test_performances_answer_what_the_workout_asks(history: History) -> None:
    workouts = {w.key: w for w in history.workouts}
    for session in history.sessions:
        asked = workouts[session.workout].instructions
        assert [p.exercise for p in session.performances] in ([], [i.exercise for i in asked])
        assert [p.position for p in session.performances] == list(range(len(session.performances)))
    for instruction in (i for w in history.workouts for i in w.instructions):
        assert instruction.exercise in exercises_by_slug()


def test_sets_are_what_their_exercise_is_logged_by(history: History) -> None:
    loads: set[SetLoad] = set()
    for performance in (p for s in history.sessions for p in s.performances):
        exercise = exercises_by_slug()[performance.exercise]
        for performed in performance.sets:
            loads.add(performed.load)
            if exercise.tracks is Tracks.REPS_WEIGHT:
                assert performed.reps is not None
                assert 1 <= performed.reps <= 30
                assert performed.duration_seconds is None
            else:
                assert performed.reps is None
                assert performed.duration_seconds is not None
            if exercise.load is SetLoad.BODYWEIGHT:
                assert performed.load is (SetLoad.ADDED if performed.weight else SetLoad.BODYWEIGHT)
            else:
                assert performed.load is exercise.load
                assert performed.weight is not None
            assert performed.rpe is None or (5 <= performed.rpe <= 10 and performed.rpe * 2 % 1 == 0)
    assert loads == set(SetLoad)
    assert {s.kind for x in history.sessions for p in x.performances for s in p.sets} >= {SetKind.WARMUP, SetKind.AMRAP}


def heaviest(sets: tuple[PerformedSet, ...]) -> Decimal:
    return max((s.weight or Decimal(0) for s in sets if s.kind is not SetKind.WARMUP), default=Decimal(0))


def test_weights_never_jump_absurdly(history: History) -> None:
    """From one time to the next of the same exercise in the same workout: light legs are 30 % off, and missing twice 10 %."""
    series: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for session in history.sessions:
        for performance in session.performances:
            series[session.workout, performance.exercise].append(heaviest(performance.sets))
    for (workout, exercise), weights in series.items():
        for before, after in pairwise(weights):
            allowed = max(before, after) * Decimal("0.37") + 5
            assert abs(after - before) <= allowed, (workout, exercise, before, after)


def test_somebody_became_stronger(history: History) -> None:
    best: dict[str, list[Decimal]] = defaultdict(list)
    for session in history.sessions:
        for performance in session.performances:
            best[performance.exercise].append(heaviest(performance.sets))
    for exercise, low, high in (
        ("squat-barbell", 100, 145), ("bench-press-barbell", 68, 95), ("deadlift-barbell", 125, 165),
        ("overhead-press-barbell", 44, 60), ("pull-up", 5, 25),
    ):  # fmt: skip
        assert low <= max(best[exercise]) <= high, (exercise, max(best[exercise]))
        assert max(best[exercise][:10]) < max(best[exercise][-30:])


def test_there_are_holidays_and_a_break(history: History) -> None:
    days = [local_day(s.started_at) for s in history.sessions if s.started_at]
    assert max((b - a).days for a, b in pairwise(days)) >= 9
    assert sum(bool(s.notes) for s in history.sessions) >= 15
    assert {s.workout for s in history.sessions} >= {"full-body-a", "upper-a", "lower-b", "easy-run", "hotel-1"}


def test_body_weight_moves_like_a_body(history: History) -> None:
    weights = [m for m in history.measurements if m.metric == "body-weight"]
    assert len({m.day for m in weights}) == len(weights)
    for before, after in pairwise(weights):
        days = (after.day - before.day).days
        assert abs(after.value - before.value) <= Decimal("2.6") + Decimal("0.1") * days
    values = [float(m.value) for m in weights]
    assert 3 <= max(values) - min(values) <= 13


def test_measurements_are_plausible_and_in_allowed_units(history: History) -> None:
    known = {m.slug: m for m in metrics()}
    for measurement in history.measurements:
        metric = known[measurement.metric]
        assert measurement.unit in metric.allowed_units
        unit = find_unit(measurement.unit)
        assert unit is not None
        assert metric.plausible_min <= measurement.value * unit.factor <= metric.plausible_max
        assert not metric.calculated
    assert [m.day for m in history.measurements] == sorted(m.day for m in history.measurements)
