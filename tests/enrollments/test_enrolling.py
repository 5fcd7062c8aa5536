"""Enrolling, assigning, and what each request takes and refuses."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from enrollment_world import V1, Clock, MakePerson, enroll, make_program, ok, publish, read, sessions_of, times_of, train

from helpers import Person, pointers, problem, register
from reptrail import clock
from reptrail.http.edge import Services
from reptrail.ids import uuid7

A, B, REST = ["A"], ["B"], list[str]()
MONDAY = "2026-03-02"


@pytest.fixture
async def stranger(person: MakePerson) -> Person:
    return await person(name="stranger")


@pytest.fixture
async def athlete(person: MakePerson, stranger: Person, moved_clock: Clock) -> Person:
    """Somebody on a Monday; there is a stranger already."""
    del stranger
    made = await person()
    moved_clock.set(MONDAY, "Europe/Berlin")
    return made


def local_days(times: list[str | None]) -> list[str]:
    return [(at or "")[:10] for at in times]


async def test_the_program_is_laid_into_the_calendar(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, REST, ["B", "C"], A], enrollment_notes="before work")
    expected = {
        "enrollment_status": "ACTIVE", "current_day": 1, "cycle": 1, "program_revision": 1, "latest_revision": 1, "day_count": 4,
        "upgrade_available": False, "start_date": MONDAY, "target_completion_date": "2026-03-05", "training_weekdays": None,
        "training_time": "18:00", "assigned_by": None, "assigned_by_name": None, "enrollment_notes": "before work", "cycles": [],
        "verbs": ["pause", "cancel", "complete"], "program_name": "Program", "actual_completion_date": None, "paused_on": None,
        "session_counts": {"total": 4, "done": 0, "skipped": 0, "missed": 0, "cancelled": 0, "in_progress": 0, "open": 4},
    }  # fmt: skip
    assert {name: enrollment[name] for name in expected} == expected
    sessions = await sessions_of(athlete, enrollment)
    assert [(s["program_day"], s["program_position"], s["workout_name"], s["scheduled_at"]) for s in sessions] == [
        (1, 1, "A", "2026-03-02T17:00:00+00:00"),
        (3, 1, "B", "2026-03-04T17:00:00+00:00"),
        (3, 2, "C", "2026-03-04T17:00:00+00:00"),
        (4, 1, "A", "2026-03-05T17:00:00+00:00"),
    ]
    assert enrollment["next_session"] == {
        "id": sessions[0]["id"], "program_day": 1, "program_position": 1, "workout_name": "A", "session_status": "PLANNED",
        "scheduled_at": "2026-03-02T17:00:00+00:00",
    }  # fmt: skip


async def test_weekdays_take_up_the_rest_days(athlete: Person) -> None:
    enrollment = await enroll(athlete, [REST, A, REST, REST, B, A, REST], training_weekdays=[5, 2], training_time="06:30")
    assert enrollment["training_weekdays"] == [2, 5]
    assert await times_of(athlete, enrollment) == [f"2026-03-{day}T05:30:00+00:00" for day in ("03", "06", "10")]
    assert (enrollment["current_day"], enrollment["target_completion_date"]) == (2, "2026-03-10")


async def test_the_day_moves_over_rest_days_and_the_last_one_completes(athlete: Person, moved_clock: Clock) -> None:
    enrollment = await enroll(athlete, [A, REST, ["A", "B"], A])
    sessions = await sessions_of(athlete, enrollment)
    seen = []
    for session in sessions[:3]:
        await train(athlete, session)
        seen.append((await read(athlete, enrollment))["current_day"])
    assert seen == [3, 3, 4]
    moved_clock.forward(days=3)
    ok(await athlete.post(f"sessions/{sessions[3]['id']}/skip"))
    ended = await read(athlete, enrollment)
    assert (ended["enrollment_status"], ended["actual_completion_date"]) == ("COMPLETED", "2026-03-05")
    assert (ended["current_day"], ended["verbs"], ended["next_session"]) == (4, ["restart"], None)
    assert (ended["session_counts"]["done"], ended["session_counts"]["skipped"]) == (3, 1)
    assert (await sessions_of(athlete, enrollment))[3]["verbs"] == ["reopen"]  # what completed it can be taken back


async def test_a_second_enrollment_is_refused_with_the_way_on(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, A])
    ok(await athlete.post(f"enrollments/{enrollment['id']}/cancel"))
    refusal = problem(await athlete.post("enrollments", {"program_id": enrollment["program_id"]}), 409, "already-enrolled")
    assert refusal["enrollment_id"] == enrollment["id"]
    assert (refusal["enrollment_status"], refusal["verbs"]) == ("CANCELLED", ["restart"])


async def test_a_repeated_create_answers_the_same(athlete: Person) -> None:
    body = {"id": str(uuid7()), "program_id": await make_program(athlete, [A]), "start_date": "2026-03-03"}
    first = ok(await athlete.post("enrollments", body), 201)
    assert ok(await athlete.post("enrollments", body), 201) == first
    assert len(await sessions_of(athlete, first)) == 1
    for other in ({"start_date": "2026-03-04"}, {"program_id": await make_program(athlete, [B])}):
        problem(await athlete.post("enrollments", {**body, **other}), 409, "id-taken")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"training_weekdays": []}, "/training_weekdays"),
        ({"training_weekdays": [0]}, "/training_weekdays/0"),
        ({"training_weekdays": [1, 8]}, "/training_weekdays/1"),
        ({"training_weekdays": [1, 1]}, "/training_weekdays"),
        ({"training_time": "24:00"}, "/training_time"),
        ({"training_time": "18:00\n"}, "/training_time"),
        ({"training_time": "18:00:00"}, "/training_time"),
        ({"start_date": "2020-01-01"}, "/start_date"),
        ({"start_date": "2030-01-01"}, "/start_date"),
        ({"target_completion_date": "2026-03-01"}, "/target_completion_date"),
        ({"enrollment_notes": "x" * 2001}, "/enrollment_notes"),
        ({"program_id": str(uuid7())}, "/program_id"),
        ({"assigned_by": str(uuid7())}, "/assigned_by"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
async def test_what_is_wrong_is_named(athlete: Person, fields: dict[str, Any], pointer: str) -> None:
    body = {"program_id": await make_program(athlete, [A]), **fields}
    assert pointers(problem(await athlete.post("enrollments", body), 422, "invalid")) == {pointer}


async def test_an_archived_or_foreign_program_takes_nobody(athlete: Person, stranger: Person) -> None:
    archived, foreign = await make_program(athlete, [A]), await make_program(stranger, [A])
    ok(await athlete.delete(f"{V1}/programs/{archived}"), 204)
    for program in (archived, foreign):
        refusal = problem(await athlete.post("enrollments", {"program_id": program}), 422, "invalid")
        assert pointers(refusal) == {"/program_id"}


async def test_if_match(athlete: Person) -> None:
    enrollment = await enroll(athlete, [A, A])
    path = f"enrollments/{enrollment['id']}"
    ok(await athlete.patch(path, {"enrollment_notes": "x"}, headers={"If-Match": '"1"'}))
    for verb in ("pause", "cancel", "complete"):
        stale = problem(await athlete.post(f"{path}/{verb}", headers={"If-Match": '"1"'}), 412, "precondition-failed")
        assert stale["current"]["version"] == 2
    assert ok(await athlete.post(f"{path}/pause", headers={"If-Match": '"2"'}))["enrollment_status"] == "PAUSED"


async def test_lists(athlete: Person) -> None:
    made = [await enroll(athlete, [A], start_date=f"2026-03-0{day}") for day in (4, 2, 6)]
    ok(await athlete.post(f"enrollments/{made[1]['id']}/pause"))
    seen, cursor = [], None
    while True:
        page = ok(await athlete.get("enrollments", params={"limit": 1} | ({"cursor": cursor} if cursor else {})))
        seen += [e["start_date"] for e in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == ["2026-03-06", "2026-03-04", "2026-03-02"]
    paused = ok(await athlete.get("enrollments", params={"status": "PAUSED"}))["items"]
    assert paused == [await read(athlete, made[1])]


async def coach_of(athlete: Person, services: Services, coach: Person, *scopes: str) -> Person:
    """A coach with a grant; it speaks to the athlete's routes."""
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        await tx.execute(
            "INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version) VALUES ($1, $2, $3, $4, 'test')",
            uuid7(), tx.athlete, UUID(coach.user_id), list(scopes),
        )  # fmt: skip
    return coach


async def test_a_coach_assigns_a_private_program(
    http: httpx.AsyncClient, services: Services, athlete: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the present, as grants and logins have it
    coach = await coach_of(athlete, services, await register(http, "coach"), "training:read", "program:assign")
    theirs = f"{V1}/athletes/{athlete.user_id}"
    source = await make_program(coach, [A, B])
    body = {"id": str(uuid7()), "program_id": source}
    made = ok(await coach.post(f"{theirs}/enrollments", body), 201)
    assert ok(await coach.post(f"{theirs}/enrollments", body), 201) == made
    assert (made["assigned_by"], made["assigned_by_name"], made["created_by"]) == (coach.user_id, "coach", coach.user_id)
    assert made["program_id"] != source
    assert ok(await athlete.get(f"{V1}/programs/{made['program_id']}"))["user_id"] == athlete.user_id
    assert [s["workout_name"] for s in await sessions_of(athlete, made)] == ["A", "B"]
    # Assigned again: the same text is refused, a new one is offered.
    problem(await coach.post(f"{theirs}/enrollments", {"program_id": source}), 409, "already-enrolled")
    await publish(coach, source, [A, B, A])
    offered = ok(await coach.post(f"{theirs}/enrollments", {"program_id": source}))
    assert (offered["id"], offered["program_revision"], offered["latest_revision"]) == (made["id"], 1, 2)
    assert "upgrade" in offered["verbs"]
    path = f"enrollments/{made['id']}"
    problem(await coach.post(f"{theirs}/{path}/upgrade", {"program_revision": 2}), 403, "forbidden")
    assert len(await sessions_of(athlete, made)) == 2
    ok(await athlete.post(f"{path}/upgrade", {"program_revision": 2}))
    assert [s["program_day"] for s in await sessions_of(athlete, made)] == [1, 2, 3]
    # Whoever assigned it: the athlete may pause and cancel it, and only they go on with it then; the coach may move it.
    ok(await athlete.post(f"{path}/pause"))
    assert "paused" in problem(await coach.post(f"{theirs}/{path}/resume"), 403, "forbidden")["detail"].lower()
    ok(await athlete.patch(path, {"enrollment_notes": "a cold"}))
    problem(await coach.post(f"{theirs}/{path}/resume"), 403, "forbidden")
    assert ok(await coach.get(f"{theirs}/{path}"))["verbs"] == ["cancel"]
    assert ok(await athlete.get(path))["verbs"] == ["resume", "cancel"]
    ok(await athlete.post(f"{path}/resume"))
    ok(await coach.post(f"{theirs}/{path}/pause"))
    ok(await coach.post(f"{theirs}/{path}/resume"))
    session = (await sessions_of(athlete, made))[0]
    ok(await coach.post(f"{theirs}/sessions/{session['id']}/reschedule", {"to_date": str(later(3)), "and_following": True}))
    ok(await athlete.post(f"{path}/cancel"))
    problem(await coach.post(f"{theirs}/{path}/restart"), 403, "forbidden")
    ok(await athlete.post(f"{path}/restart"))
    ok(await coach.post(f"{theirs}/{path}/cancel"))
    ok(await coach.post(f"{theirs}/{path}/restart"))
    assert (await read(athlete, made))["cycle"] == 3
    ok(await athlete.post(f"{path}/pause"))
    assert ok(await coach.post(f"{theirs}/{path}/cancel"))["verbs"] == []
    problem(await coach.post(f"{theirs}/{path}/restart"), 403, "forbidden")  # no way round the athlete's pause
    assert ok(await athlete.post(f"{path}/restart"))["cycle"] == 4


def later(days: int) -> date:
    return clock.today("Europe/Berlin") + timedelta(days=days)


async def test_a_coach_who_only_logs_moves_the_enrollment_on(
    http: httpx.AsyncClient, services: Services, athlete: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    coach = await coach_of(athlete, services, await register(http, "coach"), "training:read", "training:write")
    enrollment = await enroll(athlete, [A, B])
    theirs = f"{V1}/athletes/{athlete.user_id}"
    problem(await coach.post(f"{theirs}/enrollments/{enrollment['id']}/pause"), 403, "forbidden")
    for number, session in enumerate(await sessions_of(athlete, enrollment), 1):
        ok(await coach.post(f"{theirs}/sessions/{session['id']}/start"))
        ok(await coach.post(f"{theirs}/sessions/{session['id']}/complete"))
        assert (await read(athlete, enrollment))["current_day"] == 2
        assert (await read(athlete, enrollment))["enrollment_status"] == ("ACTIVE" if number == 1 else "COMPLETED")


async def test_a_public_program_is_not_copied(athlete: Person, stranger: Person) -> None:
    program = await make_program(stranger, [A], is_public=True)
    made = ok(await athlete.post("enrollments", {"program_id": program}), 201)
    assert (made["program_id"], made["program_name"]) == (program, "Program")
    # Its author makes it private: who is enrolled goes on, and may run it again.
    await publish(stranger, program, [B, B])
    now = await read(athlete, made)
    shown = ok(await athlete.get(f"enrollments/{made['id']}/upgrade"))
    assert (shown["upgrade_available"], shown["difference"]["sentences"]) == (False, [])
    assert (now["program_revision"], now["latest_revision"], now["program_name"]) == (1, 1, "Program")
    ok(await athlete.post(f"enrollments/{made['id']}/cancel"))
    again = ok(await athlete.post(f"enrollments/{made['id']}/restart"))
    assert again["cycle"] == 2
    assert [s["workout_name"] for s in await sessions_of(athlete, made)] == ["A", "A"]


async def test_other_peoples_enrollments_are_not_there(athlete: Person, stranger: Person) -> None:
    enrollment = await enroll(stranger, [A])
    for person, path in ((athlete, "me"), (athlete, stranger.user_id)):
        response = await person.get(f"{V1}/athletes/{path}/enrollments/{enrollment['id']}")
        problem(response, 404, "not-found")
    unknown = replace(athlete)
    problem(await unknown.post(f"enrollments/{uuid7()}/pause"), 404, "not-found")
