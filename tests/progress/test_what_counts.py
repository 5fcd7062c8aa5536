"""What counts where: units, loads, kinds of sets, sets without weight, deleted, cancelled and summarized ones."""

from typing import Any

import pytest
from progress_world import ASSISTED, BENCH, DIP, PLANK, PULL_UP, RUN, a_set, answered, chart, record

from helpers import Person

DAY = "2026-03-03T17:00:00Z"
LATER = "2026-03-10T17:00:00Z"
LONG_LATER = "2026-03-17T17:00:00Z"
PERIOD = {"from_": "2026-03-01", "to": "2026-03-31"}


async def records_of(person: Person, exercise: str) -> dict[str, Any]:
    """The records that stand, the most repetitions by weight as entered."""
    items = (await chart(person, "records"))["items"]
    found = next((item["records"] for item in items if item["exercise_id"] == exercise), [])
    single = {r["kind"]: r["value"] for r in found if r["kind"] != "MOST_REPS_AT_WEIGHT"}
    return {**single, "reps": {r["weight"]: r["value"] for r in found if r["kind"] == "MOST_REPS_AT_WEIGHT"}}


async def volume_of(person: Person) -> tuple[float, float]:
    """Volume load and hard sets of March."""
    weeks = (await chart(person, "volume", **PERIOD))["weeks"]
    return sum(w["volume"] for w in weeks), sum(w["sets"] for w in weeks)


async def test_kg_and_lb_add_up(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(5, 100), a_set(5, 225, "lb"), a_set(5, 102)]})
    # 225 lb are 102.05828325 kg.
    assert await volume_of(athlete) == (pytest.approx(500 + 510.291 + 510, abs=0.001), 3)
    assert (await records_of(athlete, BENCH))["HEAVIEST_WEIGHT"] == 102.058
    await answered(athlete, "PATCH", "/api/v1/me", {"weight_unit": "lb"})
    assert (await records_of(athlete, BENCH))["HEAVIEST_WEIGHT"] == 225
    assert (await volume_of(athlete))[0] == pytest.approx(1520.29141625 / 0.45359237, abs=0.001)
    exercise = await chart(athlete, f"exercises/{BENCH}", **PERIOD)
    assert [(s["weight"], s["weight_unit"]) for s in exercise["sessions"][0]["sets"]] == [(100, "kg"), (225, "lb"), (102, "kg")]
    assert (exercise["weight_unit"], exercise["rep_maxes"][4]["value"], len(exercise["rep_maxes"])) == ("lb", 225, 5)


async def test_a_warm_up_is_shown_and_counts_nowhere(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(5, 140, kind="WARMUP"), a_set(5, 100)]})
    assert await volume_of(athlete) == (500, 1)
    assert (await records_of(athlete, BENCH))["HEAVIEST_WEIGHT"] == 100
    exercise = await chart(athlete, f"exercises/{BENCH}", **PERIOD)
    assert [(s["kind"], s["e1rm"]) for s in exercise["sessions"][0]["sets"]] == [("WARMUP", None), ("WORKING", 116.667)]
    assert (exercise["days"][0]["sets"], exercise["days"][0]["e1rm"]) == (1, 116.667)


async def test_a_failed_attempt_is_the_best_of_no_day(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(0, 150), a_set(5, 100), a_set(0, 160)]})
    exercise = await chart(athlete, f"exercises/{BENCH}", **PERIOD)
    best = next(s for s in exercise["sessions"][0]["sets"] if s["set_id"] == exercise["days"][0]["best_set_id"])
    assert (best["weight"], best["reps"]) == (100, 5)
    await record(athlete, LATER, {BENCH: [a_set(0, 150)]})
    alone = (await chart(athlete, f"exercises/{BENCH}", **PERIOD))["days"][-1]
    assert (alone["best_set_id"] is None, alone["e1rm"]) == (False, None)


async def test_drop_sets_count_like_any_other(athlete: Person) -> None:
    sets = [a_set(5, 100), a_set(8, 80, kind="DROP"), a_set(10, 60, kind="AMRAP"), a_set(3, 110, kind="FAILURE")]
    await record(athlete, DAY, {BENCH: sets})
    assert await volume_of(athlete) == (500 + 640 + 600 + 330, 4)
    assert (await records_of(athlete, BENCH))["reps"] == {110: 3, 100: 5, 80: 8, 60: 10}


async def test_the_body_alone_lifts_no_kilograms(athlete: Person) -> None:
    await record(athlete, DAY, {PULL_UP: [a_set(12, None)]})
    assert await volume_of(athlete) == (0, 1)
    assert await records_of(athlete, PULL_UP) == {"reps": {None: 12}}


async def test_added_weight_counts_as_what_was_added(athlete: Person) -> None:
    await record(athlete, DAY, {DIP: [a_set(10, None), a_set(5, 20)]})
    assert await volume_of(athlete) == (100, 2)
    found = await records_of(athlete, DIP)
    assert found == {"HEAVIEST_WEIGHT": 20, "BEST_E1RM": 23.333, "reps": {20: 5, None: 10}}


async def test_help_is_a_hard_set_and_nothing_else(athlete: Person) -> None:
    await record(athlete, DAY, {ASSISTED: [a_set(8, 40), a_set(12, 30)]})
    assert await volume_of(athlete) == (0, 2)
    assert await records_of(athlete, ASSISTED) == {"reps": {}}
    exercise = await chart(athlete, f"exercises/{ASSISTED}", **PERIOD)
    assert (exercise["records"], exercise["rep_maxes"], exercise["days"][0]["best_set_id"]) == ([], [], None)
    assert len(exercise["sessions"][0]["sets"]) == 2


async def test_seconds_and_metres(athlete: Person) -> None:
    await record(athlete, DAY, {PLANK: [a_set(None, None, duration_seconds=90)], RUN: [a_set(None, None, distance_m=5000)]})
    await record(athlete, LATER, {RUN: [a_set(None, None, distance_m=4000, duration_seconds=1500)]})
    assert await volume_of(athlete) == (0, 3)
    assert await records_of(athlete, PLANK) == {"LONGEST": 90, "reps": {}}
    assert await records_of(athlete, RUN) == {"LONGEST": 1500, "FURTHEST": 5000, "reps": {}}


async def test_no_repetition_is_no_lift(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(0, 140), a_set(1, 100)]})
    assert await volume_of(athlete) == (100, 2)
    found = await records_of(athlete, BENCH)
    assert found == {"HEAVIEST_WEIGHT": 100, "BEST_E1RM": 103.333, "reps": {100: 1}}


async def test_above_twelve_repetitions_nothing_is_estimated(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(13, 100), a_set(10, 90, rpe=7.5), a_set(10, 60, rpe=8)]})
    assert (await records_of(athlete, BENCH))["BEST_E1RM"] == 84
    exercise = await chart(athlete, f"exercises/{BENCH}", **PERIOD)
    assert [r["value"] for r in exercise["rep_maxes"]] == [100] * 12


async def test_a_summary_counts_its_sets_and_no_volume(athlete: Person) -> None:
    session = await record(athlete, DAY, {})
    added = await answered(athlete, "POST", f"sessions/{session['id']}/exercises", {"exercise_id": BENCH})
    path = f"sessions/{session['id']}/performances/{added['prescriptions'][0]['id']}"
    await answered(athlete, "PUT", path, {"sets_completed": 3, "reps_completed": 15, "weight_used_kg": 100})
    assert await volume_of(athlete) == (0, 3)
    assert await records_of(athlete, BENCH) == {"reps": {}}


async def test_a_record_falls_back_and_comes_again(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(5, 100)]})
    best = await record(athlete, LATER, {BENCH: [a_set(5, 120)]})
    path = f"sessions/{best['id']}/sets/{best['performances'][0]['sets'][0]['id']}"

    async def heaviest() -> float:
        return (await records_of(athlete, BENCH))["HEAVIEST_WEIGHT"]

    assert await heaviest() == 120
    await answered(athlete, "PATCH", path, {"weight": 90, "weight_unit": "kg"})
    assert await heaviest() == 100
    await answered(athlete, "PATCH", path, {"weight": 130, "weight_unit": "kg"})
    assert await heaviest() == 130
    await answered(athlete, "DELETE", f"sessions/{best['id']}")
    assert await heaviest() == 100
    await answered(athlete, "POST", "restore", {"table": "user_workout_session", "id": best["id"]})
    assert await heaviest() == 130


async def test_a_set_under_way_is_no_record_yet_and_a_cancelled_one_never(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(5, 100)]})
    session = await answered(athlete, "POST", "sessions", {"session_status": "IN_PROGRESS", "started_at": LATER})
    await answered(athlete, "POST", f"sessions/{session['id']}/sets", {"exercise_id": BENCH, **a_set(5, 150)})
    assert (await records_of(athlete, BENCH))["HEAVIEST_WEIGHT"] == 100
    await answered(athlete, "POST", f"sessions/{session['id']}/cancel")
    assert (await records_of(athlete, BENCH))["HEAVIEST_WEIGHT"] == 100
    assert (await records_of(athlete, BENCH))["reps"] == {100: 5}
    await answered(athlete, "POST", f"sessions/{session['id']}/reopen")
    assert (await records_of(athlete, BENCH))["reps"] == {100: 5}


async def test_equalling_a_record_breaks_none(athlete: Person) -> None:
    first = await record(athlete, DAY, {BENCH: [a_set(5, 100)]})
    await record(athlete, LATER, {BENCH: [a_set(5, 100)]})
    exercise = await chart(athlete, f"exercises/{BENCH}", **PERIOD)
    assert exercise["records_broken"] == []
    assert {r["session_id"] for r in exercise["records"]} == {first["id"]}


async def test_records_are_those_that_training_told(athlete: Person) -> None:
    """Each broken record of a history logged in order is one that was told when its set was logged."""
    told = []
    for n, sets in enumerate(([(5, 100), (8, 80)], [(5, 102.5), (9, 80)], [(6, 102.5), (4, 105), (10, 80), (12, 60)])):
        begun = f"2026-03-{3 + 7 * n:02}T17:00:00Z"
        session = await answered(athlete, "POST", "sessions", {"session_status": "IN_PROGRESS", "started_at": begun})
        for reps, weight in sets:
            body = {"exercise_id": BENCH, **a_set(reps, weight)}
            logged = await answered(athlete, "POST", f"sessions/{session['id']}/sets", body)
            told += [(r["kind"], r["set_id"], r["value"], r["previous_value"]) for r in logged["records"]]
        await answered(athlete, "POST", f"sessions/{session['id']}/complete", {"completed_at": begun.replace("T17", "T18")})
    exercise = await chart(athlete, f"exercises/{BENCH}", **PERIOD)
    found = [(r["kind"], r["set_id"], r["value"], r["previous_value"]) for r in exercise["records_broken"]]
    assert sorted(found) == sorted(told)
    assert len(told) > 5


async def test_a_summary_counts_what_rose_in_the_period(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(5, 100)], RUN: [a_set(None, None, distance_m=5000)]})
    await record(athlete, LATER, {BENCH: [a_set(5, 102.5), a_set(5, 105)], PLANK: [a_set(None, None, duration_seconds=60)]})
    await record(athlete, LONG_LATER, {BENCH: [a_set(6, 105)], RUN: [a_set(None, None, distance_m=6000)]})
    found = await chart(athlete, "summary", from_="2026-03-16", to="2026-03-22")
    # Last week: weight and e1RM of the bench press; a first plank beats nothing. This week: its e1RM, and the run.
    assert (found["now"]["records"], found["before"]["records"], found["change"]["records"]) == (2, 2, 0)
    assert (found["before"]["from"], found["before"]["to"]) == ("2026-03-09", "2026-03-15")


async def test_secondary_muscles_count_half_and_sides_are_weighed(athlete: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set(5, 100), a_set(5, 100)], PULL_UP: [a_set(8, None)]})
    found = await chart(athlete, "volume", **PERIOD)
    muscles = {m["muscle"]: (m["sets"], m["volume"]) for m in found["muscles"]}
    assert (muscles["CHEST"], muscles["TRICEPS"], muscles["LATS"]) == ((2, 1000), (1, 500), (1, 0))
    push_pull = found["balances"][0]
    assert push_pull["balance"] == "PUSH_PULL"
    assert push_pull["ratio"] == pytest.approx(push_pull["first_sets"] / push_pull["second_sets"], abs=0.001)


async def test_adherence_and_what_is_still_ahead(athlete: Person) -> None:
    planned = [
        await answered(athlete, "POST", "sessions", {"workout_name": "A", "scheduled_at": f"2026-03-{day:02}T17:00:00Z"})
        for day in (3, 4, 5, 6)
    ]
    at = {"started_at": "2026-03-03T17:00:00Z"}
    await answered(athlete, "POST", f"sessions/{planned[0]['id']}/start", at)
    await answered(athlete, "POST", f"sessions/{planned[0]['id']}/complete", {"completed_at": "2026-03-03T18:00:00Z"})
    await answered(athlete, "POST", f"sessions/{planned[1]['id']}/skip")
    await answered(athlete, "POST", f"sessions/{planned[2]['id']}/cancel")
    await record(athlete, "2026-03-05T17:00:00Z", {})
    found = await chart(athlete, "adherence", from_="2026-03-02", to="2026-03-08")
    total = found["total"]
    counted = [total[state] for state in ("done", "skipped", "missed", "cancelled")]
    assert (counted, total["adherence"]) == ([1, 1, 1, 1], pytest.approx(1 / 3))
    assert [(p["program_enrollment_id"], p["missed"]) for p in found["programs"]] == [(None, 1)]


async def test_bad_periods_are_refused(athlete: Person) -> None:
    for query, pointer in (
        ({"from": "2026-03-02", "to": "2026-03-01"}, "query/to"),
        ({"from": "2001-01-01", "to": "2026-03-01"}, "query/from"),
        ({"from": "yesterday"}, "query/from"),
        ({"since": "2026-03-02"}, "query/since"),
    ):
        response = await athlete.get("progress/volume", params=query)
        assert response.status_code == 422, query
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert (await athlete.get("progress/volume", params={"by": "month"})).status_code == 422
    assert (await athlete.get("progress/calendar", params={"year": "1969"})).status_code == 422
    unknown = "progress/exercises/01a2032a-3f49-7925-b009-5b8b6ebef2c1"
    assert (await athlete.get(unknown)).status_code == 404


async def test_a_long_from_alone_is_brought_forward(athlete: Person) -> None:
    found = await chart(athlete, "load", from_="1990-01-01")
    assert 4000 <= len(found["days"]) <= 4006


async def test_a_stranger_sees_nothing(athlete: Person, stranger: Person) -> None:
    await record(athlete, DAY, {BENCH: [a_set()]})
    response = await stranger.get(f"/api/v1/athletes/{athlete.user_id}/progress/records")
    assert response.status_code == 404
    assert (await chart(stranger, "records"))["items"] == []
