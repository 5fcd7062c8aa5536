"""What becomes of each pushed operation: applied, applied once, merged, or a clash."""

import pytest
from phone import Phone
from pushed import (
    AT,
    INSTRUCTION,
    MEASUREMENT,
    PERFORMANCE,
    RECORDED,
    SESSION,
    SET,
    WEIGHT,
    bench,
    slug,
    statuses,
    trained,
    weighed,
)

from good_requests.base import BENCH_PRESS
from helpers import Person
from reptrail.ids import uuid7


@pytest.fixture
async def tablet(athlete: Person) -> Phone:
    """Another device of the same athlete."""
    return Phone(athlete)


# --- Applied ---------------------------------------------------------------------------------------------------------


async def test_a_workout_logged_without_signal_arrives_whole(phone: Phone, athlete: Person) -> None:
    session = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS", "started_at": AT})["row_id"]
    for reps in (5, 5, 4):
        phone.do(SET, "insert", fields=bench(session, reps))
    phone.do(SESSION, "verb", session, {"completed_at": "2026-03-02T18:00:00Z", "effort_rating": 8}, verb="complete")
    assert statuses(await phone.sync()) == ["APPLIED"] * 5
    shown = (await athlete.get(f"sessions/{session}")).json()
    assert (shown["session_status"], shown["effort_rating"]) == ("COMPLETED", 8)
    assert [s["reps"] for s in shown["performances"][0]["sets"]] == [5, 5, 4]
    assert shown["performances"][0]["reps_completed"] == 14


async def test_a_row_and_its_edits_made_without_signal_do_not_clash(phone: Phone, athlete: Person) -> None:
    session, _ = await trained(phone)
    row_id = phone.do(SET, "insert", fields=bench(session, 6))["row_id"]
    phone.do(SET, "update", row_id, {"reps": 7})
    phone.do(SET, "update", row_id, {"reps": 8, "rpe": 9})
    assert statuses(await phone.sync()) == ["APPLIED"] * 3
    assert phone.store[SET, row_id]["reps"] == 8
    phone.do(SET, "delete", row_id)
    assert statuses(await phone.sync()) == ["APPLIED"]
    assert (SET, row_id) not in phone.store
    shown = (await athlete.get(f"sessions/{session}")).json()["performances"][0]
    assert (len(shown["sets"]), shown["reps_completed"]) == (1, 5)


async def test_the_answer_brings_each_row_as_the_pull_does(phone: Phone) -> None:
    _, (row_id,) = await trained(phone)
    from_push = dict(phone.store)
    phone.forget()
    await phone.pull()
    assert from_push == phone.store
    assert phone.store[SET, row_id]["created_by"] == phone.person.user_id


async def test_an_exercise_is_added_and_a_performance_rated(phone: Phone, athlete: Person) -> None:
    session, _ = await trained(phone)
    added = phone.do(INSTRUCTION, "insert", fields={"user_workout_session_id": session, "exercise_id": BENCH_PRESS, "sets": 3})
    of = {"user_workout_session_id": session, "exercise_instruction_id": added["row_id"]}
    phone.do(PERFORMANCE, "insert", fields={**of, "difficulty_rating": 7})
    phone.do(SET, "insert", fields={**of, "reps": 3, "weight": 60, "weight_unit": "kg"})
    results = await phone.sync()
    assert statuses(results) == ["APPLIED"] * 3
    performance = phone.store[PERFORMANCE, results[1]["row_id"]]
    assert (performance["difficulty_rating"], performance["reps_completed"]) == (7, 3)
    phone.do(PERFORMANCE, "update", performance["id"], {"performance_notes": "slow"})
    assert statuses(await phone.sync()) == ["APPLIED"]
    shown = (await athlete.get(f"sessions/{session}")).json()["performances"]
    assert [p["performance_notes"] for p in shown] == [None, "slow"]


async def test_the_ledger_names_the_operation(phone: Phone, athlete: Person) -> None:
    row_id = await weighed(phone)
    operation = phone.do(MEASUREMENT, "update", row_id, {"measured_value": 82})
    await phone.sync()
    history = (await athlete.get(f"history/{MEASUREMENT}/{row_id}")).json()["items"]
    assert history[-1]["request_id"] == operation["id"]


async def test_a_set_deleted_before_its_session_does_not_come_back_with_it(phone: Phone, athlete: Person) -> None:
    session, (first, second) = await trained(phone, sets=2)
    phone.do(SET, "delete", first)
    phone.do(SESSION, "delete", session)
    assert statuses(await phone.sync()) == ["APPLIED"] * 2
    assert (await athlete.post("restore", {"table": SESSION, "id": session})).is_success
    await phone.pull()
    assert (SET, second) in phone.store
    assert (SET, first) not in phone.store


# --- Applied once ----------------------------------------------------------------------------------------------------


async def test_what_is_sent_again_is_applied_once_however_far_its_row_has_come(phone: Phone, athlete: Person) -> None:
    row_id = await weighed(phone)
    edit = phone.do(MEASUREMENT, "update", row_id, {"measured_value": 82})
    await phone.sync()
    assert (await athlete.patch(f"measurements/{row_id}", {"measured_value": 83})).is_success
    phone.outbox = [edit]
    (result,) = await phone.sync()
    assert (result["status"], result["row"]["measured_value"]) == ("ALREADY_APPLIED", 83)
    assert (await athlete.get(f"measurements/{row_id}")).json()["version"] == 3


async def test_a_deletion_sent_again_does_not_delete_what_was_restored(phone: Phone, athlete: Person) -> None:
    row_id = await weighed(phone)
    deletion = phone.do(MEASUREMENT, "delete", row_id)
    assert statuses(await phone.sync()) == ["APPLIED"]
    assert (await athlete.post("restore", {"table": MEASUREMENT, "id": row_id})).is_success
    phone.outbox = [deletion]
    assert statuses(await phone.sync()) == ["ALREADY_APPLIED"]
    assert (await athlete.get(f"measurements/{row_id}")).is_success


async def test_an_operation_twice_in_a_push_is_applied_once(phone: Phone) -> None:
    session, _ = await trained(phone)
    operation = phone.do(SET, "insert", fields=bench(session))
    phone.outbox = [operation, operation]
    assert statuses(await phone.sync()) == ["APPLIED", "ALREADY_APPLIED"]


async def test_an_id_belongs_to_one_operation(phone: Phone) -> None:
    row_id = await weighed(phone)
    edit = phone.do(MEASUREMENT, "update", row_id, {"measured_value": 82})
    await phone.sync()
    phone.outbox = [{**edit, "fields": {"measured_value": 90}}]
    (result,) = await phone.sync()
    assert (result["status"], slug(result)) == ("REFUSED", "id-taken")
    assert phone.store[MEASUREMENT, row_id]["measured_value"] == 82


async def test_ids_of_operations_are_each_actors_own(phone: Phone, stranger: Person) -> None:
    await weighed(phone)
    taken = phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    await phone.sync()
    other = Phone(stranger)
    other.outbox = [{**taken, "row_id": str(uuid7())}]
    assert statuses(await other.sync()) == ["APPLIED"]


@pytest.mark.parametrize("count", [1, 3])
async def test_a_row_that_is_there_with_the_same_contents_is_no_clash(phone: Phone, athlete: Person, count: int) -> None:
    session, _ = await trained(phone)
    made = [{**bench(session), "id": str(uuid7())} for _ in range(count)]
    sent = [{k: v for k, v in each.items() if k != "user_workout_session_id"} for each in made]
    assert (await athlete.post(f"sessions/{session}/sets", sent)).status_code == 201
    for each in made:
        phone.do(SET, "insert", each["id"], {k: v for k, v in each.items() if k != "id"})
    phone.do(SET, "insert", fields=bench(session))
    assert statuses(await phone.sync()) == ["ALREADY_APPLIED"] * count + ["APPLIED"]


async def test_what_the_row_says_already_is_not_written(phone: Phone, athlete: Person) -> None:
    row_id = await weighed(phone)
    phone.do(MEASUREMENT, "update", row_id, {"measured_value": 81.5})
    assert statuses(await phone.sync()) == ["ALREADY_APPLIED"]
    assert (await athlete.get(f"measurements/{row_id}")).json()["version"] == 1


async def test_deleting_what_is_deleted_is_done_already(phone: Phone, athlete: Person) -> None:
    row_id = await weighed(phone)
    assert (await athlete.delete(f"measurements/{row_id}")).is_success
    phone.do(MEASUREMENT, "delete", row_id)
    (result,) = await phone.sync()
    assert (result["status"], result["row"]) == ("ALREADY_APPLIED", None)


# --- Merged, and clashes ---------------------------------------------------------------------------------------------


async def test_edits_of_other_fields_are_merged(phone: Phone, tablet: Phone) -> None:
    _, (row_id,) = await trained(phone)
    await tablet.pull()
    phone.do(SET, "update", row_id, {"rpe": 8})
    tablet.do(SET, "update", row_id, {"notes": "grip slipped"})
    assert statuses(await phone.sync()) == ["APPLIED"]
    (result,) = await tablet.sync()
    assert (result["status"], result["row"]["rpe"], result["row"]["notes"]) == ("MERGED", 8, "grip slipped")


async def test_edits_of_the_same_field_clash_and_nothing_is_lost(phone: Phone, tablet: Phone) -> None:
    _, (row_id,) = await trained(phone)
    await tablet.pull()
    phone.do(SET, "update", row_id, {"reps": 6, "rpe": 8})
    tablet.do(SET, "update", row_id, {"reps": 7, "notes": "grip slipped"})
    await phone.sync()
    (result,) = await tablet.sync()
    assert result["status"] == "CONFLICT"
    assert (result["current"]["reps"], result["current"]["notes"]) == (6, None)
    assert result["yours"] == {"reps": 7, "notes": "grip slipped"}
    assert result["version"] == 2
    tablet.do(SET, "update", row_id, result["yours"])
    assert statuses(await tablet.sync()) == ["APPLIED"]


async def test_the_same_edit_on_two_devices_is_none(phone: Phone, tablet: Phone) -> None:
    _, (row_id,) = await trained(phone)
    await tablet.pull()
    phone.do(SET, "update", row_id, {"reps": 6})
    tablet.do(SET, "update", row_id, {"reps": 6})
    assert statuses(await phone.sync() + await tablet.sync()) == ["APPLIED", "ALREADY_APPLIED"]


async def test_a_weight_and_its_unit_are_one(phone: Phone, tablet: Phone) -> None:
    _, (row_id,) = await trained(phone)
    await tablet.pull()
    phone.do(SET, "update", row_id, {"weight": 82.5})
    tablet.do(SET, "update", row_id, {"weight_unit": "lb"})
    assert statuses(await phone.sync() + await tablet.sync()) == ["APPLIED", "CONFLICT"]


async def test_a_second_edit_does_not_overwrite_what_its_author_never_saw(phone: Phone, tablet: Phone) -> None:
    """Both were written without signal on version 1. That the first was merged does not make the second know better."""
    _, (row_id,) = await trained(phone)
    await tablet.pull()
    tablet.do(SET, "update", row_id, {"rpe": 7})
    tablet.do(SET, "update", row_id, {"notes": "mine"})
    phone.do(SET, "update", row_id, {"notes": "yours"})
    await phone.sync()
    assert statuses(await tablet.sync()) == ["MERGED", "CONFLICT"]


async def test_a_lost_answer_between_two_edits_is_no_clash(phone: Phone) -> None:
    _, (row_id,) = await trained(phone)
    phone.do(SET, "update", row_id, {"reps": 6})
    first = list(phone.outbox)
    await phone.person.post("sync", {"operations": first})
    phone.do(SET, "update", row_id, {"reps": 7})
    assert statuses(await phone.sync()) == ["ALREADY_APPLIED", "APPLIED"]
    assert phone.store[SET, row_id]["reps"] == 7


async def test_deleting_what_another_changed_is_a_clash(phone: Phone, tablet: Phone) -> None:
    row_id = await weighed(phone)
    await tablet.pull()
    phone.do(MEASUREMENT, "update", row_id, {"measurement_notes": "before breakfast"})
    tablet.do(MEASUREMENT, "delete", row_id)
    assert statuses(await phone.sync() + await tablet.sync()) == ["APPLIED", "CONFLICT"]


async def test_a_session_is_deleted_although_a_set_gave_it_a_workout(phone: Phone, tablet: Phone) -> None:
    """What the system keeps of a row is no reason to keep the row."""
    workouts = (await phone.person.get("/api/v1/workouts")).json()["items"]
    session = phone.do(SESSION, "insert", fields={**RECORDED, "workout_id": workouts[0]["id"]})["row_id"]
    await phone.sync()
    await tablet.pull()
    phone.do(SET, "insert", fields={**bench(session), "exercise_id": await _unplanned(phone.person, session)})
    await phone.sync()
    assert phone.store[SESSION, session]["version"] == 2
    tablet.do(SESSION, "delete", session)
    assert statuses(await tablet.sync()) == ["APPLIED"]


async def _unplanned(person: Person, session: str) -> str:
    planned = {p["exercise_id"] for p in (await person.get(f"sessions/{session}")).json()["prescriptions"]}
    found = (await person.get("/api/v1/exercises")).json()["items"]
    return next(e["id"] for e in found if e["id"] not in planned)


async def test_editing_what_another_deleted_is_a_clash(phone: Phone, tablet: Phone) -> None:
    row_id = await weighed(phone)
    await tablet.pull()
    phone.do(MEASUREMENT, "delete", row_id)
    tablet.do(MEASUREMENT, "update", row_id, {"measured_value": 80})
    (result,) = (await phone.sync())[:0] + await tablet.sync()
    assert (result["status"], result["current"]) == ("CONFLICT", None)


async def test_a_version_the_server_never_had_is_a_clash(phone: Phone) -> None:
    row_id = await weighed(phone)
    phone.store[MEASUREMENT, row_id]["version"] = 9
    phone.do(MEASUREMENT, "update", row_id, {"measured_value": 80})
    assert statuses(await phone.push()) == ["CONFLICT"]


async def test_a_performance_rated_on_two_devices_is_merged_where_nobody_had_said_anything(phone: Phone, tablet: Phone) -> None:
    session, _ = await trained(phone)
    (key,) = [key for key in phone.store if key[0] == PERFORMANCE]
    instruction = phone.store[key]["exercise_instruction_id"]
    of = {"user_workout_session_id": session, "exercise_instruction_id": instruction}
    phone.do(PERFORMANCE, "insert", fields={**of, "difficulty_rating": 7})
    tablet.do(PERFORMANCE, "insert", fields={**of, "performance_notes": "slow"})
    tablet.do(PERFORMANCE, "insert", fields={**of, "difficulty_rating": 9})
    assert statuses(await phone.sync()) == ["MERGED"]
    results = await tablet.sync()
    assert statuses(results) == ["MERGED", "CONFLICT"]
    assert {result["row_id"] for result in results} == {key[1]}
