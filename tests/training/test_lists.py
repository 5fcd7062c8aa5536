"""The list of sessions: filters by the athlete's own days, and pages that neither repeat nor skip."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from training_world import BENCH, FULL_BODY, SQUAT, a_set, at, in_status, new_id, ok, plan, record

from helpers import Person, add_program, pointers, problem, register
from reptrail.http.edge import Services


async def ids(person: Person, query: str = "") -> list[str]:
    return [each["id"] for each in ok(await person.get(f"sessions?{query}"))["items"]]


async def test_newest_first_by_when_it_was_done_or_is_to_be(athlete: Person) -> None:
    planned = await plan(athlete, scheduled_at="2027-01-01T10:00:00Z")
    old = await record(athlete, "2020-01-01T10:00:00Z")
    mid = await record(athlete, "2026-01-01T10:00:00Z", scheduled_at="2020-01-01T10:00:00Z")
    assert await ids(athlete) == [planned["id"], mid["id"], old["id"]]


@pytest.mark.parametrize("status", ["PLANNED", "IN_PROGRESS", "COMPLETED", "SKIPPED", "CANCELLED"])
async def test_by_status(athlete: Person, status: str) -> None:
    for each in ("COMPLETED", "SKIPPED", "CANCELLED", "PLANNED", "IN_PROGRESS"):
        await in_status(athlete, each)
    found = ok(await athlete.get(f"sessions?status={status}"))["items"]
    assert [each["session_status"] for each in found] == [status]


async def test_by_exercise(athlete: Person) -> None:
    squat = await record(athlete, "2026-03-01T10:00:00Z", performances=[{"exercise_id": SQUAT, "sets": [a_set(None)]}])
    both = await record(
        athlete, "2026-03-02T10:00:00Z", performances=[{"exercise_id": e, "sets": [a_set(None)]} for e in (SQUAT, BENCH)]
    )
    assert await ids(athlete, f"exercise_id={SQUAT}") == [both["id"], squat["id"]]
    assert await ids(athlete, f"exercise_id={BENCH}&to=2026-03-02") == [both["id"]]
    assert await ids(athlete, f"exercise_id={new_id()}") == []
    await athlete.delete(f"sessions/{both['id']}")
    assert await ids(athlete, f"exercise_id={BENCH}") == []


async def test_by_enrollment(athlete: Person, services: Services) -> None:
    enrollment = new_id()
    async with services.database.act_as_system(UUID(athlete.user_id), UUID(new_id())) as tx:
        program = await add_program(tx, tx.athlete)
        await tx.execute(
            "INSERT INTO user_program_enrollment (id, user_id, program_id) VALUES ($2, $1, $3)", tx.athlete, enrollment, program
        )
    session = await plan(athlete, program_enrollment_id=enrollment)
    await plan(athlete)
    assert session["program_enrollment_id"] == enrollment
    assert await ids(athlete, f"program_enrollment_id={enrollment}") == [session["id"]]
    assert await ids(athlete, f"program_enrollment_id={new_id()}") == []


ZONES = [
    ("Pacific/Kiritimati", "2026-03-01"),
    ("Pacific/Pago_Pago", "2026-03-01"),
    ("Europe/Berlin", "2026-03-29"),  # 23 hours
    ("Europe/Berlin", "2026-10-25"),  # 25 hours
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2025-11-02"),
    ("Australia/Lord_Howe", "2026-04-05"),  # 24 and a half
    ("Asia/Beirut", "2026-03-29"),  # has no midnight
    ("Asia/Kathmandu", "2026-03-01"),
    ("UTC", "2026-03-01"),
]


def midnight(day: date, zone: str) -> datetime:
    """The first instant of a day, found by asking Python's calendar alone."""
    utc = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")) - timedelta(hours=16)
    while utc.astimezone(ZoneInfo(zone)).date() < day:
        utc += timedelta(minutes=15)
    return utc


@pytest.mark.parametrize(("zone", "text"), ZONES)
async def test_days_are_the_athletes_own(http: httpx.AsyncClient, zone: str, text: str) -> None:
    person = await register(http, time_zone=zone)
    day = date.fromisoformat(text)
    begins, ends = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    moments = [begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends]
    before, first, last, after = [
        (
            await record(person, each.isoformat())
            if each < datetime.now(each.tzinfo)
            else await plan(person, scheduled_at=each.isoformat())
        )["id"]
        for each in moments
    ]
    assert await ids(person, f"from={day}&to={day}") == [last, first]
    assert await ids(person, f"from={day}") == [after, last, first]
    assert await ids(person, f"to={day}") == [last, first, before]
    assert await ids(person, f"from={day + timedelta(days=1)}&to={day}") == []


async def pages(person: Person, query: str, between: Any = None) -> list[str]:
    """Every id of every page; between two pages something else happens."""
    found: list[str] = []
    cursor = ""
    while True:
        page = ok(await person.get(f"sessions?{query}{cursor}"))
        found += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
        if between is not None:
            await between()


async def test_pages_neither_repeat_nor_skip_while_rows_are_added(athlete: Person) -> None:
    same_moment = "2026-03-02T10:00:00.123456Z"
    there = [await record(athlete, same_moment) for _ in range(7)]
    there += [await record(athlete, f"2026-02-{day:02}T10:00:00Z") for day in range(1, 8)]
    added: list[Any] = []

    async def add() -> None:
        added.extend([await record(athlete, m) for m in ("2026-03-03T10:00:00Z", same_moment, "2026-02-05T09:00:00Z")])

    for limit in (1, 3, 13):
        expected = await ids(athlete, "limit=200")
        assert await pages(athlete, f"limit={limit}") == expected
    known = [each["id"] for each in there]
    found = await pages(athlete, "limit=2", add)
    assert len(found) == len(set(found))
    assert set(known) <= set(found)
    whole = await ids(athlete, "limit=200")
    assert found == [each for each in whole if each in found]
    assert len(whole) == len(known) + len(added)


async def test_pages_while_rows_come_and_go_at_once(athlete: Person) -> None:
    there = [(await record(athlete, f"2026-02-{day:02}T10:00:00Z"))["id"] for day in range(1, 15)]
    stop = asyncio.Event()

    async def churn() -> None:
        while not stop.is_set():
            made = await record(athlete, "2026-02-07T12:00:00Z")
            await athlete.delete(f"sessions/{made['id']}")

    churning = asyncio.create_task(churn())
    try:
        found = await pages(athlete, "limit=2")
    finally:
        stop.set()
        await churning
    assert [each for each in found if each in there] == there[::-1]
    assert len(found) == len(set(found))


async def test_a_filter_holds_on_every_page(athlete: Person) -> None:
    for day in range(1, 9):
        await record(athlete, f"2026-02-{day:02}T10:00:00Z")
        await plan(athlete, scheduled_at=f"2026-02-{day:02}T11:00:00Z")
    found = await pages(athlete, "limit=3&status=PLANNED&from=2026-02-03&to=2026-02-07")
    assert len(found) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=1.5"])
async def test_limits(athlete: Person, query: str) -> None:
    assert pointers(problem(await athlete.get(f"sessions?{query}"), 422, "invalid")) == {"query/limit"}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("status=DONE", "query/status"),
        ("from=2026-02-30", "query/from"),
        ("from=1969-12-31", "query/from"),
        ("to=2101-01-01", "query/to"),
        ("from=2026-02-03T00:00:00Z", "query/from"),
        ("exercise_id=1", "query/exercise_id"),
        ("program_enrollment_id=x", "query/program_enrollment_id"),
        ("cursor=x", "query/cursor"),
        ("cursor=", "query/cursor"),
        ("page=2", "query/page"),
        ("from_=2026-01-01", "query/from_"),
    ],
)
async def test_what_is_no_filter(athlete: Person, query: str, wrong: str) -> None:
    assert pointers(problem(await athlete.get(f"sessions?{query}"), 422, "invalid")) == {wrong}


async def test_the_default_is_fifty(athlete: Person) -> None:
    await asyncio.gather(*(plan(athlete) for _ in range(51)))
    page = ok(await athlete.get("sessions"))
    assert len(page["items"]) == 50
    rest = ok(await athlete.get(f"sessions?cursor={page['next_cursor']}"))
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)
    assert len(ok(await athlete.get("sessions?limit=51"))["items"]) == 51
    assert page["items"][0]["workout_id"] == FULL_BODY
    assert at(page["items"][0]["history_at"]) == at("2026-05-01T17:00:00Z")
