"""Strong's exports: every generation, the tokens, the limits, and the real and made-up sample files."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reptrail.training.rules import SetKind, SetLoad, WeightUnit
from reptrail.transfer.formats.detect import detect, parse
from reptrail.transfer.formats.parsed import DistanceUnit, Issue, ParsedFile, ParsedSet
from reptrail.transfer.formats.reading import FileRefused, Refusal

DATA = Path(__file__).parents[1] / "data" / "strong"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "strong"
GENERATIONS = ("classic", "classic_short", "units_android", "units_ios", "titles_kg", "german")
CLASSIC = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
START = "2024-01-15 10:30:00"

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not beside this checkout")


def strong(text: str | bytes, unit: WeightUnit | None = WeightUnit.KG, **options: DistanceUnit) -> ParsedFile:
    data = text.encode() if isinstance(text, str) else text
    return parse(data, format="strong", weight_unit=unit, **options)


def classic(*rows: str) -> ParsedFile:
    """A classic file of `exercise,order,weight,reps,distance,seconds,notes,workout notes,rpe` rows of one session."""
    good = f"{START},Push,1h,Filler,1,1,1,0,0,,,\n" * (len(rows) + 1)  # so that bad rows are never the majority
    return strong(CLASSIC + "".join(f"{START},Push,1h,{row}\n" for row in rows) + good)


def sets_of(file: ParsedFile) -> list[ParsedSet]:
    return [taken for session in file.sessions for exercise in session.exercises for taken in exercise.sets]


def short(issues: list[Issue]) -> list[tuple[int, str, str]]:
    return [(issue.line, issue.column, issue.severity) for issue in issues]


def assert_accounted(file: ParsedFile) -> None:
    assert file.rows == file.set_count + file.skipped + len(file.error_lines)
    keys = [session.key for session in file.sessions]
    assert len(keys) == len(set(keys))
    lines = [taken.line for taken in sets_of(file)]
    assert len(lines) == len(set(lines))
    assert file.error_lines.isdisjoint(lines)


@pytest.mark.parametrize("name", GENERATIONS)
def test_every_generation_says_the_same(name: str) -> None:
    data = (DATA / f"{name}.csv").read_bytes()
    assert detect(data) == "strong"
    file = parse(data, weight_unit=WeightUnit.KG, distance_unit=DistanceUnit.KM)
    assert file.issues == []
    assert_accounted(file)
    (session,) = file.sessions
    assert (session.key, session.name) == ("strong:2023-05-02T18:04:11:Pull, heavy", "Pull, heavy")
    assert str(session.started_at) == "2023-05-02 18:04:11"
    assert session.ended_at == session.started_at + timedelta(minutes=65)
    assert session.duration_seconds == 3900
    assert [exercise.name for exercise in session.exercises] == ["Deadlift (Barbell)", "Pull Up", "Rowing (Machine)"]
    deadlift, pull_up, rowing = (exercise.sets for exercise in session.exercises)
    assert [(s.position, s.kind, s.weight, s.reps, s.rpe) for s in deadlift] == [
        (0, SetKind.WARMUP, Decimal(60), 5, None),
        (1, SetKind.WORKING, Decimal("142.5"), 5, Decimal("8.5")),
        (2, SetKind.WORKING, Decimal("142.5"), 5, Decimal(9)),
    ]
    assert {s.weight_unit for s in deadlift} == {WeightUnit.KG}
    assert [(s.weight, s.weight_unit, s.reps, s.rpe) for s in pull_up] == [(None, None, 9, None)]
    assert [(s.reps, s.duration_seconds, s.distance_m) for s in rowing] == [(None, 480, Decimal(2000))]
    if name != "classic_short":
        assert (session.notes, session.exercises[0].notes) == ("slept badly", "mixed grip")


def test_only_a_weight_without_unit_makes_the_unit_needed() -> None:
    with pytest.raises(FileRefused) as refused:
        strong(CLASSIC + f"{START},W,1h,Squat,1,80,5,0,0,,,\n", None)
    assert refused.value.reason == Refusal.WEIGHT_UNIT_NEEDED == "weight unit needed"
    assert strong(CLASSIC + f"{START},W,1h,Push Up,1,0.0,12,0,0,,,\n", None).set_count == 1
    assert strong((DATA / "titles_kg.csv").read_bytes(), None).set_count == 5


def test_units_are_read_row_by_row_and_never_overruled() -> None:
    head = "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;Distance;Distance Unit\n"
    rows = (
        f"{START};W;Squat;1;225;lbs;5;;mi.\n{START};W;Squat;2;102,058283;kg;5;;\n{START};W;Run;1;;;;1,5;mi.\n"
        f"{START};W;Row;1;;;;500;m\n{START};W;Squat;3;80;;5;;\n{START};W;Squat;4;80;stone;5;;\n"
        f"{START};W;Run;2;;;;3;furlongs\n"
    )
    file = strong(head + rows, None)
    assert [(s.weight, s.weight_unit, s.distance_m) for s in sets_of(file)] == [
        (Decimal(225), WeightUnit.LB, None),
        (Decimal("102.058283"), WeightUnit.KG, None),
        (None, None, Decimal("2414.016")),
        (None, None, Decimal(500)),
    ]
    assert short(file.issues) == [(6, "Weight", "error"), (7, "Weight Unit", "error"), (8, "Distance Unit", "error")]
    chosen = strong(head + rows, WeightUnit.LB)
    assert [s.weight_unit for s in sets_of(chosen) if s.weight == 80] == [WeightUnit.LB]


def test_units_in_titles() -> None:
    for title, unit in (("Weight (kg)", "kg"), ("Weight (lb)", "lb"), ("Weight (lbs)", "lb")):
        file = strong(f'"Date";"Exercise Name";"Set Order";"{title}";"Reps"\n"{START}";"Squat";"1";"225.0";"5"\n', None)
        (taken,) = sets_of(file)
        assert (str(taken.weight), taken.weight_unit) == ("225.0", unit)


def test_distance_without_unit_is_guessed_aloud_or_chosen() -> None:
    rows = CLASSIC + f"{START},W,1h,Run,1,0,0,5.2,1800,,,\n{START},W,1h,Row,1,0,0,2000,480,,,\n"
    file = strong(rows)
    assert [s.distance_m for s in sets_of(file)] == [Decimal(5200), Decimal(2000)]
    assert short(file.issues) == [(2, "Distance", "warning"), (3, "Distance", "warning")]
    chosen = strong(rows, distance_unit=DistanceUnit.MI)
    assert sets_of(chosen)[0].distance_m == Decimal("8368.5888")
    assert short(chosen.issues) == [(3, "Distance", "error")]  # 2000 miles in one set


def test_tokens_of_the_set_order() -> None:
    file = classic(
        "Squat,W,60,5,0,0,,,", "Squat,1,80,5,0,0,,,", "Squat,Rest Timer,0,0,0,120.0,,,", "Squat,D,60,8,0,0,,,",
        "Squat,F,60,8,0,0,,,", "Squat,w2,60,8,0,0,,,", "Squat,2.0,60,8,0,0,,,", "Squat,one,60,8,0,0,,,",
        "Squat,,60,8,0,0,,,", "Rest Timer,1,0,0,0,60,,,",
    )  # fmt: skip
    kinds = [taken.kind for taken in file.sessions[0].exercises[0].sets]
    assert kinds == [
        SetKind.WARMUP, SetKind.WORKING, SetKind.DROP, SetKind.FAILURE, SetKind.WARMUP, SetKind.WORKING,
        SetKind.WORKING, SetKind.WORKING,
    ]  # fmt: skip
    assert file.skipped == 2
    assert [(issue.value, issue.severity) for issue in file.issues] == [("one", "warning"), ("", "warning")]
    assert_accounted(file)


def test_blocks_sessions_and_positions() -> None:
    other = "2024-01-16 10:30:00"
    file = strong(
        CLASSIC
        + f"{START},A,1h,Squat,1,80,5,0,0,,,\n{START},A,1h,Squat,2,80,5,0,0,,,\n{START},A,1h,Row,1,50,5,0,0,,,\n"
        + f"{other},A,30m,Squat,1,81,5,0,0,,,\n{START},B,1h,Squat,1,82,5,0,0,,,\n{START},A,1h,Squat,1,83,x,0,0,,,\n"
        + f"{START},A,1h,Squat,2,83,5,0,0,,,\n"
    )
    assert [(session.started_at.day, session.name) for session in file.sessions] == [(15, "A"), (16, "A"), (15, "B")]
    blocks = [(block.name, [(s.position, s.weight) for s in block.sets]) for block in file.sessions[0].exercises]
    # Row 7 is an error, and the set after it keeps its own position.
    assert blocks == [("Squat", [(0, 80), (1, 80)]), ("Row", [(0, 50)]), ("Squat", [(1, 83)])]
    assert_accounted(file)


def test_load_hints_and_signs() -> None:
    file = classic("Pull Up (Assisted),1,-21,8,0,0,,,", "Dip (Weighted),1,10,8,0,0,,,", "Squat (Bodyweight),1,0,9,0,0,,,")
    hints = [(block.load_hint, block.sets[0].weight) for block in file.sessions[0].exercises]
    assert hints == [(SetLoad.ASSISTED, -21), (SetLoad.ADDED, 10), (SetLoad.BODYWEIGHT, None), (None, 1)]


def test_notes_of_exercises_and_of_sets() -> None:
    file = classic(
        "Squat,1,80,5,0,0,belt,good day,", "Squat,2,80,5,0,0,knee hurt,good day,", "Squat,3,80,5,0,0,belt,late,",
        'Squat,Note,,,,,"=go, deeper",,', "Squat,Note,,,,,belt,,",
    )  # fmt: skip
    session = file.sessions[0]
    assert session.notes == "good day\nlate"
    assert session.exercises[0].notes == "belt\n=go, deeper"
    assert [taken.notes for taken in session.exercises[0].sets] == [None, "knee hurt", None]
    assert_accounted(file)


def test_long_and_dirty_texts_are_never_cut_silently() -> None:
    name, note = "n" * 121, "x" * 1003
    file = classic(f"{name},1,80,5,0,0,{note},{'y' * 2001},", "Sq\x07uat,1,80,5,0,0,'=tab\there,,")
    session = file.sessions[0]
    assert [block.name for block in session.exercises] == ["n" * 120, "Squat", "Filler"]
    assert (session.exercises[0].notes, session.notes) == ("x" * 1000, "y" * 2000)
    assert session.exercises[1].notes == "=tab\there"
    assert [(issue.line, issue.column, issue.severity) for issue in file.issues] == [
        (2, "Workout Notes", "warning"), (2, "Exercise Name", "warning"), (2, "Notes", "warning"),
        (3, "Exercise Name", "warning"),
    ]  # fmt: skip
    assert "the last 3 were left out" in file.issues[2].reason
    assert all(len(issue.value) <= 100 for issue in file.issues)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Squat,1,80,8.5,0,0,,,", "Reps"), ("Squat,1,80,-1,0,0,,,", "Reps"), ("Squat,1,80,1001,0,0,,,", "Reps"),
        ("Squat,1,80,,0,0,,,", "Reps"), ("Squat,1,0,0,0,0,,,", "Reps"), ("Squat,1,,,,,,,8", "Reps"),
        ("Squat,1,2000.01,5,0,0,,,", "Weight"), ("Squat,1,-2001,5,0,0,,,", "Weight"),
        ("Squat,1,NaN,5,0,0,,,", "Weight"),
        ("Squat,1,1e3,5,0,0,,,", "Weight"), ("Plank,1,0,0,0,32768,,,", "Seconds"), ("Plank,1,0,0,0,-1,,,", "Seconds"),
        ("Plank,1,0,0,0,long,,,", "Seconds"), ("Run,1,0,0,1000001,0,,,", "Distance"),
        ("Run,1,0,0,-5,60,,,", "Distance"),
        (",1,80,5,0,0,,,", "Exercise Name"),
    ],
)  # fmt: skip
def test_a_wrong_value_leaves_out_its_set_and_nothing_else(row: str, column: str) -> None:
    file = classic(row)
    assert [(i.line, i.column) for i in file.issues if i.severity == "error"] == [(2, column)]
    assert file.set_count == 2
    assert_accounted(file)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Squat,1,80,8.0,0,0,,,", (8, Decimal(80), None, None)),
        ("Squat,1,80,0,0,0,,,10", (0, Decimal(80), None, None)),
        ("Squat,1,2000,1000,0,0,,,", (1000, Decimal(2000), None, None)),
        ("Carry,1,32,0,0.04,0,,,", (None, 32, None, 40)),
        ("Plank,1,0,0,0,32767,,,", (None, None, 32767, None)), ("Plank,1,5,0,0,1:30,,,", (None, Decimal(5), 90, None)),
        ("Run,1,0,0,1000000,0,,,", (None, None, None, Decimal(1_000_000))),
    ],
)  # fmt: skip
def test_values_at_the_edge_are_kept(row: str, expected: tuple[object, ...]) -> None:
    taken = sets_of(classic(row))[0]
    assert (taken.reps, taken.weight, taken.duration_seconds, taken.distance_m) == expected


@pytest.mark.parametrize(
    ("text", "value", "warned"),
    [("", None, False), ("0", None, False), ("0.0", None, False), ("8.5", "8.5", False), ("10", "10", False),
     ("11", None, True), ("0.5", None, True), ("8.3", None, True), ("-1", None, True), ("NaN", None, True)],
)  # fmt: skip
def test_a_wrong_rpe_is_dropped_and_its_set_kept(text: str, value: str | None, *, warned: bool) -> None:
    file = classic(f"Squat,1,80,5,0,0,,,{text}")
    assert sets_of(file)[0].rpe == (value and Decimal(value))
    assert short(file.issues) == ([(2, "RPE", "warning")] if warned else [])


@pytest.mark.parametrize(
    ("duration", "seconds", "ends", "warned"),
    [("9h 6m 7s", 32_767, True, False), ("9h 6m 8s", None, True, True), ("0m", None, False, False),
     ("-5", None, False, True), ("nope", None, False, True), ("", None, False, False)],
)  # fmt: skip
def test_the_duration_of_a_session(duration: str, seconds: int | None, *, ends: bool, warned: bool) -> None:
    file = strong(CLASSIC + f"{START},W,{duration},Squat,1,80,5,0,0,,,\n")
    (session,) = file.sessions
    assert (session.duration_seconds, session.ended_at is not None) == (seconds, ends)
    assert short(file.issues) == ([(2, "Duration", "warning")] if warned else [])


def test_a_second_duration_of_one_session_is_mentioned() -> None:
    file = strong(CLASSIC + f"{START},W,1h,Squat,1,80,5,0,0,,,\n{START},W,2h,Squat,2,80,5,0,0,,,\n")
    assert file.sessions[0].duration_seconds == 3600
    assert short(file.issues) == [(3, "Duration", "warning")]


@pytest.mark.parametrize("date", ["", "soon", "1969-12-31 10:00:00", "2100-01-01 00:00:00", "2024-02-30 10:00:00"])
def test_a_row_without_a_possible_date_is_an_error(date: str) -> None:
    good = f"{START},W,1h,Squat,1,80,5,0,0,,,\n"
    file = strong(CLASSIC + good + f"{date},W,1h,Squat,2,80,5,0,0,,,\n" + good)
    assert short(file.issues) == [(3, "Date", "error")]
    assert_accounted(file)


def test_notes_without_any_set_are_not_lost_silently() -> None:
    file = strong(CLASSIC + f"{START},W,1h,Squat,Note,,,,,deep,tired,\n{START},W,1h,Squat,Rest Timer,,,,60,,,\n")
    assert (file.rows, file.skipped, file.sessions) == (2, 2, [])
    assert [(issue.column, issue.value) for issue in file.issues] == [("Squat", "deep"), ("W", "tired")]


def test_broken_quoting_costs_only_its_own_rows() -> None:
    file = strong((DATA / "broken_quotes.csv").read_bytes(), None)
    assert [(taken.line, taken.reps) for taken in sets_of(file)] == [(4, 8), (6, 7), (8, 6)]
    assert [(issue.line, issue.severity) for issue in file.issues] == [(5, "error"), (7, "error")]
    assert file.sessions[0].exercises[0].notes == 'use the "strap\n3rd'
    assert file.sessions[0].notes == "Qui"
    assert_accounted(file)


SAMPLE_OUTCOMES = {  # sets, skipped, and each issue's (line, column, severity)
    "edge_bom": (1, 0, []),
    "edge_crlf": (2, 0, []),
    "edge_duration-formats": (10, 0, []),
    "edge_extra-columns": (2, 0, [(1, "", "warning")]),
    "edge_extreme-values": (4, 0, [
        (2, "Reps", "error"), (6, "Seconds", "error"), (6, "Distance", "warning"), (6, "RPE", "warning"),
        (7, "RPE", "warning"),
    ]),
    "edge_header-only": (0, 0, []),
    "edge_missing-fields": (4, 0, [
        (3, "Date", "error"), (4, "Exercise Name", "error"), (5, "Set Order", "warning"), (7, "Reps", "error"),
        (8, "Workout Name", "warning"),
    ]),
    "edge_newlines-in-notes": (2, 0, []),
    "edge_quoted-commas": (3, 0, []),
    "edge_unicode-emoji": (4, 0, []),
    "edge_whitespace-hell": (2, 0, []),
    "strong_classic_250_sets": (250, 0, []),
    "synthetic_strong_de_headers": (1, 0, []),
    "synthetic_strong_v6_lb": (1, 0, []),
    "synthetic_strong_v6_semicolon": (12, 2, []),
}  # fmt: skip


@needs_samples
@pytest.mark.parametrize("name", SAMPLE_OUTCOMES)
def test_samples(name: str) -> None:
    file = strong((SAMPLES / f"{name}.csv").read_bytes())
    assert (file.set_count, file.skipped, short(file.issues)) == SAMPLE_OUTCOMES[name]
    assert_accounted(file)


@needs_samples
def test_no_strong_sample_is_forgotten() -> None:
    assert {path.stem for path in SAMPLES.glob("*.csv")} == {*SAMPLE_OUTCOMES, "edge_garbage-values"}


@needs_samples
def test_the_sample_of_garbage_is_refused_with_its_issues() -> None:
    with pytest.raises(FileRefused) as refused:
        strong((SAMPLES / "edge_garbage-values.csv").read_bytes())
    assert refused.value.reason == Refusal.MOSTLY_BAD
    assert {issue.line for issue in refused.value.issues if issue.severity == "error"} == {2, 3, 5, 6}


@needs_samples
def test_the_sample_of_durations() -> None:
    file = strong((SAMPLES / "edge_duration-formats.csv").read_bytes())
    seconds = [session.duration_seconds for session in file.sessions]
    assert seconds == [4980, 3300, 3600, 5025, 1425, 3600, None, None, 9015, 45]


@needs_samples
def test_the_real_classic_log() -> None:
    data = (SAMPLES / "strong_classic_250_sets.csv").read_bytes()
    file = strong(data)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    starts = {(row["Date"], row["Workout Name"]) for row in rows}
    assert {(str(session.started_at), session.name) for session in file.sessions} == starts
    lifted = sum((Decimal(row["Weight"]) * Decimal(row["Reps"]) for row in rows), Decimal(0))
    assert sum((s.weight or 0) * (s.reps or 0) for s in sets_of(file)) == lifted
    assisted = [b for s in file.sessions for b in s.exercises if b.load_hint is SetLoad.ASSISTED]
    assert {block.name for block in assisted} == {"Pull Up (Assisted)"}


def parsed_or_refused(data: bytes) -> None:
    try:
        file = parse(data, weight_unit=WeightUnit.LB)
    except FileRefused:
        return
    if file.format != "hevy-measurements":
        assert_accounted(file)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_refusal(data: bytes) -> None:
    parsed_or_refused(data)
    parsed_or_refused(CLASSIC.encode() + data)


PIECES = (b'"', b'""', b",", b";", b"\n", b"\r", b"\0", b"\xff", b"'=", b"-", b"9999999", b"NaN", b"Note", b"Rest Timer")


@given(
    name=st.sampled_from((*GENERATIONS, "broken_quotes")),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=6))),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_no_damage_breaks_the_count(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = (DATA / f"{name}.csv").read_bytes()
    for where, removed, inserted in edits:
        at = int(where * len(data))
        data = data[:at] + inserted + data[at + removed :]
    parsed_or_refused(data)
    parsed_or_refused(CLASSIC.encode() + data)
