"""Somebody's first day: they register, train, log it set by set, put it right, and log the next day's from memory."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from helpers import Person, register
from reptrail.catalog.builtin import builtin_id, workouts
from reptrail.ids import uuid7

PUSH = next(w for w in workouts() if w.slug == "push")
NOW = datetime.now(UTC).replace(microsecond=0)


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def lifted(instruction: str, weight: float, reps: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "exercise_instruction_id": instruction,
        "weight": weight,
        "weight_unit": "lb",
        "reps": reps,
        **fields,
    }


async def train(person: Person, session: dict[str, Any]) -> None:
    """The bench press with its warm-ups, one set a request; then a superset in turns; then what the plan does not name."""
    path = f"sessions/{session['id']}/sets"
    bench, *_, raise_, pushdown = (p["id"] for p in session["prescriptions"])
    for warm_up in ((45, 10), (95, 5), (135, 3)):
        answer = ok(await person.post(path, lifted(bench, *warm_up, kind="WARMUP")), 201)
        assert answer["performances"][0]["sets_completed"] == 0
        assert answer["records"] == []
    for number, (reps, rpe) in enumerate(((8, 7), (7, 8), (6, 9.5)), start=1):
        answer = ok(await person.post(path, lifted(bench, 155, reps, rpe=rpe)), 201)
        assert answer["sets"][0]["set_number"] == 3 + number
        assert answer["performances"][0]["sets_completed"] == number
    for _ in range(3):
        for instruction, weight, reps in ((raise_, 15, 12), (pushdown, 40, 12)):
            ok(await person.post(path, lifted(instruction, weight, reps)), 201)
    dips = {"id": str(uuid7()), "exercise_id": str(builtin_id("exercise", "chest-dip")), "reps": 9}
    added = ok(await person.post(path, dips), 201)
    assert added["sets"][0]["load"] == "BODYWEIGHT"
    assert added["performances"][0]["exercise_name"]


async def put_right(person: Person, session: dict[str, Any]) -> None:
    """One set was mistyped, another never done."""
    bench = session["performances"][0]
    assert (bench["sets_completed"], bench["reps_completed"]) == (3, 21)
    assert bench["weight_used_kg"] == pytest.approx(155 * 0.45359237)
    mistyped, never_done = bench["sets"][3], bench["sets"][5]
    path = f"sessions/{session['id']}/sets"
    match = {"If-Match": f'"{mistyped["version"]}"'}
    corrected = ok(await person.patch(f"{path}/{mistyped['id']}", {"reps": 9}, headers=match))
    assert corrected["performances"][0]["reps_completed"] == 22
    assert (await person.delete(f"{path}/{never_done['id']}")).status_code == 204
    after = ok(await person.get(f"sessions/{session['id']}"))["performances"][0]
    assert (after["sets_completed"], after["reps_completed"]) == (2, 16)
    assert [s["weight"] for s in after["sets"]] == [45, 95, 135, 155, 155]


async def test_the_first_day(http: httpx.AsyncClient) -> None:
    person = await register(http, "newcomer", weight_unit="lb", time_zone="America/New_York")
    assert ok(await person.get("sessions")) == {"items": [], "next_cursor": None}

    began = (NOW - timedelta(hours=1)).isoformat()
    body = {"workout_id": str(PUSH.id), "session_status": "IN_PROGRESS", "started_at": began, "soreness_rating": 2}
    session = ok(await person.post("sessions", body), 201)
    assert session["prescriptions"][0]["exercise_name"].startswith("Bench Press")
    groups = [p["group_number"] for p in session["prescriptions"]]
    assert groups == [i.group_number for i in PUSH.instructions]
    assert groups.count(1) == 2, "a superset"
    await train(person, session)

    done = ok(await person.post(f"sessions/{session['id']}/complete", {"completed_at": NOW.isoformat(), "effort_rating": 8}))
    assert (done["actual_duration_seconds"], done["soreness_rating"]) == (3600, 2)
    assert [len(p["sets"]) for p in done["performances"]] == [6, 3, 3, 1]
    assert [p["is_own"] for p in done["prescriptions"]] == [False] * 5 + [True]

    listed = ok(await person.get("sessions?status=COMPLETED"))["items"]
    assert [each["id"] for each in listed] == [session["id"]]
    assert [p["exercise_id"] for p in listed[0]["performances"]] == [p["exercise_id"] for p in done["performances"]]
    await put_right(person, done)
    await the_next_one(person, session)


async def the_next_one(person: Person, first: dict[str, Any]) -> None:
    """Tomorrow's: planned, started, and what was done the last time stands beside each exercise."""
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    planned = ok(await person.post("sessions", {"workout_id": str(PUSH.id), "scheduled_at": tomorrow}), 201)
    assert planned["verbs"] == ["start", "skip", "cancel"]
    started = ok(await person.post(f"sessions/{planned['id']}/start"))
    before = started["prescriptions"][0]["previous_performance"]
    assert before["user_workout_session_id"] == first["id"]
    assert [s["reps"] for s in before["sets"]] == [10, 5, 3, 9, 7]
    assert started["prescriptions"][1]["previous_performance"] is None
    answer = ok(await person.post(f"sessions/{planned['id']}/sets", lifted(started["prescriptions"][0]["id"], 160, 9, rpe=8)), 201)
    assert {(r["kind"], r["weight"], r["weight_unit"]) for r in answer["records"]} == {
        ("HEAVIEST_WEIGHT", 160, "lb"),
        ("BEST_E1RM", 160, "lb"),
    }
    assert answer["performances"][0]["previous_performance"]["sets"] == before["sets"]
    ok(await person.post(f"sessions/{planned['id']}/complete"))
    assert len(ok(await person.get("sessions"))["items"]) == 2
