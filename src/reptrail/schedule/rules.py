"""What the calendar holds its requests to, and how sessions become iCalendar: pure, no I/O, no clock.

RFC 5545 (iCalendar) is written by hand: the part that a feed needs is what stands here, and a library for it would be one
dependency more (docs/decisions/0015).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

MAX_CALENDAR_DAYS = 400
# What a feed shows: done in the last 90 days, planned for a year and a bit, and never more than a calendar program can take.
FEED_DAYS_BACK = 90
FEED_DAYS_AHEAD = 400
MAX_FEED_EVENTS = 1000
# A planned session has no end of its own.
PLANNED_HOURS = 1
MAX_LINE_OCTETS = 75
_CONTINUED = "\r\n "
# An octet within a character of UTF-8 begins with the bits 10.
_UTF8_LEAD, _UTF8_TAIL = 0b1100_0000, 0b1000_0000
_NO_CONTROLS = dict.fromkeys([code for code in range(0x20) if chr(code) != "\t"] + [0x7F])


def days_error(first: date | None, last: date | None) -> str | None:
    """What is wrong with the days asked for."""
    if first is None or last is None:
        return None
    if last < first:
        return "must not be before from"
    return f"at most {MAX_CALENDAR_DAYS} days at a time" if (last - first).days >= MAX_CALENDAR_DAYS else None


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A workout session as a calendar shows it. `exercises` is a line each."""

    id: UUID
    workout_name: str
    is_done: bool
    starts_at: datetime
    ends_at: datetime | None
    program_name: str | None
    program_day: int | None
    exercises: Sequence[str]
    created_at: datetime
    updated_at: datetime
    version: int


def icalendar(events: Sequence[FeedEvent]) -> str:
    """The sessions as an iCalendar stream (RFC 5545), its lines folded and ended by CRLF.

    The same sessions are the same text: DTSTAMP is when a session last changed, which is what section 3.8.7.2 wants of a
    stream that has a METHOD and not only of its making; so an ETag can be taken of the text.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Reptrail//Calendar feed//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Reptrail",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for event in events:
        lines.extend(_event(event))
    if not events:
        lines.extend(_NOTHING)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


# A calendar has one component at least (section 3.4): without a session, the time zone that all its times would be in.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def _event(event: FeedEvent) -> Iterator[str]:
    ends = event.ends_at or event.starts_at + timedelta(hours=PLANNED_HOURS)
    yield "BEGIN:VEVENT"
    yield f"UID:{event.id}@reptrail"
    yield f"DTSTAMP:{moment(event.updated_at)}"
    yield f"CREATED:{moment(event.created_at)}"
    yield f"LAST-MODIFIED:{moment(event.updated_at)}"
    yield f"SEQUENCE:{event.version}"
    yield f"DTSTART:{moment(event.starts_at)}"
    # DTEND must be later than DTSTART (section 3.8.2.2), in whole seconds.
    yield f"DTEND:{moment(max(ends, event.starts_at + timedelta(minutes=1)))}"
    yield f"SUMMARY:{escaped(('✓ ' if event.is_done else '') + event.workout_name)}"
    yield f"DESCRIPTION:{escaped(_description(event))}"
    yield "STATUS:CONFIRMED"
    yield "END:VEVENT"


def _description(event: FeedEvent) -> str:
    lines = list(event.exercises)
    if event.program_name is not None:
        day = "" if event.program_day is None else f", day {event.program_day}"
        lines.insert(0, f"{event.program_name}{day}")
    return "\n".join(lines)


def moment(at: datetime) -> str:
    """A time in UTC (section 3.3.5, form 2)."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    r"""A TEXT value (section 3.3.11): \ ; , and line ends escaped, and no control character but the tab."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return plain.translate(_NO_CONTROLS)


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets (section 3.1), none of which ends within a character."""
    octets = line.encode()
    pieces: list[bytes] = []
    room = MAX_LINE_OCTETS
    while len(octets) > room:
        end = room
        while octets[end] & _UTF8_LEAD == _UTF8_TAIL:
            end -= 1
        pieces.append(octets[:end])
        octets = octets[end:]
        room = MAX_LINE_OCTETS - 1  # the blank that says "continued" is one
    return _CONTINUED.join(piece.decode() for piece in (*pieces, octets))


def exercise_line(exercise: dict[str, object]) -> str:
    """What a session asks of an exercise, in a line: "Squat (Barbell): 3 x 5-8"."""
    sets = exercise["sets"]
    low, high = exercise["reps_min"], exercise["reps_max"]
    if low is not None:
        amount = f"{low}" if high == low else f"{low}+" if high is None else f"{low}-{high}"
    elif exercise["duration_seconds"] is not None:
        amount = f"{exercise['duration_seconds']} s"
    elif exercise["distance_m"] is not None:
        amount = f"{exercise['distance_m']} m"
    else:
        amount = ""
    asked = " x ".join(str(part) for part in (sets, amount) if part) + (" sets" if sets and not amount else "")
    return f"{exercise['exercise_name']}: {asked}" if asked else str(exercise["exercise_name"])
