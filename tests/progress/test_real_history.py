"""The report of a real history out of Hevy against what its file says, counted here line by line."""

import csv
import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from progress_world import answered, chart

from helpers import Person
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.progress.actions import report

FILE = "workout_data_7211_sets.csv"


def hevy_rows(data: bytes) -> list[dict[str, str]]:
    """The file by Python's own reader: nothing of ours takes part."""
    return list(csv.DictReader(io.StringIO(data.decode())))


@dataclass
class Counted:
    """What the lines of one exercise come to."""

    days: list[date] = field(default_factory=list)
    sets: int = 0
    volume: Fraction = Fraction(0)
    heaviest: tuple[Decimal, int] = (Decimal(0), 0)
    e1rm: Fraction = Fraction(0)

    def add(self, row: dict[str, str], day: date) -> None:
        reps, kg = int(row["reps"] or 0), Decimal(row["weight_kg"] or 0)
        if row["set_type"] == "warmup" or reps < 1:
            return
        self.days.append(day)
        self.sets += 1
        self.volume += Fraction(kg) * reps
        self.heaviest = max(self.heaviest, (kg, reps))
        spare = 10 - Fraction(row["rpe"]) if row["rpe"] else Fraction(0)
        if reps + spare <= 12:
            self.e1rm = max(self.e1rm, Fraction(kg) * (1 + (reps + spare) / 30))


def counted(data: bytes) -> dict[str, Counted]:
    found: dict[str, Counted] = defaultdict(Counted)
    for row in hevy_rows(data):
        day = datetime.strptime(row["start_time"], "%d %b %Y, %H:%M").date()  # noqa: DTZ007 - the athlete's own day
        found[row["exercise_title"]].add(row, day)
    return found


def exercises_of(made: dict[str, Any]) -> dict[str, str]:
    """The exercise that each name of the file became."""
    return {each["name"]: each["exercise_id"] for each in made["exercises"] if each["exercise_id"]}


@pytest.fixture
async def imported(athlete: Person, samples: Path) -> tuple[Person, bytes, dict[str, str]]:
    data = (samples / "hevy" / FILE).read_bytes()
    body = {"files": {"file": (FILE, data, "text/csv")}, "data": {"time_zone": "Europe/Berlin"}}
    made = await answered(athlete, "POST", "imports", **body)
    return athlete, data, exercises_of(made)


async def test_five_lifts_of_a_real_history(imported: tuple[Person, bytes, dict[str, str]], services: Services) -> None:
    person, data, ids = imported
    expected = counted(data)
    # Lifts whose exercise no other name of the file means too; barbells and dumbbells weigh what the file says.
    only = {i for i, n in Counter(ids.values()).items() if n == 1}
    names = [n for n, c in sorted(expected.items(), key=lambda x: -x[1].sets) if ids.get(n) in only and c.heaviest[0]]
    names = [n for n in names if "Assisted" not in n][:5]
    assert len(names) == 5
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        lifts = {str(lift.exercise_id): lift for lift in (await report(tx, weeks=520, top=200)).lifts}
    for name in names:
        want = expected[name]
        lift = lifts[ids[name]]
        assert (lift.sets, lift.first_day, lift.last_day) == (want.sets, min(want.days), max(want.days)), name
        assert Fraction(lift.volume_kg) == want.volume, name
        assert lift.heaviest is not None
        assert lift.best_e1rm is not None
        assert (lift.heaviest.weight, lift.heaviest.reps) == want.heaviest, name
        assert float(lift.best_e1rm.e1rm_kg or 0) == pytest.approx(float(want.e1rm)), name
        exercise = await chart(person, f"exercises/{ids[name]}")
        best = {r["kind"]: r["value"] for r in exercise["records"] if r["kind"] != "MOST_REPS_AT_WEIGHT"}
        assert best["HEAVIEST_WEIGHT"] == float(want.heaviest[0])
        assert best["BEST_E1RM"] == pytest.approx(float(want.e1rm), abs=0.0006)
        assert (exercise["first_day"], exercise["last_day"]) == (str(min(want.days)), str(max(want.days)))
        assert exercise["volume"] == pytest.approx(float(want.volume), abs=0.0006)


async def test_a_year_of_a_real_history_adds_up(imported: tuple[Person, bytes, dict[str, str]]) -> None:
    person, data, _ = imported
    rows = hevy_rows(data)
    years = Counter(datetime.strptime(row["start_time"], "%d %b %Y, %H:%M").replace(tzinfo=UTC).year for row in rows)
    for year in years:
        hard = [r for r in rows if str(year) in r["start_time"].split(",")[0] and r["set_type"] != "warmup"]
        days = (await chart(person, "calendar", year=year))["days"]
        assert sum(day["sets"] for day in days) == len(hard)
        volume = sum(Fraction(r["weight_kg"] or 0) * int(r["reps"] or 0) for r in hard)
        assert sum(day["volume"] for day in days) <= float(volume) + 0.01
