"""Hevy's two files: workouts and measurements, in the units and languages of many phones."""

import csv
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reptrail.training.rules import SetKind, SetLoad, WeightUnit
from reptrail.transfer.formats.detect import detect, parse
from reptrail.transfer.formats.parsed import ParsedFile, ParsedSet
from reptrail.transfer.formats.reading import FileRefused, Refusal

DATA = Path(__file__).parents[1] / "data" / "hevy"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "hevy"
HEAD = (
    "title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,"
    "set_index,set_type,weight_kg,reps,distance_km,duration_seconds,rpe\n"
)
TIMES = '"4 Jun 2024, 18:10","4 Jun 2024, 19:02"'

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this checkout")


def read(name: str) -> ParsedFile:
    return parse((DATA / f"{name}.csv").read_bytes())


def hevy(*rows: str) -> ParsedFile:
    """A file of `exercise,superset,notes,index,type,weight,reps,distance,seconds,rpe` rows of one session."""
    good = f"Upper,{TIMES},,Filler,,,0,normal,1,1,,,\n" * (len(rows) + 1)
    return parse((HEAD + "".join(f"Upper,{TIMES},,{row}\n" for row in rows) + good).encode(), format="hevy")


def sets_of(file: ParsedFile) -> list[ParsedSet]:
    return [taken for session in file.sessions for exercise in session.exercises for taken in exercise.sets]


def assert_accounted(file: ParsedFile) -> None:
    lines = {taken.line for taken in sets_of(file)} | {measured.line for measured in file.measurements}
    assert file.rows == len(lines | file.error_lines) + file.skipped
    if not file.measurements:
        assert file.rows == file.set_count + file.skipped + len(file.error_lines)
    keys = [entry.key for entry in (*file.sessions, *file.measurements)]
    assert len(keys) == len(set(keys))


def test_a_metric_file() -> None:
    file = read("workouts_kg")
    assert (file.format, file.rows, file.set_count, file.issues) == ("hevy", 12, 12, [])
    upper, lower = file.sessions
    assert (upper.key, upper.notes) == ("hevy:2024-06-04T18:10:Upper", "new gym")
    assert (str(upper.ended_at), upper.duration_seconds) == ("2024-06-04 19:02:00", 3120)
    assert [(block.name, block.group_number, block.load_hint) for block in upper.exercises] == [
        ("Pull Up (Assisted)", None, SetLoad.ASSISTED),
        ("Bench Press (Barbell)", 1, None),
        ("Face Pull", 1, None),
        ("Plank", 2, None),
    ]
    bench, face_pull, plank = upper.exercises[1:]
    assert bench.notes == "pause\non the chest"
    assert [(s.line, s.kind, s.reps, s.rpe) for s in bench.sets] == [
        (3, SetKind.WORKING, 5, Decimal(8)),
        (5, SetKind.FAILURE, 0, Decimal(10)),  # an attempt that failed
    ]
    assert [(s.position, s.kind) for s in face_pull.sets] == [(0, SetKind.WORKING), (1, SetKind.DROP)]
    assert [(s.reps, s.weight, s.weight_unit, s.duration_seconds) for s in plank.sets] == [(None, None, None, 75)]
    assert [(block.name.split()[0], len(block.sets)) for block in lower.exercises] == [
        ("Back", 1), ("Squat", 1), ("Back", 2), ("Back", 1), ("Running", 1),
    ]  # fmt: skip
    running = lower.exercises[-1].sets[0]
    assert (running.reps, running.distance_m, running.duration_seconds) == (None, Decimal(2500), 840)


def test_an_imperial_file() -> None:
    file = read("workouts_lb_miles")
    assert [session.key for session in file.sessions] == ["hevy:2024-11-09T12:05:Noon", "hevy:2024-11-08T00:05:Night"]
    assert [(s.weight, s.weight_unit, s.distance_m) for s in sets_of(file)] == [
        (Decimal(225), WeightUnit.LB, None),
        (None, None, Decimal("2414.016")),
        (Decimal("137.5"), WeightUnit.LB, None),
    ]
    assert file.issues == []


@pytest.mark.parametrize(
    "start",
    ["1 ago 2024, 08:05", "1 de ago. de 2024 08:05", "01.08.2024, 08:05", "1 août 2024, 08:05", "1 aug. 2024 08:05",
     "Aug 1, 2024, 8:05\u202fAM", "2024-08-01 08:05:00", "2024-08-01T08:05"],
)  # fmt: skip
def test_the_key_is_the_same_in_every_language(start: str) -> None:
    file = parse(f'{HEAD}Leg day,"{start}",,,Squat,,,0,normal,80,5,,,\n'.encode())
    assert [session.key for session in file.sessions] == ["hevy:2024-08-01T08:05:Leg day"]
    assert file.sessions[0].ended_at is None


@pytest.mark.parametrize(
    ("end", "seconds", "kept", "warned"),
    [("4 Jun 2024, 18:09", None, False, True), ("5 Jun 2024, 18:10", None, True, True), ("later", None, False, True),
     ("4 Jun 2024, 18:10", None, True, False), ("4 Jun 2024, 18:11", 60, True, False)],
)  # fmt: skip
def test_impossible_ends(end: str, seconds: int | None, *, kept: bool, warned: bool) -> None:
    file = parse(f'{HEAD}A,"4 Jun 2024, 18:10","{end}",,Squat,,,0,normal,80,5,,,\n'.encode())
    assert (file.sessions[0].duration_seconds, file.sessions[0].ended_at is not None) == (seconds, kept)
    assert [(issue.column, issue.severity) for issue in file.issues] == ([("end_time", "warning")] if warned else [])


def test_sessions_are_grouped_when_their_rows_lie_apart() -> None:
    other = '"5 Jun 2024, 18:10",'
    rows = (
        f"A,{TIMES},,Squat,,,0,normal,80,5,,,\nA,{other},,Squat,,,0,normal,81,5,,,\n"
        f"A,{TIMES},,Squat,,,1,normal,82,5,,,\nB,{TIMES},,Squat,,,0,normal,83,5,,,\n"
    )
    file = parse((HEAD + rows).encode())
    weights = [[s.weight for block in session.exercises for s in block.sets] for session in file.sessions]
    assert weights == [[80, 82], [81], [83]]


@pytest.mark.parametrize(
    ("word", "kind", "warned"),
    [("normal", SetKind.WORKING, False), ("warmup", SetKind.WARMUP, False), ("warm_up", SetKind.WARMUP, False),
     ("failure", SetKind.FAILURE, False), ("dropset", SetKind.DROP, False), ("Drop", SetKind.DROP, False),
     ("1", SetKind.WORKING, False), ("2", SetKind.WARMUP, False), ("3", SetKind.DROP, False),
     ("4", SetKind.FAILURE, False), ("myo", SetKind.WORKING, True), ("", SetKind.WORKING, True)],
)  # fmt: skip
def test_words_of_the_set_type(word: str, kind: SetKind, *, warned: bool) -> None:
    file = hevy(f"Squat,,,0,{word},80,5,,,")
    assert sets_of(file)[0].kind == kind
    assert [issue.severity for issue in file.issues] == (["warning"] if warned else [])


def test_supersets_begin_at_zero_and_words_are_none() -> None:
    file = hevy("A,0,,0,normal,1,1,,,", "B,0,,0,normal,1,1,,,", "C,1,,0,normal,1,1,,,", "D,x,,0,normal,1,1,,,")
    assert [block.group_number for block in file.sessions[0].exercises] == [1, 1, 2, None, None]
    assert [(issue.line, issue.column) for issue in file.issues] == [(5, "superset_id")]


def test_a_falling_set_index_begins_a_second_block_of_the_same_exercise() -> None:
    rows = [f"Curl,0,,{index},normal,10,{9 - n},,," for n, index in enumerate((0, 1, 2, 0, 1, 0))]
    file = hevy(*rows)
    blocks = [[s.reps for s in block.sets] for block in file.sessions[0].exercises if block.name == "Curl"]
    assert blocks == [[9, 8, 7], [6, 5], [4]]


def test_where_both_units_are_filled_the_one_that_is_not_zero_counts() -> None:
    head = "title,start_time,exercise_title,set_index,set_type,weight_kg,weight_lbs,reps\n"
    rows = "".join(f'A,"4 Jun 2024, 18:10",Squat,{i},normal,{cells},5\n' for i, cells in enumerate(("0,45", "20,", ",")))
    file = parse((head + rows).encode())
    assert [(s.weight, s.weight_unit) for s in sets_of(file)] == [
        (Decimal(45), WeightUnit.LB), (Decimal(20), WeightUnit.KG), (None, None),
    ]  # fmt: skip


def test_decimal_commas_and_bad_rows() -> None:
    file = hevy('Squat,,,0,normal,"62,5",5,,,"7,5"', "Squat,,,1,normal,x,5,,,", "Squat,,,2,normal,60,,,0,", "A,,,0,normal,,,,,")
    first = sets_of(file)[0]
    assert (first.weight, first.rpe) == (Decimal("62.5"), Decimal("7.5"))
    assert [(issue.line, issue.column, issue.reason) for issue in file.issues] == [
        (3, "weight_kg", "not a weight"),
        (4, "reps", "a weight without reps, duration or distance"),
        (5, "reps", "nothing logged"),
    ]
    assert_accounted(file)


def test_more_than_half_bad_is_refused_with_the_issues_and_half_is_not() -> None:
    good, bad = f"A,{TIMES},,Squat,,,0,normal,80,5,,,\n", "A,never,,,Squat,,,0,normal,80,5,,,\n"
    assert parse((HEAD + good + bad).encode()).set_count == 1
    with pytest.raises(FileRefused) as refused:
        parse((HEAD + good + bad + bad).encode())
    assert refused.value.reason == Refusal.MOSTLY_BAD
    assert [issue.line for issue in refused.value.issues] == [3, 4]


def test_a_measurement_file() -> None:
    data = (DATA / "measurements.csv").read_bytes()
    assert detect(data) == "hevy-measurements"
    file = parse(data, format="hevy")
    assert (file.rows, file.skipped, len(file.measurements)) == (7, 1, 20)
    first = {m.metric: (str(m.value), m.unit) for m in file.measurements if m.line == 2}
    assert first == {
        "body-weight": ("81.4", "kg"), "body-fat": ("17.5", "%"), "neck": ("15.25", "in"), "shoulder": ("47", "in"),
        "chest": ("41", "in"), "left-upper-arm": ("14.5", "in"), "right-upper-arm": ("14.75", "in"),
        "left-forearm": ("11.5", "in"), "right-forearm": ("11.75", "in"), "abdomen": ("34", "in"),
        "waist": ("33.5", "in"), "hip": ("39", "in"), "left-thigh": ("23", "in"), "right-thigh": ("23.25", "in"),
        "left-calf": ("15", "in"), "right-calf": ("15.5", "in"),
    }  # fmt: skip
    assert [(m.key, str(m.measurement_date)) for m in file.measurements[16:]] == [
        ("hevy:2024-03-11T21:00:body-weight", "2024-03-11"),
        ("hevy:2024-03-11T07:10:body-weight", "2024-03-11"),
        ("hevy:2024-03-11T07:10:body-weight#2", "2024-03-11"),
        ("hevy:2024-03-09T07:10:body-weight", "2024-03-09"),
    ]
    assert [(issue.line, issue.column, issue.severity) for issue in file.issues] == [
        (1, "", "warning"), (7, "date", "error"), (8, "fat_percent", "error"),
    ]  # fmt: skip
    assert_accounted(file)


@needs_samples
def test_the_real_log_is_accounted_for_row_by_row() -> None:
    data = (SAMPLES / "workout_data_7211_sets.csv").read_bytes()
    file = parse(data)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert (file.rows, file.set_count, file.skipped, file.issues) == (7211, len(rows), 0, [])
    starts = {(row["title"], row["start_time"]) for row in rows}
    assert len(file.sessions) == len(starts) == 335
    kinds = Counter(taken.kind for taken in sets_of(file))
    words = Counter(row["set_type"] for row in rows)
    assert [kinds[kind] for kind in (SetKind.WARMUP, SetKind.WORKING, SetKind.FAILURE, SetKind.DROP)] == [
        words[word] for word in ("warmup", "normal", "failure", "dropset")
    ]
    lifted = sum((Decimal(row["weight_kg"] or 0) * Decimal(row["reps"] or 0) for row in rows), Decimal(0))
    assert sum(((s.weight or 0) * (s.reps or 0) for s in sets_of(file)), Decimal(0)) == lifted
    seconds = sum(int(row["duration_seconds"] or 0) for row in rows)
    assert sum(s.duration_seconds or 0 for s in sets_of(file)) == seconds
    assert sum(s.rpe is not None for s in sets_of(file)) == sum(row["rpe"] != "" for row in rows)
    blocks = [block for session in file.sessions for block in session.exercises]
    assert sum(len(block.sets) for block in blocks if block.group_number == 1) == 277
    assert_accounted(file)


@needs_samples
@pytest.mark.parametrize(
    ("name", "sets", "measurements", "skipped"),
    [("hevy_kg_openbody", 4, 0, 0), ("synthetic_hevy_fr_months", 12, 0, 0), ("synthetic_hevy_lbs_en_us", 6, 0, 0),
     ("hevy_measurements_cm_sample", 0, 5, 1), ("hevy_measurements_sample", 0, 5, 1)],
)  # fmt: skip
def test_samples(name: str, sets: int, measurements: int, skipped: int) -> None:
    file = parse((SAMPLES / f"{name}.csv").read_bytes(), format="hevy")
    assert (file.set_count, len(file.measurements), file.skipped, file.issues) == (sets, measurements, skipped, [])
    assert_accounted(file)


@needs_samples
def test_the_french_sample_has_all_its_months() -> None:
    file = parse((SAMPLES / "synthetic_hevy_fr_months.csv").read_bytes())
    assert [session.started_at.month for session in file.sessions] == list(range(1, 13))


PIECES = (b'"', b'""', b",", b"\n", b"\r", b"\0", b"\xff", b"-", b"9999999", b"NaN", b"1e10", b"\xe2\x80\xaf")


@given(
    name=st.sampled_from(("workouts_kg", "workouts_lb_miles", "measurements")),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=6))),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_breaks_the_count(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = (DATA / f"{name}.csv").read_bytes()
    for where, removed, inserted in edits:
        at = int(where * len(data))
        data = data[:at] + inserted + data[at + removed :]
    for damaged in (data, HEAD.encode() + data):
        try:
            assert_accounted(parse(damaged, weight_unit=WeightUnit.KG))
        except FileRefused:
            continue
