"""Pushing what an athlete keeps of their own: exercises, equipment, training maxes; and accepting a program's new revision."""

from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from phone import Grant, Phone, Row
from pushed import SESSION, SET, bench, slug, statuses, trained

from good_requests.base import BENCH_PRESS
from helpers import Person
from reptrail.catalog.builtin import builtin_id
from reptrail.ids import uuid7
from reptrail.sync.operations import KINDS
from reptrail.sync.rules import Action

SQUAT = str(builtin_id("exercise", "squat-barbell"))
EXERCISE, EQUIPMENT, MAX = "exercise", "user_equipment", "user_training_max"
YOKE: Row = {"exercise_name": "Yoke walk", "equipment": "OTHER", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"}
PLATES: Row = {"weight_unit": "kg", "bar_weight": 15, "plates": [2.5, 20, 0.05], "dumbbells": [10], "machine_step": 5}


def told(results: list[Row]) -> list[str]:
    """Each status, or why it was refused."""
    return [slug(result) if "problem" in result else result["status"] for result in results]


async def again(phone: Phone, operations: list[Row]) -> list[str]:
    """What is said where the answer was lost and the same is sent once more."""
    response = await phone.person.post(f"/api/v1/athletes/{phone.athlete}/sync", {"operations": operations})
    return told(response.json()["results"])


# --- Exercises -------------------------------------------------------------------------------------------------------


async def test_an_exercise_is_made_and_trained_without_signal(phone: Phone, athlete: Person) -> None:
    session = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS"})["row_id"]
    made = phone.do(EXERCISE, "insert", fields=YOKE)["row_id"]
    phone.do(SET, "insert", fields={**bench(session), "exercise_id": made})
    phone.do(EXERCISE, "update", made, {"exercise_name": "Yoke carry"})
    sent = list(phone.outbox)
    assert statuses(await phone.sync()) == ["APPLIED"] * 4
    assert await again(phone, sent) == ["ALREADY_APPLIED"] * 4
    assert phone.store[EXERCISE, made]["exercise_name"] == "Yoke carry"
    (performance,) = (await athlete.get(f"sessions/{session}")).json()["performances"]
    assert (performance["exercise_id"], performance["exercise_name"]) == (made, "Yoke carry")
    phone.do(EXERCISE, "delete", made)
    assert statuses(await phone.sync()) == ["APPLIED"]
    assert (EXERCISE, made) not in phone.store


async def test_what_hangs_on_an_exercise_that_was_refused_waits_for_it(phone: Phone) -> None:
    phone.do(EXERCISE, "insert", fields=YOKE)
    assert statuses(await phone.sync()) == ["APPLIED"]
    session = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS"})["row_id"]
    twice = phone.do(EXERCISE, "insert", fields=YOKE)
    hanging = phone.do(SET, "insert", fields={**bench(session), "exercise_id": twice["row_id"]})
    assert told(await phone.sync()) == ["APPLIED", "conflict", "depends-on-refused"]
    phone.outbox += [{**twice, "fields": {**YOKE, "exercise_name": "Another yoke"}}, hanging]
    assert statuses(await phone.sync()) == ["APPLIED"] * 2


async def test_two_phones_and_one_exercise(phone: Phone, athlete: Person) -> None:
    made = phone.do(EXERCISE, "insert", fields=YOKE)["row_id"]
    await phone.sync()
    other = Phone(athlete)
    await other.pull()
    phone.do(EXERCISE, "update", made, {"exercise_name": "One"})
    await phone.sync()
    other.do(EXERCISE, "update", made, {"exercise_name": "Two"})
    other.do(EXERCISE, "update", made, {"aliases": ["yoke"]})
    assert statuses(await other.sync()) == ["CONFLICT", "MERGED"]


async def test_built_in_exercises_and_strangers_are_not_there_to_write(phone: Phone, stranger: Person) -> None:
    theirs = (await stranger.post("/api/v1/exercises", {**YOKE, "id": str(uuid7())})).json()["id"]
    for row_id in (BENCH_PRESS, theirs):
        phone.do(EXERCISE, "update", row_id, {"exercise_name": "Mine"})
        phone.do(EXERCISE, "delete", row_id)
        phone.do(EXERCISE, "insert", row_id, YOKE)
    assert told(await phone.sync()) == ["not-found", "not-found", "id-taken"] * 2


# --- Equipment -------------------------------------------------------------------------------------------------------


async def test_equipment_is_said_edited_and_merged(phone: Phone, athlete: Person) -> None:
    phone.do(EQUIPMENT, "insert", athlete.user_id, PLATES)
    assert statuses(await phone.sync()) == ["APPLIED"]
    other = Phone(athlete)
    await other.pull()
    phone.do(EQUIPMENT, "update", athlete.user_id, {"plates": [25, 10]})
    other.do(EQUIPMENT, "update", athlete.user_id, {"dumbbells": [8, 6]})
    assert statuses([*await phone.sync(), *await other.sync()]) == ["APPLIED", "MERGED"]
    stands = (await athlete.get("equipment")).json()
    assert (stands["plates"], stands["dumbbells"], stands["bar_weight"]) == ([25, 10], [6, 8], 15)
    await phone.pull()
    phone.do(EQUIPMENT, "update", athlete.user_id, {"plates": [10, 25]})
    assert statuses(await phone.sync()) == ["ALREADY_APPLIED"]
    phone.do(EQUIPMENT, "update", athlete.user_id, {"plates": [20]})
    other.do(EQUIPMENT, "update", athlete.user_id, {"plates": [15]})
    assert statuses([*await phone.sync(), *await other.sync()]) == ["APPLIED", "CONFLICT"]


async def test_weights_in_the_unit_that_was_are_not_taken_for_those_of_another(phone: Phone, athlete: Person) -> None:
    phone.do(EQUIPMENT, "insert", athlete.user_id, PLATES)
    await phone.sync()
    other = Phone(athlete)
    await other.pull()
    pounds = {"weight_unit": "lb", "bar_weight": 45, "plates": [45], "dumbbells": [20], "machine_step": 10}
    phone.do(EQUIPMENT, "update", athlete.user_id, pounds)
    other.do(EQUIPMENT, "update", athlete.user_id, {"machine_step": 2.5})
    assert statuses([*await phone.sync(), *await other.sync()]) == ["APPLIED", "CONFLICT"]


async def test_two_phones_say_it_first(phone: Phone, athlete: Person) -> None:
    other = Phone(athlete)
    for each in (phone, other, other):
        each.do(EQUIPMENT, "insert", athlete.user_id, {**PLATES, "bar_weight": 20 if each is phone else 15})
    other.outbox[0]["fields"]["bar_weight"] = 20
    assert statuses([*await phone.sync(), *await other.sync()]) == ["APPLIED", "ALREADY_APPLIED", "CONFLICT"]


async def test_who_was_second_and_has_seen_what_stands_may_insist(phone: Phone, athlete: Person) -> None:
    other = Phone(athlete)
    phone.do(EQUIPMENT, "insert", athlete.user_id, PLATES)
    mine = other.do(EQUIPMENT, "insert", athlete.user_id, {**PLATES, "bar_weight": 10})
    (_, clash) = [*await phone.sync(), *await other.sync()]
    assert clash["status"] == "CONFLICT"
    phone.do(EQUIPMENT, "update", athlete.user_id, {"machine_step": 1})
    await phone.sync()
    # What was seen is not what stands: nobody has looked at that yet.
    other.outbox = [{**mine, "base_version": clash["version"]}]
    (clash,) = await other.sync()
    assert clash["status"] == "CONFLICT"
    other.outbox = [{**mine, "base_version": clash["version"]}]
    assert statuses(await other.sync()) == ["APPLIED"]
    stands = (await athlete.get("equipment")).json()
    assert (stands["bar_weight"], stands["machine_step"]) == (10, 5)


async def test_equipment_is_the_athletes_one_row(phone: Phone, athlete: Person, stranger: Person) -> None:
    phone.do(EQUIPMENT, "update", athlete.user_id, {"plates": [5]})
    for row_id in (str(uuid7()), stranger.user_id):
        phone.do(EQUIPMENT, "insert", row_id, PLATES)
    phone.do(EQUIPMENT, "insert", athlete.user_id, {**PLATES, "plates": [0.001]})
    results = await phone.sync()
    assert told(results) == ["not-found", "invalid", "invalid", "invalid"]
    pointers = [error["pointer"] for result in results[1:] for error in result["problem"]["errors"]]
    assert pointers == ["/row_id", "/row_id", "/fields/plates/0"]
    assert (await athlete.get("equipment")).json()["is_usual"]


async def test_plates_finer_than_any_gym_has_are_refused_alone(phone: Phone, athlete: Person) -> None:
    phone.do(EQUIPMENT, "insert", athlete.user_id, PLATES)
    phone.do(EQUIPMENT, "update", athlete.user_id, {"plates": [20, 1.255]})
    phone.do(EQUIPMENT, "update", athlete.user_id, {"dumbbells": [0.015]})
    phone.do(EQUIPMENT, "update", athlete.user_id, {"bar_weight": 10})
    results = await phone.sync()
    assert told(results) == ["APPLIED", "invalid", "invalid", "APPLIED"]
    pointers = [error["pointer"] for result in results[1:3] for error in result["problem"]["errors"]]
    assert pointers == ["/fields/plates/1", "/fields/dumbbells/0"]


# --- Training maxes --------------------------------------------------------------------------------------------------


async def test_a_training_max_is_set_once_and_the_newest_counts(phone: Phone, athlete: Person) -> None:
    weighs: Row = {"exercise_id": SQUAT, "weight": 140, "weight_unit": "kg"}
    first = phone.do(MAX, "insert", fields=weighs)
    sent = list(phone.outbox)
    assert statuses(await phone.sync()) == ["APPLIED"]
    assert await again(phone, sent) == ["ALREADY_APPLIED"]
    same = phone.do(MAX, "insert", fields=weighs)
    (result,) = await phone.sync()
    assert (result["status"], result["row_id"]) == ("ALREADY_APPLIED", first["row_id"])
    assert same["row_id"] != first["row_id"]
    phone.do(MAX, "insert", fields={**weighs, "weight": 142.5, "reason": "felt light"})
    assert statuses(await phone.sync()) == ["APPLIED"]
    (shown,) = (await athlete.get("training-maxes")).json()["items"]
    assert (shown["weight"], shown["reason"]) == (142.5, "felt light")
    phone.do(MAX, "insert", first["row_id"], {**weighs, "weight": 90})
    phone.do(MAX, "insert", fields={**weighs, "exercise_id": str(uuid7())})
    phone.do(MAX, "insert", fields={**weighs, "weight": 0})
    assert told(await phone.sync()) == ["id-taken", "not-found", "invalid"]


# --- What is added to a session --------------------------------------------------------------------------------------


async def test_an_exercise_is_added_and_taken_out_again(phone: Phone, athlete: Person, grant: Grant) -> None:
    session = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS", "session_name": "Evening"})["row_id"]
    added = [
        phone.do("exercise_instruction", "insert", fields={"user_workout_session_id": session, "exercise_id": SQUAT})
        for _ in range(3)
    ]
    first, second, third = (each["row_id"] for each in added)
    phone.do("exercise_instruction", "delete", first)
    phone.do(SET, "insert", fields={**bench(session), "exercise_id": None, "exercise_instruction_id": second})
    phone.do("exercise_instruction", "delete", second)
    sent = list(phone.outbox)
    assert told(await phone.sync()) == ["APPLIED"] * 6 + ["conflict"]
    assert (await again(phone, sent))[:6] == ["ALREADY_APPLIED"] * 6
    assert {i for table, i in phone.store if table == "exercise_instruction"} == {second, third}
    phone.do("exercise_instruction", "delete", first)
    reader = Phone(await grant("training:read"), athlete.user_id)
    reader.do("exercise_instruction", "delete", third)
    assert told([*await phone.sync(), *await reader.sync()]) == ["ALREADY_APPLIED", "forbidden"]
    assert phone.store[SESSION, session]["session_name"] == "Evening"


async def test_what_was_added_to_a_session_that_is_gone(phone: Phone, athlete: Person) -> None:
    """One phone deletes the workout, the other takes out an exercise of it: refused, and the rest of the push goes through."""
    session = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS"})["row_id"]
    fields = {"user_workout_session_id": session, "exercise_id": SQUAT}
    added = phone.do("exercise_instruction", "insert", fields=fields)["row_id"]
    await phone.sync()
    assert (await athlete.delete(f"sessions/{session}")).is_success
    phone.do("exercise_instruction", "delete", added)
    phone.do(EXERCISE, "insert", fields=YOKE)
    assert told(await phone.sync()) == ["not-found", "APPLIED"]
    workout = {"workout_name": "Mine", "instructions": [{"exercise_id": SQUAT, "sets": 3, "reps_min": 5, "reps_max": 5}]}
    made = (await athlete.post("/api/v1/workouts", workout)).json()
    phone.do("exercise_instruction", "delete", made["instructions"][0]["id"])
    assert told(await phone.sync()) == ["not-found"]


@pytest.mark.parametrize("bug", [RuntimeError("a bug"), KeyError("a bug"), asyncpg.CheckViolationError("a bug")], ids=repr)
async def test_a_bug_in_one_operation_keeps_nothing_else_on_the_phone(
    athlete: Person, monkeypatch: pytest.MonkeyPatch, bug: Exception
) -> None:
    async def broken(*_args: Any) -> None:
        raise bug

    kind = KINDS[MAX, Action.INSERT]
    monkeypatch.setitem(KINDS, (MAX, Action.INSERT), replace(kind, write=broken))
    session = str(uuid7())
    operations = [
        {"table": SESSION, "row_id": session, "fields": {"session_status": "IN_PROGRESS"}},
        {"table": MAX, "row_id": str(uuid7()), "fields": {"exercise_id": SQUAT, "weight": 100, "weight_unit": "kg"}},
        {"table": SET, "row_id": str(uuid7()), "fields": bench(session)},
    ]
    sent = [{**each, "id": str(uuid7()), "action": "insert"} for each in operations]
    results = (await athlete.post("sync", {"operations": sent})).json()["results"]
    assert told(results) == ["APPLIED", "internal-error", "APPLIED"]
    assert "bug" not in str(results)
    monkeypatch.undo()
    repeated = (await athlete.post("sync", {"operations": sent})).json()["results"]
    assert told(repeated) == ["ALREADY_APPLIED", "APPLIED", "ALREADY_APPLIED"]


async def test_a_note_on_an_exercise_is_written_twice_before_anything_was_heard(phone: Phone, athlete: Person) -> None:
    session = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS"})["row_id"]
    added = phone.do("exercise_instruction", "insert", fields={"user_workout_session_id": session, "exercise_id": SQUAT})["row_id"]
    phone.do(SET, "insert", fields={**bench(session), "exercise_id": None, "exercise_instruction_id": added})
    about = {"user_workout_session_id": session, "exercise_instruction_id": added}
    first = phone.do("user_exercise_performance", "insert", fields={**about, "performance_notes": "narrow"})
    row_id = (await phone.sync())[-1]["row_id"]
    # The device knew its own note, and not the version that came of it.
    second = phone.do("user_exercise_performance", "update", row_id, {"performance_notes": "wide"})
    second["after"] = [first["id"]]
    second.pop("base_version", None)
    assert statuses(await phone.sync()) == ["MERGED"]
    (performance,) = (await athlete.get(f"sessions/{session}")).json()["performances"]
    assert performance["performance_notes"] == "wide"


# --- Upgrades --------------------------------------------------------------------------------------------------------


def a_program(*names: str) -> dict[str, Any]:
    workouts = [
        {
            "workout_key": str(n),
            "workout_name": name,
            "instructions": [{"exercise_id": SQUAT, "sets": 1, "reps_min": 5, "reps_max": 5}],
        }
        for n, name in enumerate(names)
    ]
    return {
        "program_name": "Mine",
        "is_public": False,
        "workouts": workouts,
        "days": [{"workouts": [str(n)]} for n in range(len(names))],
    }


async def test_a_new_revision_is_accepted_without_signal_as_it_was_shown(phone: Phone, athlete: Person, token: Grant) -> None:
    program = (await athlete.post("/api/v1/programs", a_program("A", "B"))).json()["id"]
    enrollment = phone.do("user_program_enrollment", "insert", fields={"program_id": program})["row_id"]
    assert statuses(await phone.sync()) == ["APPLIED"]
    await athlete.put(f"/api/v1/programs/{program}", a_program("A", "B", "C"))
    by_token = Phone(await token("training:read", "training:write", "program:assign"))
    await by_token.pull()
    accept = ("user_program_enrollment", "verb", enrollment, {"program_revision": 2}, "upgrade")
    by_token.do(*accept)
    assert told(await by_token.sync()) == ["forbidden"]
    phone.do(*accept)
    sent = list(phone.outbox)
    phone.do("user_program_enrollment", "verb", enrollment, {"program_revision": 3}, "upgrade")
    assert told(await phone.sync()) == ["APPLIED", "invalid"]
    assert await again(phone, sent) == ["ALREADY_APPLIED"]
    assert phone.store["user_program_enrollment", enrollment]["program_revision"] == 2
    assert len([key for key in phone.store if key[0] == SESSION]) == 3


# --- Who may ---------------------------------------------------------------------------------------------------------

WRITES: list[tuple[str, str, Row]] = [
    (EXERCISE, "insert", YOKE),
    (EQUIPMENT, "insert", PLATES),
    (MAX, "insert", {"exercise_id": SQUAT, "weight": 140, "weight_unit": "kg"}),
]


@pytest.mark.parametrize(("table", "action", "fields"), WRITES, ids=[table for table, _, _ in WRITES])
async def test_it_needs_the_scope_of_its_route(  # noqa: PLR0917 - fixtures
    phone: Phone, grant: Grant, token: Grant, table: str, action: str, fields: Row
) -> None:
    await trained(phone)
    athlete = phone.person.user_id
    row_id = athlete if table == EQUIPMENT else None
    reader = Phone(await grant("training:read", "program:assign"), athlete)
    writer = Phone(await grant("training:read", "training:write"), athlete)
    app = Phone(await token("training:read", "training:write"))
    for each in (reader, writer, app):
        each.do(table, action, row_id, fields)
    assert told(await reader.sync()) == ["forbidden"]
    # Exercises are made by those who train with them, over the routes as well.
    assert told(await writer.sync()) == ["forbidden" if table == EXERCISE else "APPLIED"]
    assert told(await app.sync())[0] in ("APPLIED", "ALREADY_APPLIED")
