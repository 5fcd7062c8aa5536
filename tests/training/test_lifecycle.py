"""A session's lifecycle: each verb from each state, against a copy of the specification's own table."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from training_world import BENCH, FULL_BODY, VERBS, a_set, at, in_status, log, new_id, ok, plan, read, record, start

from helpers import Person, pointers, problem
from reptrail.training.rules import TRANSITIONS

# docs: domain.md, "Workout session: the lifecycle", typed off by hand.
TABLE = {
    "PLANNED": {"start": "IN_PROGRESS", "skip": "SKIPPED", "cancel": "CANCELLED"},
    "IN_PROGRESS": {"complete": "COMPLETED", "cancel": "CANCELLED"},
    "COMPLETED": {},
    "SKIPPED": {"reopen": "PLANNED"},
    "CANCELLED": {"reopen": "PLANNED"},
}


def test_the_code_has_the_same_table() -> None:
    coded: dict[str, dict[str, str]] = {status: {} for status in TABLE}
    for verb, (sources, target) in TRANSITIONS.items():
        for source in sources:
            coded[source][verb.value] = target.value
    assert coded == TABLE


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", TABLE)
async def test_each_verb_from_each_state(athlete: Person, status: str, verb: str) -> None:
    before = await in_status(athlete, status)
    assert set(before["verbs"]) == TABLE[status].keys()
    response = await athlete.post(f"sessions/{before['id']}/{verb}")
    target = TABLE[status].get(verb)
    if target is None:
        refusal = problem(response, 409, "verb-not-allowed")
        assert refusal["session_status"] == status
        assert set(refusal["verbs"]) == TABLE[status].keys()
        assert await read(athlete, before) == before
        return
    after = ok(response)
    assert after["session_status"] == target
    assert set(after["verbs"]) == TABLE[target].keys()
    assert after["version"] == before["version"] + 1
    assert response.headers["etag"] == f'"{after["version"]}"'
    now = datetime.now(UTC)
    for name, expected in times_after(verb, before).items():
        if expected == "now":
            assert abs(at(after[name]) - now) < timedelta(seconds=20), name
        else:
            assert after[name] == expected, name
    assert await read(athlete, before) == after


def times_after(verb: str, before: dict[str, Any]) -> dict[str, Any]:
    """What the lifecycle's times are after a verb."""
    kept = {name: before[name] for name in ("scheduled_at", "started_at", "completed_at", "actual_duration_seconds")}
    return {
        "start": {**kept, "started_at": "now"},
        "complete": {"scheduled_at": kept["scheduled_at"], "started_at": kept["started_at"], "completed_at": "now"},
        "skip": kept,
        "cancel": kept,
        "reopen": {**dict.fromkeys(kept), "scheduled_at": kept["scheduled_at"]},
    }[verb]


async def test_one_session_in_progress(athlete: Person) -> None:
    planned = await plan(athlete)
    under_way = await start(athlete)
    for refusal in (
        await athlete.post(f"sessions/{planned['id']}/start"),
        await athlete.post("sessions", {"session_status": "IN_PROGRESS"}),
    ):
        assert problem(refusal, 409, "session-in-progress")["session_id"] == under_way["id"]
    ok(await athlete.post(f"sessions/{under_way['id']}/cancel"))
    ok(await athlete.post(f"sessions/{planned['id']}/start"))


async def test_eight_starts_at_once(athlete: Person) -> None:
    planned = [await plan(athlete) for _ in range(4)]
    starts = [athlete.post(f"sessions/{each['id']}/start") for each in planned]
    starts += [athlete.post("sessions", {"session_status": "IN_PROGRESS"}) for _ in range(4)]
    responses = await asyncio.gather(*starts)
    won = [r.json()["id"] for r in responses if r.status_code < 300]
    assert len(won) == 1
    for response in responses:
        if response.status_code >= 300:
            assert problem(response, 409, "session-in-progress")["session_id"] == won[0]
    listed = ok(await athlete.get("sessions?status=IN_PROGRESS"))["items"]
    assert [each["id"] for each in listed] == won


async def test_eight_phones_complete_the_same_session(athlete: Person) -> None:
    session = await start(athlete)
    responses = await asyncio.gather(*(athlete.post(f"sessions/{session['id']}/complete") for _ in range(8)))
    assert sorted(r.status_code for r in responses) == [200] + [409] * 7


async def test_paused_time_is_left_out(athlete: Person) -> None:
    session = await start(athlete, started_at="2026-02-03T17:00:00Z")
    done = ok(
        await athlete.post(
            f"sessions/{session['id']}/complete",
            {
                "completed_at": "2026-02-03T18:10:00Z",
                "paused_seconds": 600,
                "effort_rating": 8,
                "soreness_rating": 0,
                "session_notes": "good",
            },
        )
    )
    assert done["actual_duration_seconds"] == 3600
    assert (done["effort_rating"], done["soreness_rating"], done["session_notes"]) == (8, 0, "good")


async def test_over_midnight(athlete: Person) -> None:
    session = await start(athlete, started_at="2026-02-03T23:30:00+01:00")
    done = ok(await athlete.post(f"sessions/{session['id']}/complete", {"completed_at": "2026-02-04T00:45:00+01:00"}))
    assert done["actual_duration_seconds"] == 75 * 60
    day = ok(await athlete.get("sessions?from=2026-02-03&to=2026-02-03"))["items"]
    assert [each["id"] for each in day] == [session["id"]]


async def test_a_session_forgotten_overnight(athlete: Person) -> None:
    session = await start(athlete, started_at="2026-02-03T10:00:00Z")
    logged = await log(athlete, session, a_set(completed_at="2026-02-03T11:00:00Z"))
    path = f"sessions/{session['id']}/complete"
    refusal = problem(await athlete.post(path, {"completed_at": "2026-02-03T19:06:08Z"}), 422, "invalid")
    assert pointers(refusal) == {"/completed_at"}
    assert "32768 seconds" in refusal["errors"][0]["detail"]
    assert "actual_duration_seconds" in refusal["errors"][0]["detail"]
    assert at(refusal["last_set_at"]) == at(logged["sets"][0]["completed_at"])
    assert pointers(problem(await athlete.post(path), 422, "invalid")) == {"/completed_at"}
    assert (await read(athlete, session))["session_status"] == "IN_PROGRESS"
    done = ok(await athlete.post(path, {"completed_at": "2026-02-04T08:00:00Z", "actual_duration_seconds": 4000}))
    assert done["actual_duration_seconds"] == 4000


async def test_exactly_as_long_as_a_session_can_be(athlete: Person) -> None:
    session = await start(athlete, started_at="2026-02-03T10:00:00Z")
    done = ok(await athlete.post(f"sessions/{session['id']}/complete", {"completed_at": "2026-02-03T19:06:07Z"}))
    assert done["actual_duration_seconds"] == 32767


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"completed_at": "2026-02-03T09:59:59Z"}, "/completed_at"),
        ({"completed_at": "2026-02-03T09:59:59Z", "actual_duration_seconds": 10}, "/completed_at"),
        ({"completed_at": "2026-02-03T10:10:00Z", "paused_seconds": 601}, "/paused_seconds"),
        ({"completed_at": "2099-01-01T00:00:00Z"}, "/completed_at"),
        ({"completed_at": "2026-02-03T10:10:00"}, "/completed_at"),
        ({"completed_at": None}, "/completed_at"),
        ({"actual_duration_seconds": 0}, "/actual_duration_seconds"),
        ({"actual_duration_seconds": 32768}, "/actual_duration_seconds"),
        ({"paused_seconds": -1}, "/paused_seconds"),
        ({"effort_rating": 0}, "/effort_rating"),
        ({"effort_rating": 11}, "/effort_rating"),
        ({"soreness_rating": -1}, "/soreness_rating"),
        ({"soreness_rating": 11}, "/soreness_rating"),
        ({"session_notes": "x" * 2001}, "/session_notes"),
        ({"started_at": "2026-02-03T10:00:00Z"}, "/started_at"),
    ],
)
async def test_what_cannot_be_said_of_a_completion(athlete: Person, fields: dict[str, Any], wrong: str) -> None:
    session = await start(athlete, started_at="2026-02-03T10:00:00Z")
    assert pointers(problem(await athlete.post(f"sessions/{session['id']}/complete", fields), 422, "invalid")) == {wrong}


async def test_reopened_after_training_keeps_what_was_logged(athlete: Person) -> None:
    session = await start(athlete)
    await log(athlete, session, a_set())
    ok(await athlete.post(f"sessions/{session['id']}/cancel"))
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1
    ok(await athlete.post(f"sessions/{session['id']}/reopen"))
    again = ok(await athlete.post(f"sessions/{session['id']}/start", {"started_at": "2026-02-03T10:00:00Z"}))
    assert at(again["started_at"]) == at("2026-02-03T10:00:00Z")
    assert again["performances"][0]["sets"][0]["weight"] == 100


async def test_corrected_times_keep_the_duration_right(athlete: Person) -> None:
    session = await record(athlete, "2026-02-03T17:00:00Z", completed_at="2026-02-03T18:00:00Z")
    path = f"sessions/{session['id']}"
    assert session["actual_duration_seconds"] == 3600
    assert ok(await athlete.patch(path, {"completed_at": "2026-02-03T18:30:00Z"}))["actual_duration_seconds"] == 5400
    assert ok(await athlete.patch(path, {"started_at": "2026-02-03T17:30:00Z"}))["actual_duration_seconds"] == 3600
    assert ok(await athlete.patch(path, {"paused_seconds": 60}))["actual_duration_seconds"] == 3540
    assert ok(await athlete.patch(path, {"session_notes": "x"}))["actual_duration_seconds"] == 3540
    assert ok(await athlete.patch(path, {"actual_duration_seconds": 1000}))["actual_duration_seconds"] == 1000
    assert ok(await athlete.patch(path, {"effort_rating": 7}))["actual_duration_seconds"] == 1000
    assert ok(await athlete.patch(path, {"started_at": None}))["actual_duration_seconds"] is None
    for field, value in {"started_at": "2026-02-03T01:00:00Z", "completed_at": None}.items():
        assert pointers(problem(await athlete.patch(path, {field: value}), 422, "invalid")) == {f"/{field}"}


UNSAID = ["started_at", "completed_at", "actual_duration_seconds", "paused_seconds", "effort_rating"]
VALUES = dict.fromkeys(UNSAID, 5) | dict.fromkeys(("started_at", "completed_at"), "2026-01-01T10:00:00Z")


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        ("PLANNED", UNSAID),
        ("SKIPPED", UNSAID),
        ("IN_PROGRESS", ["completed_at", "actual_duration_seconds"]),
        ("CANCELLED", ["completed_at", "actual_duration_seconds"]),
    ],
)
async def test_a_state_has_only_the_times_it_can_have(athlete: Person, status: str, refused: list[str]) -> None:
    session = await in_status(athlete, status)
    for name in UNSAID:
        response = await athlete.patch(f"sessions/{session['id']}", {name: VALUES[name]})
        if name in refused:
            assert pointers(problem(response, 422, "invalid")) == {f"/{name}"}
        else:
            ok(response)
    if status == "IN_PROGRESS":
        refusal = await athlete.patch(f"sessions/{session['id']}", {"started_at": None})
        assert pointers(problem(refusal, 422, "invalid")) == {"/started_at"}


@pytest.mark.parametrize("status", ["PLANNED", "IN_PROGRESS"])
async def test_a_new_session_has_only_the_times_it_can_have(athlete: Person, status: str) -> None:
    body = {"session_status": status, **VALUES, "performances": [{"exercise_id": BENCH, "sets": [a_set(None)]}]}
    wrong = pointers(problem(await athlete.post("sessions", body), 422, "invalid"))
    expected = {*UNSAID, "performances"} if status == "PLANNED" else {"completed_at", "actual_duration_seconds"}
    assert wrong == {f"/{name}" for name in expected}


@pytest.mark.parametrize("status", TABLE)
async def test_deleting_hides_all_that_hangs_on_it(athlete: Person, status: str) -> None:
    session = await in_status(athlete, status)
    sets = []
    if status in ("IN_PROGRESS", "COMPLETED"):
        sets = (await log(athlete, session, a_set(), a_set()))["sets"]
    assert (await athlete.delete(f"sessions/{session['id']}")).status_code == 204
    for method, path in [
        ("GET", ""),
        ("DELETE", ""),
        *(("POST", f"/{verb}") for verb in VERBS),
        *(("DELETE", f"/sets/{s['id']}") for s in sets),
    ]:
        problem(await athlete.call(method, f"sessions/{session['id']}{path}"), 404, "not-found")
    assert ok(await athlete.get("sessions"))["items"] == []
    if sets:
        other = await record(athlete, "2026-06-01T10:00:00Z", performances=[{"exercise_id": BENCH, "sets": [a_set(None)]}])
        assert other["prescriptions"][0]["previous_performance"] is None
        assert (await log(athlete, other, a_set(weight=60)))["records"] == []


async def test_a_deleted_session_in_progress_makes_room(athlete: Person) -> None:
    session = await start(athlete)
    await athlete.delete(f"sessions/{session['id']}")
    await start(athlete)


async def test_if_match(athlete: Person) -> None:
    session = await plan(athlete)
    path = f"sessions/{session['id']}"
    moved = await athlete.patch(path, {"session_notes": "mine"}, headers={"If-Match": '"1"'})
    assert moved.headers["etag"] == '"2"'
    for method, where, body in [
        ("PATCH", path, {"session_notes": "theirs"}),
        ("POST", f"{path}/start", None),
        ("POST", f"{path}/skip", None),
        ("DELETE", path, None),
    ]:
        refusal = problem(await athlete.call(method, where, body, headers={"If-Match": '"1"'}), 412, "precondition-failed")
        assert refusal["current"] == ok(moved)
    for good in ('"2"', "*", "2"):
        ok(await athlete.patch(path, {"session_notes": "theirs"}, headers={"If-Match": good}))
        ok(await athlete.patch(path, {"session_notes": "mine"}))
        path = f"sessions/{(await plan(athlete))['id']}"
        ok(await athlete.patch(path, {"session_notes": "mine"}))
    for bad in ('"x"', 'W/"1"', '"1", "2"', "-1"):
        refusal = problem(await athlete.patch(path, {}, headers={"If-Match": bad}), 422, "invalid")
        assert pointers(refusal) == {"header/If-Match"}


async def test_two_who_edit_at_once(athlete: Person) -> None:
    session = await plan(athlete)
    responses = await asyncio.gather(
        *(athlete.patch(f"sessions/{session['id']}", {"session_notes": str(n)}, headers={"If-Match": '"1"'}) for n in range(6))
    )
    assert sorted(r.status_code for r in responses) == [200] + [412] * 5


async def test_an_id_that_is_taken(athlete: Person, stranger: Person) -> None:
    session = await plan(athlete, id=new_id())
    for person in (athlete, stranger):
        refusal = problem(await person.post("sessions", {"id": session["id"], "workout_id": FULL_BODY}), 409, "id-taken")
        assert pointers(refusal) == {"/id"}
        # One's own session is shown; of another's nothing is told but that the id will not do.
        assert ("current" in refusal) == (person is athlete)
