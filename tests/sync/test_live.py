"""Live updates: word of a change within seconds, to whoever may hear it, and to nobody for longer than that."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest
from listening import listening
from litestar import Litestar
from phone import Grant

from helpers import Person, problem
from reptrail.app import build_services, create_app
from reptrail.db import heads
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.settings import Settings
from reptrail.sync import live

WEIGHT = {"metric": "body-weight", "measured_value": 81.5, "unit": "kg"}


@pytest.fixture
async def process(settings: Settings, urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Services]:
    """A server process of its own whose streams go on; it looks more often than ours do, so that nobody waits."""
    monkeypatch.setattr(heads, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.3)
    services = build_services(replace(settings, live_seconds=60, live_streams=30), urls)
    await services.database.open()
    yield services
    await services.database.close()


@pytest.fixture
def server(process: Services) -> Litestar:
    return create_app(process)


async def test_every_change_is_told_and_nothing_of_it(server: Litestar, athlete: Person) -> None:
    head = (await athlete.get("sync")).json()["head_seq"]
    async with listening(server, athlete) as ear:
        await ear.until(lambda e: e.heads)
        assert ear.heads == [head]
        # Written by another process than the one that is listened to.
        assert (await athlete.post("measurements", WEIGHT)).is_success
        await ear.until(lambda e: len(e.heads) == 2)
        assert ear.heads[-1] == (await athlete.get("sync")).json()["head_seq"]
    assert (ear.status, ear.headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
    assert f'event: head\ndata: {{"seq":{head}}}\n\n' in ear.text
    assert "content-encoding" not in ear.headers
    assert "81.5" not in ear.text


async def test_who_was_told_already_is_not_told_again(server: Litestar, athlete: Person) -> None:
    head = (await athlete.get("sync")).json()["head_seq"]
    async with listening(server, athlete, last_event_id=str(head)) as ear:
        await ear.until(lambda e: ": here" in e.text)
        assert ear.heads == []
    async with listening(server, athlete, last_event_id="x" * 30) as ear:
        await ear.until(lambda e: e.heads == [head])


async def test_others_changes_are_not_told(server: Litestar, athlete: Person, stranger: Person) -> None:
    async with listening(server, athlete) as ear:
        await ear.until(lambda e: e.heads)
        assert (await stranger.post("measurements", WEIGHT)).is_success
        await ear.until(lambda e: e.text.count(": here") == 2)
        assert len(ear.heads) == 1


async def test_a_coach_listens_until_the_grant_is_revoked(server: Litestar, athlete: Person, grant: Grant) -> None:
    coach = await grant("training:read")
    async with listening(server, coach, athlete.user_id) as ear:
        await ear.until(lambda e: e.heads)
        await grant(coach=coach)
        told = len(ear.heads)
        assert (await athlete.post("measurements", WEIGHT)).is_success
        await ear.until(lambda e: e.ended)
        # The grant is gone, and neither its revoking nor what came after was told.
        assert len(ear.heads) == told


async def test_an_ended_login_hears_nothing_more(server: Litestar, athlete: Person) -> None:
    async with listening(server, athlete) as ear:
        await ear.until(lambda e: e.heads)
        assert (await athlete.post("/api/v1/auth/logout")).is_success
        await ear.until(lambda e: e.ended)


async def test_streams_hold_no_connection_and_nobody_looks_for_nobody(
    process: Services, server: Litestar, athlete: Person, stranger: Person
) -> None:
    async with listening(server, athlete), listening(server, stranger), listening(server, stranger) as ear:
        await ear.until(lambda e: e.heads)
        assert process.database.heads.count == 3
        assert process.database._pool.get_idle_size() > 0
        task = process.database.heads._watching
        assert task is not None
    assert process.database.heads.count == 0
    await task
    assert not process.database.heads._listeners


async def test_there_is_an_end_to_how_many_listen(process: Services, server: Litestar, athlete: Person, stranger: Person) -> None:
    here = httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url="http://test")
    with ExitStack() as others:
        mine = UUID(athlete.user_id)
        for _ in range(heads.MAX_PER_LISTENER):
            others.enter_context(process.database.heads.listening(mine, mine, 0, 1000))
        refused = await replace(athlete, http=here).get("live")
        assert refused.headers["retry-after"] == "30"
        problem(refused, 429, "too-many-streams")
        async with listening(server, stranger) as ear:
            assert ear.status == 200
        for _ in range(process.settings.live_streams - heads.MAX_PER_LISTENER):
            others.enter_context(process.database.heads.listening(uuid4(), uuid4(), 0, 1000))
        problem(await replace(stranger, http=here).get("live"), 429, "too-many-streams")


async def test_a_coach_does_not_take_the_athlete_s_place(
    process: Services, server: Litestar, athlete: Person, grant: Grant
) -> None:
    coach = await grant("training:read")
    with ExitStack() as streams:
        for _ in range(heads.MAX_PER_LISTENER):
            streams.enter_context(process.database.heads.listening(UUID(athlete.user_id), UUID(coach.user_id), 0, 1000))
        async with listening(server, athlete) as ear:
            assert ear.status == 200
        here = httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url="http://test")
        refused = await replace(coach, http=here).get(f"/api/v1/athletes/{athlete.user_id}/live")
        problem(refused, 429, "too-many-streams")


async def test_a_change_is_told_though_nobody_watches(
    process: Services, server: Litestar, athlete: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who watches the heads may be away from the database: then with the next sign of life."""
    monkeypatch.setattr(heads, "POLL_SECONDS", 60)
    async with listening(server, athlete) as ear:
        await ear.until(lambda e: e.text.count(": here") > 1)
        assert (await athlete.post("measurements", WEIGHT)).is_success
        await ear.until(lambda e: len(e.heads) == 2)
    assert process.database.heads.count == 0


async def test_streams_end_when_the_server_does(process: Services, server: Litestar, athlete: Person) -> None:
    async with listening(server, athlete) as ear:
        await ear.until(lambda e: e.heads)
        process.database.heads.close()
        await ear.until(lambda e: e.ended)
    async with listening(server, athlete) as ear:
        await ear.until(lambda e: e.ended)


async def test_a_stream_ends_when_its_time_is_over(athlete: Person) -> None:
    """The shared application of these tests gives it none: the head is told, and that was it."""
    response = await athlete.get("live")
    head = (await athlete.get("sync")).json()["head_seq"]
    assert response.text == f'retry: 2000\n\nid: {head}\nevent: head\ndata: {{"seq":{head}}}\n\n'
    assert response.headers["x-accel-buffering"] == "no"
