"""The built-in programs, trained: laid into the calendar, and followed session by session as they ask."""

from datetime import date, timedelta
from typing import Any

import httpx
import icalendar
import pytest

from helpers import Person
from reptrail import clock
from reptrail.catalog import builtin as catalog
from reptrail.programs import builtin

SQUAT = str(catalog.builtin_id("exercise", "squat-barbell"))


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def enroll(athlete: Person, program: builtin.BuiltinProgram, **fields: Any) -> Any:
    return ok(await athlete.post("enrollments", {"program_id": str(program.id), **fields}), 201)


async def planned(athlete: Person, first: date, last: date) -> list[dict[str, Any]]:
    """The sessions of the calendar in order, each with its day."""
    found = ok(await athlete.get("calendar", params={"from": str(first), "to": str(last)}))
    return [{"day": day["day"], **session} for day in found["days"] for session in day["sessions"]]


@pytest.mark.parametrize("program", builtin.programs(), ids=lambda each: each.slug)
async def test_it_is_in_the_calendar_from_the_first_day_to_the_last(
    program: builtin.BuiltinProgram, athlete: Person, http: httpx.AsyncClient
) -> None:
    today = clock.today("Europe/Berlin")
    await enroll(athlete, program)
    sessions = await planned(athlete, today, today + timedelta(days=399))
    days = program.body.days
    names = {workout.workout_key: workout.workout_name for workout in program.body.workouts}
    assert [(s["day"], s["program_day"], s["workout_name"]) for s in sessions] == [
        (str(today + timedelta(days=number)), number + 1, names[key]) for number, day in enumerate(days) for key in day.workouts
    ]
    assert {s["program_name"] for s in sessions} == {program.body.program_name}
    assert {s["due_state"] for s in sessions} == {"DUE", "AHEAD"}
    feed = ok(await athlete.post("/api/v1/me/calendar-feeds", {"feed_name": "x"}), 201)
    text = (await http.get(feed["feed_path"])).text
    assert {str(event["UID"]) for event in icalendar.Calendar.from_ical(text).walk("VEVENT")} == {
        f"{session['id']}@reptrail" for session in sessions
    }


@pytest.mark.parametrize("program", builtin.programs(), ids=lambda each: each.slug)
async def test_every_workout_of_it_can_be_started(program: builtin.BuiltinProgram, athlete: Person) -> None:
    today = clock.today("Europe/Berlin")
    await enroll(athlete, program)
    seen: set[str] = set()
    for session in await planned(athlete, today, today + timedelta(days=399)):
        if session["workout_name"] in seen:
            continue
        seen.add(session["workout_name"])
        started = ok(await athlete.post(f"sessions/{session['id']}/start"))
        assert started["session_status"] == "IN_PROGRESS"
        asked = ok(await athlete.get(f"sessions/{session['id']}/prescriptions"))
        prescriptions = asked["items"] if isinstance(asked, dict) else asked
        workout = next(each for each in program.body.workouts if each.workout_name == session["workout_name"])
        assert len(prescriptions) == len(workout.instructions or ())
        for prescription, instruction in zip(prescriptions, workout.instructions or (), strict=True):
            assert prescription["rule"] == type(instruction.progression).__struct_config__.tag
            assert len(prescription["sets"]) == (len(instruction.set_targets or ()) or instruction.sets)
            assert prescription["reason"]
        ok(await athlete.post(f"sessions/{session['id']}/cancel"))


def asked_of(answer: Any, exercise: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in answer["items"] if each["exercise_id"] == exercise)
    return found


async def do_as_asked(athlete: Person, session: str, first_weight: float) -> dict[str, float]:
    """Trains a session exactly as it asks; where nothing is known yet, with a first weight. Returns the weights."""
    ok(await athlete.post(f"sessions/{session}/start"))
    weights: dict[str, float] = {}
    sets = []
    for each in ok(await athlete.get(f"sessions/{session}/prescriptions"))["items"]:
        tracks = next(exercise.tracks for exercise in catalog.exercises() if str(exercise.id) == each["exercise_id"])
        for target in each["sets"]:
            done = {"exercise_instruction_id": each["exercise_instruction_id"], "kind": target["kind"]}
            if target["reps_min"] is None:
                done |= {"duration_seconds": target["duration_seconds"]}
            elif "WEIGHT" in tracks:
                weights[each["exercise_id"]] = target["weight"] or first_weight
                done |= {
                    "reps": target["reps_max"] or target["reps_min"],
                    "weight": weights[each["exercise_id"]],
                    "weight_unit": "kg",
                }
            else:
                done |= {"reps": target["reps_max"] or target["reps_min"]}
            sets.append(done)
    ok(await athlete.post(f"sessions/{session}/sets", sets), 201)
    ok(await athlete.post(f"sessions/{session}/complete", {}))
    return weights


async def test_twelve_weeks_of_the_novice_program_add_weight_every_time(athlete: Person) -> None:
    today = clock.today("Europe/Berlin")
    novice = next(program for program in builtin.programs() if program.slug == "novice-linear")
    enrollment = await enroll(athlete, novice)
    squats = []
    for session in await planned(athlete, today, today + timedelta(days=90)):
        weights = await do_as_asked(athlete, session["id"], 40)
        squats.append(weights[SQUAT])
    assert squats == [40 + 2.5 * time for time in range(36)]
    done = ok(await athlete.get(f"enrollments/{enrollment['id']}"))
    assert done["enrollment_status"] == "COMPLETED"
    [day] = ok(await athlete.get("calendar", params={"from": str(today), "to": str(today + timedelta(days=90))}))["days"]
    assert (day["day"], len(day["sessions"])) == (str(today), 36)


async def test_the_wave_asks_percentages_of_the_training_max(athlete: Person) -> None:
    today = clock.today("Europe/Berlin")
    wave = next(program for program in builtin.programs() if program.slug == "weekly-wave")
    ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 200, "weight_unit": "kg"}))
    await enroll(athlete, wave)
    squats = [s for s in await planned(athlete, today, today + timedelta(days=30)) if s["workout_name"].startswith("Squat")]
    asked = []
    for session in squats:
        ok(await athlete.post(f"sessions/{session['id']}/start"))
        first = asked_of(ok(await athlete.get(f"sessions/{session['id']}/prescriptions")), SQUAT)
        asked.append([target["weight"] for target in first["sets"] if target["kind"] != "WARMUP"])
        ok(await athlete.post(f"sessions/{session['id']}/cancel"))
    assert asked == [[125, 140, 155], [135, 150, 165], [145, 160, 175], [80, 100, 120]]
