"""What an athlete can load, and training maxes, over HTTP."""

from typing import Any

import pytest
from prescribing import BENCH, SQUAT, a_workout, asked_of, begin, finish, linear, logged, ok, record

from helpers import Person, pointers, problem, register
from reptrail.ids import uuid7


async def test_who_said_nothing_has_what_is_usual_in_their_unit(athlete: Person) -> None:
    found = ok(await athlete.get("equipment"))
    assert (found["is_usual"], found["version"], found["bar_weight"], found["machine_step"]) == (True, None, 20, 2.5)
    assert found["plates"] == [25, 20, 15, 10, 5, 2.5, 1.25]
    american = await register(athlete.http, weight_unit="lb")
    found = ok(await american.get("equipment"))
    assert (found["weight_unit"], found["bar_weight"], found["dumbbells"][:3]) == ("lb", 45, [5, 10, 15])


async def test_saying_what_there_is(athlete: Person) -> None:
    said = {"weight_unit": "lb", "plates": [10, 45, 2.5, 45], "dumbbells": [20, 12.5]}
    response = await athlete.put("equipment", said)
    found = ok(response)
    assert (found["plates"], found["dumbbells"], found["bar_weight"]) == ([45, 10, 2.5], [12.5, 20], 45)
    assert (found["is_usual"], found["version"], response.headers["etag"]) == (False, 1, '"1"')
    assert ok(await athlete.get("equipment")) == found
    assert ok(await athlete.put("equipment", said))["version"] == 1
    assert ok(await athlete.put("equipment", {**said, "bar_weight": 35}))["version"] == 2


async def test_the_version_is_held_to(athlete: Person) -> None:
    refused = problem(
        await athlete.put("equipment", {"weight_unit": "kg"}, headers={"If-Match": '"1"'}), 412, "precondition-failed"
    )
    assert refused["current"]["is_usual"] is True
    ok(await athlete.put("equipment", {"weight_unit": "kg"}))
    ok(await athlete.put("equipment", {"weight_unit": "kg", "bar_weight": 15}, headers={"If-Match": '"1"'}))
    stale = await athlete.put("equipment", {"weight_unit": "kg"}, headers={"If-Match": '"1"'})
    assert problem(stale, 412, "precondition-failed")["current"]["bar_weight"] == 15


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"bar_weight": 20}, {"/weight_unit"}),
        ({"weight_unit": "kg", "plates": [1.255, 0, 5]}, {"/plates/1"}),
        ({"weight_unit": "kg", "plates": [1.255, 5]}, {"/plates/0"}),
        ({"weight_unit": "kg", "plates": ["5"]}, {"/plates/0"}),
        ({"weight_unit": "kg", "dumbbells": [201]}, {"/dumbbells/0"}),
        ({"weight_unit": "kg", "plates": [1] * 31}, {"/plates"}),
        ({"weight_unit": "kg", "machine_step": 0, "bar_weight": -1}, {"/machine_step", "/bar_weight"}),
        ({"weight_unit": "st", "bench": True}, {"/weight_unit", "/bench"}),
    ],
)
async def test_what_cannot_be(athlete: Person, body: Any, wrong: set[str]) -> None:
    assert pointers(problem(await athlete.put("equipment", body), 422, "invalid")) == wrong


async def test_a_session_asks_for_what_there_is(athlete: Person) -> None:
    workout = await a_workout(athlete, linear())
    await record(athlete, "2026-03-18", SQUAT, *[logged(5, 80)] * 3)
    ok(await athlete.put("equipment", {"weight_unit": "lb", "plates": [45, 25, 10]}))
    found = asked_of(await begin(athlete, workout))
    # 82.5 kg are 181.9 lb: bar 45 and pairs of 45 (135), 45 + 25 (185)
    assert {(each["weight"], each["weight_unit"]) for each in found["sets"]} == {(185, "lb")}
    assert found["reason"].endswith("so 2.5 kg more: 185 lb (the nearest to 181.88 that can be loaded).")


async def test_a_training_max_is_set_and_listed(athlete: Person) -> None:
    assert ok(await athlete.get("training-maxes")) == {"items": [], "next_cursor": None}
    squat = ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 315, "weight_unit": "lb"}))
    assert (squat["weight"], squat["weight_unit"], squat["reason"], squat["cycle"]) == (315, "lb", "Set by hand.", None)
    assert squat["weight_kg"] == pytest.approx(142.88, abs=0.01)
    bench = ok(await athlete.put(f"training-maxes/{BENCH}", {"weight": 100, "weight_unit": "kg", "reason": "Test day."}))
    again = ok(await athlete.put(f"training-maxes/{BENCH}", {"weight": 100, "weight_unit": "kg", "reason": "Test day."}))
    assert again == bench
    newer = ok(await athlete.put(f"training-maxes/{BENCH}", {"weight": 102.5, "weight_unit": "kg"}))
    page = ok(await athlete.get("training-maxes?limit=1"))
    assert page["items"] == [newer]
    assert ok(await athlete.get(f"training-maxes?limit=1&cursor={page['next_cursor']}")) == {"items": [squat], "next_cursor": None}
    history = ok(await athlete.get(f"history/user_training_max/{bench['id']}"))
    assert history["items"][0]["after"]["weight"] == 100


async def test_a_training_max_of_what_is_not_there(athlete: Person, stranger: Person) -> None:
    body = {"weight": 100, "weight_unit": "kg"}
    problem(await athlete.put(f"training-maxes/{uuid7()}", body), 404, "not-found")
    private = {
        "exercise_name": "Odd lift",
        "equipment": "OTHER",
        "mechanic": "COMPOUND",
        "tracks": "REPS_WEIGHT",
        "load": "EXTERNAL",
        "primary_muscles": ["CHEST"],
    }
    theirs = ok(await stranger.post("/api/v1/exercises", private), 201)["id"]
    problem(await athlete.put(f"training-maxes/{theirs}", body), 404, "not-found")
    ok(await stranger.put(f"training-maxes/{theirs}", body))
    refused = await athlete.put(f"training-maxes/{SQUAT}", {"weight": 0, "weight_unit": "kg", "reason": ""})
    assert pointers(problem(refused, 422, "invalid")) == {"/weight", "/reason"}


WAVE = {
    "exercise_id": SQUAT,
    "reps_min": 5,
    "set_targets": [{"percent": 65}, {"percent": 75}, {"percent": 85, "kind": "AMRAP"}],
    "progression": {"rule": "percent", "increment": 5, "increment_unit": "kg"},
}


async def test_percentages_are_of_the_training_max_in_force(athlete: Person) -> None:
    workout = await a_workout(athlete, WAVE)
    ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 150, "weight_unit": "kg"}))
    session = await begin(athlete, workout)
    assert [each["weight"] for each in asked_of(session)["sets"]] == [97.5, 112.5, 127.5]
    assert [each["kind"] for each in asked_of(session)["sets"]] == ["WORKING", "WORKING", "AMRAP"]
    await finish(athlete, session)
    ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 100, "weight_unit": "kg"}))
    assert asked_of(await begin(athlete, workout, "2026-03-22"))["sets"][2]["weight"] == 85


async def test_whatever_is_said_of_a_training_max_a_session_starts(athlete: Person) -> None:
    ok(await athlete.put(f"training-maxes/{SQUAT}", {"weight": 2000, "weight_unit": "kg", "reason": "so " * 333}))
    found = asked_of(await begin(athlete, await a_workout(athlete, WAVE)))
    assert found["sets"][2]["weight"] == 1700
    assert (len(found["reason"]), found["reason"][-1]) == (1000, "\u2026")


async def test_without_a_program_nothing_is_written_of_a_training_max(athlete: Person) -> None:
    workout = await a_workout(athlete, WAVE)
    await record(athlete, "2026-03-18", SQUAT, logged(5, 120))
    found = asked_of(await begin(athlete, workout))
    # Epley: 120 x (1 + 5/30) = 140, of which 90 % are 126
    assert (found["inputs"]["training_max_kg"], found["sets"][2]["weight"]) == (126, 107.5)
    assert ok(await athlete.get("training-maxes"))["items"] == []
