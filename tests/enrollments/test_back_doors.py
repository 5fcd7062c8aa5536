"""No way round the lifecycle: what hangs on an enrollment by hand, what comes back from the ledger, who moves."""

from typing import Any

import pytest
from enrollment_world import V1, Clock, MakePerson, enroll, ok, publish, read, sessions_of, times_of, train

from helpers import Person, pointers, problem

A, B = ["A"], ["B"]
MONDAY = "2026-03-02"
LATER = "2026-03-20T18:00:00+01:00"


@pytest.fixture
async def athlete(person: MakePerson, moved_clock: Clock) -> Person:
    made = await person()
    moved_clock.set(MONDAY, "Europe/Berlin")
    return made


async def hang(person: Person, enrollment: dict[str, Any], **fields: Any) -> Any:
    body = {"program_enrollment_id": enrollment["id"], "session_status": "PLANNED", "scheduled_at": LATER, **fields}
    return await person.post("sessions", body)


async def status_of(person: Person, session: dict[str, Any]) -> str:
    found: str = ok(await person.get(f"sessions/{session['id']}"))["session_status"]
    return found


async def test_the_last_day_ends_what_was_hung_on_by_hand_too(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A])
    by_hand = ok(await hang(athlete, enrollment), 201)
    await train(athlete, (await sessions_of(athlete, enrollment))[-1])
    assert (await read(athlete, enrollment))["enrollment_status"] == "COMPLETED"
    assert await status_of(athlete, by_hand) == "CANCELLED"


async def test_nothing_is_planned_in_an_enrollment_that_has_ended(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A])
    by_hand, deleted = [ok(await hang(athlete, enrollment), 201) for _ in range(2)]
    ok(await athlete.delete(f"sessions/{deleted['id']}"), 204)
    ok(await athlete.post(f"enrollments/{enrollment['id']}/cancel"))
    assert ok(await athlete.get(f"sessions/{by_hand['id']}"))["verbs"] == []
    reopened = problem(await athlete.post(f"sessions/{by_hand['id']}/reopen"), 409, "verb-not-allowed")
    assert (reopened["enrollment_status"], reopened["verbs"]) == ("CANCELLED", ["restart"])
    restored = await athlete.post("restore", {"table": "user_workout_session", "id": deleted["id"]})
    problem(restored, 409, "verb-not-allowed")
    assert pointers(problem(await hang(athlete, enrollment), 422, "invalid")) == {"/program_enrollment_id"}
    again = {"id": by_hand["id"]}
    assert ok(await hang(athlete, enrollment, **again), 201)["session_status"] == "CANCELLED"  # a retry is answered still
    done = {"session_status": "COMPLETED", "scheduled_at": None, "completed_at": "2026-03-01T18:00:00+01:00"}
    ok(await hang(athlete, enrollment, **done), 201)  # what was done before can be written down
    ok(await athlete.post(f"enrollments/{enrollment['id']}/restart"))
    assert ok(await athlete.post(f"sessions/{by_hand['id']}/reopen"))["session_status"] == "PLANNED"
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": deleted["id"]}))


async def test_who_moves_while_paused_keeps_what_waits_at_its_time(athlete: Person, moved_clock: Clock) -> None:
    enrollment = await enroll(athlete, [A, B, A], training_time="07:00")
    ok(await athlete.post(f"enrollments/{enrollment['id']}/pause"))
    moved_clock.set("2026-03-04", "Europe/Berlin")
    ok(await athlete.patch(f"{V1}/me", {"time_zone": "America/Los_Angeles"}))
    moved_clock.set("2026-03-04", "America/Los_Angeles")
    ok(await athlete.post(f"enrollments/{enrollment['id']}/resume"))
    times = await times_of(athlete, enrollment)
    assert times == [f"2026-03-0{day}T15:00:00+00:00" for day in (4, 5, 6)]


async def test_what_was_asked_before_an_upgrade_is_not_asked_after_it(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, B])
    first = (await sessions_of(athlete, enrollment))[0]
    ok(await athlete.post(f"sessions/{first['id']}/start"))
    for verb in ("cancel", "reopen"):
        ok(await athlete.post(f"sessions/{first['id']}/{verb}"))
    await publish(athlete, enrollment["program_id"], [["Another"], B])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/upgrade", {"program_revision": 2}))
    started = ok(await athlete.post(f"sessions/{first['id']}/start"))
    assert started["workout_name"] == "Another"
    kept = ok(await athlete.get(f"sessions/{first['id']}/prescriptions"))["items"]
    assert [each["exercise_instruction_id"] for each in kept] == [each["id"] for each in started["prescriptions"]]


async def standing(person: Person, enrollment: dict[str, Any]) -> dict[str, Any]:
    """All that can be read of an enrollment and its sessions but who wrote it when, and how often."""
    stamps = {"version", "updated_at", "updated_by"}
    shown = await read(person, enrollment)
    sessions = [{k: v for k, v in s.items() if k not in stamps} for s in await sessions_of(person, enrollment)]
    return {**{k: v for k, v in shown.items() if k not in stamps}, "sessions": sessions}


@pytest.mark.parametrize("mistake", ["delete", "cancel", "skip", "start and cancel", "start and delete"])
async def test_a_mistake_that_completed_it_is_taken_back_whole(athlete: Person, moved_clock: Clock, mistake: str) -> None:
    enrollment = await enroll(athlete, [A, B], training_weekdays=[1, 4])
    by_hand = ok(await hang(athlete, enrollment), 201)
    sessions = await sessions_of(athlete, enrollment)
    first, last = (s for s in sessions if s["program_day"] is not None)
    await train(athlete, first)
    before = await standing(athlete, enrollment)
    if "start" in mistake:
        ok(await athlete.post(f"sessions/{last['id']}/start"))
    if "delete" in mistake:
        before = await standing(athlete, enrollment)
        ok(await athlete.delete(f"sessions/{last['id']}"), 204)
    else:
        ok(await athlete.post(f"sessions/{last['id']}/{mistake.removeprefix('start and ')}"))
    ended = await read(athlete, enrollment)
    assert (ended["enrollment_status"], ended["actual_completion_date"]) == ("COMPLETED", MONDAY)
    assert await status_of(athlete, by_hand) == "CANCELLED"
    assert ok(await athlete.get(f"sessions/{by_hand['id']}"))["verbs"] == []
    moved_clock.set("2026-03-04", "Europe/Berlin")  # noticed two days later
    if "delete" in mistake:
        ok(await athlete.post("restore", {"table": "user_workout_session", "id": last["id"]}))
    else:
        assert ok(await athlete.get(f"sessions/{last['id']}"))["verbs"] == ["reopen"]
        ok(await athlete.post(f"sessions/{last['id']}/reopen"))
    assert await standing(athlete, enrollment) == before


async def test_what_somebody_ended_stays_ended(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, B])
    first, last = await sessions_of(athlete, enrollment)
    await train(athlete, first)
    ok(await athlete.delete(f"sessions/{last['id']}"), 204)
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": last["id"]}))
    ok(await athlete.delete(f"sessions/{last['id']}"), 204)  # and once more: it can be taken back as often as it is made
    assert (await read(athlete, enrollment))["enrollment_status"] == "COMPLETED"
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": last["id"]}))
    ok(await athlete.post(f"enrollments/{enrollment['id']}/complete"))
    refused = problem(await athlete.post(f"sessions/{last['id']}/reopen"), 409, "verb-not-allowed")
    assert (refused["enrollment_status"], refused["verbs"]) == ("COMPLETED", ["restart"])


async def test_after_a_restart_the_cycle_that_completed_itself_is_over(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A])
    by_hand = ok(await hang(athlete, enrollment), 201)
    only = next(s for s in await sessions_of(athlete, enrollment) if s["program_day"])
    ok(await athlete.post(f"sessions/{only['id']}/skip"))
    ok(await athlete.post(f"enrollments/{enrollment['id']}/restart"))
    problem(await athlete.post(f"sessions/{only['id']}/reopen"), 409, "verb-not-allowed")
    again = next(s for s in await sessions_of(athlete, enrollment) if s["program_cycle"] == 2)
    for verb in ("skip", "reopen"):
        ok(await athlete.post(f"sessions/{again['id']}/{verb}"))
    assert (await read(athlete, enrollment))["enrollment_status"] == "ACTIVE"
    assert await status_of(athlete, by_hand) == "CANCELLED"  # it ended with the first cycle
