import logging
from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import icalendar
import pytest
from schedule_world import FEEDS, PUSH, enroll, local, ok, plan, put_into, record

from helpers import Person, problem
from reptrail import clock
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.actor import secret_hash
from reptrail.http.edge import Services
from reptrail.ids import uuid7

LONG = "🏋️‍♀️ Beine; Po, Bauch \\ und noch viel mehr \U0001f9b5" * 3


async def make(person: Person, name: str = "phone") -> str:
    """The path of a new feed."""
    path: str = ok(await person.post(FEEDS, {"feed_name": name}), 201)["feed_path"]
    return path


async def events(http: httpx.AsyncClient, path: str) -> dict[str, icalendar.Event]:
    """What whoever has the address reads, by session."""
    response = await http.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(response.text).walk("VEVENT")
    return {str(event["UID"]).removesuffix("@reptrail"): event for event in found}


async def test_a_feed_shows_its_secret_once(athlete: Person) -> None:
    made = ok(await athlete.post(FEEDS, {"feed_name": " Phone "}), 201)
    secret = made["feed_path"].removeprefix("/api/v1/calendar/").removesuffix(".ics")
    assert len(secret) >= 43
    listed = await athlete.get(FEEDS)
    assert [(feed["id"], feed["feed_name"]) for feed in ok(listed)["items"]] == [(made["id"], "Phone")]
    assert secret not in listed.text
    assert secret_hash(secret.encode()) not in listed.text


async def test_feeds_are_listed_by_pages_newest_first(athlete: Person) -> None:
    names = ["one", "two", "three"]
    for name in names:
        await make(athlete, name)
    first = ok(await athlete.get(FEEDS, params={"limit": 2}))
    rest = ok(await athlete.get(FEEDS, params={"limit": 2, "cursor": first["next_cursor"]}))
    assert [feed["feed_name"] for feed in first["items"] + rest["items"]] == names[::-1]
    assert rest["next_cursor"] is None


async def test_an_answer_that_was_lost_is_not_kept_with_its_secret(athlete: Person, urls: DatabaseUrls) -> None:
    key = {"Idempotency-Key": "feed-once"}
    path = ok(await athlete.post(FEEDS, {"feed_name": "phone"}, headers=key), 201)["feed_path"]
    connection = await asyncpg.connect(urls.owner)
    kept = await connection.fetch("SELECT body FROM idempotency_key WHERE user_id = $1", UUID(athlete.user_id))
    await connection.close()
    assert all(path.encode() not in row["body"] for row in kept)


async def test_what_a_feed_shows_of_a_session(athlete: Person, http: httpx.AsyncClient, services: Services) -> None:
    path = await make(athlete)
    at = clock.now().replace(microsecond=0)
    done = await record(athlete, at - timedelta(days=2), 75)
    planned = await plan(athlete, at + timedelta(days=2))
    await put_into(services, athlete, await enroll(services, athlete), planned, 12)
    found = await events(http, path)
    assert set(found) == {done["id"], planned["id"]}
    event = found[done["id"]]
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (at - timedelta(days=2), at - timedelta(days=2, minutes=-75))
    assert str(event["SUMMARY"]) == "✓ Push"
    assert event["SEQUENCE"] == done["version"]
    event = found[planned["id"]]
    assert str(event["SUMMARY"]) == "Push"
    lines = str(event["DESCRIPTION"]).splitlines()
    assert lines[:2] == ["Autumn block, day 12", "Bench Press (Barbell): 4 x 5-8"]
    assert len(lines) == 6


async def test_only_what_is_done_lately_or_still_to_come_is_in_it(
    athlete: Person, stranger: Person, http: httpx.AsyncClient, services: Services
) -> None:
    path = await make(athlete)
    now, today = clock.now(), clock.today("Europe/Berlin")
    this_morning = local(f"{today}T00:00:00", "Europe/Berlin")
    wanted = [
        await record(athlete, now - timedelta(days=89)),
        await plan(athlete, this_morning),
        await plan(athlete, now + timedelta(days=399)),
    ]
    started = await plan(athlete, now)
    wanted.append(ok(await athlete.post(f"sessions/{started['id']}/start")))
    await record(athlete, now - timedelta(days=91))
    await plan(athlete, this_morning - timedelta(seconds=1))
    await plan(athlete, now + timedelta(days=401))
    await plan(athlete, None)
    for verb in ("skip", "cancel"):
        ok(await athlete.post(f"sessions/{(await plan(athlete, now))['id']}/{verb}"))
    ok(await athlete.delete(f"sessions/{(await plan(athlete, now))['id']}"), 204)
    await plan(stranger, now)
    paused = await enroll(services, athlete, paused_on=today)
    await put_into(services, athlete, paused, await plan(athlete, now + timedelta(days=1)))
    assert set(await events(http, path)) == {session["id"] for session in wanted}


async def test_names_that_are_hard_to_write_read_back(athlete: Person, http: httpx.AsyncClient) -> None:
    exercise = ok(
        await athlete.post(
            "/api/v1/exercises",
            {
                "exercise_name": 'Curl, "heavy"; \\ 💪',
                "equipment": "DUMBBELL",
                "mechanic": "ISOLATION",
                "tracks": "REPS_WEIGHT",
                "load": "EXTERNAL",
                "primary_muscles": ["BICEPS"],
            },
        ),
        201,
    )
    body = {"workout_name": LONG[:120], "instructions": [{"exercise_id": exercise["id"], "sets": 3, "reps_min": 5, "reps_max": 5}]}
    workout = ok(await athlete.post("/api/v1/workouts", body), 201)
    session = await plan(athlete, clock.now() + timedelta(days=1), workout_id=workout["id"])
    event = (await events(http, await make(athlete)))[session["id"]]
    assert str(event["SUMMARY"]) == LONG[:120]
    assert str(event["DESCRIPTION"]) == 'Curl, "heavy"; \\ 💪: 3 x 5'


async def test_an_edit_is_the_next_of_the_same_event(athlete: Person, http: httpx.AsyncClient) -> None:
    path = await make(athlete)
    session = await plan(athlete, clock.now() + timedelta(days=1))
    first = (await events(http, path))[session["id"]]
    moved = ok(await athlete.patch(f"sessions/{session['id']}", {"scheduled_at": None}))
    assert moved["scheduled_at"] is None
    assert session["id"] not in await events(http, path)
    later = (clock.now() + timedelta(days=3)).isoformat()
    ok(await athlete.patch(f"sessions/{session['id']}", {"scheduled_at": later}))
    second = (await events(http, path))[session["id"]]
    assert second["SEQUENCE"] == first["SEQUENCE"] + 2
    assert second.decoded("DTSTART") > first.decoded("DTSTART")
    assert second.decoded("LAST-MODIFIED") >= first.decoded("LAST-MODIFIED")


async def test_what_is_there_already_is_not_sent_again(athlete: Person, http: httpx.AsyncClient) -> None:
    path = await make(athlete)
    first = await http.get(path)
    tag = first.headers["etag"]
    for sent in (tag, f'"x", W/{tag}', "*"):
        again = await http.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await plan(athlete, clock.now() + timedelta(days=1))
    changed = await http.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_revoking_works_at_once_and_only_for_ones_own(athlete: Person, stranger: Person, http: httpx.AsyncClient) -> None:
    path, other = await make(athlete), await make(athlete, "desk")
    feeds = ok(await athlete.get(FEEDS))["items"]
    feed = next(each["id"] for each in feeds if each["feed_name"] == "phone")
    problem(await stranger.delete(f"{FEEDS}/{feed}"), 404, "not-found")
    assert (await http.get(path)).status_code == 200
    ok(await athlete.delete(f"{FEEDS}/{feed}"), 204)
    problem(await http.get(path), 404, "not-found")
    problem(await athlete.delete(f"{FEEDS}/{feed}"), 404, "not-found")
    assert (await http.get(other)).status_code == 200
    assert [each["feed_name"] for each in ok(await athlete.get(FEEDS))["items"]] == ["desk"]


@pytest.mark.parametrize("change", ["x{}", "{}x", "{}.ics", "{0:.20}", "", "%00", "..%2f{}", "caf%C3%A9"])
async def test_another_address_leads_nowhere(athlete: Person, http: httpx.AsyncClient, change: str) -> None:
    secret = (await make(athlete)).rpartition("/")[2].removesuffix(".ics")
    problem(await http.get(f"/api/v1/calendar/{change.format(secret)}.ics"), 404, "not-found")
    problem(await http.get(f"/api/v1/calendar/{secret}"), 404, "not-found")


async def test_the_feed_of_an_account_that_is_gone_is_gone(athlete: Person, http: httpx.AsyncClient, services: Services) -> None:
    path = await make(athlete)
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute("UPDATE app_user SET is_active = false WHERE id = $1", UUID(athlete.user_id))
    problem(await http.get(path), 404, "not-found")


async def test_a_feed_reads_training_and_nothing_else(athlete: Person, services: Services) -> None:
    path = await make(athlete)
    await record(athlete, clock.now() - timedelta(days=1))
    ok(
        await athlete.post(
            "measurements", {"metric": "body-weight", "measured_value": 80, "unit": "kg", "measurement_date": "2026-05-01"}
        ),
        201,
    )
    hashed = secret_hash(path.rpartition("/")[2].removesuffix(".ics").encode())
    counts = {}
    async with services.database.act_as_system(None, uuid7()) as tx:
        await tx.read_as_feed(hashed)
        assert tx.athlete == UUID(athlete.user_id)
        for table in ("user_workout_session", "user_measurement", "user_password"):
            counts[table] = await tx.value(f"SELECT count(*) FROM {table} WHERE user_id = $1", tx.athlete)  # noqa: S608
        assert counts == {"user_workout_session": 1, "user_measurement": 0, "user_password": 0}
        assert await tx.execute("UPDATE user_workout_session SET session_notes = 'x' WHERE user_id = $1", tx.athlete) == 0


async def test_the_secret_is_in_no_log_and_in_no_ledger(
    athlete: Person, http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, urls: DatabaseUrls
) -> None:
    path = await make(athlete)
    secret = path.rpartition("/")[2].removesuffix(".ics")
    with caplog.at_level(logging.DEBUG):
        assert (await http.get(path)).status_code == 200
        assert (await http.get(path.replace(secret, secret[::-1]))).status_code == 404
    told = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not any(secret in message or secret[::-1] in message for message in told)
    assert secret not in (await http.get("/metrics")).text
    connection = await asyncpg.connect(urls.owner)
    changes = await connection.fetch("SELECT to_jsonb(c)::text FROM change c WHERE user_id = $1", UUID(athlete.user_id))
    await connection.close()
    assert any("calendar_feed" in row[0] for row in changes)
    assert not any(secret in row[0] for row in changes)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, None])
async def test_a_name_is_wanted(athlete: Person, name: str | None) -> None:
    problem(await athlete.post(FEEDS, {"feed_name": name}), 422, "invalid")


async def test_the_feed_of_a_workout_that_was_deleted_still_names_it(athlete: Person, http: httpx.AsyncClient) -> None:
    body = {"workout_name": "Mine", "instructions": [{"exercise_id": (await _bench(athlete)), "sets": 1}]}
    workout = ok(await athlete.post("/api/v1/workouts", body), 201)
    session = await plan(athlete, clock.now() + timedelta(days=1), workout_id=workout["id"])
    ok(await athlete.delete(f"/api/v1/workouts/{workout['id']}"), 204)
    assert str((await events(http, await make(athlete)))[session["id"]]["SUMMARY"]) == "Mine"


async def _bench(athlete: Person) -> str:
    workout = ok(await athlete.get(f"/api/v1/workouts/{PUSH}"))
    found: str = workout["instructions"][0]["exercise_id"]
    return found
