"""What is refused of a push: why, and that it takes nothing else with it."""

import json

import pytest
from phone import Phone, Row
from pushed import MEASUREMENT, RECORDED, SESSION, SET, WEIGHT, bench, slug, statuses, trained, weighed

from good_requests.base import BENCH_PRESS
from helpers import Person, pointers, problem
from reptrail.ids import uuid7


async def test_a_refused_operation_loses_no_other_and_says_why(phone: Phone, athlete: Person) -> None:
    session, _ = await trained(phone)
    phone.do(SET, "insert", fields=bench(session, 5))
    wrong = phone.do(SET, "insert", fields=bench(session, -1, rpe=11, colour="red"))
    phone.do(SET, "insert", fields=bench(session, 6))
    implausible = phone.do(MEASUREMENT, "insert", fields={**WEIGHT, "measured_value": 815})
    phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    results = await phone.sync()
    assert statuses(results) == ["APPLIED", "REFUSED", "APPLIED", "REFUSED", "APPLIED"]
    assert pointers(results[1]["problem"]) == {"/fields/reps", "/fields/rpe", "/fields/colour"}
    assert (slug(results[3]), pointers(results[3]["problem"])) == ("implausible", {"/fields/measured_value"})
    assert phone.troubles.keys() == {wrong["id"], implausible["id"]}
    shown = (await athlete.get(f"sessions/{session}")).json()["performances"][0]["sets"]
    assert [s["reps"] for s in shown] == [5, 5, 6]
    # Mended, and sent again under the same id.
    phone.outbox = [{**wrong, "fields": bench(session, 7)}, {**implausible, "fields": {**implausible["fields"], "confirm": True}}]
    assert statuses(await phone.sync()) == ["APPLIED"] * 2
    assert not phone.troubles


async def test_what_an_action_refuses_loses_no_other_of_its_group(phone: Phone) -> None:
    session, _ = await trained(phone)
    for exercise in (BENCH_PRESS, str(uuid7()), BENCH_PRESS):
        phone.do(SET, "insert", fields={**bench(session), "exercise_id": exercise})
    results = await phone.sync()
    assert statuses(results) == ["APPLIED", "REFUSED", "APPLIED"]
    assert pointers(results[1]["problem"]) == {"/fields/exercise_id"}


async def test_what_builds_on_a_refused_operation_says_so_and_can_be_sent_again(phone: Phone) -> None:
    made = phone.do(SESSION, "insert", fields={**RECORDED, "effort_rating": 11})
    session = made["row_id"]
    first = phone.do(SET, "insert", fields=bench(session))
    phone.do(SET, "update", first["row_id"], {"reps": 6})
    phone.do(SESSION, "update", session, {"session_notes": "hot"})
    weight = phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    sent = list(phone.outbox)
    results = await phone.sync()
    assert statuses(results) == ["REFUSED"] * 4 + ["APPLIED"]
    assert [slug(result) for result in results[1:4]] == ["depends-on-refused"] * 3
    assert [result["problem"]["operation_id"] for result in results[1:4]] == [made["id"], first["id"], made["id"]]
    phone.outbox = [{**made, "fields": RECORDED}, *sent[1:4], weight]
    assert statuses(await phone.sync()) == ["APPLIED"] * 4 + ["ALREADY_APPLIED"]
    assert phone.store[SET, first["row_id"]]["reps"] == 6


async def test_a_lifecycle_refuses_as_over_its_route(phone: Phone) -> None:
    session, _ = await trained(phone)
    phone.do(SESSION, "verb", session, verb="start")
    running = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS"})["row_id"]
    second = phone.do(SESSION, "insert", fields={"session_status": "IN_PROGRESS"})["row_id"]
    results = await phone.sync()
    assert statuses(results) == ["REFUSED", "APPLIED", "REFUSED"]
    assert (results[0]["problem"]["session_status"], results[0]["problem"]["verbs"]) == ("COMPLETED", [])
    assert (slug(results[2]), results[2]["problem"]["session_id"]) == ("session-in-progress", running)
    assert (SESSION, second) not in phone.store


async def test_an_id_of_another_row_or_another_athlete_is_refused(phone: Phone, stranger: Person) -> None:
    other = Phone(stranger)
    foreign = await weighed(other)
    row_id = await weighed(phone)
    phone.do(MEASUREMENT, "insert", row_id, {**WEIGHT, "measured_value": 90})
    phone.do(MEASUREMENT, "update", foreign, {"measured_value": 90})
    phone.do(MEASUREMENT, "insert", foreign, WEIGHT)
    results = await phone.sync()
    assert [(result["status"], slug(result)) for result in results] == [
        ("REFUSED", "id-taken"), ("REFUSED", "not-found"), ("REFUSED", "id-taken"),
    ]  # fmt: skip
    assert pointers(results[0]["problem"]) == {"/row_id"}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"table": "app_user"}, "/table"),
        ({"table": SESSION}, "/fields/measured_value"),
        ({"action": "verb", "verb": "explode"}, "/action"),
        ({"action": "verb", "verb": "insert"}, "/action"),
        ({"fields": {**WEIGHT, "id": str(uuid7())}}, "/row_id"),
        ({"fields": {**WEIGHT, "measured_value": "81"}}, "/fields/measured_value"),
    ],
)
async def test_an_operation_there_is_not_is_refused_alone(phone: Phone, change: Row, pointer: str) -> None:
    wrong = {**phone.do(MEASUREMENT, "insert", fields=WEIGHT), **change}
    good = phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    phone.outbox = [wrong, good]
    results = await phone.sync()
    assert statuses(results) == ["REFUSED", "APPLIED"]
    assert pointer in pointers(results[0]["problem"])


async def test_a_push_that_is_none_is_refused_whole(phone: Phone, athlete: Person) -> None:
    good = phone.do(MEASUREMENT, "insert", fields=WEIGHT)
    for wrong in ({"verb": "start"}, {"row_id": "x"}, {"at": "soon"}, {"base_version": 0}, {"fields": []}):
        problem(await athlete.post("sync", {"operations": [good, {**good, "id": str(uuid7()), **wrong}]}), 422, "invalid")
    for depth, status, slug_ in ((20, 422, "invalid"), (600, 422, "invalid"), (3000, 400, "malformed-json")):
        deep = json.dumps({"operations": [{**good, "fields": {"reps": 0}}]}).replace(": 0}", f": {'[' * depth}{']' * depth}}}")
        sent = await athlete.call("POST", "sync", content=deep, headers={"Content-Type": "application/json"})
        problem(sent, status, slug_)
    problem(await athlete.post("sync", {"operations": [good] * 201}), 422, "invalid")
    problem(await athlete.post("sync", {"operations": []}), 422, "invalid")
    assert statuses(await phone.sync()) == ["APPLIED"]
