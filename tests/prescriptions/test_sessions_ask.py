"""What a session asks when it starts: computed, kept, shown, pinned, hidden and restored with it."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from prescribing import BENCH, SQUAT, a_workout, asked_of, begin, finish, linear, logged, ok, record

from helpers import Person, register
from reptrail.db.embedded import DatabaseUrls


def asked_weight(session: Any, place: int = 0) -> set[float | None]:
    return {each["weight"] for each in asked_of(session, place)["sets"]}


async def trained(athlete: Person) -> str:
    """A workout of squats that was done once with 80 kg; its id."""
    workout = await a_workout(athlete, linear())
    await finish(athlete, await begin(athlete, workout, "2026-03-18"), *[logged(5, 80)] * 3)
    return workout


async def test_starting_answers_with_what_to_do_and_why(athlete: Person) -> None:
    session = await begin(athlete, await trained(athlete))
    (item,) = session["prescriptions"]
    found = item["prescription"]
    assert [(each["reps_min"], each["weight"], each["weight_unit"]) for each in found["sets"]] == [(5, 82.5, "kg")] * 3
    assert found["rule"] == "linear"
    assert found["reason"] == "All 3 x 5 at 80 kg done on 18 Mar, so 2.5 kg more: 82.5 kg."
    assert found["inputs"]["last"]["date"] == "2026-03-18"
    assert [each["weight"] for each in found["inputs"]["last"]["sets"]] == [80] * 3
    assert item["previous_performance"]["weight_used_kg"] == 80
    assert item["progression"]["rule"] == "linear"
    assert ok(await athlete.get(f"sessions/{session['id']}"))["prescriptions"] == session["prescriptions"]


async def test_a_first_session_says_that_nothing_is_known(athlete: Person) -> None:
    session = await begin(athlete, await a_workout(athlete, linear()))
    assert asked_weight(session) == {None}
    assert "choose a weight" in asked_of(session)["reason"]


async def test_a_session_started_on_the_spot_is_asked_too(athlete: Person) -> None:
    workout = await trained(athlete)
    session = ok(await athlete.post("sessions", {"workout_id": workout, "session_status": "IN_PROGRESS"}), 201)
    assert asked_of(session)["rule"] == "linear"
    empty = await register(athlete.http)
    session = ok(await empty.post("sessions", {"session_status": "IN_PROGRESS"}), 201)
    assert session["prescriptions"] == []


async def test_before_it_starts_there_is_a_preview_that_is_not_kept(athlete: Person) -> None:
    workout = await a_workout(athlete, linear(), linear(BENCH))
    await record(athlete, "2026-03-18", SQUAT, *[logged(5, 80)] * 3)
    planned = ok(await athlete.post("sessions", {"workout_id": workout, "scheduled_at": "2026-03-20T17:00:00Z"}), 201)
    assert [each["prescription"] for each in planned["prescriptions"]] == [None, None]
    preview = ok(await athlete.get(f"sessions/{planned['id']}/prescriptions"))
    assert preview["is_preview"]
    assert [each["exercise_id"] for each in preview["items"]] == [SQUAT, BENCH]
    assert preview["items"][0]["sets"][0]["weight"] in (82.5, 72.5)  # by the real date, which may be a long break later
    await record(athlete, "2026-03-19", SQUAT, *[logged(5, 90)] * 3)
    started = ok(await athlete.post(f"sessions/{planned['id']}/start", {"started_at": "2026-03-20T17:00:00Z"}))
    assert asked_weight(started) == {92.5}
    kept = ok(await athlete.get(f"sessions/{planned['id']}/prescriptions"))
    assert not kept["is_preview"]
    assert {**kept["items"][0]} == {
        "exercise_instruction_id": started["prescriptions"][0]["id"],
        "exercise_id": SQUAT,
        "exercise_name": started["prescriptions"][0]["exercise_name"],
        **asked_of(started),
    }


async def test_what_was_asked_stands_whatever_is_edited_later(athlete: Person) -> None:
    workout = await trained(athlete)
    session = await finish(athlete, await begin(athlete, workout), *[logged(5, 82.5)] * 3)
    before = asked_of(session)
    changed = {"workout_name": "Other", "instructions": [linear(sets=5, reps_min=3, reps_max=3)]}
    ok(await athlete.put(f"/api/v1/workouts/{workout}", changed))
    ok(await athlete.put("equipment", {"weight_unit": "lb"}))
    first = ok(await athlete.get("sessions?status=COMPLETED"))["items"][-1]
    ok(await athlete.patch(f"sessions/{first['id']}/sets/{first['performances'][0]['sets'][0]['id']}", {"weight": 200}))
    assert asked_of(ok(await athlete.get(f"sessions/{session['id']}"))) == before
    # What comes next goes by the new plan, in the new unit.
    following = await begin(athlete, workout, "2026-03-22")
    assert len(asked_of(following)["sets"]) == 5
    assert asked_of(following)["sets"][0]["weight_unit"] == "lb"


async def test_what_it_goes_by_is_complete_and_past(athlete: Person) -> None:
    """Cancelled, planned, deleted and later sessions, and other athletes', count for nothing."""
    workout = await trained(athlete)
    cancelled = await begin(athlete, workout, "2026-03-19")
    target = cancelled["prescriptions"][0]["id"]
    ok(await athlete.post(f"sessions/{cancelled['id']}/sets", {**logged(5, 150), "exercise_instruction_id": target}), 201)
    ok(await athlete.post(f"sessions/{cancelled['id']}/cancel"))
    deleted = await record(athlete, "2026-03-19", SQUAT, *[logged(5, 160)] * 3)
    ok(await athlete.delete(f"sessions/{deleted['id']}"), 204)
    await record(athlete, "2026-03-21", SQUAT, *[logged(5, 170)] * 3)
    await record(athlete, "2026-03-19", SQUAT, logged(5, 180, kind="WARMUP"))
    await record(await register(athlete.http), "2026-03-19", SQUAT, *[logged(5, 190)] * 3)
    assert asked_weight(await begin(athlete, workout)) == {82.5}


async def test_it_goes_down_however_many_misses_that_takes(athlete: Person) -> None:
    rule = {"rule": "linear", "increment": 2.5, "increment_unit": "kg", "deload_after": 13}
    workout = await a_workout(athlete, linear(weight=100, weight_unit="kg", progression=rule))
    for day in range(1, 14):
        session = await begin(athlete, workout, f"2026-03-{day:02}")
        assert asked_weight(session) == {100}
        await finish(athlete, session, logged(4, 100))
    session = await begin(athlete, workout, "2026-03-14")
    assert (asked_weight(session), asked_of(session)["inputs"]["misses"]) == ({90}, 13)


async def test_the_day_is_the_athletes(athlete: Person) -> None:
    person = await register(athlete.http, time_zone="Pacific/Kiritimati")
    workout = await a_workout(person, linear())
    await record(person, "2026-03-18", SQUAT, *[logged(5, 80)] * 3)
    found = asked_of(await begin(person, workout))
    assert found["inputs"]["last"]["date"] == "2026-03-19"
    assert "done on 19 Mar" in found["reason"]


async def test_starting_again_asks_anew(athlete: Person) -> None:
    workout = await trained(athlete)
    session = await begin(athlete, workout)
    ok(await athlete.post(f"sessions/{session['id']}/cancel"))
    ok(await athlete.post(f"sessions/{session['id']}/reopen"))
    reopened = ok(await athlete.get(f"sessions/{session['id']}"))
    assert asked_of(reopened) is None
    await record(athlete, "2026-03-19", SQUAT, *[logged(5, 60)] * 3)
    ok(await athlete.put("equipment", {"weight_unit": "kg", "plates": [20]}))
    again = ok(await athlete.post(f"sessions/{session['id']}/start", {"started_at": "2026-03-20T17:00:00Z"}))
    assert asked_weight(again) == {100}
    assert len(ok(await athlete.get(f"sessions/{session['id']}/prescriptions"))["items"]) == 1


@pytest.mark.parametrize("verb", ["complete", "cancel"])
async def test_deleting_and_restoring_a_session_takes_them_along(athlete: Person, urls: DatabaseUrls, verb: str) -> None:
    session = await begin(athlete, await trained(athlete))
    ended = ok(
        await athlete.post(
            f"sessions/{session['id']}/{verb}", {"completed_at": "2026-03-20T18:00:00Z"} if verb == "complete" else None
        )
    )
    ok(await athlete.delete(f"sessions/{session['id']}"), 204)
    owner = await asyncpg.connect(urls.owner)
    active = "SELECT count(*) FROM user_prescription WHERE user_id = $1 AND user_workout_session_id = $2 AND is_active"
    assert await owner.fetchval(active, UUID(athlete.user_id), UUID(session["id"])) == 0
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": session["id"]}))
    assert await owner.fetchval(active, UUID(athlete.user_id), UUID(session["id"])) == 1
    await owner.close()
    assert asked_of(ok(await athlete.get(f"sessions/{session['id']}"))) == asked_of(ended)


async def test_going_back_to_before_the_start_takes_them_away(athlete: Person) -> None:
    workout = await trained(athlete)
    planned = ok(await athlete.post("sessions", {"workout_id": workout, "scheduled_at": "2026-03-20T17:00:00Z"}), 201)
    head = ok(await athlete.get("changes?limit=200"))["items"][-1]["seq"]
    ok(await athlete.post(f"sessions/{planned['id']}/start", {"started_at": "2026-03-20T17:00:00Z"}))
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": planned["id"], "seq": head}))
    back = ok(await athlete.get(f"sessions/{planned['id']}"))
    assert (back["session_status"], asked_of(back)) == ("PLANNED", None)
    again = ok(await athlete.post(f"sessions/{planned['id']}/start", {"started_at": "2026-03-20T17:00:00Z"}))
    assert asked_weight(again) == {82.5}


async def test_a_summary_alone_is_enough_to_go_by(athlete: Person) -> None:
    workout = await a_workout(athlete, linear())
    session = await begin(athlete, workout, "2026-03-18")
    path = f"sessions/{session['id']}/performances/{session['prescriptions'][0]['id']}"
    ok(await athlete.put(path, {"sets_completed": 3, "reps_completed": 15, "weight_used_kg": 80}))
    await finish(athlete, session)
    assert asked_weight(await begin(athlete, workout)) == {82.5}


async def test_an_exercise_in_two_workouts_goes_on_from_one_to_the_other(athlete: Person) -> None:
    a, b = await a_workout(athlete, linear(), name="A"), await a_workout(athlete, linear(sets=5), name="B")
    await finish(athlete, await begin(athlete, a, "2026-03-16"), *[logged(5, 80)] * 3)
    second = await begin(athlete, b, "2026-03-18")
    assert (asked_weight(second), len(asked_of(second)["sets"])) == ({82.5}, 5)
    assert asked_of(second)["reason"] == "All 3 x 5 at 80 kg done on 16 Mar, so 2.5 kg more: 82.5 kg."
    await finish(athlete, second, *[logged(5, 82.5)] * 4)
    third = await begin(athlete, a)
    assert asked_weight(third) == {82.5}
    assert asked_of(third)["reason"].startswith("4 of 5 x 5 at 82.5 kg done on 18 Mar, so the same again")


async def test_an_exercise_that_comes_twice_has_two_series(athlete: Person) -> None:
    workout = await a_workout(athlete, linear(), linear(reps_min=10, reps_max=10))
    session = await begin(athlete, workout, "2026-03-18")
    for place, entry in ((0, logged(5, 100)), (1, logged(10, 60))):
        target = {"exercise_instruction_id": session["prescriptions"][place]["id"]}
        ok(await athlete.post(f"sessions/{session['id']}/sets", [{**entry, **target}] * 1), 201)
        ok(await athlete.post(f"sessions/{session['id']}/sets", [{**entry, **target}, {**entry, **target}]), 201)
    await finish(athlete, session)
    following = await begin(athlete, workout)
    assert (asked_weight(following, 0), asked_weight(following, 1)) == ({102.5}, {62.5})


async def test_a_stranger_sees_none(athlete: Person, stranger: Person) -> None:
    session = await begin(athlete, await trained(athlete))
    path = f"/api/v1/athletes/{athlete.user_id}/sessions/{session['id']}/prescriptions"
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.get(f"sessions/{session['id']}/prescriptions")).status_code == 404
