"""The clock and the calendar, in one place, so that "today" is always the athlete's."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """The date now where the athlete is. `time_zone` is an IANA name."""
    return now().astimezone(ZoneInfo(time_zone)).date()


@cache
def known_time_zones() -> frozenset[str]:
    """Every IANA time zone this machine knows."""
    return frozenset(available_timezones())


def local_to_utc(local: datetime, time_zone: str) -> datetime:
    """A wall-clock time without zone, in UTC.

    Of a time that a clock change shows twice the earlier instant is taken; one that a clock change skips is read with
    the offset before the change.
    """
    return local.replace(tzinfo=ZoneInfo(time_zone), fold=0).astimezone(UTC)
