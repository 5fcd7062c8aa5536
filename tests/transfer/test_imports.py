"""Imports end to end: what a file becomes in the database, again, in parts, and undone."""

import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from importing import Importer, hevy, hevy_rows, hevy_volume_kg, joined

from helpers import problem

DATA = Path(__file__).parents[1] / "data"
BENCH = "Bench Press (Barbell)"
MOST_SECONDS = 5.0


@pytest.fixture
def real(samples: Path) -> bytes:
    return (samples / "hevy" / "workout_data_7211_sets.csv").read_bytes()


async def test_a_real_history_arrives_whole(importer: Importer, real: bytes) -> None:
    rows = hevy_rows(real)
    sessions = {(row["title"], row["start_time"]) for row in rows}
    warmups = sum(row["set_type"] == "warmup" for row in rows)
    started = time.perf_counter()
    made = await importer.apply(real)
    assert time.perf_counter() - started < MOST_SECONDS
    assert (made["import_format"], made["file_name"], made["issues"]) == ("hevy", "export.csv", [])
    counts = made["counts"]
    assert counts["rows"] == counts["sets"] == counts["sets_new"] == len(rows) == 7211
    assert counts["sessions"] == counts["sessions_new"] == len(sessions)
    assert (counts["warmups"], counts["sets_present"], counts["errors"]) == (warmups, 0, 0)
    assert Decimal(str(counts["volume_kg"])) == hevy_volume_kg(real)
    assert counts["exercises"] == len({row["exercise_title"] for row in rows}) == len(made["exercises"])
    assert sum(exercise["sets"] for exercise in made["exercises"]) == len(rows)

    (stored,) = await importer.rows(
        """SELECT count(*) AS sets, count(*) FILTER (WHERE kind = 'WARMUP') AS warmups, sum(weight_kg * reps) AS volume_kg,
               sum(reps) AS reps, sum(distance_m) AS metres, sum(duration_seconds) AS seconds, count(rpe) AS rpes,
               count(DISTINCT import_id) AS imports, count(weight) AS weights
           FROM user_set_performance WHERE user_id = $1 AND is_active"""
    )
    assert (stored["sets"], stored["warmups"], stored["imports"]) == (len(rows), warmups, 1)
    assert stored["volume_kg"] == hevy_volume_kg(real)
    assert stored["reps"] == sum(int(row["reps"] or 0) for row in rows)
    assert stored["weights"] == sum(Decimal(row["weight_kg"] or 0) != 0 for row in rows)
    assert stored["rpes"] == sum(bool(row["rpe"]) for row in rows)
    kinds = await importer.rows("SELECT kind, count(*) AS n FROM user_set_performance WHERE user_id = $1 GROUP BY kind")
    words = {"normal": "WORKING", "warmup": "WARMUP", "dropset": "DROP", "failure": "FAILURE"}
    assert {row["kind"]: row["n"] for row in kinds} == Counter(words[row["set_type"]] for row in rows)
    (kept,) = await importer.rows(
        "SELECT count(*) AS n FROM user_workout_session WHERE user_id = $1 AND session_status = 'COMPLETED' AND is_active"
    )
    assert kept["n"] == len(sessions)
    await importer.assert_summaries_exact()


async def test_the_same_real_history_again_writes_nothing(importer: Importer, real: bytes) -> None:
    made = await importer.apply(real)
    seq = await importer.seq()
    again = await importer.preview(real)
    assert (again["counts"]["sets_new"], again["counts"]["sessions_new"]) == (0, 0)
    assert again["counts"]["sets_present"] == again["counts"]["sets"] == 7211
    assert await importer.seq() == seq
    assert [item["id"] for item in (await importer.person.get("imports")).json()["items"]] == [made["id"]]


async def test_a_real_history_undone_leaves_everything_as_before(importer: Importer, real: bytes) -> None:
    await importer.apply((DATA / "strong" / "titles_kg.csv").read_bytes())
    before = await importer.snapshot()
    made = await importer.apply(real)
    assert await importer.snapshot() != before
    undone = await importer.undo(made)
    assert undone["import_status"] == "UNDONE"
    assert undone["undone_at"]
    assert await importer.snapshot() == before
    problem(await importer.person.delete(f"imports/{made['id']}"), 409, "already-undone")
    again = await importer.apply(real)
    assert again["counts"] == made["counts"]
    assert again["id"] != made["id"]


@pytest.mark.parametrize("cut_line", [2, 1009, 4321])
async def test_a_part_first_then_the_whole(importer: Importer, real: bytes, cut_line: int) -> None:
    """Cut between records, wherever in a session that is: the file is newest first, so the rest is older."""
    lines = real.decode().split("\n")
    while not lines[cut_line].startswith('"') or "\n".join(lines[:cut_line]).count('"') % 2:
        cut_line += 1
    part = "\n".join([*lines[:cut_line], ""]).encode()
    first = await importer.apply(part)
    assert first["counts"]["sets"] == len(hevy_rows(part))
    before = await importer.snapshot()
    whole = await importer.apply(real)
    assert whole["counts"]["sets_present"] == len(hevy_rows(part))
    assert whole["counts"]["sets_new"] == 7211 - len(hevy_rows(part))
    (stored,) = await importer.rows(
        """SELECT count(*) AS sets, sum(weight_kg * reps) AS volume_kg, (
               SELECT count(*) FROM user_workout_session s WHERE s.user_id = $1 AND s.is_active) AS sessions
           FROM user_set_performance WHERE user_id = $1 AND is_active"""
    )
    assert (stored["sets"], stored["volume_kg"]) == (7211, hevy_volume_kg(real))
    assert stored["sessions"] == whole["counts"]["sessions"]
    await importer.assert_summaries_exact()
    await importer.undo(whole)
    assert await importer.snapshot() == before


async def test_a_dry_run_writes_nothing(importer: Importer) -> None:
    file = hevy(f"{BENCH},,,0,normal,80,5,,,", "Zercher Carry Deluxe,,,0,normal,40,,0.02,,")
    before, seq = await importer.snapshot(), await importer.seq()
    seen = await importer.preview(file, dry_run="true")
    assert (seen["counts"]["sets_new"], seen["counts"]["sessions_new"], seen["counts"]["exercises_new"]) == (2, 1, 1)
    assert [(e["name"], e["how"], e["exercise_id"] is None) for e in seen["exercises"]] == [
        (BENCH, "exact", False),
        ("Zercher Carry Deluxe", "new", True),
    ]
    assert (await importer.snapshot(), await importer.seq()) == (before, seq)
    assert (await importer.person.get("imports")).json() == {"items": [], "next_cursor": None}


async def test_a_session_keeps_times_notes_supersets_and_order(importer: Importer) -> None:
    made = await importer.apply((DATA / "hevy" / "workouts_kg.csv").read_bytes())
    assert made["time_zone"] == "Europe/Berlin"
    sets = await importer.sets()
    upper = [row for row in sets if row["session_notes"] == "new gym"]
    assert {str(row["started_at"]) for row in upper} == {"2024-06-04 16:10:00+00:00"}
    assert {str(row["completed_at"]) for row in upper} == {"2024-06-04 17:02:00+00:00"}
    assert {row["actual_duration_seconds"] for row in upper} == {3120}
    assert [(row["exercise_name"], row["position"], row["group_number"], row["set_number"]) for row in upper] == [
        ("Pull Up (Assisted)", 1, None, 1),
        (BENCH, 2, 1, 1),
        (BENCH, 2, 1, 2),
        ("Face Pull (Cable)", 3, 1, 1),
        ("Face Pull (Cable)", 3, 1, 2),
        ("Plank", 4, 2, 1),
    ]
    assert (upper[0]["load"], upper[0]["weight"], upper[0]["weight_used_kg"]) == ("ASSISTED", 25, None)
    assert upper[1]["performance_notes"] == "pause\non the chest"
    assert (upper[5]["load"], upper[5]["duration_seconds"], upper[5]["seconds_completed"]) == ("BODYWEIGHT", 75, 75)
    lower = [row for row in sets if row["session_notes"] is None]
    assert [(row["position"], row["set_number"], row["load"]) for row in lower] == [
        (1, 1, "ADDED"),
        (2, 1, "BODYWEIGHT"),
        (3, 1, "ADDED"),
        (3, 2, "ADDED"),
        (4, 1, "ADDED"),
        (5, 1, "BODYWEIGHT"),
    ]
    assert (lower[5]["distance_m"], lower[5]["reps"]) == (2500, None)
    names = await importer.rows("SELECT workout_name FROM workout_revision WHERE user_id = $1 AND is_active ORDER BY 1")
    assert [row["workout_name"] for row in names] == ["Lower", "Upper"]
    await importer.assert_summaries_exact()


async def test_a_session_reads_back_over_the_api(importer: Importer) -> None:
    made = await importer.apply(hevy(f"{BENCH},,slow,0,normal,80,5,,,8.5"))
    (item,) = (await importer.person.get("sessions")).json()["items"]
    session = (await importer.person.get(f"sessions/{item['id']}")).json()
    assert (session["workout_name"], session["session_status"], session["import_id"]) == ("Upper", "COMPLETED", made["id"])
    (performance,) = session["performances"]
    assert performance["import_id"] == performance["sets"][0]["import_id"] == made["id"]
    assert (performance["sets"][0]["weight"], performance["sets"][0]["rpe"]) == (80, 8.5)


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("classic", {"weight_unit": "lb"}),
        ("classic_short", {"weight_unit": "kg"}),
        ("german", {"weight_unit": "kg"}),
        ("titles_kg", {}),
        ("units_android", {}),
        ("units_ios", {}),
        ("broken_quotes", {"weight_unit": "kg"}),
    ],
)
async def test_every_generation_of_strong(importer: Importer, file: str, fields: dict[str, str]) -> None:
    data = (DATA / "strong" / f"{file}.csv").read_bytes()
    made = await importer.apply(data, format="strong", **fields)
    assert made["counts"]["sets"] == len(await importer.sets()) > 0
    await importer.assert_summaries_exact()
    assert (await importer.preview(data, format="auto", **fields))["counts"]["sets_new"] == 0


async def test_weights_stay_as_they_were_entered(importer: Importer) -> None:
    made = await importer.apply((DATA / "hevy" / "workouts_lb_miles.csv").read_bytes())
    sets = [row for row in await importer.sets() if row["exercise_name"] == "Squat (Barbell)"]
    assert [(row["weight"], row["weight_unit"], row["weight_kg"]) for row in sets] == [
        (Decimal("137.5"), "lb", Decimal("137.5") * Decimal("0.45359237")),
        (225, "lb", 225 * Decimal("0.45359237")),
    ]
    volume = (Decimal("137.5") * 5 + 225 * 5) * Decimal("0.45359237")
    assert Decimal(str(made["counts"]["volume_kg"])) == volume
    assert [row["weight_used_kg"] for row in sets] == [row["weight_kg"] for row in sets]


@pytest.mark.parametrize(
    ("path", "fields", "sets"),
    [
        ("hevy/synthetic_hevy_fr_months.csv", {}, 12),
        ("hevy/synthetic_hevy_lbs_en_us.csv", {}, None),
        ("hevy/hevy_kg_openbody.csv", {}, None),
        ("strong/synthetic_strong_de_headers.csv", {"weight_unit": "kg"}, None),
        ("strong/synthetic_strong_v6_semicolon.csv", {}, None),
        ("strong/synthetic_strong_v6_lb.csv", {}, None),
        ("strong/strong_classic_250_sets.csv", {"weight_unit": "kg"}, 250),
    ],
)
async def test_the_other_samples(importer: Importer, samples: Path, path: str, fields: dict[str, str], sets: int | None) -> None:
    data = (samples / path).read_bytes()
    made = await importer.apply(data, **fields)
    counts = made["counts"]
    assert counts["rows"] == counts["sets"] + counts["skipped"] + len(
        {i["line"] for i in made["issues"] if i["severity"] == "error"}
    )
    assert counts["sets"] == len(await importer.sets())
    assert sets is None or counts["sets"] == sets
    await importer.assert_summaries_exact()


async def test_lines_that_cannot_be_taken_are_named(importer: Importer) -> None:
    made = await importer.apply(
        joined(
            hevy(f"{BENCH},,,0,normal,80,5,,,", f"{BENCH},,,1,normal,many,5,,,", f"{BENCH},,,2,normal,-20,5,,,"),
            hevy("Pull Up,,,0,normal,-20,5,,,", "Pull Up,,,1,normal,,5,,,11", "Pull Up,,,2,normal,10,5,,,"),
        )
    )
    assert [(i["line"], i["column"], i["value"], i["severity"]) for i in made["issues"]] == [
        (3, "weight_kg", "many", "error"),
        (4, "weight", "-20", "error"),
        (6, "rpe", "11", "warning"),
    ]
    assert (made["issues_total"], made["counts"]["errors"], made["counts"]["warnings"]) == (3, 2, 1)
    pulled = [row for row in await importer.sets() if row["exercise_name"] == "Pull Up"]
    assert [(row["load"], row["weight"]) for row in pulled] == [("ASSISTED", 20), ("BODYWEIGHT", None), ("ADDED", 10)]
    assert pulled[0]["weight_used_kg"] == 10


async def test_what_a_performance_cannot_hold_is_named_and_left_out(importer: Importer) -> None:
    long = [f"Plank,,,{index},normal,,,,20000," for index in range(2)]
    made = await importer.apply(hevy(f"{BENCH},,,0,normal,80,5,,,", *long))
    assert [(i["line"], i["column"], i["value"]) for i in made["issues"]] == [(3, "exercise", "Plank"), (4, "exercise", "Plank")]
    assert "40,000 seconds" in made["issues"][0]["reason"]
    assert [row["exercise_name"] for row in await importer.sets()] == [BENCH]
    grown = await importer.preview(hevy(f"{BENCH},,,0,normal,80,5,,,", *long))
    assert (grown["counts"]["sets"], grown["counts"]["errors"]) == (1, 2)


async def test_more_than_a_performance_can_hold_over_two_files(importer: Importer) -> None:
    await importer.apply(hevy("Plank,,,0,normal,,,,20000,"))
    answer = await importer.preview(hevy("Plank,,,0,normal,,,,20000,", "Plank,,,1,normal,,,,20000,"))
    assert [issue["line"] for issue in answer["issues"]] == [3]
    assert answer["counts"]["sets"] == answer["counts"]["sets_present"] == 1
