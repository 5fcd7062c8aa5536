import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from rich.cells import cell_len
from rich.console import Console

from reptrail import clock
from reptrail.app import build_services, create_app
from reptrail.cli.report import as_json, render
from reptrail.db.embedded import DatabaseUrls
from reptrail.demo.history import TIME_ZONE
from reptrail.demo.store import EMAIL, PASSWORD, create_demo
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.progress.actions import report
from reptrail.settings import Settings

MakeDatabase = Callable[..., DatabaseUrls]


async def opened(make_database: MakeDatabase, settings: Settings) -> Services:
    services = build_services(settings, make_database())
    await services.database.open()
    return services


@pytest.fixture(scope="module")
async def instance(make_database: MakeDatabase, settings: Settings) -> AsyncIterator[Services]:
    """A fresh instance on which nobody has registered, with the demonstration athlete."""
    services = await opened(make_database, settings)
    await create_demo(services.database, today=clock.today(TIME_ZONE))
    yield services
    await services.database.close()


@pytest.fixture(scope="module")
async def demo(instance: Services) -> UUID:
    return await create_demo(instance.database, today=clock.today(TIME_ZONE))


async def rows(services: Services, user: UUID, sql: str) -> list[Any]:
    async with services.database.act_as_system(user, uuid7()) as tx:
        return await tx.rows(sql, user)


async def test_it_takes_no_more_than_a_start_may(make_database: MakeDatabase, settings: Settings) -> None:
    services = await opened(make_database, settings)
    started = time.perf_counter()
    await create_demo(services.database, today=clock.today(TIME_ZONE))
    seconds = time.perf_counter() - started
    await services.database.close()
    # Measured 1.1 s alone; the suite shares its cores with others.
    assert seconds < 40


async def test_twice_is_once(instance: Services, demo: UUID) -> None:
    counted = "SELECT count(*) AS n, max(seq) AS last FROM change WHERE user_id = $1"
    before = await rows(instance, demo, counted)
    assert await create_demo(instance.database, seed=3, today=clock.today(TIME_ZONE)) == demo
    assert await rows(instance, demo, counted) == before


async def test_two_at_once_are_one(make_database: MakeDatabase, settings: Settings) -> None:
    services = await opened(make_database, settings)
    today = clock.today(TIME_ZONE)
    made = await asyncio.gather(*(create_demo(services.database, weeks=2, today=today) for _ in range(3)))
    assert len(set(made)) == 1
    found = await rows(services, made[0], "SELECT count(*) AS n FROM workout WHERE user_id = $1 AND kind = 'CATALOG'")
    assert found[0]["n"] == 7
    await services.database.close()


async def test_the_first_who_registers_is_the_administrator(make_database: MakeDatabase, settings: Settings) -> None:
    services = await opened(make_database, settings)
    user = await create_demo(services.database, weeks=1, today=clock.today(TIME_ZONE))
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        body = {"email": "ann@example.org", "password": "correct horse battery", "display_name": "Ann"}
        answer = (await client.post("/api/v1/auth/register", json=body)).json()
        assert answer["user"]["is_admin"] is True
        login = await client.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
        assert login.status_code == 200, login.text
        assert login.json()["user"]["id"] == str(user)
        assert login.json()["user"]["is_admin"] is False
        assert login.json()["user"]["weight_unit"] == "kg"
        token = login.json()["access_token"]
        page = await client.get("/api/v1/athletes/me/sessions", headers={"Authorization": f"Bearer {token}"})
        assert page.status_code == 200
        assert page.json()["items"]
    await services.database.close()


async def test_who_administers_already_still_does(services: Services) -> None:
    async with services.database.act_as_system(None, uuid7()) as tx:
        before = await tx.value("SELECT administrator_id FROM instance")
    await create_demo(services.database, weeks=1, today=clock.today(TIME_ZONE))
    async with services.database.act_as_system(None, uuid7()) as tx:
        assert await tx.value("SELECT administrator_id FROM instance") == before


async def test_performances_are_the_exact_summary_of_their_sets(instance: Services, demo: UUID) -> None:
    wrong = await rows(
        instance,
        demo,
        """SELECT p.id, p.sets_completed, p.reps_completed, p.weight_used_kg, p.duration_seconds, x.*
        FROM user_exercise_performance p CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE t.kind <> 'WARMUP') AS sets, sum(t.reps) FILTER (WHERE t.kind <> 'WARMUP') AS reps,
                max(nullif(t.weight_kg, 0)) FILTER (WHERE t.kind <> 'WARMUP' AND t.load <> 'ASSISTED') AS kg,
                sum(t.duration_seconds) FILTER (WHERE t.kind <> 'WARMUP') AS seconds
            FROM user_set_performance t WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id) x
        WHERE p.user_id = $1 AND (p.sets_completed, p.reps_completed, p.weight_used_kg, p.duration_seconds)
            IS DISTINCT FROM (x.sets, x.reps, x.kg, x.seconds)""",
    )
    assert wrong == []


async def test_every_row_is_in_the_ledger_and_the_chain_holds(instance: Services, demo: UUID) -> None:
    found = await rows(
        instance,
        demo,
        """SELECT c.seq, c.hash = sha256(coalesce(lag(c.hash) OVER (ORDER BY c.seq), '') || convert_to(app.change_text(
            c.user_id, c.seq, c.actor_id, c.via, c.request_id, c.changed_at, c.domain, c.table_name, c.row_id, c.action,
            c.before, c.after), 'UTF8')) AS is_right
        FROM change c WHERE c.user_id = $1 ORDER BY c.seq""",
    )
    assert [row["seq"] for row in found] == list(range(1, len(found) + 1))
    assert all(row["is_right"] for row in found)
    for table in ("user_workout_session", "user_exercise_performance", "user_set_performance", "user_measurement", "workout"):
        missing = await rows(
            instance,
            demo,
            f"""SELECT r.id FROM {table} r WHERE r.user_id = $1 AND NOT EXISTS (
                SELECT FROM change c WHERE c.user_id = $1 AND c.row_id = r.id AND c.action = 'INSERT')""",  # noqa: S608
        )
        assert missing == [], table
    assert len(found) > 9_000


async def test_what_is_calculated_is_there(instance: Services, demo: UUID) -> None:
    found = await rows(
        instance,
        demo,
        """SELECT m.slug, count(*) AS n, min(u.canonical_value) AS low, max(u.canonical_value) AS high
        FROM user_measurement u JOIN metric m ON m.id = u.metric_id WHERE u.user_id = $1 GROUP BY m.slug""",
    )
    by_slug = {row["slug"]: row for row in found}
    assert by_slug["bmi"]["n"] == by_slug["body-weight"]["n"]
    assert 20 < by_slug["bmi"]["low"] < by_slug["bmi"]["high"] < 30


async def test_the_report_of_the_demonstration_athlete(instance: Services, demo: UUID) -> None:
    async with instance.database.act_as_system(demo, uuid7()) as tx:
        found = await report(tx)
    assert found.planned is not None
    assert found.streak_weeks >= 5
    assert {"Squat (Barbell)", "Bench Press (Barbell)"} <= {lift.exercise_name for lift in found.lifts}
    assert json.loads(as_json(found))["sessions"] == found.sessions
    for width in range(60, 201, 7):
        file = io.StringIO()
        render(found, Console(file=file, width=width, _environ={}))
        assert all(cell_len(printed) <= width for printed in file.getvalue().splitlines())


@pytest.mark.usefixtures("demo")
async def test_the_program_is_one_like_any_other(instance: Services) -> None:
    transport = httpx.ASGITransport(create_app(instance), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        login = await client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        (enrollment,) = (await client.get("/athletes/me/enrollments")).json()["items"]
        counts = enrollment["session_counts"]
        assert enrollment["enrollment_status"] == "ACTIVE"
        assert counts["total"] == 48
        assert counts["done"] >= 15
        assert counts["missed"] == 0
        assert counts["done"] + counts["skipped"] + counts["open"] == 48
        # Where it stands is where its sessions say it stands, and it takes the verbs that it names.
        assert enrollment["current_day"] == enrollment["next_session"]["program_day"]
        paused = await client.post(f"/athletes/me/enrollments/{enrollment['id']}/pause")
        assert (paused.status_code, paused.json()["enrollment_status"]) == (200, "PAUSED")
        resumed = await client.post(f"/athletes/me/enrollments/{enrollment['id']}/resume")
        assert (resumed.status_code, resumed.json()["session_counts"]) == (200, counts)
