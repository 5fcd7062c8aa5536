"""Pauses, other days, one session or all that follow, and another revision of the program."""

from typing import Any

import pytest
from enrollment_world import V1, Clock, MakePerson, enroll, expire, ok, publish, read, sessions_of, times_of, train

from helpers import Person, pointers, problem
from reptrail.http.edge import Services

A, B, REST = ["A"], ["B"], list[str]()
MONDAY = "2026-03-02"


@pytest.fixture
async def athlete(person: MakePerson, moved_clock: Clock) -> Person:
    made = await person()
    moved_clock.set(MONDAY, "Europe/Berlin")
    return made


async def days_of(person: Person, enrollment: dict[str, Any]) -> list[str]:
    return [(at or "")[5:10] for at in await times_of(person, enrollment)]


async def test_a_pause_moves_what_is_to_come(athlete: Person, moved_clock: Clock) -> None:
    enrollment = await enroll(athlete, [A, B, A, B])
    path = f"enrollments/{enrollment['id']}"
    moved_clock.set("2026-03-03", "Europe/Berlin")
    paused = ok(await athlete.post(f"{path}/pause"))
    assert (paused["paused_on"], paused["verbs"]) == ("2026-03-03", ["resume", "cancel"])
    moved_clock.set("2026-03-07", "Europe/Berlin")
    counts = (await read(athlete, enrollment))["session_counts"]
    assert (counts["missed"], counts["open"]) == (1, 3)  # Monday's was missed before; the rest is not due
    resumed = ok(await athlete.post(f"{path}/resume"))
    assert (resumed["target_completion_date"], resumed["paused_on"]) == ("2026-03-09", None)
    assert await days_of(athlete, enrollment) == ["03-02", "03-07", "03-08", "03-09"]


async def test_a_pause_comes_back_to_the_weekdays(athlete: Person, moved_clock: Clock) -> None:
    enrollment = await enroll(athlete, [A, B, A], training_weekdays=[1, 4])
    assert await days_of(athlete, enrollment) == ["03-02", "03-05", "03-09"]
    await train(athlete, (await sessions_of(athlete, enrollment))[0])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/pause"))
    moved_clock.set("2026-03-04", "Europe/Berlin")
    ok(await athlete.post(f"enrollments/{enrollment['id']}/resume"))
    assert await days_of(athlete, enrollment) == ["03-02", "03-09", "03-12"]  # Saturday the 7th, so Monday the 9th


async def test_training_goes_on_in_a_pause_and_completes_with_it(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/pause"))
    await train(athlete, (await sessions_of(athlete, enrollment))[0])
    assert (await read(athlete, enrollment))["enrollment_status"] == "PAUSED"
    assert ok(await athlete.post(f"enrollments/{enrollment['id']}/resume"))["enrollment_status"] == "COMPLETED"


async def test_other_weekdays_and_times(athlete: Person, moved_clock: Clock) -> None:
    enrollment = await enroll(athlete, [A, B, A, B])
    path = f"enrollments/{enrollment['id']}"
    await train(athlete, (await sessions_of(athlete, enrollment))[0])
    changed = ok(await athlete.patch(path, {"training_weekdays": [1, 3], "training_time": "07:00"}))
    assert await times_of(athlete, enrollment) == [
        f"2026-03-{at}:00:00+00:00" for at in ("02T17", "04T06", "09T06", "11T06")
    ]  # trained today, so not today again
    assert changed["target_completion_date"] == "2026-03-11"  # the plan ends later, and so may the athlete
    moved_clock.set("2026-03-05", "Europe/Berlin")
    ok(await athlete.patch(path, {"training_time": "08:00"}))
    assert await times_of(athlete, enrollment) == [
        f"2026-03-{at}:00:00+00:00" for at in ("02T17", "04T06", "09T07", "11T07")
    ]  # what was missed stays where it was
    ok(await athlete.patch(path, {"training_weekdays": None}))
    assert await days_of(athlete, enrollment) == ["03-02", "03-04", "03-05", "03-06"]
    assert pointers(problem(await athlete.patch(path, {"target_completion_date": "2026-03-01"}), 422, "invalid")) == {
        "/target_completion_date"
    }


async def test_one_session_or_all_that_follow(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, ["A", "B"], REST, A])
    first, second, _, last = [s["id"] for s in await sessions_of(athlete, enrollment)]
    ok(await athlete.post(f"sessions/{second}/reschedule", {"to_date": "2026-03-06"}))
    assert await days_of(athlete, enrollment) == ["03-02", "03-06", "03-03", "03-05"]
    moved = ok(await athlete.post(f"sessions/{second}/reschedule", {"scheduled_at": "2026-03-08T05:15:00Z", "and_following": True}))
    assert moved["scheduled_at"] == "2026-03-08T05:15:00+00:00"
    assert await times_of(athlete, enrollment) == [
        f"2026-03-{at}:00+00:00" for at in ("02T17:00", "08T05:15", "05T17:00", "07T17:00")
    ]
    assert (await read(athlete, enrollment))["target_completion_date"] == "2026-03-08"
    ok(await athlete.post(f"sessions/{first}/skip"))
    refusal = problem(await athlete.post(f"sessions/{first}/reschedule", {"to_date": "2026-03-09"}), 409, "verb-not-allowed")
    assert (refusal["session_status"], refusal["verbs"]) == ("SKIPPED", ["reopen"])
    path = f"sessions/{last}/reschedule"
    for body, pointer in (
        ({}, "/scheduled_at"),
        ({"to_date": "2026-03-09", "scheduled_at": "2026-03-09T10:00:00Z"}, "/scheduled_at"),
        ({"to_date": "2090-03-09"}, "/to_date"),
    ):
        assert pointers(problem(await athlete.post(path, body), 422, "invalid")) == {pointer}
    problem(await athlete.post(path, {"to_date": "2026-03-09"}, headers={"If-Match": '"9"'}), 412, "precondition-failed")


async def test_a_session_without_a_program(athlete: Person) -> None:
    by_hand = ok(await athlete.post("sessions", {}), 201)["id"]
    moved = ok(await athlete.post(f"sessions/{by_hand}/reschedule", {"to_date": "2026-03-06"}))
    assert moved["scheduled_at"] == "2026-03-06T17:00:00+00:00"
    alone = await athlete.post(f"sessions/{by_hand}/reschedule", {"to_date": "2026-03-07", "and_following": True})
    assert pointers(problem(alone, 422, "invalid")) == {"/and_following"}


async def test_what_hangs_on_it_by_hand_goes_with_it(athlete: Person, moved_clock: Clock, services: Services) -> None:
    enrollment = await enroll(athlete, [A, B])
    body = {"program_enrollment_id": enrollment["id"], "scheduled_at": "2026-03-03T09:00:00Z"}
    by_hand = ok(await athlete.post("sessions", body), 201)["id"]
    ok(await athlete.post(f"enrollments/{enrollment['id']}/pause"))
    moved_clock.set("2026-03-04", "Europe/Berlin")
    ok(await athlete.post(f"enrollments/{enrollment['id']}/resume"))
    assert ok(await athlete.get(f"sessions/{by_hand}"))["scheduled_at"] == "2026-03-05T09:00:00+00:00"
    moved_clock.set("2026-04-04", "Europe/Berlin")
    assert await expire(services, athlete) == 1
    assert ok(await athlete.get(f"sessions/{by_hand}"))["session_status"] == "CANCELLED"
    extended = {"target_completion_date": "2026-05-01"}
    assert ok(await athlete.post(f"enrollments/{enrollment['id']}/extend", extended))["current_day"] == 1
    sessions = await sessions_of(athlete, enrollment)
    assert [(s["program_day"], s["session_status"]) for s in sessions] == [
        (None, "CANCELLED"), (1, "PLANNED"), (2, "PLANNED"),
    ]  # fmt: skip


async def test_an_expired_one_goes_on_where_it_stood(athlete: Person, moved_clock: Clock, services: Services) -> None:
    enrollment = await enroll(athlete, [A, B, A, B], training_weekdays=[1, 3, 5])
    sessions = await sessions_of(athlete, enrollment)
    await train(athlete, sessions[0])
    ok(await athlete.post(f"sessions/{sessions[2]['id']}/cancel"))  # by the athlete: it does not come back
    moved_clock.set("2026-03-24", "Europe/Berlin")
    assert await expire(services, athlete) == 1
    expired = await read(athlete, enrollment)
    assert (expired["enrollment_status"], expired["verbs"], expired["current_day"]) == ("EXPIRED", ["restart", "extend"], 2)
    assert [s["session_status"] for s in await sessions_of(athlete, enrollment)] == ["COMPLETED", *["CANCELLED"] * 3]
    path = f"enrollments/{enrollment['id']}/extend"
    assert pointers(problem(await athlete.post(path, {"target_completion_date": "2026-03-23"}), 422, "invalid"))
    again = ok(await athlete.post(path, {"target_completion_date": "2026-04-30"}))
    assert (again["enrollment_status"], again["current_day"], again["cycle"]) == ("ACTIVE", 2, 1)
    assert again["target_completion_date"] == "2026-04-30"
    statuses = [s["session_status"] for s in await sessions_of(athlete, enrollment)]
    assert statuses == ["COMPLETED", "PLANNED", "CANCELLED", "PLANNED"]
    assert await days_of(athlete, enrollment) == ["03-02", "03-25", "03-06", "03-27"]


async def test_a_cycle_that_is_over_stays_readable(athlete: Person, moved_clock: Clock) -> None:
    enrollment = await enroll(athlete, [A, B])
    await train(athlete, (await sessions_of(athlete, enrollment))[0])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/complete"))
    moved_clock.set("2026-03-09", "Europe/Berlin")
    body = {"start_date": "2026-03-10", "training_weekdays": [7], "training_time": "10:00"}
    again = ok(await athlete.post(f"enrollments/{enrollment['id']}/restart", body))
    assert again["cycles"] == [
        {
            "cycle": 1, "program_revision": 1, "cycle_status": "COMPLETED", "start_date": MONDAY,
            "target_completion_date": "2026-03-03", "actual_completion_date": MONDAY, "last_day": 2,
        }
    ]  # fmt: skip
    assert (again["current_day"], again["cycle"], again["actual_completion_date"]) == (1, 2, None)
    sessions = await sessions_of(athlete, enrollment)
    assert [(s["program_cycle"], s["program_day"], s["session_status"]) for s in sessions] == [
        (1, 1, "COMPLETED"), (1, 2, "CANCELLED"), (2, 1, "PLANNED"), (2, 2, "PLANNED"),
    ]  # fmt: skip
    assert await days_of(athlete, enrollment) == ["03-02", "03-03", "03-15", "03-22"]


async def test_an_upgrade_is_shown_accepted_and_touches_nothing_done(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, B, A])
    path = f"enrollments/{enrollment['id']}"
    done = await train(athlete, (await sessions_of(athlete, enrollment))[0])
    nothing = ok(await athlete.get(f"{path}/upgrade"))
    assert (nothing["upgrade_available"], nothing["difference"]["days"]) == (False, [])
    await publish(athlete, enrollment["program_id"], [["A new"], ["B"], REST, ["A new"], ["C"]])
    now = await read(athlete, enrollment)
    assert (now["upgrade_available"], now["program_revision"], now["verbs"][-1]) == (True, 1, "upgrade")
    assert [s["workout_name"] for s in await sessions_of(athlete, enrollment)] == ["A", "B", "A"]  # nothing moved
    shown = ok(await athlete.get(f"{path}/upgrade"))
    assert (shown["program_revision"], shown["latest_revision"]) == (1, 2)
    assert [d["change"] for d in shown["difference"]["days"]] == ["changed", "added", "added"]
    for revision in (3, 0):
        refusal = problem(await athlete.post(f"{path}/upgrade", {"program_revision": revision}), 422, "invalid")
        assert pointers(refusal) == {"/program_revision"}
    upgraded = ok(await athlete.post(f"{path}/upgrade", {"program_revision": 2}))
    assert (upgraded["program_revision"], upgraded["target_completion_date"]) == (2, "2026-03-06")
    sessions = await sessions_of(athlete, enrollment)
    assert [(s["program_day"], s["workout_name"], (s["scheduled_at"] or "")[5:10]) for s in sessions] == [
        (1, "A", "03-02"), (2, "B", "03-03"), (4, "A new", "03-05"), (5, "C", "03-06"),
    ]  # fmt: skip
    assert ok(await athlete.get(f"sessions/{done['id']}")) == done
    assert ok(await athlete.post(f"{path}/upgrade", {"program_revision": 2}))["version"] == upgraded["version"]


async def test_a_session_deleted_comes_back_only_to_a_cycle_that_runs(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, B])
    second = (await sessions_of(athlete, enrollment))[1]["id"]
    row = {"table": "user_workout_session", "id": second}
    ok(await athlete.delete(f"sessions/{second}"), 204)
    assert [s["program_day"] for s in await sessions_of(athlete, enrollment)] == [1]
    ok(await athlete.post("restore", row))
    ok(await athlete.delete(f"sessions/{second}"), 204)
    await train(athlete, (await sessions_of(athlete, enrollment))[0])
    assert (await read(athlete, enrollment))["enrollment_status"] == "COMPLETED"
    ok(await athlete.post("restore", row))  # it would not have completed with it
    assert (await read(athlete, enrollment))["enrollment_status"] == "ACTIVE"
    ok(await athlete.delete(f"sessions/{second}"), 204)
    ok(await athlete.post(f"enrollments/{enrollment['id']}/restart"))
    refusal = problem(await athlete.post("restore", row), 409, "verb-not-allowed")
    assert refusal["enrollment_status"] == "ACTIVE"


async def test_a_place_is_filled_once(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, B])
    second = (await sessions_of(athlete, enrollment))[1]["id"]
    ok(await athlete.delete(f"sessions/{second}"), 204)
    await publish(athlete, enrollment["program_id"], [["A"], ["B2"]])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/upgrade", {"program_revision": 2}))
    assert [s["workout_name"] for s in await sessions_of(athlete, enrollment)] == ["A", "B2"]
    problem(await athlete.post("restore", {"table": "user_workout_session", "id": second}), 409, "conflict")


async def test_what_stays_where_it_is_is_not_written(athlete: Person) -> None:
    """Each write is a row in the ledger, and the athlete's phone reads it."""
    enrollment = await enroll(athlete, [A, B, A], training_weekdays=[1, 3, 5])
    path = f"enrollments/{enrollment['id']}"
    await publish(athlete, enrollment["program_id"], [["A"], ["B2"], ["A"]])
    ok(await athlete.patch(f"{V1}/me", {"time_zone": "Europe/Berlin"}))
    ok(await athlete.patch(path, {"training_weekdays": [1, 3, 5, 6]}))
    assert [s["version"] for s in await sessions_of(athlete, enrollment)] == [1, 1, 1]
    ok(await athlete.post(f"{path}/upgrade", {"program_revision": 2}))
    assert [s["version"] for s in await sessions_of(athlete, enrollment)] == [1, 2, 1]
    ok(await athlete.post(f"{path}/pause"))
    ok(await athlete.post(f"{path}/resume"))
    assert [s["version"] for s in await sessions_of(athlete, enrollment)] == [1, 2, 1]


async def test_a_session_without_a_time_gets_one(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, B], training_time="07:00")
    first, second = [s["id"] for s in await sessions_of(athlete, enrollment)]
    ok(await athlete.patch(f"sessions/{first}", {"scheduled_at": None}))
    ok(await athlete.post(f"enrollments/{enrollment['id']}/pause"))
    ok(await athlete.post(f"enrollments/{enrollment['id']}/resume"))
    assert (await times_of(athlete, enrollment))[0] is None
    ok(await athlete.post(f"sessions/{first}/reschedule", {"to_date": "2026-03-04", "and_following": True}))
    assert await times_of(athlete, enrollment) == ["2026-03-04T06:00:00+00:00", "2026-03-03T06:00:00+00:00"]
    ok(await athlete.patch(f"sessions/{second}", {"scheduled_at": None}))
    await publish(athlete, enrollment["program_id"], [["A"], ["B"], ["C"]])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/upgrade", {"program_revision": 2}))
    assert await times_of(athlete, enrollment) == ["2026-03-04T06:00:00+00:00", None, "2026-03-06T06:00:00+00:00"]
    ok(await athlete.patch(f"enrollments/{enrollment['id']}", {"training_weekdays": [4]}))
    assert await days_of(athlete, enrollment) == ["03-05", "03-12", "03-19"]
