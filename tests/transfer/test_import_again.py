"""Importing again and undoing: natural keys, what was deleted or added by hand, names, and measurements."""

from pathlib import Path

from importing import Importer, hevy, joined

from helpers import pointers, problem

DATA = Path(__file__).parents[1] / "data"
BENCH = "Bench Press (Barbell)"
FOREIGN = "Sofaheben (Kurzhantel)"


def sets(count: int, name: str = BENCH, weight: str = "80") -> list[str]:
    return [f"{name},,,{index},normal,{weight},{5 + index},,," for index in range(count)]


async def test_new_sets_go_into_the_session_that_is_there(importer: Importer) -> None:
    await importer.apply(hevy(*sets(2)))
    before = await importer.snapshot()
    grown = await importer.apply(hevy("Plank,,,0,normal,,,,60,", *sets(4)))
    assert grown["counts"]["sessions_new"] == 0
    assert (grown["counts"]["sets_new"], grown["counts"]["performances_new"]) == (3, 1)
    stored = await importer.sets()
    assert [(row["exercise_name"], row["set_number"], row["reps"]) for row in stored] == [
        *((BENCH, number, 4 + number) for number in range(1, 5)),
        ("Plank", 1, None),
    ]
    assert stored[0]["reps_completed"] == 5 + 6 + 7 + 8
    await importer.assert_summaries_exact()
    await importer.undo(grown)
    assert await importer.snapshot() == before
    assert (await importer.apply(hevy("Plank,,,0,normal,,,,60,", *sets(4))))["counts"]["sets_new"] == 3
    await importer.assert_summaries_exact()


async def test_undoing_the_first_of_two_takes_the_second_ones_sets_with_it(importer: Importer) -> None:
    empty = await importer.snapshot()
    first = await importer.apply(hevy(*sets(2)))
    second = await importer.apply(hevy(*sets(3), "Plank,,,0,normal,,,,60,"))
    await importer.undo(first)
    assert await importer.sets() == []
    assert await importer.snapshot() == empty
    again = await importer.apply(hevy(*sets(3), "Plank,,,0,normal,,,,60,"))
    assert (again["counts"]["sets_new"], again["counts"]["sessions_new"]) == (4, 1)
    await importer.undo(second)
    assert len(await importer.sets()) == 4


async def test_sets_that_a_third_import_added_to_a_block_of_the_second(importer: Importer) -> None:
    await importer.apply(hevy(*sets(1)))
    before = await importer.snapshot()
    second = await importer.apply(hevy(*sets(1), *sets(1, "Plank", "")))
    await importer.apply(hevy(*sets(1), *sets(2, "Plank", "")))
    await importer.undo(second)
    assert await importer.snapshot() == before
    again = await importer.apply(hevy(*sets(1), *sets(2, "Plank", "")))
    assert again["counts"]["sets_new"] == 2
    assert len(await importer.sets()) == 3
    await importer.assert_summaries_exact()


async def test_what_was_deleted_by_hand_stays_deleted(importer: Importer) -> None:
    file = joined(hevy(*sets(3)), hevy(*sets(2), title="Morning", start="1 Jun 2024, 07:00", end="1 Jun 2024, 08:00"))
    await importer.apply(file)
    upper, morning = (await importer.person.get("sessions")).json()["items"]
    deleted = upper["performances"][0]["sets"][1]
    assert (await importer.person.delete(f"sessions/{upper['id']}/sets/{deleted['id']}")).status_code == 204
    assert (await importer.person.delete(f"sessions/{morning['id']}")).status_code == 204
    assert (await importer.preview(file))["counts"]["sets_new"] == 0
    more = joined(hevy(*sets(4)), hevy(*sets(5), title="Morning", start="1 Jun 2024, 07:00", end="1 Jun 2024, 08:00"))
    answer = await importer.apply(more)
    assert answer["counts"]["sets_new"] == 1
    assert [row["set_number"] for row in await importer.sets()] == [1, 3, 4]
    await importer.assert_summaries_exact()


async def test_sets_logged_by_hand_in_an_imported_session(importer: Importer) -> None:
    made = await importer.apply(hevy(*sets(2)))
    (session,) = (await importer.person.get("sessions")).json()["items"]
    exercise_id = session["performances"][0]["exercise_id"]
    body = {"exercise_id": exercise_id, "reps": 3, "weight": 90, "weight_unit": "kg"}
    assert (await importer.person.post(f"sessions/{session['id']}/sets", body)).status_code == 201
    await importer.apply(hevy(*sets(3)))
    assert [(row["set_number"], row["reps"]) for row in await importer.sets()] == [(1, 5), (2, 6), (3, 3), (4, 7)]
    await importer.assert_summaries_exact()
    await importer.undo(made)
    assert await importer.sets() == []


async def test_a_row_that_is_mended_later_moves_no_other(importer: Importer) -> None:
    broken = hevy(f"{BENCH},,,0,normal,80,5,,,", f"{BENCH},,,1,normal,80,lots,,,", f"{BENCH},,,2,normal,80,7,,,")
    await importer.apply(broken)
    answer = await importer.apply(broken.replace(b"lots", b"6"))
    assert (answer["counts"]["sets_new"], answer["counts"]["sets_present"]) == (1, 2)
    assert [(row["set_number"], row["reps"]) for row in await importer.sets()] == [(1, 5), (2, 6), (3, 7)]


async def test_an_unknown_name_becomes_an_exercise_of_ones_own(importer: Importer) -> None:
    empty = await importer.snapshot()
    made = await importer.apply(hevy(*sets(2, FOREIGN), *sets(1, "SOFAHEBEN  (kurzhantel)"), *sets(1, "💪", "")))
    assert [(e["name"], e["how"], e["sets"]) for e in made["exercises"]] == [
        (FOREIGN, "new", 2),
        ("SOFAHEBEN (kurzhantel)", "new", 1),
        ("💪", "new", 1),
    ]
    assert made["counts"]["exercises_new"] == 2
    own = await importer.rows(
        "SELECT exercise_name, equipment, tracks, load, import_id::text FROM exercise WHERE user_id = $1 AND is_active ORDER BY 1"
    )
    assert [tuple(row.values()) for row in own] == [
        (FOREIGN, "DUMBBELL", "REPS_WEIGHT", "EXTERNAL", made["id"]),
        ("💪", "OTHER", "REPS", "EXTERNAL", made["id"]),
    ]
    again = await importer.apply(hevy(*sets(2, FOREIGN), title="Later"))
    assert (again["exercises"][0]["how"], again["exercises"][0]["exercise_id"]) == ("own", made["exercises"][0]["exercise_id"])
    await importer.undo(made)
    left = await importer.rows("SELECT exercise_name FROM exercise WHERE user_id = $1 AND is_active")
    assert [row["exercise_name"] for row in left] == [FOREIGN]
    await importer.undo(again)
    assert await importer.snapshot() == empty


async def test_a_renamed_exercise_is_still_known_by_the_files_name(importer: Importer) -> None:
    made = await importer.apply(hevy(*sets(1, FOREIGN)))
    await importer.rows("UPDATE exercise SET exercise_name = 'Sofa' WHERE user_id = $1 RETURNING id")
    again = await importer.apply(hevy(*sets(1, FOREIGN), title="Later"))
    assert again["exercises"][0]["how"] == "own"
    assert again["exercises"][0]["exercise_id"] == made["exercises"][0]["exercise_id"]
    assert again["exercises"][0]["exercise_name"] == "Sofa"


async def test_mappings_go_first_and_are_kept_for_the_next_time(importer: Importer) -> None:
    bench, squat = [
        (await importer.preview(hevy(*sets(1, name)), dry_run="true"))["exercises"][0]["exercise_id"]
        for name in (BENCH, "Squat (Barbell)")
    ]
    empty = await importer.snapshot()
    mapped = await importer.apply(hevy(*sets(1, FOREIGN)), mappings=f'{{"{FOREIGN}": "{bench}"}}')
    assert (mapped["exercises"][0]["how"], mapped["exercises"][0]["exercise_id"]) == ("mapped", bench)
    kept = await importer.apply(hevy(*sets(1, FOREIGN), title="Later"))
    assert (kept["exercises"][0]["how"], kept["exercises"][0]["exercise_id"]) == ("mapped", bench)
    changed = await importer.apply(hevy(*sets(1, FOREIGN), title="Last"), mappings=f'{{"sofaheben kurzhantel": "{squat}"}}')
    assert changed["exercises"][0]["exercise_id"] == squat
    await importer.undo(changed)
    shown = await importer.preview(hevy(*sets(1, FOREIGN), title="Last"), dry_run="true")
    assert shown["exercises"][0]["exercise_id"] == bench
    await importer.undo(kept)
    await importer.undo(mapped)
    assert await importer.snapshot() == empty


async def test_a_mapping_to_no_exercise_is_named(importer: Importer) -> None:
    wrong = '{"A": "01890000-0000-7000-8000-000000000000"}'
    document = problem(await importer.send(hevy(*sets(1)), mappings=wrong), 422, "invalid")
    assert pointers(document) == {"/mappings"}


async def test_measurements(importer: Importer) -> None:
    file = (DATA / "hevy" / "measurements.csv").read_bytes()
    empty = await importer.snapshot()
    made = await importer.apply(file, format="hevy")
    assert made["import_format"] == "hevy-measurements"
    counts = made["counts"]
    assert counts["measurements"] == counts["measurements_new"] == 20
    assert (counts["errors"], counts["skipped"], counts["sets"]) == (2, 1, 0)
    stored = await importer.rows(
        """SELECT m.slug, n.measured_value, n.unit, n.measurement_date::text, n.measurement_source, n.canonical_value
           FROM user_measurement n JOIN metric m ON m.id = n.metric_id
           WHERE n.user_id = $1 AND n.is_active ORDER BY n.measurement_date DESC, n.id DESC"""
    )
    weights = [(str(row["measured_value"]), row["measurement_date"]) for row in stored if row["slug"] == "body-weight"]
    assert weights == [
        ("81.4", "2024-03-12"),
        ("82.1", "2024-03-11"),
        ("81.7", "2024-03-11"),
        ("81.6", "2024-03-11"),
        ("81.2", "2024-03-09"),
    ]
    assert {row["measurement_source"] for row in stored} == {"MANUAL"}
    (neck,) = [row for row in stored if row["slug"] == "neck"]
    assert (str(neck["measured_value"]), neck["unit"], float(neck["canonical_value"])) == ("15.25", "in", 38.735)
    assert (await importer.preview(file))["counts"]["measurements_new"] == 0
    await importer.undo(made)
    assert await importer.snapshot() == empty
    assert (await importer.apply(file))["counts"]["measurements_new"] == 20


async def test_bmi_follows_imported_body_weights(importer: Importer) -> None:
    metrics = await importer.rows("SELECT id FROM metric WHERE slug = 'height' AND $1::uuid IS NOT NULL")
    body = {"metric_id": str(metrics[0]["id"]), "measured_value": 180, "unit": "cm", "measurement_date": "2024-01-01"}
    assert (await importer.person.post("measurements", body)).status_code == 201
    before = await importer.snapshot()
    made = await importer.apply((DATA / "hevy" / "measurements.csv").read_bytes())
    bmi = """SELECT n.measurement_date::text AS day, round(n.measured_value, 1)::text AS bmi FROM user_measurement n
             JOIN metric m ON m.id = n.metric_id WHERE n.user_id = $1 AND n.is_active AND m.slug = 'bmi' ORDER BY 1"""
    assert [tuple(row.values()) for row in await importer.rows(bmi)] == [
        ("2024-03-09", "25.1"),
        ("2024-03-11", "25.3"),
        ("2024-03-12", "25.1"),
    ]
    await importer.undo(made)
    assert await importer.snapshot() == before


async def test_an_implausible_measurement_is_taken_with_a_warning(importer: Importer) -> None:
    file = b"date,weight_kg,fat_percent\n2024-03-12,814,\n2024-03-11,81.4,\n"
    made = await importer.apply(file)
    assert [(i["line"], i["column"], i["value"], i["severity"]) for i in made["issues"]] == [
        (2, "body-weight", "814 kg", "warning")
    ]
    assert made["counts"]["measurements_new"] == 2
