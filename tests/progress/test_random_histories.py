"""Histories changed at random over HTTP; after each change every chart says what the slow reference says.

`REPTRAIL_PROGRESS_STEPS` makes the walks longer than CI can wait for.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from progress_world import ASSISTED, BENCH, PLANK, PULL_UP, RUN, SQUAT, Coach, answered, chart, coach_of
from reference import TABLES, Reference
from reference_parts import differences

from helpers import Person, add_program, register
from reptrail import clock
from reptrail.http.edge import Services
from reptrail.ids import uuid7

STEPS = int(os.environ.get("REPTRAIL_PROGRESS_STEPS", "60"))
# Within hours of a change of the clock, and of the turn of a day, a week and a year somewhere.
NOWS = ("2026-03-29T22:30", "2026-01-01T10:59", "2025-10-26T23:59", "2026-07-15T12:00")
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/New_York", "Asia/Beirut")
EXERCISES = (BENCH, SQUAT, PULL_UP, ASSISTED, PLANK, RUN)
Step = Callable[[], Awaitable[None]]
HEVY = (
    "title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,"
    "set_index,set_type,weight_kg,reps,distance_km,duration_seconds,rpe\n"
)


class Walk:
    """One athlete whose history changes at random, one time in four by their coach."""

    def __init__(self, person: Person, coach: Coach, services: Services, random: Random, now: datetime) -> None:
        self.person = person
        self.coach = coach
        self.services = services
        self.random = random
        self.now = now
        self.sessions: list[dict[str, Any]] = []
        self.imports: dict[str, bool] = {}
        self.enrollment: str | None = None

    async def send(self, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
        """A request that may be refused for what stands, and never for a mistake of ours or the server's."""
        writer = self.writer() if path.startswith("sessions") else self.person
        response = await writer.call(method, path, json, **kwargs)
        assert response.is_success or response.status_code in (404, 409), (method, path, json, response.text)
        return response.json() if response.is_success and response.content else None

    def writer(self) -> Person:
        """Who logs, plans and edits: what a coach writes counts as what the athlete writes."""
        return self.coach if self.random.random() < 0.25 else self.person

    # --- What is logged ------------------------------------------------------------------------------------------------

    def a_time(self, *, ahead: int = 0) -> datetime:
        """Mostly within minutes of a midnight somewhere, and mostly lately."""
        random = self.random
        days = random.choice((random.randint(-ahead, 2 if ahead else 40), random.randint(0, 400)))
        day = (self.now - timedelta(days=days)).astimezone(ZoneInfo(random.choice(ZONES))).replace(hour=0, minute=0)
        return (day + timedelta(minutes=random.choice((random.randint(-90, 90), random.randint(0, 1439))))).astimezone(UTC)

    def a_set(self, exercise: str) -> dict[str, Any]:
        random = self.random
        kind = random.choice(("WARMUP", "WORKING", "WORKING", "WORKING", "DROP", "AMRAP", "FAILURE"))
        body: dict[str, Any] = {"kind": kind, "id": str(uuid7())}
        if exercise in (PLANK, RUN):
            body["duration_seconds"] = random.choice((30, 60, 90, 600, 1800))
            if exercise == RUN and random.random() < 0.7:
                body["distance_m"] = random.choice((400, 1000, 5000.5))
            return body
        body["reps"] = random.choice((0, 1, 3, 5, 5, 8, 10, 12, 15))
        if exercise != PULL_UP or random.random() < 0.5:
            body["weight_unit"] = random.choice(("kg", "lb"))
            body["weight"] = random.choice((0, 20, 22.25, 40, 60, 62.5, 100, 102.5, 135, 225))
        if random.random() < 0.4:
            body["rpe"] = random.randint(12, 20) / 2
        if random.random() < 0.1:
            body["load"] = random.choice(("ADDED", "ASSISTED", "BODYWEIGHT", "EXTERNAL"))
        return body

    def sets(self, exercise: str) -> list[dict[str, Any]]:
        return [self.a_set(exercise) for _ in range(self.random.randint(1, 4))]

    async def record(self) -> None:
        at = min(self.a_time(), self.now)
        chosen = self.random.sample(EXERCISES, self.random.randint(0, 3))
        body: dict[str, Any] = {
            "session_status": "COMPLETED",
            "started_at": at.isoformat(),
            "completed_at": (at + timedelta(minutes=self.random.randint(1, 120))).isoformat(),
            "performances": [{"exercise_id": e, "sets": self.sets(e)} for e in chosen],
        }
        if self.random.random() < 0.7:
            body["effort_rating"] = self.random.randint(1, 10)
        if self.random.random() < 0.3:
            body |= {"scheduled_at": self.a_time().isoformat(), "program_enrollment_id": self.enrollment}
        self.sessions.append(await answered(self.writer(), "POST", "sessions", body))

    async def plan(self) -> None:
        body = {"workout_name": "Planned", "scheduled_at": self.a_time(ahead=10).isoformat()}
        if self.random.random() < 0.5:
            body["program_enrollment_id"] = self.enrollment
        self.sessions.append(await answered(self.writer(), "POST", "sessions", body))

    async def some_session(self) -> dict[str, Any]:
        found = self.random.choice(self.sessions)
        return await self.send("GET", f"sessions/{found['id']}") or found

    async def move(self) -> None:
        session = await self.some_session()
        verb = self.random.choice(("start", "complete", "skip", "cancel", "cancel", "reopen", "reopen"))
        moment = self.a_time().isoformat()
        await self.send("POST", f"sessions/{session['id']}/{verb}", {"started_at": moment} if verb == "start" else None)

    async def log(self) -> None:
        session, exercise = await self.some_session(), self.random.choice(EXERCISES)
        body = [{**each, "exercise_id": exercise} for each in self.sets(exercise)]
        await self.send("POST", f"sessions/{session['id']}/sets", body)

    async def summarize(self) -> None:
        session, exercise = await self.some_session(), self.random.choice(EXERCISES)
        added = await self.send("POST", f"sessions/{session['id']}/exercises", {"exercise_id": exercise})
        if added is not None:
            mine = [p["id"] for p in added["prescriptions"] if p["exercise_id"] == exercise]
            path = f"sessions/{session['id']}/performances/{mine[-1]}"
            await self.send("PUT", path, {"sets_completed": self.random.randint(0, 5), "reps_completed": 10, "weight_used_kg": 50})

    async def edit_session(self) -> None:
        session = await self.some_session()
        if session["session_status"] == "COMPLETED":
            at = min(self.a_time(), self.now)
            ends = (at + timedelta(minutes=self.random.randint(1, 120))).isoformat()
            times = {"started_at": at.isoformat(), "completed_at": ends}
            rating = {"effort_rating": self.random.choice((None, 3, 8))}
            await self.send("PATCH", f"sessions/{session['id']}", self.random.choice((times, rating, times | rating)))

    async def with_set(self) -> tuple[str, dict[str, Any], str] | None:
        session = await self.some_session()
        found = [(p, s) for p in session.get("performances", ()) for s in p.get("sets", ())]
        if not found:
            return None
        performance, one = self.random.choice(found)
        return f"sessions/{session['id']}/sets/{one['id']}", one, performance["exercise_id"]

    async def edit_set(self) -> None:
        found = await self.with_set()
        if found is not None:
            path, _, exercise = found
            fresh = {name: value for name, value in self.a_set(exercise).items() if name not in ("id", "load")}
            await self.send("PATCH", path, fresh)

    async def delete_set(self) -> None:
        found = await self.with_set()
        if found is not None:
            await self.send("DELETE", found[0])
            if self.random.random() < 0.4:
                await self.send("POST", "restore", {"table": "user_set_performance", "id": found[1]["id"]})

    async def delete_session(self) -> None:
        session = self.random.choice(self.sessions)
        await self.send("DELETE", f"sessions/{session['id']}")

    async def restore_session(self) -> None:
        session = self.random.choice(self.sessions)
        await self.send("POST", "restore", {"table": "user_workout_session", "id": session["id"]})

    # --- Imports and the profile ---------------------------------------------------------------------------------------

    async def imported(self) -> None:
        day = self.a_time()
        start, end = (f"{d:%-d %b %Y, %H:%M}" for d in (day, day + timedelta(minutes=45)))
        rows = [
            f'Upper,"{start}","{end}",,Bench Press (Barbell),,,{n},normal,{self.random.choice((60, 97.5, 110))},{reps},,,'
            for n, reps in enumerate(self.random.sample(range(1, 13), 3))
        ]
        file = (HEVY + "\n".join(rows) + "\n").encode()
        made = await self.send("POST", "imports", files={"file": ("h.csv", file, "text/csv")}, data={"time_zone": "UTC"})
        if made and made["id"]:
            self.imports[made["id"]] = True

    async def undo(self) -> None:
        if self.imports:
            found = self.random.choice(list(self.imports))
            if self.imports[found]:
                await self.send("DELETE", f"imports/{found}")
            else:
                await self.send("POST", "restore", {"import_id": found})
            self.imports[found] = not self.imports[found]

    async def profile(self) -> None:
        fields = self.random.choice(({"weight_unit": self.random.choice(("kg", "lb"))}, {"time_zone": self.random.choice(ZONES)}))
        await answered(self.person, "PATCH", "/api/v1/me", fields)

    async def step(self) -> str:
        few: list[Step] = [self.profile, self.delete_session, self.restore_session, self.imported, self.undo]
        often = [self.record, self.record, self.plan, self.move, self.move, self.log, self.edit_set, self.delete_set]
        chosen = self.random.choice([*few, *often, self.edit_session, self.summarize]) if self.sessions else self.record
        await chosen()
        return chosen.__name__

    # --- Comparing -----------------------------------------------------------------------------------------------------

    async def reference(self) -> Reference:
        athlete = UUID(self.person.user_id)
        async with self.services.database.act_as_system(athlete, uuid7()) as tx:
            user = dict(await tx.row("SELECT * FROM app_user WHERE user_id = $1", athlete))
            tables = {
                table: [dict(row) for row in await tx.rows(f"SELECT * FROM {table} WHERE user_id = $1", athlete)]  # noqa: S608
                for table in TABLES
            }
            catalogue = {row["id"]: dict(row) for row in await tx.rows("SELECT * FROM exercise")}
            revisions = await tx.rows("SELECT * FROM program_revision")
        names = {(row["program_id"], row["revision"]): row["program_name"] for row in revisions}
        return Reference(user, tables, catalogue, names, self.now)

    def a_period(self) -> tuple[date | None, date | None]:
        random, today = self.random, self.now.date()
        last = today - timedelta(days=random.randint(-8, 60))
        first = last - timedelta(days=random.choice((0, 6, 27, 90, 500)))
        return random.choice(((None, None), (None, None), (first, last), (first, None), (None, last)))

    async def compare(self) -> list[str]:
        reference = await self.reference()
        since, until = self.a_period()
        query = {name: value for name, value in (("from", since), ("to", until)) if value is not None}
        found: list[str] = []
        for name in ("summary", "volume", "load", "adherence"):
            answer = await chart(self.person, name, **query)
            for fixed in ("caveats", "meanings"):
                answer.pop(fixed, None)
            answer["programs"] = sorted(answer.get("programs", ()), key=lambda p: str(p["program_enrollment_id"]))
            expected = getattr(reference, name)(since, until)
            expected["programs"] = sorted(expected.get("programs", ()), key=lambda p: str(p["program_enrollment_id"]))
            found += differences(answer, expected, f"{name} {query}")
        year = self.random.choice((self.now.year, self.now.year - 1))
        found += differences(await chart(self.person, "calendar", year=year), reference.calendar(year), "calendar")
        records, expected = await chart(self.person, "records"), reference.records()
        records["items"].sort(key=lambda item: item["exercise_id"])
        expected["items"].sort(key=lambda item: str(item["exercise_id"]))
        found += differences(records, expected, "records")
        for exercise in self.random.sample(EXERCISES, 3):
            answer = await chart(self.person, f"exercises/{exercise}", **query)
            found += differences(answer, reference.exercise(UUID(exercise), since, until), f"exercise {query}")
        return found


@pytest.mark.parametrize("now", NOWS)
async def test_charts_of_a_random_history(
    http: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch, now: str
) -> None:
    person = await register(http, time_zone="Pacific/Kiritimati", weight_unit="lb")
    coach = await coach_of(person)
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    walk = Walk(person, coach, services, Random(now), at)  # noqa: S311
    athlete = UUID(person.user_id)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        program, enrollment = await add_program(tx, athlete), uuid7()
        await tx.execute(
            """INSERT INTO user_program_enrollment (id, user_id, program_id, enrollment_status, paused_on)
            VALUES ($2, $1, $3, 'PAUSED', $4)""",
            athlete,
            enrollment,
            program,
            at.date() - timedelta(days=3),
        )
    walk.enrollment = str(enrollment)
    done = []
    for _ in range(STEPS):
        done.append(await walk.step())
        wrong = await walk.compare()
        assert wrong == [], (done[-8:], wrong[:5])
    assert len(set(done)) > min(8, STEPS // 4)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        by_coach = "SELECT count(*) FROM user_set_performance t WHERE t.user_id = $1 AND t.created_by = $2"
        assert await tx.value(by_coach, athlete, UUID(coach.user_id)) > 0
