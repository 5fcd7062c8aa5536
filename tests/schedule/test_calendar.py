from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from schedule_world import calendar, enroll, local, ok, placed, plan, put_into, record

from helpers import Person, pointers, problem, register
from reptrail import clock
from reptrail.http.edge import Services

# Where a day is not where one might think: the first and the last zone of the earth, days of 23 and of 25 hours, a day that
# begins at one in the morning, and a zone that is off by three quarters of an hour.
EDGES = [
    ("Pacific/Kiritimati", "2026-05-10"),
    ("Pacific/Pago_Pago", "2026-05-10"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("Africa/Cairo", "2026-04-24"),
    ("Asia/Kathmandu", "2026-05-10"),
]


@pytest.mark.parametrize(("zone", "day"), EDGES)
async def test_a_session_stands_on_the_day_that_is_the_athletes_own(http: httpx.AsyncClient, zone: str, day: str) -> None:
    athlete = await register(http, time_zone=zone)
    before, after = (str(date.fromisoformat(day) + timedelta(days=n)) for n in (-1, 1))
    last_before = await record(athlete, local(f"{before}T23:59:59", zone), 90)
    first = await record(athlete, local(f"{day}T01:00:00", zone))
    over_midnight = await record(athlete, local(f"{day}T23:59:59", zone), 120)
    planned = await plan(athlete, local(f"{day}T12:00:00", zone))
    next_day = await plan(athlete, local(f"{after}T01:00:00", zone))
    found = await calendar(athlete, first=day, last=day)
    assert placed(found) == {day: [first["id"], planned["id"], over_midnight["id"]]}
    assert (found["from"], found["to"], found["time_zone"]) == (day, day, zone)
    assert placed(await calendar(athlete, first=before, last=after)) == {
        before: [last_before["id"]],
        day: [first["id"], planned["id"], over_midnight["id"]],
        after: [next_day["id"]],
    }


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Kiritimati", "2026-05-11"), ("Pacific/Pago_Pago", "2026-05-09")])
async def test_missed_due_and_ahead_begin_at_the_athletes_midnight(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, zone: str, today: str
) -> None:
    athlete = await register(http, time_zone=zone)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, 10, 10, 30, tzinfo=UTC))
    days = [date.fromisoformat(today) + timedelta(days=n) for n in (-1, 0, 1)]
    for day in days:
        await plan(athlete, local(f"{day}T00:00:00", zone))
    found = await calendar(athlete, first=str(days[0]), last=str(days[-1]))
    assert found["today"] == today
    assert [session["due_state"] for day in found["days"] for session in day["sessions"]] == ["MISSED", "DUE", "AHEAD"]
    assert found["counts"] == {"MISSED": 1, "DUE": 1, "AHEAD": 1}


async def test_every_state_is_told_and_counted(athlete: Person) -> None:
    today = clock.today("Europe/Berlin")
    at = local(f"{today}T12:00:00", "Europe/Berlin")
    for verb in ("skip", "cancel", "start"):
        session = await plan(athlete, at)
        ok(await athlete.post(f"sessions/{session['id']}/{verb}"))
    await record(athlete, local(f"{today}T00:00:00", "Europe/Berlin"), 1)
    await plan(athlete, at)
    await plan(athlete, None)
    gone = await plan(athlete, at)
    ok(await athlete.delete(f"sessions/{gone['id']}"), 204)
    found = await calendar(athlete, first=str(today), last=str(today))
    assert found["counts"] == {"CANCELLED": 1, "DONE": 1, "DUE": 1, "IN_PROGRESS": 1, "SKIPPED": 1}
    [day] = found["days"]
    assert {session["due_state"]: session["session_status"] for session in day["sessions"]} == {
        "CANCELLED": "CANCELLED",
        "DONE": "COMPLETED",
        "DUE": "PLANNED",
        "IN_PROGRESS": "IN_PROGRESS",
        "SKIPPED": "SKIPPED",
    }
    assert {session["workout_name"] for session in day["sessions"]} == {"Push"}


async def test_a_session_done_on_another_day_than_planned_stands_where_it_was_done(athlete: Person) -> None:
    session = await record(
        athlete, local("2026-05-12T18:00:00", "Europe/Berlin"), scheduled_at=local("2026-05-10T18:00", "Europe/Berlin").isoformat()
    )
    assert placed(await calendar(athlete, first="2026-05-01", last="2026-05-31")) == {"2026-05-12": [session["id"]]}


async def test_what_a_paused_enrollment_planned_is_neither_missed_nor_due(athlete: Person, services: Services) -> None:
    today = clock.today("Europe/Berlin")
    enrollment = await enroll(services, athlete, paused_on=today - timedelta(days=1))
    days = [today - timedelta(days=2), today - timedelta(days=1), today, today + timedelta(days=3)]
    for number, day in enumerate(days, start=1):
        session = await plan(athlete, local(f"{day}T18:00:00", "Europe/Berlin"))
        await put_into(services, athlete, enrollment, session, number)
    found = await calendar(athlete, first=str(days[0]), last=str(days[-1]))
    sessions = [session for day in found["days"] for session in day["sessions"]]
    assert [session["due_state"] for session in sessions] == ["MISSED", "PAUSED", "PAUSED", "PAUSED"]
    assert [(s["program_name"], s["program_day"]) for s in sessions] == [("Autumn block", n) for n in (1, 2, 3, 4)]
    assert {session["program_enrollment_id"] for session in sessions} == {str(enrollment)}


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, "2026-02-01", "2026-02-28"),
        ({"first": "2026-01-15"}, "2026-01-15", "2026-01-31"),
        ({"last": "2024-02-29"}, "2024-02-01", "2024-02-29"),
        ({"first": "2025-12-31", "last": "2026-01-01"}, "2025-12-31", "2026-01-01"),
    ],
)
async def test_the_month_is_what_is_not_asked_for(
    athlete: Person, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], first: str, last: str
) -> None:
    # Half past eleven in the evening of the 31st in UTC is February in Berlin.
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    found = await calendar(athlete, **asked)
    assert (found["from"], found["to"], found["days"], found["counts"]) == (first, last, [], {})


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("from=2026-05-02&to=2026-05-01", "query/to"),
        ("from=2026-01-01&to=2027-02-05", "query/to"),
        ("from=2026-13-01", "query/from"),
        ("month=5", "query/month"),
    ],
)
async def test_wrong_days_are_refused(athlete: Person, query: str, wrong: str) -> None:
    assert pointers(problem(await athlete.get(f"calendar?{query}"), 422, "invalid")) == {wrong}


async def test_four_hundred_days_are_taken(athlete: Person) -> None:
    assert (await calendar(athlete, first="2026-01-01", last="2027-02-04"))["days"] == []


async def test_another_athletes_sessions_are_not_in_it(athlete: Person, stranger: Person) -> None:
    await record(stranger, local("2026-05-12T18:00:00", "Europe/Berlin"))
    assert (await calendar(athlete, first="2026-05-01", last="2026-05-31"))["days"] == []
