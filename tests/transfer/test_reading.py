"""Decoding, the CSV reader, and the values of single fields."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reptrail.training.rules import SetLoad, WeightUnit
from reptrail.transfer.formats import reading
from reptrail.transfer.formats.detect import detect, parse
from reptrail.transfer.formats.fields import (
    header_key,
    load_hint,
    parse_decimal,
    parse_distance_unit,
    parse_duration_seconds,
    parse_local_datetime,
    parse_month,
    parse_weight_unit,
    unguard,
)
from reptrail.transfer.formats.parsed import DistanceUnit
from reptrail.transfer.formats.reading import FileRefused, Refusal, decode, delimiter_of, open_table


def rows_of(text: str) -> list[tuple[int, list[str], bool]]:
    return [tuple(record) for record in open_table(text.encode()).records()]


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"a,\xc3\xa9", "a,é"), (b"\xef\xbb\xbfa,\xc3\xa9", "a,é"), ("a,é".encode("utf-16"), "a,é"), (b"a\r\nb\rc\n", "a\nb\nc\n")],
)
def test_unicode_files_are_decoded_without_a_word(data: bytes, text: str) -> None:
    assert decode(data) == (text, [])


def test_windows_1252_is_the_last_resort_and_says_so() -> None:
    text, issues = decode(b"title\nS\xe9ance")
    assert text == "title\nSéance"
    assert "Windows-1252" in issues[0].reason
    assert issues[0].severity == "warning"


def test_a_file_cut_inside_a_character_keeps_its_other_accents() -> None:
    text, issues = decode("é,x\né".encode()[:-1])
    assert text == "é,x\n"
    assert "cut off" in issues[0].reason


def test_a_lone_accent_at_the_end_is_windows_1252() -> None:
    assert decode(b"caf\xe9")[0] == "café"


def test_nul_bytes_are_removed_with_a_warning() -> None:
    text, issues = decode(b"a\0b\0")
    assert text == "ab"
    assert issues[0].reason.startswith("2 NUL")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b" \r\n\n", Refusal.EMPTY),
        (b"\x81\x8d\xff", Refusal.NOT_TEXT),
        (b"x" * (reading.MAX_FILE_BYTES + 1), Refusal.TOO_LARGE),
        (b"x" * (reading.MAX_HEADER_CHARACTERS + 1), Refusal.UNKNOWN_HEADER),
        (b"Datum,Wat,Wie\n1,2,3\n", Refusal.UNKNOWN_HEADER),
        (b"SQLite format 3\0\x10\0\x01\x01", Refusal.UNKNOWN_HEADER),
    ],
)
def test_files_of_which_nothing_can_be_taken_are_refused(data: bytes, reason: Refusal) -> None:
    with pytest.raises(FileRefused) as refused:
        parse(data)
    assert refused.value.reason == reason
    assert refused.value.detail
    assert refused.value.issues == ()


def test_a_file_may_hold_so_many_rows_and_not_one_more() -> None:
    head = b"Date,Exercise Name,Set Order,Reps\n"
    row = b"2024-01-01 10:00:00,Push Up,1,9\n"
    assert parse(head + row * reading.MAX_ROWS).set_count == reading.MAX_ROWS
    with pytest.raises(FileRefused) as refused:
        parse(head + row * (reading.MAX_ROWS + 1))
    assert refused.value.reason == Refusal.TOO_MANY_ROWS


@pytest.mark.parametrize(
    ("header", "delimiter"), [("a,b;c,d", ","), ("a;b;c,d", ";"), ("a\tb\tc", "\t"), ('"a;b;c;d",e,f', ","), ("alone", ",")]
)
def test_the_header_alone_decides_the_delimiter(header: str, delimiter: str) -> None:
    assert delimiter_of(header) == delimiter


def test_excels_own_hint_comes_before_the_header() -> None:
    table = open_table(b"sep=;\r\na;b\r\n1;2,5\r\n")
    assert (table.header, table.header_line, table.delimiter) == (["a", "b"], 2, ";")
    assert list(table.records()) == [(3, ["1", "2,5"], False)]


def test_records_know_their_first_physical_line() -> None:
    text = 'a,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n , \r\n3,"q ""q"" ,"'
    assert rows_of(text) == [(2, ["1", "x\ny"], False), (5, ["2", "z"], False), (7, ["3", 'q "q" ,'], False)]


def test_blanks_beside_quotes_and_beyond_the_last_column_do_not_matter() -> None:
    assert rows_of('a,b\n "x" , "y, z" ,,\n') == [(2, ["x", "y, z", "", ""], False)]


def test_undoubled_quotes_survive_inside_a_quoted_field() -> None:
    assert rows_of('a;b;c\n1;"use the "strap\n3rd";"Qui"\n2;;\n') == [
        (2, ["1", 'use the "strap\n3rd', "Qui"], False),
        (4, ["2", "", ""], False),
    ]


def test_a_quote_never_closed_costs_its_own_line_only() -> None:
    assert rows_of('a,b\n1,"open\n2,x\n3,"y"\n4,z\n') == [
        (2, ["1", '"open'], True),
        (3, ["2", "x"], False),
        (4, ["3", "y"], False),
        (5, ["4", "z"], False),
    ]


def test_many_open_quotes_do_not_hide_the_rows_between_them() -> None:
    pair = '1,"open\n2,fine\n'
    records = rows_of("a,b\n" + pair * 100)
    assert [record[2] for record in records] == [True, False] * 100


def test_a_record_of_absurd_length_is_broken() -> None:
    text = "a,b\n1," + "x" * reading.MAX_RECORD_CHARACTERS + "\n2,y\n"
    assert [(record[0], record[2]) for record in rows_of(text)] == [(2, True), (3, False)]


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")), min_size=3, max_size=3)),
    st.sampled_from(",;\t"),
)
def test_whatever_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b", "c"])
    writer.writerows(rows)
    read = [fields for _, fields, _ in open_table(out.getvalue().encode()).records()]
    assert read == [row for row in rows if any(map(str.strip, row))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80", "80"), ("102.058283", "102.058283"), ("45.0", "45.0"), ("7,5", "7.5"), ("1,234", "1.234"),
        ("-21", "-21"), ("\N{MINUS SIGN}5", "-5"), ("\u00a08.5\u202f", "8.5"), (".5", "0.5"), ("+3", "3"),
        ("'-5", "-5"),
    ],
)  # fmt: skip
def test_decimals_are_exact(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)
    assert str(parse_decimal("45.0")) == "45.0"


@pytest.mark.parametrize(
    "text", ["", "NaN", "Infinity", "-inf", "1e10", "1_000", "0x10", "1.2.3", "1,234.5", "eighty", "8 0", "٨", "9" * 10]
)
def test_what_is_no_plain_decimal_is_none(text: str) -> None:
    assert parse_decimal(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 23m", 4980), ("1h", 3600), ("55m", 3300), ("0m", 0), ("2h 30m 15s", 9015), ("45s", 45), ("1h 5m 3s", 3903),
        ("01:23:45", 5025), ("23:45", 1425), ("3600", 3600), ("120.0", 120), ("1 hr 5 min", 3900),
        ("90\u00a0min", 5400),
    ],
)  # fmt: skip
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "nope", "h", "1x", "1:99", "12:34:56:78", "NaN", "1h 1h"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_duration_seconds(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-15 11:22:57", "2020-09-15 11:22:57"),
        ("2025-04-20T11:19", "2025-04-20 11:19:00"),
        ("20 Apr 2025, 11:19", "2025-04-20 11:19:00"),
        ("May 15, 2026, 7:26 PM", "2026-05-15 19:26:00"),
        ("Jan 1, 2024, 12:00\u202fAM", "2024-01-01 00:00:00"),
        ("April 20, 2025 at 12:26 p.m.", "2025-04-20 12:26:00"),
        ("05.06.2026, 07:30", "2026-06-05 07:30:00"),
        ("20. März 2025 um 11:19 Uhr", "2025-03-20 11:19:00"),
        ("01 janv. 2024, 08:00", "2024-01-01 08:00:00"),
        ("8 août 2024 à 18 h 05", "2024-08-08 18:05:00"),
        ("20 de abr. de 2025, 11:19", "2025-04-20 11:19:00"),
        ("3 mrt. 2024 09:05", "2024-03-03 09:05:00"),
        ("9 Feb 2023", "2023-02-09 00:00:00"),
    ],
)
def test_wall_clock_times_of_many_phones(text: str, expected: str) -> None:
    assert str(parse_local_datetime(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "not-a-date", "05/06/2026 07:30", "2024-02-30 10:00", "31 Foo 2024, 08:00", "2024-01-01T10:00:00Z",
        "Jan 1, 2024, 13:00 PM", "2024-01-01 25:00:00", "0000-01-01 00:00", "1 jui 2024, 08:00", "99999999",
    ],
)  # fmt: skip
def test_what_is_no_certain_time_is_none(text: str) -> None:
    assert parse_local_datetime(text) is None


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "de short": "Jan. Feb. Mrz Apr. Mai Jun. Jul. Aug. Sept. Okt. Nov. Dez.",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr short": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es short": "ene feb mar abr may jun jul ago sept oct nov dic",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt short": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl short": "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it short": "gen feb mar apr mag giu lug ago set ott nov dic",
}


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_of_every_language(language: str) -> None:
    assert [parse_month(word) for word in MONTHS[language].split()] == list(range(1, 13))


@pytest.mark.parametrize("word", ["", "ja", "foo", "jui", "lundi", "Ma"])
def test_other_words_are_no_months(word: str) -> None:
    assert parse_month(word) is None


def test_units_and_titles_are_compared_by_their_letters() -> None:
    assert [parse_weight_unit(text) for text in ("kg", "LBS", "lb.", "stone")] == [
        WeightUnit.KG, WeightUnit.LB, WeightUnit.LB, None,
    ]  # fmt: skip
    assert [parse_distance_unit(text) for text in ("mi.", "Miles", "km", "m", "furlong")] == [
        DistanceUnit.MI, DistanceUnit.MI, DistanceUnit.KM, DistanceUnit.M, None,
    ]  # fmt: skip
    assert header_key("  Name der U\u0308bung ") == "name der übung"
    assert header_key("Weight (kg)") == header_key("weight_KG") == "weight kg"


def test_load_comes_from_the_words_in_parentheses() -> None:
    names = ["Pull Up (Assisted)", "Dip (weighted)", "Squat (Bodyweight)", "Back Extension (Weighted Hyperextension)"]
    assert [load_hint(name) for name in names] == [
        SetLoad.ASSISTED, SetLoad.ADDED, SetLoad.BODYWEIGHT, SetLoad.ADDED,
    ]  # fmt: skip
    assert load_hint("Weighted Pull Up (Bar)") is None


def test_only_our_own_formula_guard_is_undone() -> None:
    assert [unguard(text) for text in ("'=1+1", "'-5", "'tis", "=1", "''=")] == ["=1+1", "-5", "'tis", "=1", "''="]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"Date,Workout Name,Duration,Exercise Name,Set Order,Wei", "strong"),
        ("Datum;Workout-Name;Name der Übung;Reihenfolge festlegen;Gew".encode(), "strong"),
        (b'\xef\xbb\xbf"title","start_time","end_time","exercise_title","set_index"\n"x', "hevy"),
        (b"date,weight_kg,fat_percent,neck_in\n", "hevy-measurements"),
        (b"date,weight_lbs,fat_percent\n", "hevy-measurements"),
        (b"date,fat_percent\n", None),
        (b"Date,Exercise,Category\n", None),
        (b"", None),
        (b"\xff\xfe\x00", None),
    ],
)
def test_detection_by_the_titles(head: bytes, found: str | None) -> None:
    assert detect(head) == found


@given(st.binary())
def test_detection_never_raises(head: bytes) -> None:
    assert detect(head) is None


def test_a_choice_of_format_covers_the_files_of_that_app() -> None:
    measurements = b'date,weight_kg,fat_percent\n"9 Feb 2024, 07:00",80.5,\n'
    assert parse(measurements, format="hevy").format == "hevy-measurements"
    with pytest.raises(FileRefused) as refused:
        parse(measurements, format="strong")
    assert refused.value.reason == Refusal.OTHER_FORMAT
    with pytest.raises(FileRefused) as refused:
        parse(measurements, format="jefit")
    assert refused.value.reason == Refusal.UNKNOWN_FORMAT
