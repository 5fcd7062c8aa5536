"""kill -9 in the middle of a stream of writes: what was acknowledged is there, once, and nothing is half there."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from chain import CHANGES, HEADS, SUMMARIES, verify_chain, verify_summaries

from helpers import Person, problem, register
from reptrail.catalog.builtin import builtin_id
from reptrail.ids import uuid7
from serving import Serving, free_port, wait_until

pytestmark = pytest.mark.embedded

WRITERS = 4
ANSWER_WITHIN_SECONDS = 12
# On a busy machine; on an idle one it is two or three.
BACK_WITHIN_SECONDS = 60
EXERCISES = [str(builtin_id("exercise", slug)) for slug in ("squat-barbell", "bench-press-barbell", "pull-up")]


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with tempfile.TemporaryDirectory(prefix="rtc", ignore_cleanup_errors=True) as directory:
        made = Serving(Path(directory), free_port())
        try:
            made.start()
            yield made
        finally:
            made.clean_up()


@pytest.fixture
async def client(serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    wait_until(serving.is_ready, BACK_WITHIN_SECONDS, serving.log()[-2000:])
    async with httpx.AsyncClient(base_url=serving.url, timeout=ANSWER_WITHIN_SECONDS) as made:
        yield made


@dataclass
class Stream:
    """Sets with ids of the client's own, sent on several connections; what became of each."""

    person: Person
    session_id: str
    bodies: dict[str, Any] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    statuses: set[int] = field(default_factory=set)
    slowest_seconds: float = 0.0
    stopping: bool = False

    async def send(self, key: str) -> None:
        body = self.bodies[key]
        started = time.monotonic()
        try:
            response = await self.person.post(f"sessions/{self.session_id}/sets", body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            self.unknown.add(key)
            return
        finally:
            self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - started)
        self.statuses.add(response.status_code)
        if response.status_code == 201:
            self.acknowledged.add(key)
            self.unknown.discard(key)
        else:
            assert problem(response, 503, "unavailable")
            self.unknown.add(key)

    def make(self, count: int) -> str:
        key = str(uuid7())
        sets = [
            {"id": str(uuid7()), "exercise_id": EXERCISES[n % 3], "reps": n % 9 + 1, "weight": 40 + n, "weight_unit": "kg"}
            for n in range(count)
        ]
        self.bodies[key] = sets[0] if count == 1 else sets
        return key

    async def write(self, writer: int) -> None:
        """Writes until told to stop; alternately one set and several."""
        number = writer
        while not self.stopping:
            number += 1
            before = len(self.unknown)
            await self.send(self.make(1 if number % 2 else 5))
            if len(self.unknown) > before:
                await asyncio.sleep(0.05)  # as a phone would, before it tries again

    async def finish(self) -> None:
        """Sends everything that was not acknowledged again, with the same ids and keys, until all of it is."""
        deadline = time.monotonic() + BACK_WITHIN_SECONDS
        while self.unknown:
            assert time.monotonic() < deadline, f"{len(self.unknown)} still unknown"
            for key in list(self.unknown):
                await self.send(key)
            await asyncio.sleep(0.05 if self.unknown else 0)

    def expected(self) -> dict[str, float]:
        return {s["id"]: s["weight"] for body in self.bodies.values() for s in (body if isinstance(body, list) else [body])}


async def streaming(client: httpx.AsyncClient) -> tuple[Stream, list[asyncio.Task[None]]]:
    person = await register(client)
    session = (await person.post("sessions", {"session_status": "IN_PROGRESS"})).json()
    stream = Stream(person, session["id"])
    writers = [asyncio.create_task(stream.write(n)) for n in range(WRITERS)]
    deadline = time.monotonic() + BACK_WITHIN_SECONDS
    while len(stream.acknowledged) < 25:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    return stream, writers


async def stop(stream: Stream, writers: list[asyncio.Task[None]]) -> None:
    stream.stopping = True
    await asyncio.wait_for(asyncio.gather(*writers), BACK_WITHIN_SECONDS)


async def check(serving: Serving, stream: Stream) -> None:
    """Every set is there exactly once, the summaries are exact, and the ledger is whole."""
    assert not stream.unknown
    assert stream.statuses <= {201, 503}
    assert stream.acknowledged == stream.bodies.keys()
    session = (await stream.person.get(f"sessions/{stream.session_id}")).json()
    found = [(s["id"], s["weight"]) for p in session["performances"] for s in p["sets"]]
    assert len(found) == len(set(found))
    assert dict(found) == stream.expected()
    assert len(session["performances"]) == 3, "an exercise was added twice"
    made = await serving.rows("SELECT row_id FROM change WHERE table_name = 'user_set_performance' AND action = 'INSERT'")
    assert len(made) == len({row[0] for row in made}), "a set was stored twice"
    assert verify_chain(await serving.rows(CHANGES), await serving.rows(HEADS)) > len(stream.bodies)
    assert verify_summaries(await serving.rows(SUMMARIES)) >= 3


async def test_the_server_is_killed_mid_stream(serving: Serving, client: httpx.AsyncClient) -> None:
    stream, writers = await streaming(client)
    await asyncio.to_thread(serving.kill)
    await asyncio.sleep(0.2)
    await stop(stream, writers)
    assert stream.unknown, "nothing was under way"
    await asyncio.to_thread(serving.start)
    await stream.finish()
    await check(serving, stream)


async def test_postgresql_is_killed_mid_stream(serving: Serving, client: httpx.AsyncClient) -> None:
    """All of its processes at once: the server answers 503 meanwhile, and has it back by itself."""
    stream, writers = await streaming(client)
    first = serving.postmaster_pid()
    await asyncio.to_thread(serving.kill_postgres)
    deadline = time.monotonic() + BACK_WITHIN_SECONDS
    there = len(stream.acknowledged)
    while len(stream.acknowledged) < there + 25:
        assert time.monotonic() < deadline, serving.log()[-3000:]
        await asyncio.sleep(0.05)
    await stop(stream, writers)
    assert 503 in stream.statuses, "nobody noticed"
    assert stream.slowest_seconds < ANSWER_WITHIN_SECONDS
    assert serving.postmaster_pid() != first
    await stream.finish()
    await check(serving, stream)


async def test_only_the_postmaster_is_killed(serving: Serving, client: httpx.AsyncClient) -> None:
    """Its orphans hold the shared memory until they notice; starting it again has to wait for them."""
    stream, writers = await streaming(client)
    first = serving.postmaster_pid()
    await asyncio.to_thread(serving.kill_postgres, only_the_first=True)
    await asyncio.to_thread(
        wait_until, lambda: is_another(serving, first), BACK_WITHIN_SECONDS, f"not started again: {serving.log()[-3000:]}"
    )
    await stop(stream, writers)
    assert stream.slowest_seconds < ANSWER_WITHIN_SECONDS
    await stream.finish()
    await check(serving, stream)


def is_another(serving: Serving, first: int) -> bool:
    try:
        return serving.postmaster_pid() != first and serving.is_ready()
    except (FileNotFoundError, ValueError):
        return False


async def test_what_is_read_meanwhile(serving: Serving, client: httpx.AsyncClient) -> None:
    """A read, the readiness, and a sign-in: 503 at once, none a 500, and alive all the while."""
    person = await register(client)
    await asyncio.to_thread(serving.kill_postgres)
    seen: dict[str, set[int]] = {"read": set(), "log in": set(), "ready": set(), "alive": set()}
    deadline = time.monotonic() + BACK_WITHIN_SECONDS
    while time.monotonic() < deadline:
        started = time.monotonic()
        for name, request in {
            "read": person.get("sessions"),
            "log in": client.post("/api/v1/auth/login", json={"email": person.email, "password": "wrong but long"}),
            "ready": client.get("/readyz"),
            "alive": client.get("/healthz"),
        }.items():
            seen[name].add((await request).status_code)
        assert time.monotonic() - started < ANSWER_WITHIN_SECONDS
        if 200 in seen["read"] and 401 in seen["log in"] and 200 in seen["ready"]:
            break
    # It may be back before the others are asked.
    assert seen["read"] == {200, 503}
    assert {401} <= seen["log in"] <= {401, 503}
    assert {200} <= seen["ready"] <= {200, 503}
    assert seen["alive"] == {200}


async def test_a_process_number_that_is_somebody_elses_now(serving: Serving) -> None:
    """After a restart of the container postmaster.pid names a living process that is not PostgreSQL."""
    await asyncio.to_thread(serving.kill)
    await asyncio.to_thread(serving.kill_postgres)
    stale = serving.pgdata / "postmaster.pid"
    lines = stale.read_text().split("\n")
    stale.write_text("\n".join([str(psutil.Process().pid), *lines[1:]]))
    (serving.pgdata / ".handle_pids.json").write_text("[1234567, 12")  # cut off as it was written
    await asyncio.to_thread(serving.start)
    assert serving.postmaster_pid() != psutil.Process().pid
    async with httpx.AsyncClient(base_url=serving.url) as client:
        await register(client)


async def test_the_orderly_end_stops_it(serving: Serving) -> None:
    """Also after servers that were killed: they do not count as users of the database for ever."""
    assert await asyncio.to_thread(serving.stop) in (0, -15)
    assert not (serving.pgdata / "postmaster.pid").exists()
    assert await asyncio.to_thread(serving.postgres) == []
