"""The coach's list: what it says of each athlete, held against a slow reckoning; whom it shows, and in what order."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import jwt
import pytest
from coaching_world import ALL, READ_AND_ASSIGN, let_in, new_coach, of, ok, trained

from helpers import Person, problem, register
from reptrail import clock
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.settings import Settings

LIST = "/api/v1/coach/athletes"
NOW = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
ZONES = ["Pacific/Kiritimati", "Europe/Berlin", "Pacific/Pago_Pago"]


async def listed(coach: Person, limit: int = 50) -> list[Any]:
    """Every page of the list, one after another."""
    found, cursor = [], ""
    while cursor is not None:
        page = ok(await coach.get(f"{LIST}?limit={limit}{cursor and '&cursor=' + cursor}"))
        found += page["items"]
        cursor = page["next_cursor"]
    return found


@pytest.fixture(params=ZONES)
async def somewhere(request: pytest.FixtureRequest, athlete: Person) -> tuple[Person, str]:
    return await register(athlete.http, "ann", time_zone=request.param), request.param


async def plan(person: Person, scheduled: datetime, status: str) -> None:
    body: dict[str, Any] = {"scheduled_at": scheduled.isoformat(), "session_status": status}
    if status == "COMPLETED":
        body |= {"started_at": scheduled.isoformat(), "completed_at": (scheduled + timedelta(hours=1)).isoformat()}
    if status == "SKIPPED":
        made = ok(await person.post("sessions", {**body, "session_status": "PLANNED"}), 201)
        ok(await person.post(f"sessions/{made['id']}/skip"))
    else:
        ok(await person.post("sessions", body), 201)


def reckoned(sessions: list[tuple[datetime, str]], zone: str) -> tuple[int, int, int]:
    """Done and due of 28 days, missed of 14, from the raw rows."""
    today = NOW.astimezone(ZoneInfo(zone)).date()
    done = due = missed = 0
    for at, status in sessions:
        day: date = at.astimezone(ZoneInfo(zone)).date()
        if not today - timedelta(days=27) <= day <= today:
            continue
        is_missed = status == "PLANNED" and day < today
        done += status == "COMPLETED"
        due += status in ("COMPLETED", "SKIPPED") or is_missed
        missed += is_missed and day >= today - timedelta(days=14)
    return done, due, missed


async def test_the_numbers_are_those_of_a_slow_reckoning(
    somewhere: tuple[Person, str], coach: Person, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, zone = somewhere
    await let_in(person, coach, ["training:read"])
    outlast(services, coach)
    rng = random.Random(zone)  # noqa: S311 - a test's dice
    local = NOW.astimezone(ZoneInfo(zone))
    sessions = []
    # The edges of the windows, both sides of midnight, and some days between.
    for back in (0, 1, 13, 14, 15, 26, 27, 28, *rng.sample(range(2, 26), 5), -1, -3):
        hour = rng.choice([time(0, 0), time(23, 59), time(12, 0)])
        at = datetime.combine(local.date() - timedelta(days=back), hour, ZoneInfo(zone)).astimezone(UTC)
        status = "PLANNED" if at > NOW else rng.choice(["PLANNED", "PLANNED", "COMPLETED", "SKIPPED"])
        sessions.append((at, status))
        await plan(person, at, status)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (told,) = await listed(coach)
    done, due, missed = reckoned(sessions, zone)
    assert (told["done_28_days"], told["due_28_days"], told["missed_14_days"]) == (done, due, missed)
    assert told["adherence"] == (pytest.approx(done / due, abs=0.0005) if due else None)
    last = max((at for at, status in sessions if status == "COMPLETED"), default=None)
    assert (told["last_session"] and datetime.fromisoformat(told["last_session"]["completed_at"])) == (
        last and last + timedelta(hours=1)
    )
    today = datetime.combine(local.date(), time(0), ZoneInfo(zone))
    ahead = min(at for at, status in sessions if status == "PLANNED" and at >= today)
    assert datetime.fromisoformat(told["next_session"]["scheduled_at"]) == ahead


def outlast(services: Services, person: Person) -> None:
    """Gives somebody an access token that is good whatever the clock is moved to."""
    login = UUID(jwt.decode(person.access_token, options={"verify_signature": False})["lid"])
    person.access_token = services.authenticator.issue(UUID(person.user_id), login, 315_360_000)


async def test_records_are_what_was_first_lifted_lately(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, ["training:read"])
    ago = lambda days: (clock.now() - timedelta(days=days)).isoformat()  # noqa: E731
    await trained(athlete, ago(10), 100)
    assert (await listed(coach))[0]["records"] == [], "the first there ever was breaks none"
    await trained(athlete, ago(60), 80)
    (record,) = (await listed(coach))[0]["records"]
    assert record["weight_kg"] == 100
    await trained(athlete, ago(50), 100)
    assert (await listed(coach))[0]["records"] == [], "it was lifted before"
    heavier = await trained(athlete, ago(2), 102.5)
    (record,) = (await listed(coach))[0]["records"]
    assert record["weight_kg"] == 102.5
    ok(await athlete.delete(f"sessions/{heavier['id']}"), 204)
    assert (await listed(coach))[0]["records"] == []
    await trained(athlete, ago(15), 110)
    assert (await listed(coach))[0]["records"] == [], "lately is 14 days"


async def test_what_was_cancelled_is_no_best(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, ["training:read"])
    ago = lambda days: (clock.now() - timedelta(days=days)).isoformat()  # noqa: E731
    first = await trained(athlete, ago(60), 80)
    exercise = first["performances"][0]["exercise_id"]
    cancelled = ok(await athlete.post("sessions", {"session_status": "IN_PROGRESS", "started_at": ago(40)}), 201)
    lifted = {"exercise_id": exercise, "reps": 1, "weight": 150, "weight_unit": "kg"}
    ok(await athlete.post(f"sessions/{cancelled['id']}/sets", lifted), 201)
    ok(await athlete.post(f"sessions/{cancelled['id']}/cancel"))
    await trained(athlete, ago(3), 90)
    (record,) = (await listed(coach))[0]["records"]
    assert record["weight_kg"] == 90


async def test_without_reading_training_there_are_nulls(athlete: Person, coach: Person) -> None:
    await trained(athlete)
    grant = await let_in(athlete, coach, ["measurements:read", "measurements:write"])
    (told,) = await listed(coach)
    assert told == {
        "athlete_id": athlete.user_id, "display_name": "athlete", "grant_id": grant["id"], "scopes": grant["scopes"],
        "expires_at": None, "attention": [], "adherence": None, "done_28_days": None, "due_28_days": None,
        "missed_14_days": None, "last_session": None, "next_session": None, "programs": None, "records": None,
    }  # fmt: skip


async def test_only_ones_own_athletes_with_a_grant_in_force(athlete: Person, coach: Person, stranger: Person) -> None:
    other = await new_coach(athlete)
    await let_in(athlete, coach)
    await let_in(stranger, other)
    revoked = await register(athlete.http, "revoked")
    ok(await revoked.delete(f"grants/{(await let_in(revoked, coach))['id']}"), 204)
    assert [each["athlete_id"] for each in await listed(coach)] == [athlete.user_id]
    assert [each["athlete_id"] for each in await listed(other)] == [stranger.user_id]
    assert await listed(athlete) == []


async def test_who_needs_attention_comes_first_and_no_page_repeats_or_skips(athlete: Person, coach: Person) -> None:
    people = []
    for n in range(5):
        person = await register(athlete.http, f"p{n}")
        await let_in(person, coach, READ_AND_ASSIGN, expires_at=(clock.now() + timedelta(days=3 if n == 4 else 90)).isoformat())
        if n >= 2:
            await trained(person, (clock.now() - timedelta(days=n)).isoformat())
        for day in range(1, n + 1 if n in (1, 3, 4) else 1):
            await plan(person, clock.now() - timedelta(days=day), "PLANNED")
        people.append(person.user_id)
    found = await listed(coach)
    missed = {each["athlete_id"]: (each["missed_14_days"], each["attention"]) for each in found}
    assert [missed[each] for each in people] == [
        (0, ["NO_SESSION_LATELY"]),
        (1, ["NO_SESSION_LATELY"]),
        (0, []),
        (3, ["MISSED_SESSIONS"]),
        (4, ["MISSED_SESSIONS", "GRANT_EXPIRES_SOON"]),
    ]
    assert [each["athlete_id"] for each in found] == [people[n] for n in (4, 3, 1, 0, 2)]
    assert await listed(coach, limit=2) == found


async def test_a_token_reaches_as_far_as_it_and_the_grant_do(athlete: Person, coach: Person) -> None:
    await let_in(athlete, coach, ALL)
    tokens = {
        scope: ok(await coach.post("/api/v1/me/tokens", {"name": "x", "scopes": [scope]}), 201)["token"]
        for scope in ("training:read", "measurements:read")
    }
    headers = {"Authorization": f"Bearer {tokens['measurements:read']}"}
    problem(await coach.get(LIST, headers=headers), 403, "forbidden")
    headers = {"Authorization": f"Bearer {tokens['training:read']}"}
    assert ok(await coach.get(LIST, headers=headers))["items"][0]["programs"] == []


async def test_it_is_one_statement_for_all_athletes(athlete: Person, coach: Person, urls: DatabaseUrls, settings: Settings) -> None:
    for n in range(3):
        await let_in(await register(athlete.http, f"p{n}"), coach)
    services = build_services(replace(settings, pool_connections=1), urls)
    await services.database.open()
    sent: list[str] = []
    async with services.database.connection() as connection:
        connection.add_query_logger(lambda query: sent.append(query.query))
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for _ in range(2):
            sent.clear()
            assert len(await listed(replace(coach, http=client))) == 3
    await services.database.close()
    begin, statement, commit = sent
    assert begin.startswith("BEGIN; SELECT app.act_as(")
    assert "app.coach_overview" in statement
    assert commit == "COMMIT"


async def test_the_list_leaves_its_transaction_the_coachs_own(athlete: Person, coach: Person) -> None:
    """It looks at others under their policies, and comes back: nothing of theirs is seen or written by accident after it."""
    await let_in(athlete, coach)
    ok(await coach.get(LIST))
    ok(await coach.post("sessions", {}), 201)
    assert len(ok(await coach.get("sessions"))["items"]) == 1
    assert ok(await athlete.get("sessions"))["items"] == ok(await coach.get(of(athlete, "sessions")))["items"] == []
