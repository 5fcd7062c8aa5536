"""`python bench/sync.py`: a new phone pulls ten years of training, and a push of 200 sets beside the same over the routes.

The application in this process on an embedded PostgreSQL of its own (fsync on, settings as delivered), one client.
"""

import asyncio
import gzip
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers import Person, register
from reptrail.app import build_services, create_app
from reptrail.catalog.builtin import builtin_id
from reptrail.db.embedded import find_database
from reptrail.db.migrate import migrate
from reptrail.ids import uuid7
from reptrail.settings import Settings

SESSIONS, EXERCISES, SETS = 1500, 5, 4
BENCH_PRESS = str(builtin_id("exercise", "bench-press-barbell"))
ROUNDS = 7

# With the ledger on, as it came to be: each performance was summed up anew with each of its sets.
TEN_YEARS = """
INSERT INTO workout (id, user_id) SELECT md5('w' || '{athlete}')::uuid, '{athlete}';
INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name)
SELECT gen_random_uuid(), '{athlete}', md5('w' || '{athlete}')::uuid, 1, 'Workout';
INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id)
SELECT md5('i' || e || '{athlete}')::uuid, '{athlete}', md5('w' || '{athlete}')::uuid, e, (SELECT id FROM exercise WHERE rank = e)
FROM generate_series(1, {exercises}) e;
INSERT INTO user_workout_session (id, user_id, workout_id, session_status, started_at, completed_at)
SELECT gen_random_uuid(), '{athlete}', md5('w' || '{athlete}')::uuid, 'COMPLETED', now() - interval '58 hours' * s,
    now() - interval '58 hours' * s + interval '1 hour'
FROM generate_series(1, {sessions}) s;
INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id)
SELECT gen_random_uuid(), '{athlete}', s.id, i.id, i.exercise_id
FROM user_workout_session s, exercise_instruction i WHERE s.user_id = '{athlete}' AND i.user_id = '{athlete}';
"""
ONE_SET = """
INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, reps, weight, weight_unit, rpe)
SELECT gen_random_uuid(), '{athlete}', p.id, p.exercise_id, {number}, 6, 80, 'kg', 8
FROM user_exercise_performance p WHERE p.user_id = '{athlete}';
UPDATE user_exercise_performance SET sets_completed = {number}, reps_completed = 6 * {number}, weight_used_kg = 80
WHERE user_id = '{athlete}';
"""


async def main() -> None:
    """Prints the figures."""
    settings = Settings(data_dir=Path(tempfile.mkdtemp(prefix="rtsync")))
    urls = find_database(settings)
    await migrate(urls.owner)
    services = build_services(settings, urls)
    await services.database.open()
    transport = httpx.ASGITransport(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=120) as http:
        athlete = await register(http)
        await make(urls.owner, athlete.user_id)
        for limit in (1000, 5000):
            await pulled(athlete, limit)
        await timed("a pull of nothing new", lambda: athlete.get("sync", params={"since": str(HEAD[0])}))
        await timed("the catalogue", lambda: athlete.get("sync/catalog"))
        await pushed(athlete)
    await services.database.close()
    if urls.embedded is not None:
        urls.embedded.leave()


HEAD = [0]


async def make(owner_url: str, athlete: str) -> None:
    """Ten years of training with all their changes."""
    connection = await asyncpg.connect(owner_url)
    values = {"athlete": athlete, "sessions": SESSIONS, "exercises": EXERCISES}
    async with connection.transaction():
        await connection.execute(f"SELECT app.act_as_system('{UUID(athlete)}', 'SYSTEM', NULL)")
        await connection.execute(TEN_YEARS.format(**values))
        for number in range(1, SETS + 1):
            await connection.execute(ONE_SET.format(number=number, **values))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def pulled(athlete: Person, limit: int) -> None:
    """A new phone."""
    since, rows, seconds, size, packed = 0, 0, [], 0, 0
    while True:
        started = time.perf_counter()
        response = await athlete.get("sync", params={"since": str(since), "changes": str(limit)})
        seconds.append(time.perf_counter() - started)
        page = response.json()
        size += len(response.content)
        packed += len(gzip.compress(response.content, 1))
        rows += len(page["changes"])
        since = page["next_since"]
        if not page["has_more"]:
            break
    HEAD[0] = since
    each = sorted(seconds)
    print(
        f"pull of {since:,} changes, {limit} a page: {rows:,} rows in {len(seconds)} pages, {sum(seconds):.1f} s in all; "
        f"a page {statistics.median(each) * 1000:.0f} ms, the longest {each[-1] * 1000:.0f} ms; "
        f"{size / 1e6:.1f} MB, compressed {packed / 1e6:.1f} MB"
    )


async def timed(what: str, send: Callable[[], Awaitable[httpx.Response]]) -> float:
    """The median of a few rounds, in milliseconds."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        response = await send()
        seconds.append(time.perf_counter() - started)
        assert response.is_success, response.text  # noqa: S101
    found = statistics.median(seconds) * 1000
    print(f"{what}: {found:.1f} ms, {len(response.content):,} bytes")
    return found


async def pushed(athlete: Person) -> None:
    """200 sets, by push, by push where one of them is refused, and over the routes."""

    async def session() -> str:
        made = await athlete.post("sessions", {"session_status": "COMPLETED", "started_at": "2026-03-02T17:00:00Z"})
        found: str = made.json()["id"]
        return found

    def a_set(reps: int = 5) -> dict[str, Any]:
        return {"exercise_id": BENCH_PRESS, "reps": reps, "weight": 80, "weight_unit": "kg"}

    def operation(of: str, reps: int = 5) -> dict[str, Any]:
        fields = {**a_set(reps), "user_workout_session_id": of}
        return {"id": str(uuid7()), "row_id": str(uuid7()), "table": "user_set_performance", "action": "insert", "fields": fields}

    async def push(*, spoiled: bool) -> httpx.Response:
        of = await session()
        operations = [operation(of) for _ in range(200)]
        if spoiled:
            operations[100]["fields"]["exercise_id"] = str(uuid7())
        return await athlete.post("sync", {"operations": operations})

    async def requests() -> httpx.Response:
        of = await session()
        for _ in range(10):
            response = await athlete.post(f"sessions/{of}/sets", [a_set() for _ in range(20)])
        return response

    await timed("a push of 200 sets (and their session)", lambda: push(spoiled=False))
    await timed("a push of 200 sets, one of which is refused", lambda: push(spoiled=True))
    await timed("10 requests of 20 sets (and their session)", requests)


if __name__ == "__main__":
    asyncio.run(main())
