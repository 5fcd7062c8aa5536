"""Restoring over HTTP: a set, a session with all that hangs on it, a measurement, an import; and history that tells of it."""

from pathlib import Path
from typing import Any

import pytest

from helpers import Person, pointers, problem
from reptrail.catalog.builtin import exercises

DATA = Path(__file__).resolve().parents[1] / "data"
SQUAT, BENCH = str(exercises()[0].id), str(exercises()[1].id)


def weighed(exercise: str, reps: int, weight: float = 100) -> dict[str, Any]:
    return {"exercise_id": exercise, "reps": reps, "weight": weight, "weight_unit": "kg"}


async def session_of(person: Person, *sets: dict[str, Any]) -> dict[str, Any]:
    """A session in progress with these sets, in full."""
    session_id = (await person.post("sessions", {"session_status": "IN_PROGRESS"})).json()["id"]
    if sets:
        assert (await person.post(f"sessions/{session_id}/sets", list(sets))).status_code == 201
    return await full(person, session_id)


async def full(person: Person, session_id: str) -> dict[str, Any]:
    response = await person.get(f"sessions/{session_id}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def performed(session: dict[str, Any]) -> list[Any]:
    """What a session says was done, without what every write changes."""
    return [
        (
            *(p[name] for name in ("exercise_id", "sets_completed", "reps_completed", "weight_used_kg")),
            [(s["id"], s["reps"], s["weight"]) for s in p["sets"]],
        )
        for p in session["performances"]
    ]


async def restored(person: Person, **body: Any) -> dict[str, int]:
    response = await person.post("restore", body)
    assert response.status_code == 200, response.text
    counts: dict[str, int] = response.json()["counts"]
    return counts


async def test_a_deleted_set_comes_back_and_counts_again(athlete: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5), weighed(SQUAT, 8, 120))
    gone = session["performances"][0]["sets"][1]["id"]
    assert (await athlete.delete(f"sessions/{session['id']}/sets/{gone}")).is_success
    assert performed(await full(athlete, session["id"])) != performed(session)
    await restored(athlete, table="user_set_performance", id=gone)
    assert performed(await full(athlete, session["id"])) == performed(session)


async def test_a_deleted_session_comes_back_whole_but_not_what_was_deleted_before(athlete: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5), weighed(SQUAT, 6), weighed(BENCH, 7))
    earlier = session["performances"][0]["sets"][0]["id"]
    await athlete.delete(f"sessions/{session['id']}/sets/{earlier}")
    before = performed(await full(athlete, session["id"]))
    assert (await athlete.delete(f"sessions/{session['id']}")).is_success
    problem(await athlete.get(f"sessions/{session['id']}"), 404, "not-found")
    counts = await restored(athlete, table="user_workout_session", id=session["id"])
    assert counts == {"user_workout_session": 1, "user_exercise_performance": 2, "user_set_performance": 2}
    assert performed(await full(athlete, session["id"])) == before
    again = {"table": "user_workout_session", "id": session["id"]}
    problem(await athlete.post("restore", again), 409, "conflict")


async def test_a_session_goes_back_to_how_it_stood_after_a_change(athlete: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5), weighed(BENCH, 5))
    seq = (await athlete.get("changes?limit=200")).json()["next_since"]
    edited = session["performances"][0]["sets"][0]["id"]
    await athlete.patch(f"sessions/{session['id']}/sets/{edited}", {"reps": 1, "notes": "wrong"})
    await athlete.post(f"sessions/{session['id']}/sets", [weighed(SQUAT, 9), weighed(str(exercises()[7].id), 3, 10)])
    await restored(athlete, table="user_workout_session", id=session["id"], seq=seq)
    assert performed(await full(athlete, session["id"])) == performed(session)


async def test_an_edited_measurement_goes_back_and_what_hangs_on_it_follows(athlete: Person) -> None:
    await athlete.post("measurements", {"metric": "height", "measured_value": 180, "unit": "cm", "measurement_date": "2026-01-01"})
    posted = await athlete.post(
        "measurements", {"metric": "body-weight", "measured_value": 81, "unit": "kg", "measurement_date": "2026-01-02"}
    )
    weight = posted.json()
    assert (await athlete.delete(f"measurements/{weight['id']}")).is_success
    assert (await athlete.get("measurements?metric=bmi")).json()["items"] == []
    await restored(athlete, table="user_measurement", id=weight["id"])
    assert [m["measured_value"] for m in (await athlete.get("measurements?metric=bmi")).json()["items"]] == [25]


async def test_an_undone_import_comes_back_whole_once(athlete: Person) -> None:
    file = min((DATA / "hevy").glob("*.csv")).read_bytes()
    form = {"files": {"file": ("workout_data.csv", file, "text/csv")}, "data": {"format": "auto", "weight_unit": "kg"}}
    made = (await athlete.post("imports", **form)).json()
    before = [performed(s) for s in (await athlete.get("sessions?limit=200")).json()["items"]]
    measured = (await athlete.get("measurements?limit=200")).json()["items"]
    assert before or measured
    assert (await athlete.delete(f"imports/{made['id']}")).is_success
    assert (await athlete.get("sessions")).json()["items"] == []
    assert (await athlete.get("deleted-sessions")).json()["items"] == []
    await restored(athlete, import_id=made["id"])
    assert [performed(s) for s in (await athlete.get("sessions?limit=200")).json()["items"]] == before
    assert (await athlete.get(f"imports/{made['id']}")).json()["import_status"] == "APPLIED"
    problem(await athlete.post("restore", {"import_id": made["id"]}), 409, "conflict")


async def test_an_import_that_was_made_again_meanwhile_is_not_restored_beside_it(athlete: Person) -> None:
    file = min((DATA / "hevy").glob("*.csv")).read_bytes()
    form = {"files": {"file": ("workout_data.csv", file, "text/csv")}, "data": {"format": "auto", "weight_unit": "kg"}}
    first = (await athlete.post("imports", **form)).json()["id"]
    await athlete.delete(f"imports/{first}")
    assert (await athlete.post("imports", **form)).status_code == 201
    before = [performed(s) for s in (await athlete.get("sessions?limit=200")).json()["items"]]
    problem(await athlete.post("restore", {"import_id": first}), 409, "conflict")
    assert [performed(s) for s in (await athlete.get("sessions?limit=200")).json()["items"]] == before


async def test_a_second_session_in_progress_is_not_restored(athlete: Person) -> None:
    first = await session_of(athlete, weighed(SQUAT, 5))
    await athlete.delete(f"sessions/{first['id']}")
    second = await session_of(athlete)
    refused = problem(
        await athlete.post("restore", {"table": "user_workout_session", "id": first["id"]}), 409, "session-in-progress"
    )
    assert refused["session_id"] == second["id"]


async def test_a_set_of_a_deleted_session_is_not_restored_alone(athlete: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5))
    set_id = session["performances"][0]["sets"][0]["id"]
    await athlete.delete(f"sessions/{session['id']}")
    problem(await athlete.post("restore", {"table": "user_set_performance", "id": set_id}), 409, "conflict")


async def test_what_the_system_calculates_is_not_restored(athlete: Person) -> None:
    await athlete.post("measurements", {"metric": "height", "measured_value": 180, "unit": "cm"})
    await athlete.post("measurements", {"metric": "body-weight", "measured_value": 81, "unit": "kg"})
    bmi = (await athlete.get("measurements?metric=bmi")).json()["items"][0]["id"]
    problem(await athlete.post("restore", {"table": "user_measurement", "id": bmi, "seq": 1}), 409, "not-editable")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"/table", "/id"}),
        ({"table": "user_workout_session"}, {"/id"}),
        ({"table": "change", "id": SQUAT}, {"/table"}),
        ({"import_id": SQUAT, "table": "exercise"}, {"/table"}),
        ({"table": "exercise", "id": SQUAT, "seq": -1, "x": 1}, {"/seq", "/x"}),
    ],
)
async def test_wrong_fields_are_named(athlete: Person, body: dict[str, Any], wrong: set[str]) -> None:
    assert pointers(problem(await athlete.post("restore", body), 422, "invalid")) == wrong


async def test_a_change_that_is_not_there_is_refused_and_anothers_row_is_not_seen(athlete: Person, stranger: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5))
    body = {"table": "user_workout_session", "id": session["id"]}
    assert pointers(problem(await athlete.post("restore", {**body, "seq": 99_999}), 422, "invalid")) == {"/seq"}
    assert pointers(problem(await athlete.post("restore", {**body, "seq": 1}), 422, "invalid")) == {"/seq"}
    problem(await stranger.post("restore", body), 404, "not-found")
    problem(await stranger.get(f"history/user_workout_session/{session['id']}"), 404, "not-found")


async def test_history_tells_who_changed_what_from_what_to_what(athlete: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5))
    set_id = session["performances"][0]["sets"][0]["id"]
    await athlete.patch(f"sessions/{session['id']}/sets/{set_id}", {"reps": 6})
    await athlete.delete(f"sessions/{session['id']}/sets/{set_id}")
    await restored(athlete, table="user_set_performance", id=set_id)
    told = (await athlete.get(f"history/user_set_performance/{set_id}")).json()["items"]
    assert [c["action"] for c in told] == ["INSERT", "UPDATE", "UPDATE", "UPDATE"]
    assert (told[1]["before"]["reps"], told[1]["after"]["reps"]) == (5, 6)
    assert (told[2]["after"]["is_active"], told[3]["after"]["is_active"]) == (False, True)
    assert {(c["actor_id"], c["actor_name"], c["via"]) for c in told} == {(athlete.user_id, "athlete", "WEB")}
    whole = (await athlete.get(f"history/user_workout_session/{session['id']}?with=parts&limit=200")).json()["items"]
    assert {c["table_name"] for c in whole} >= {"user_workout_session", "user_exercise_performance", "user_set_performance"}
    assert [c["seq"] for c in whole] == sorted(c["seq"] for c in whole)


async def test_history_is_paged_without_repeating(athlete: Person) -> None:
    session = await session_of(athlete, weighed(SQUAT, 5))
    for note in "abcdef":
        await athlete.patch(f"sessions/{session['id']}", {"session_notes": note})
    address, seen, cursor = f"history/user_workout_session/{session['id']}?limit=2", [], ""
    while cursor is not None:
        page = (await athlete.get(address + (f"&cursor={cursor}" if cursor else ""))).json()
        seen += [c["seq"] for c in page["items"]]
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 7


async def test_changes_come_in_order_without_gaps_and_end(athlete: Person) -> None:
    await session_of(athlete, weighed(SQUAT, 5), weighed(BENCH, 5))
    seen, since, more = [], 0, True
    while more:
        page = (await athlete.get(f"changes?since={since}&limit=3")).json()
        seen += [c["seq"] for c in page["items"]]
        since, more = page["next_since"], page["next_cursor"] is not None
    assert seen == list(range(1, len(seen) + 1))
    assert (await athlete.get(f"changes?since={since}")).json() == {"items": [], "next_since": since, "next_cursor": None}
