import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from made_histories import KG_PER_LB, MadeHistory, MadePerformance, MadeSession, MadeSet, made_athlete, made_history, store_history

from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.errors import Problem
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.progress import queries
from reptrail.progress.actions import report
from reptrail.progress.formulas import weight_trend
from reptrail.progress.rules import LIFT_TREND_WEEKS, Report

ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/New_York", "Atlantic/Azores", "Asia/Beirut")
# Within hours of changes of the clock, of a new week and of a new year; an ordinary one.
NOWS = ("2026-03-29T22:30", "2026-11-01T04:59", "2026-01-01T10:59", "2025-10-26T23:59", "2026-03-30T11:00", "2026-07-15T12:00")


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


class Reference:
    """The report, slowly, in plain Python."""

    def __init__(self, history: MadeHistory, zone: str, now: datetime) -> None:
        self.zone = ZoneInfo(zone)
        self.today = now.astimezone(self.zone).date()
        self.this_monday = monday_of(self.today)
        self.history = history
        self.done = [s for s in history.sessions if s.is_active and s.status == "COMPLETED"]

    def day(self, session: MadeSession) -> date:
        return session.at.astimezone(self.zone).date()

    @staticmethod
    def sets(session: MadeSession) -> int:
        return sum(
            sum(s.kind != "WARMUP" for s in p.active_sets) if p.active_sets else (p.summary_sets or 0)
            for p in session.active_performances
        )

    @staticmethod
    def volume(session: MadeSession) -> Decimal:
        return sum((s.volume_kg for p in session.active_performances for s in p.active_sets), Decimal(0))

    def weeks(self, count: int) -> list[tuple[Any, ...]]:
        found = []
        for back in reversed(range(count)):
            monday = self.this_monday - timedelta(weeks=back)
            sessions = [s for s in self.done if monday_of(self.day(s)) == monday]
            minutes = round(sum(s.seconds or 0 for s in sessions) / 60)
            volume = sum((self.volume(s) for s in sessions), Decimal(0))
            found.append((monday, len(sessions), sum(self.sets(s) for s in sessions), volume, minutes))
        return found

    def streaks(self) -> tuple[int, int]:
        mondays = {monday_of(self.day(s)) for s in self.done}
        longest = run = 0
        for monday in sorted(mondays):
            run = run + 1 if monday - timedelta(weeks=1) in mondays else 1
            longest = max(longest, run)
        at = self.this_monday if self.this_monday in mondays else self.this_monday - timedelta(weeks=1)
        current = 0
        while at in mondays:
            current += 1
            at -= timedelta(weeks=1)
        return current, longest

    def lifts(self, weeks: int) -> list[dict[str, Any]]:
        by_exercise: dict[str, list[tuple[MadeSession, MadeSet]]] = defaultdict(list)
        performances: dict[str, MadePerformance] = {}
        for session in self.done:
            for performance in session.active_performances:
                for s in performance.active_sets:
                    if s.kind != "WARMUP" and s.reps:
                        by_exercise[performance.slug].append((session, s))
                        performances[performance.slug] = performance
        since = self.this_monday - timedelta(weeks=weeks - 1)
        found = []
        for slug, rows in by_exercise.items():
            lately = [(a, s) for a, s in rows if since <= self.day(a) <= self.this_monday + timedelta(days=6)]
            unaided = [r for r in rows if r[1].load != "ASSISTED"]
            estimated = [r for r in rows if r[1].e1rm_kg]
            heaviest = min(unaided, key=lambda r: (-(r[1].kg or 0), -(r[1].reps or 0), r[0].at, r[1].id), default=None)
            best = min(estimated, key=lambda r: (-round(r[1].e1rm_kg or 0, 9), r[0].at, r[1].id), default=None)
            trend: dict[date, Decimal] = {}
            for session, s in estimated:
                monday = monday_of(self.day(session))
                if 0 <= (self.this_monday - monday).days < 7 * LIFT_TREND_WEEKS:
                    trend[monday] = max(trend.get(monday, Decimal(0)), s.e1rm_kg or Decimal(0))
            found.append(
                {
                    "name": performances[slug].name,
                    "sessions_lately": len({a.id for a, _ in lately}),
                    "sets_lately": len(lately),
                    "sets": len(rows),
                    "volume": sum((s.volume_kg for _, s in rows), Decimal(0)),
                    "first": min(self.day(a) for a, _ in rows),
                    "last": max(self.day(a) for a, _ in rows),
                    "last_at": max(a.at for a, _ in rows),
                    "heaviest": None if heaviest is None else (heaviest[1], self.day(heaviest[0])),
                    "best": None if best is None else (best[1], self.day(best[0])),
                    "trend": sorted(trend.items()),
                }
            )
        return sorted(found, key=lambda f: (-f["sets_lately"], -f["last_at"].timestamp(), f["name"]))

    def weights(self) -> list[tuple[date, float]]:
        by_day: dict[date, list[Decimal]] = defaultdict(list)
        for day, value, unit, is_active in self.history.weights:
            if is_active:
                by_day[day].append(value if unit == "kg" else value * KG_PER_LB)
        return [(day, float(sum(values) / len(values))) for day, values in sorted(by_day.items())]


@pytest.mark.parametrize("now", NOWS)
@pytest.mark.parametrize("zone", ZONES)
async def test_the_report_is_what_plain_python_counts(services: Services, zone: str, now: str) -> None:
    random = Random(f"{zone} {now}")  # noqa: S311
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    history = made_history(random, zone, at)
    athlete = await made_athlete(services.database, zone)
    weeks = random.choice((1, 4, 12, 40))
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        await store_history(tx, history)
        found = await report(tx, weeks=weeks, now=at)
    reference = Reference(history, zone, at)
    compare_totals(found, reference)
    assert [(w.monday, w.sessions, w.sets, w.volume_kg, w.minutes) for w in found.weeks] == reference.weeks(weeks)
    compare_lifts(found, reference.lifts(weeks)[:8])
    expected = reference.weights()
    if expected:
        assert found.body_weight is not None
        assert [(p.day, pytest.approx(p.kg)) for p in found.body_weight.points] == expected
        trend = weight_trend(expected)
        assert [p.trend_kg for p in found.body_weight.points] == pytest.approx([p.trend_kg for p in trend])
        assert found.body_weight.change_kg == pytest.approx(trend[-1].trend_kg - trend[0].trend_kg)
    else:
        assert found.body_weight is None


def compare_totals(found: Report, reference: Reference) -> None:
    assert found.today == reference.today
    assert found.sessions == len(reference.done)
    assert found.sets == sum(reference.sets(s) for s in reference.done)
    assert found.volume_kg == sum((reference.volume(s) for s in reference.done), Decimal(0))
    assert found.minutes == round(sum(s.seconds or 0 for s in reference.done) / 60)
    assert found.first_day == min((reference.day(s) for s in reference.done), default=None)
    assert found.last_day == max((reference.day(s) for s in reference.done), default=None)
    assert (found.streak_weeks, found.longest_streak_weeks) == reference.streaks()


def compare_lifts(found: Report, expected: list[dict[str, Any]]) -> None:
    assert [lift.exercise_name for lift in found.lifts] == [e["name"] for e in expected]
    for lift, e in zip(found.lifts, expected, strict=True):
        assert (lift.sessions_lately, lift.sets_lately, lift.sets) == (e["sessions_lately"], e["sets_lately"], e["sets"])
        assert (lift.volume_kg, lift.first_day, lift.last_day) == (e["volume"], e["first"], e["last"])
        for best, wanted in ((lift.heaviest, e["heaviest"]), (lift.best_e1rm, e["best"])):
            assert (best is None) == (wanted is None), lift.exercise_name
            if best is not None:
                s, day = wanted
                assert (best.set_id, best.day, best.reps, best.weight, best.weight_unit) == (s.id, day, s.reps, s.weight, s.unit)
                assert (best.weight_kg, best.load, best.rpe) == (s.kg, s.load, s.rpe)
                assert best.e1rm_kg is None or s.e1rm_kg is None or abs(best.e1rm_kg - s.e1rm_kg) < Decimal("1e-9")
        assert [p.monday for p in lift.trend] == [monday for monday, _ in e["trend"]]
        assert [float(p.e1rm_kg) for p in lift.trend] == pytest.approx([float(kg) for _, kg in e["trend"]])


NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)  # a Wednesday


def squats(at: datetime, *, reps: int = 5, weight: str = "100", status: str = "COMPLETED") -> MadeSession:
    made = MadeSet("WORKING", "EXTERNAL", reps, Decimal(weight), "kg", None)
    return MadeSession(status, at, 3600, [MadePerformance("squat-barbell", [made])])


async def report_of(services: Services, sessions: list[MadeSession], zone: str = "UTC", **arguments: Any) -> Report:
    athlete = await made_athlete(services.database, zone)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        await store_history(tx, MadeHistory(sessions))
        return await report(tx, **{"now": NOW, **arguments})


async def test_an_athlete_without_anything_has_weeks_of_nothing(services: Services) -> None:
    found = await report_of(services, [], weeks=3)
    assert [(w.monday.isoformat(), w.sessions, w.sets, w.volume_kg, w.minutes) for w in found.weeks] == [
        ("2026-06-29", 0, 0, 0, 0),
        ("2026-07-06", 0, 0, 0, 0),
        ("2026-07-13", 0, 0, 0, 0),
    ]
    assert (found.sessions, found.sets, found.volume_kg, found.first_day, found.streak_weeks) == (0, 0, 0, None, 0)
    assert (found.lifts, found.body_weight, found.in_progress, found.planned) == ((), None, None, None)


@pytest.mark.parametrize(
    ("weeks_ago", "current", "longest"),
    [([0], 1, 1), ([1], 1, 1), ([2], 0, 1), ([0, 1, 2, 4, 5, 6, 7], 3, 4), ([1, 2], 2, 2), ([2, 3, 4], 0, 3)],
)
async def test_a_streak_is_not_ended_by_a_week_that_is_not_over(
    services: Services, weeks_ago: list[int], current: int, longest: int
) -> None:
    found = await report_of(services, [squats(NOW - timedelta(weeks=n)) for n in weeks_ago])
    assert (found.streak_weeks, found.longest_streak_weeks) == (current, longest)


async def test_a_phone_with_its_clock_ahead_does_not_end_a_streak(services: Services) -> None:
    sunday = datetime(2026, 7, 19, 23, tzinfo=UTC)
    found = await report_of(services, [squats(sunday), squats(sunday + timedelta(hours=2))], now=sunday)
    assert (found.sessions, found.streak_weeks, found.weeks[-1].sessions) == (2, 1, 1)


async def test_what_is_under_way_counts_when_it_is_over_and_is_named_until_then(services: Services) -> None:
    athlete = await made_athlete(services.database, "Europe/Berlin")
    planned = [squats(NOW + timedelta(days=n), status="PLANNED") for n in (-2, 3, 1)]
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        await store_history(tx, MadeHistory([squats(NOW), *planned]))
        running = squats(NOW - timedelta(hours=1), status="IN_PROGRESS", weight="200")
        running.performances[0].sets[0].reps = 1
        await store_history(tx, MadeHistory([running]))
        found = await report(tx, now=NOW)
    assert found.sessions == 1
    assert found.lifts[0].heaviest is not None
    assert found.lifts[0].heaviest.weight == 100
    assert found.in_progress is not None
    assert (found.in_progress.session_id, found.in_progress.workout_name) == (running.id, "Anything")
    assert found.planned is not None
    assert (found.planned.session_id, found.planned.at) == (planned[2].id, NOW + timedelta(days=1))


async def test_lifts_are_chosen_by_number_and_by_name(services: Services) -> None:
    sessions = [squats(NOW)]
    for slug in ("bench-press-barbell", "bicep-curl-dumbbell"):
        sets = [MadeSet("WORKING", "EXTERNAL", 8, Decimal(20), "kg", None) for _ in range(3)]
        sessions.append(MadeSession("COMPLETED", NOW - timedelta(days=2), 60, [MadePerformance(slug, sets)]))
    athlete = await made_athlete(services.database)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        await store_history(tx, MadeHistory(sessions))

        async def names(**arguments: Any) -> list[str]:
            found = await report(tx, now=NOW, **arguments)
            return [lift.exercise_name for lift in found.lifts]

        everything = ["Bench Press (Barbell)", "Bicep Curl (Dumbbell)", "Squat (Barbell)"]
        assert await names(top=2) == everything[:2]
        assert await names(names=["SQUAT", "bell)"]) == everything
        assert await names(names=["squat", "%"]) == everything[2:]
        assert await names(names=["  "]) == everything
        assert await names(names=["deadlift"]) == []


async def test_the_change_of_four_weeks_needs_four_weeks(services: Services) -> None:
    athlete = await made_athlete(services.database)
    today = NOW.date()
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        await store_history(tx, MadeHistory([], [(today - timedelta(days=n), Decimal(80), "kg", True) for n in (0, 27)]))
        found = await report(tx, now=NOW)
        assert found.body_weight is not None
        assert found.body_weight.change_4_weeks_kg is None
        await store_history(tx, MadeHistory([], [(today - timedelta(days=40), Decimal(90), "kg", True)]))
        found = await report(tx, now=NOW)
    assert found.body_weight is not None
    # 90 kg, and 13 days later a trend of 82.54: on the day between, 28 days ago, 83.12; now 80.15.
    assert found.body_weight.change_4_weeks_kg == pytest.approx(-2.97, abs=0.01)


async def test_it_takes_six_statements(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    for name in ("row", "rows", "value", "json", "execute"):
        real = getattr(Transaction, name)

        async def counted(self: Transaction, sql: str, *args: Any, _real: Any = real) -> Any:
            sent.append(sql)
            return await _real(self, sql, *args)

        monkeypatch.setattr(Transaction, name, counted)
    athlete = await made_athlete(services.database)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        sent.clear()
        await report(tx)
    assert len(sent) == 6


@pytest.mark.parametrize("statement", [queries.OVERVIEW, queries.WEEKS, queries.LIFTS, queries.DAILY_VALUES])
def test_each_table_of_athletes_is_asked_for_the_athlete(statement: str) -> None:
    named = re.findall(r"(?:FROM|JOIN)\s+(app_user|user_\w+)\s+(\w+)", statement)
    assert named
    for table, alias in named:
        assert f"{alias}.user_id = $1" in statement, (table, alias)
    assert statement.count(".user_id = $1") >= len(named)


@pytest.mark.parametrize(("name", "value"), [("weeks", 0), ("weeks", 521), ("top", 0), ("top", 201)])
async def test_bounds_are_said(services: Services, name: str, value: int) -> None:
    with pytest.raises(Problem) as caught:
        await report_of(services, [], **{name: value})
    assert [e.pointer for e in caught.value.errors] == [f"query/{name}"]


async def test_a_user_who_is_not_there_is_not_found(services: Services) -> None:
    async with services.database.act_as_system(uuid7(), uuid7()) as tx:
        with pytest.raises(Problem) as caught:
            await report(tx)
    assert caught.value.slug == "not-found"


async def test_an_exercise_deleted_since_is_still_what_was_done(services: Services) -> None:
    athlete = await made_athlete(services.database)
    own, session = uuid7(), squats(NOW)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        await store_history(tx, MadeHistory([session]))
        await tx.execute(
            """INSERT INTO exercise (id, user_id, exercise_name, equipment, mechanic, tracks)
            VALUES ($2, $1, 'Zercher Carry', 'BARBELL', 'COMPOUND', 'REPS_WEIGHT')""",
            athlete,
            own,
        )
        for table in ("user_set_performance", "user_exercise_performance"):
            await tx.execute(f"UPDATE {table} SET is_active = false WHERE user_id = $1", athlete)  # noqa: S608
        performance = uuid7()
        await tx.execute(
            """INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id)
            SELECT $2, $1, $3, i.id, $4 FROM exercise_instruction i WHERE i.user_id = $1 AND i.exercise_id = $5""",
            athlete,
            performance,
            session.id,
            own,
            builtin_id("exercise", "plank"),
        )
        await tx.execute(
            """INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, reps, weight,
            weight_unit) VALUES ($2, $1, $3, $4, 1, 5, 225, 'lb')""",
            athlete,
            uuid7(),
            performance,
            own,
        )
        await tx.execute("UPDATE exercise SET is_active = false WHERE user_id = $1 AND id = $2", athlete, own)
        found = await report(tx, now=NOW)
    assert [lift.exercise_name for lift in found.lifts] == ["Zercher Carry"]
    heaviest = found.lifts[0].heaviest
    assert heaviest is not None
    assert (heaviest.weight, heaviest.weight_unit, heaviest.weight_kg) == (225, "lb", Decimal("102.05828325"))


async def test_the_last_four_weeks_are_those_of_the_charts(services: Services) -> None:
    sessions = [squats(NOW - timedelta(days=n), weight=str(100 + 5 * (n < 28))) for n in (1, 8, 40)]
    found = await report_of(services, sessions)
    assert found.lately is not None
    assert (found.lately.sessions, found.lately.sessions_change, found.lately.records) == (2, 1, 2)
    assert (found.lately.adherence, found.lately.load_ratio) == (1.0, None)
