"""How long planning a program takes: `python bench/planning.py`. A year and two years of four sessions a week.

The request is the whole of POST .../restart, from the client's side, in the server's own process; the statement is the
INSERT of all its sessions alone, ledger and all, as the driver sees it.
"""

import asyncio
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from reptrail.app import build_services, create_app
from reptrail.catalog.builtin import builtin_id
from reptrail.db.embedded import find_database
from reptrail.db.migrate import migrate
from reptrail.settings import Settings

MAX_MILLISECONDS = 100
ROUNDS = 20
WEEK = [["A"], [], ["B"], [], ["A"], ["B"], []]


def program(weeks: int) -> dict[str, object]:
    instruction = {"exercise_id": str(builtin_id("exercise", "squat-barbell")), "sets": 5, "reps_min": 5, "reps_max": 5}
    workouts = [{"workout_key": key, "workout_name": key, "instructions": [instruction] * 5} for key in "AB"]
    days = [{"workouts": day} for day in WEEK * weeks]
    return {"program_name": f"{weeks} weeks", "is_public": False, "workouts": workouts, "days": days}


async def measure(http: httpx.AsyncClient, weeks: int, inserts: list[float]) -> tuple[float, float]:
    """The medians in milliseconds: the request, and its one statement."""

    async def post(path: str, body: object = None) -> dict[str, str]:
        answer = await http.post(f"/api/v1/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    enrolled = await post("athletes/me/enrollments", {"program_id": (await post("programs", program(weeks)))["id"]})
    path, took = f"athletes/me/enrollments/{enrolled['id']}", []
    inserts.clear()
    for _ in range(ROUNDS):
        await post(f"{path}/cancel")
        begun = time.perf_counter()
        await post(f"{path}/restart")
        took.append(1000 * (time.perf_counter() - begun))
    if len(inserts) != ROUNDS:
        raise RuntimeError(f"{len(inserts)} statements for {ROUNDS} plans")
    return statistics.median(took), 1000 * statistics.median(inserts)


async def run(settings: Settings) -> bool:
    urls = find_database(settings)
    await migrate(urls.owner)
    services = build_services(settings, urls)
    await services.database.open()
    inserts: list[float] = []
    good = True
    async with services.database.connection() as connection:
        connection.add_query_logger(
            lambda query: inserts.append(query.elapsed) if "INSERT INTO user_workout_session" in query.query else None
        )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(services)), base_url="http://bench", timeout=60) as http:
        body = {"email": "bench@example.org", "password": "correct horse battery", "display_name": "Bench"}
        token = (await http.post("/api/v1/auth/register", json=body)).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        for weeks in (52, 104):
            request, statement = await measure(http, weeks, inserts)
            good = good and request <= MAX_MILLISECONDS
            figures = f"request {request:.0f} ms, its one statement {statement:.0f} ms"
            print(f"plan {weeks} weeks of 4 sessions: {figures}   <= {MAX_MILLISECONDS} ms   {'ok' if good else 'MISSED'}")
    await services.database.close()
    return good


def main() -> int:
    directory = Path(tempfile.mkdtemp(prefix="rtbench"))
    try:
        return 0 if asyncio.run(run(Settings(data_dir=directory, pool_connections=1))) else 1
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
