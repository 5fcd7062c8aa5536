"""What the feed's text is made of, held against RFC 5545 by another implementation of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from reptrail.schedule.rules import FeedEvent, escaped, exercise_line, fold
from reptrail.schedule.rules import icalendar as written

AT = datetime(2026, 5, 1, 17, tzinfo=UTC)
ASKED = {"exercise_name": "Squat", "sets": 3, "reps_min": 5, "reps_max": 8, "duration_seconds": None, "distance_m": None}
# What a person can have typed: anything that JSON and PostgreSQL can hold.
TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t,;\\:\"'"), max_size=200)


def event(**fields: object) -> FeedEvent:
    values: dict[str, object] = {
        "id": UUID(int=7),
        "workout_name": "Push",
        "is_done": False,
        "starts_at": AT,
        "ends_at": None,
        "program_name": None,
        "program_day": None,
        "exercises": [],
        "created_at": AT,
        "updated_at": AT,
        "version": 1,
        **fields,
    }
    return FeedEvent(**values)  # type: ignore[arg-type]


def read(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


@given(name=TYPED.filter(str.strip), program=TYPED, lines=st.lists(TYPED.map(lambda text: text.replace("\n", " ")), max_size=5))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_was_typed_reads_back_and_every_line_fits(name: str, program: str, lines: list[str]) -> None:
    text = written([event(workout_name=name, program_name=program, program_day=3, exercises=lines)])
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    [found] = read(text)
    assert str(found["SUMMARY"]) == name
    assert str(found["DESCRIPTION"]) == "\n".join([f"{program}, day 3", *lines])


@given(TYPED)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_unfolding_gives_the_line_back(line: str) -> None:
    plain = escaped(line)
    assert fold(plain).replace("\r\n ", "") == plain


def test_control_characters_do_not_come_through() -> None:
    assert escaped("a\x00b\x07c\x7fd\re") == "abcd\\ne"


def test_nothing_to_show_is_a_calendar_all_the_same() -> None:
    found = icalendar.Calendar.from_ical(written([]))
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    assert [component.name for component in found.subcomponents] == ["VTIMEZONE"]


def test_an_event_ends_after_it_began_and_a_planned_one_in_an_hour() -> None:
    asked = [event(ends_at=AT), event(ends_at=AT + timedelta(minutes=90)), event()]
    ends = [found.decoded("DTEND") - found.decoded("DTSTART") for found in read(written(asked))]
    assert ends == [timedelta(minutes=1), timedelta(minutes=90), timedelta(hours=1)]


def test_every_required_property_stands_once() -> None:
    [found] = read(written([event(version=4, updated_at=AT + timedelta(days=1), is_done=True)]))
    assert found.errors == []
    assert str(found["UID"]) == f"{UUID(int=7)}@reptrail"
    assert found.decoded("DTSTAMP") == found.decoded("LAST-MODIFIED") == AT + timedelta(days=1)
    assert (found["SEQUENCE"], str(found["STATUS"]), str(found["SUMMARY"])) == (4, "CONFIRMED", "✓ Push")


def test_what_is_asked_is_said_in_a_line() -> None:
    lines = {
        "Squat: 3 x 5-8": {},
        "Squat: 3 x 5": {"reps_max": 5},
        "Squat: 1 x 5+": {"sets": 1, "reps_max": None},
        "Squat: 5 sets": {"sets": 5, "reps_min": None},
        "Squat: 3 x 45 s": {"reps_min": None, "duration_seconds": 45},
        "Squat: 5000 m": {"sets": None, "reps_min": None, "distance_m": 5000},
        "Squat": {"sets": None, "reps_min": None},
    }
    assert [exercise_line({**ASKED, **fields}) for fields in lines.values()] == list(lines)
