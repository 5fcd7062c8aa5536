"""Measurements, lifts and goals changed at random over HTTP; after each change every number says what the slow reference says.

`REPTRAIL_PROGRESS_STEPS` makes the walks longer than CI can wait for.
"""

import math
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from progress_world import BENCH, SQUAT, Coach, answered, chart, coach_of
from reference_body import TABLES, BodyReference, factor

from helpers import Person, register
from reptrail import clock
from reptrail.catalog.builtin import builtin_id
from reptrail.http.edge import Services
from reptrail.ids import uuid7

STEPS = int(os.environ.get("REPTRAIL_PROGRESS_STEPS", "30"))
NOWS = ("2026-03-29T22:30", "2026-01-01T10:59", "2026-07-15T12:00")
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin")
UNITS = {
    "body-weight": ("kg", "lb", "[stone_av]", "g"),
    "height": ("cm", "in", "m"),
    "waist": ("cm", "in"),
    "neck": ("cm", "in"),
    "hip": ("cm",),
    "abdomen": ("cm",),
    "body-fat": ("%",),
}
MIDDLES = {"body-weight": 82, "height": 180, "waist": 88, "neck": 38, "hip": 100, "abdomen": 90, "body-fat": 18}
HEVY = "date,weight_kg,fat_percent,neck_cm,waist_cm,hips_cm\n"


class BodyWalk:
    """One athlete whose body changes at random, one time in four by what their coach writes."""

    def __init__(self, person: Person, coach: Coach, services: Services, random: Random, now: datetime) -> None:
        self.person, self.coach, self.services, self.random, self.now = person, coach, services, random, now
        self.measured: list[str] = []
        self.sessions: list[str] = []
        self.goals: list[str] = []
        self.imports: dict[str, bool] = {}

    async def send(self, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
        writer = self.writer() if path.startswith(("measurements", "sessions", "goals")) else self.person
        response = await writer.call(method, path, json, **kwargs)
        assert response.is_success or response.status_code in (404, 409), (method, path, json, response.text)
        return response.json() if response.is_success and response.content else None

    def writer(self) -> Person:
        return self.coach if self.random.random() < 0.25 else self.person

    def a_day(self, most: int = 120) -> str:
        days = self.random.choice((self.random.randint(0, 40), self.random.randint(0, most), self.random.randint(0, 700)))
        return str(self.now.date() - timedelta(days=days + 1))

    def a_measurement(self, metric: str, day: str | None = None) -> dict[str, Any]:
        unit = self.random.choice(UNITS[metric])
        canonical = MIDDLES[metric] * self.random.uniform(0.97, 1.03)
        value = round(canonical / float(factor(unit)), 3)
        body = {"metric": metric, "measured_value": value, "unit": unit, "measurement_date": day or self.a_day()}
        return {**body, "measurement_source": self.random.choice(("MANUAL", "DEVICE", "ESTIMATED"))}

    async def prepare(self) -> None:
        """Half a year of body weights and lifts, with holes."""
        begin = self.now.date() - timedelta(days=190)
        days = [begin + timedelta(days=n) for n in range(188) if self.random.random() < 0.55]
        made = await answered(self.person, "POST", "measurements", [self.a_measurement("body-weight", str(day)) for day in days])
        self.measured += [each["id"] for each in made]
        for day in days[::4]:
            await self.record(str(day))

    async def measure(self) -> None:
        metric = self.random.choice(("body-weight", "body-weight", *UNITS))
        made = await answered(self.writer(), "POST", "measurements", self.a_measurement(metric))
        self.measured.append(made["id"])

    async def edit(self) -> None:
        kg = self.random.choice((81.25, 79.5))
        change = self.random.choice(
            ({"measurement_date": self.a_day()}, {"measurement_notes": "x"}, {"measured_value": kg, "confirm": True})
        )
        await self.send("PATCH", f"measurements/{self.random.choice(self.measured)}", change)

    async def delete(self) -> None:
        await self.send("DELETE", f"measurements/{self.random.choice(self.measured)}")

    async def restore(self) -> None:
        table, ids = self.random.choice(
            (("user_measurement", self.measured), ("user_workout_session", self.sessions), ("user_goal", self.goals))
        )
        if ids:
            await self.send("POST", "restore", {"table": table, "id": self.random.choice(ids)})

    async def profile(self) -> None:
        fields = self.random.choice(({"weight_unit": self.random.choice(("kg", "lb"))}, {"time_zone": self.random.choice(ZONES)}))
        await answered(self.person, "PATCH", "/api/v1/me", fields)

    async def imported(self) -> None:
        days = [date.fromisoformat(self.a_day()) for _ in range(4)]
        rows = [
            f'"{day:%-d %b %Y}, 07:00",{self.random.uniform(78, 85):.1f},17.5,38.5,{self.random.uniform(80, 90):.1f},99'
            for day in days
        ]
        file = (HEVY + "\n".join(rows) + "\n").encode()
        made = await self.send("POST", "imports", files={"file": ("m.csv", file, "text/csv")}, data={"time_zone": "UTC"})
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

    async def record(self, day: str | None = None) -> None:
        at = f"{day or self.a_day()}T{self.random.choice(('01', '12', '23'))}:30:00Z"
        sets = [
            {"reps": self.random.choice((1, 3, 5, 8, 15)), "weight": self.random.choice((60, 80, 97.5, 100, 225)),
             "weight_unit": self.random.choice(("kg", "lb")), "kind": self.random.choice(("WARMUP", "WORKING", "DROP")),
             **({"rpe": 8.5} if self.random.random() < 0.3 else {}), **({"load": "ASSISTED"} if self.random.random() < 0.1 else {})}
            for _ in range(2)
        ]  # fmt: skip
        performance = {"exercise_id": self.random.choice((SQUAT, SQUAT, BENCH)), "sets": sets}
        body = {"session_status": "COMPLETED", "started_at": at, "performances": [performance]}
        self.sessions.append((await answered(self.writer(), "POST", "sessions", body))["id"])

    async def unrecord(self) -> None:
        if self.sessions:
            await self.send("DELETE", f"sessions/{self.random.choice(self.sessions)}")

    async def goal(self) -> None:
        of_lift = self.random.random() < 0.5
        subject = {"exercise_id": SQUAT} if of_lift else {"metric": self.random.choice(("body-weight", "waist"))}
        unit = "cm" if subject.get("metric") == "waist" else self.random.choice(("kg", "lb"))
        middle = 100 if of_lift else MIDDLES[str(subject["metric"])]
        value = round(middle * self.random.uniform(0.97, 1.03) / float(factor(unit)), 2)
        start = self.a_day()
        until = date.fromisoformat(start) + timedelta(days=self.random.randint(0, 200))
        body = {**subject, "target_value": value, "target_unit": unit, "start_date": start, "target_date": str(until)}
        self.goals.append((await answered(self.writer(), "POST", "goals", body))["id"])

    async def change_goal(self) -> None:
        if self.goals:
            path = f"goals/{self.random.choice(self.goals)}"
            later = str(self.now.date() + timedelta(days=self.random.randint(0, 120)))
            await self.send(self.random.choice(("PATCH", "DELETE")), path, {"target_date": later})

    async def step(self) -> str:
        chosen: Callable[[], Awaitable[None]] = self.random.choice(
            (self.measure, self.measure, self.measure, self.edit, self.delete, self.restore, self.restore, self.profile,
             self.imported, self.undo, self.record, self.record, self.unrecord, self.goal, self.goal, self.change_goal)
        )  # fmt: skip
        await chosen()
        return chosen.__name__

    # --- Comparing -----------------------------------------------------------------------------------------------------

    async def reference(self) -> BodyReference:
        athlete = UUID(self.person.user_id)
        async with self.services.database.act_as_system(athlete, uuid7()) as tx:
            user = dict(await tx.row("SELECT * FROM app_user WHERE id = $1", athlete))
            tables = {
                table: [dict(row) for row in await tx.rows(f"SELECT * FROM {table} WHERE user_id = $1", athlete)]  # noqa: S608
                for table in TABLES
            }
            metrics = {row["id"]: dict(row) for row in await tx.rows("SELECT * FROM metric")}
        return BodyReference(user, tables, metrics, self.now)

    async def compare(self) -> list[str]:
        reference = await self.reference()
        found = await self.compare_series(reference) + await self.compare_body(reference)
        goals = (await answered(self.person, "GET", "goals", params={"limit": "200"}))["items"]
        rows = {str(row["id"]): row for row in reference.tables["user_goal"]}
        if {goal["id"] for goal in goals} != rows.keys():
            found.append(f"goals: {len(goals)} not {len(rows)}")
        for goal in goals:
            found += differing(goal, reference.goal(rows[goal["id"]]), "goal")
        return found + await self.compare_forecast(reference, goals)

    async def compare_series(self, reference: BodyReference) -> list[str]:
        metric = self.random.choice(("body-weight", "body-weight", "waist", "bmi"))
        last = self.now.date() - timedelta(days=self.random.randint(-2, 60))
        since, until = self.random.choice(
            ((None, None), (last - timedelta(days=self.random.choice((0, 20, 90))), last), (None, last))
        )
        unit = self.random.choice((None, *UNITS.get(metric, ())))
        query = {name: v for name, v in (("from", since), ("to", until), ("unit", unit)) if v is not None}
        answer = await chart(self.person, f"measurements/{metric}", **query)
        return differing(answer, reference.series(builtin_id("metric", metric), since, until, unit), f"series {metric} {query}")

    async def compare_body(self, reference: BodyReference) -> list[str]:
        on = self.random.choice((None, self.now.date() - timedelta(days=self.random.randint(0, 90))))
        answer = await chart(self.person, "body", **({} if on is None else {"on": on}))
        numbers = {"bmi": answer["bmi"]["value"]}
        for made in answer["compositions"]:
            numbers |= {f"{made['method']}.{name}": told["value"] for name, told in made.items() if name != "method"}
        expected = reference.body(on)
        if expected["bmi"] is not None:
            expected["bmi"] = pytest.approx(expected["bmi"], abs=0.0051)
        return differing(numbers, expected, f"body {on}")

    async def compare_forecast(self, reference: BodyReference, goals: list[dict[str, Any]]) -> list[str]:
        ids = {"metric": builtin_id("metric", "body-weight"), "exercise_id": UUID(SQUAT)}
        if goals and self.random.random() < 0.7:
            goal = self.random.choice(goals)
            query = {"goal_id": goal["id"]}
            subject = {name: goal[name] and UUID(goal[name]) for name in ("metric_id", "exercise_id")}
            target, unit = Fraction(str(goal["target_value"])) * factor(goal["target_unit"]), goal["target_unit"]
            day, way = date.fromisoformat(goal["target_date"]), goal["direction"]
        else:
            name = self.random.choice(("metric", "exercise_id"))
            query = {
                name: "body-weight" if name == "metric" else SQUAT,
                "target": "81.5",
                "unit": "lb" if name == "metric" else "kg",
            }
            subject = {"metric_id": None, "exercise_id": None, "metric_id" if name == "metric" else name: ids[name]}
            unit, day = query["unit"], reference.today + timedelta(days=28)
            target = Fraction("81.5") * factor(unit)
            daily = reference.days_of(**subject)
            daily = [point for point in daily if point[0] >= reference.today - timedelta(days=455)]
            start = reference.in_force(daily, reference.today, is_lift=name != "metric") or (daily[0][1] if daily else None)
            way = None if start is None else "UP" if target >= start else "DOWN"
        answer = await chart(self.person, "forecast", **query)
        answer["refusal"] = answer["refusal"] and answer["refusal"]["code"]
        expected = reference.forecast(subject, target if way else None, unit, day, is_up=way == "UP")
        return differing(answer, {**expected, "direction": way, "target_date": day}, f"forecast {query}")


def differing(found: Any, expected: Any, path: str) -> list[str]:
    """Where an answer is not what it should be, of what is expected of it; numbers to what sums of floats leave."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{path}: {found} not {expected}"]
        return [d for name in expected for d in differing(found.get(name), expected[name], f"{path}/{name}")]
    if isinstance(expected, list):
        if len(found) != len(expected):
            return [f"{path}: {len(found)} not {len(expected)}"]
        return [d for n, pair in enumerate(zip(found, expected, strict=True)) for d in differing(*pair, f"{path}/{n}")]
    if isinstance(expected, (date, UUID)):
        same = found == str(expected)
    elif isinstance(expected, (int, float, Decimal)) and isinstance(found, (int, float)):
        same = math.isclose(found, expected, rel_tol=1e-7, abs_tol=1e-7)
    else:
        same = bool(found == expected)
    return [] if same else [f"{path}: {found} not {expected}"]


@pytest.mark.parametrize("now", NOWS)
async def test_numbers_of_a_random_body(
    http: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch, now: str
) -> None:
    person = await register(http, time_zone="Pacific/Kiritimati", weight_unit="lb")
    coach = await coach_of(person)
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: at)
    walk = BodyWalk(person, coach, services, Random(now), at)  # noqa: S311
    await walk.prepare()
    done = []
    for _ in range(STEPS):
        done.append(await walk.step())
        wrong = await walk.compare()
        assert wrong == [], (done[-8:], wrong[:5])
    athlete = UUID(person.user_id)
    async with services.database.act_as_system(athlete, uuid7()) as tx:
        for table in ("user_measurement", "user_set_performance", "user_goal"):
            by_coach = f"SELECT count(*) FROM {table} x WHERE x.user_id = $1 AND $2 IN (x.created_by, x.updated_by)"  # noqa: S608
            assert await tx.value(by_coach, athlete, UUID(coach.user_id)) > 0, table
