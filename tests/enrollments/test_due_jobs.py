"""What the server does by itself: once, by several processes at once, by command, and in its loop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest
from enrollment_world import Clock, enroll, ok, read
from typer.testing import CliRunner

from helpers import Person, problem, register
from reptrail import clock, jobs
from reptrail.app import build_services, create_app
from reptrail.cli.main import app
from reptrail.db.embedded import DatabaseUrls
from reptrail.enrollments.actions import expire_due
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.settings import Settings

ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")


@pytest.fixture
async def alone(make_database: Callable[..., DatabaseUrls], settings: Settings) -> AsyncIterator[Services]:
    """An instance of its own: the job looks at all athletes there are."""
    made = build_services(replace(settings, enrollment_grace_days=3), make_database())
    await made.database.open()
    yield made
    await made.database.close()


def client(services: Services) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60)


async def people(http: httpx.AsyncClient, count: int, zone: str = "UTC") -> list[tuple[Person, str]]:
    """People, each enrolled in a program that ends tomorrow."""
    made = [await register(http, time_zone=zone) for _ in range(count)]
    return [(person, (await enroll(person, [["A"], ["B"]]))["id"]) for person in made]


async def test_several_processes_at_once_expire_each_once(alone: Services, moved_clock: Clock) -> None:
    second = build_services(alone.settings, alone.database.urls)
    await second.database.open()
    try:
        async with client(alone) as http:
            enrolled = await people(http, 12)
            kept = await people(http, 1)
            ok(await kept[0][0].patch(f"enrollments/{kept[0][1]}", {"target_completion_date": None}))
            assert (await jobs.run_due(alone)).enrollments_expired == 0
            moved_clock.forward(days=30)
            done = await asyncio.gather(*(jobs.run_due(services) for services in (alone, second, alone, second)))
            assert sum(each.enrollments_expired for each in done) == len(enrolled)
            assert sum(each.failed for each in done) == 0
            connection = await asyncpg.connect(alone.database.urls.owner)
            changes = await connection.fetch(
                """SELECT user_id, count(*), min(via::text) AS via FROM change
                   WHERE table_name = 'user_program_enrollment' AND after ->> 'enrollment_status' = 'EXPIRED' GROUP BY user_id"""
            )
            await connection.close()
            assert {(row["user_id"], row["count"], row["via"]) for row in changes} == {
                (UUID(person.user_id), 1, "SYSTEM") for person, _ in enrolled
            }
    finally:
        await second.database.close()


async def test_it_is_due_by_each_athletes_own_day(alone: Services, moved_clock: Clock) -> None:
    present = moved_clock.now
    async with client(alone) as http:
        for zone in ZONES:
            moved_clock.now = present
            await people(http, 2, zone)
            target = clock.today(zone) + timedelta(days=1)
            moved_clock.set(target + timedelta(days=3), zone, "23:59")
            assert (await jobs.run_due(alone)).enrollments_expired == 0
            moved_clock.forward(minutes=2)
            assert (await jobs.run_due(alone)).enrollments_expired == 2


async def test_devices_pause_while_the_job_expires(alone: Services) -> None:
    async def expire_all(enrolled: list[tuple[Person, str]]) -> int:
        found = 0
        for person, _ in enrolled:
            async with alone.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
                found += await expire_due(tx, -100)
        return found

    async with client(alone) as http:
        enrolled = await people(http, 10)
        pauses = asyncio.gather(*(person.post(f"enrollments/{enrollment}/pause") for person, enrollment in enrolled))
        answers, expired = await asyncio.gather(pauses, expire_all(enrolled))
        assert expired == len(enrolled)  # what is paused expires too
        for (person, enrollment), answer in zip(enrolled, answers, strict=True):
            assert answer.status_code == 200 or problem(answer, 409, "verb-not-allowed")["enrollment_status"] == "EXPIRED"
            now = await read(person, {"id": enrollment})
            assert (now["enrollment_status"], now["paused_on"], now["session_counts"]["cancelled"]) == ("EXPIRED", None, 2)


async def test_one_athletes_trouble_is_not_the_others(alone: Services, moved_clock: Clock) -> None:
    async with client(alone) as http:
        (troubled, _), *_ = await people(http, 3)
        connection = await asyncpg.connect(alone.database.urls.owner)
        try:
            await connection.execute(
                f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
                    CREATE TRIGGER a_refuse BEFORE UPDATE ON user_program_enrollment FOR EACH ROW
                    WHEN (OLD.user_id = '{troubled.user_id}') EXECUTE FUNCTION refuse()"""
            )
            moved_clock.forward(days=30)
            done = await jobs.run_due(alone)
            assert (done.enrollments_expired, done.failed) == (2, 1)
            await connection.execute("DROP TRIGGER a_refuse ON user_program_enrollment")
            done = await jobs.run_due(alone)
            assert (done.enrollments_expired, done.failed) == (1, 0)
        finally:
            await connection.close()


async def test_the_server_does_it_by_itself(alone: Services, moved_clock: Clock) -> None:
    often = replace(alone, settings=replace(alone.settings, jobs_every_seconds=1))
    async with client(alone) as http:
        ((person, enrollment),) = await people(http, 1)
        loop = asyncio.create_task(jobs.run_for_ever(often))
        try:
            real = moved_clock.now
            moved_clock.forward(days=30)
            for _ in range(600):
                await asyncio.sleep(0.1)
                moved_clock.now, moved = real, moved_clock.now  # for the token's sake
                now = await read(person, {"id": enrollment})
                moved_clock.now = moved
                if now["enrollment_status"] == "EXPIRED":
                    break
            assert now["enrollment_status"] == "EXPIRED"
        finally:
            loop.cancel()


def test_by_command(make_database: Callable[..., DatabaseUrls], tmp_path: Path) -> None:
    urls = make_database()
    env = {"REPTRAIL_DATABASE_URL": urls.owner, "REPTRAIL_DATA_DIR": str(tmp_path)}
    done = CliRunner().invoke(app, ["jobs", "run"], env=env)
    assert (done.exit_code, done.output) == (0, "0 enrollments expired, 0 kept answers forgotten.\n")
    unreachable = {**env, "REPTRAIL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert CliRunner().invoke(app, ["jobs", "run"], env=unreachable).exit_code == 1
