"""Progress over HTTP: parse, call, answer. Days and weeks are the athlete's own, and so is the unit of weights."""

from uuid import UUID

from reptrail.db.pool import Transaction
from reptrail.http.edge import Answer
from reptrail.progress import actions
from reptrail.progress.wire import (
    AdherenceOut,
    CalendarOut,
    CalendarQuery,
    ExerciseOut,
    LoadOut,
    Period,
    RecordsOut,
    SummaryOut,
    VolumeOut,
    VolumeQuery,
)


async def get_summary(tx: Transaction, query: Period) -> Answer[SummaryOut]:
    """A period (28 days) in numbers, with the change against the period before and the streak in weeks."""
    return Answer(await actions.summary(tx, query.from_, query.to))


async def get_exercise(tx: Transaction, exercise_id: UUID, query: Period) -> Answer[ExerciseOut]:
    """An exercise across all programs: its sets and days of a period (a year), e1RM trend, rep maxima, records."""
    return Answer(await actions.exercise(tx, exercise_id, query.from_, query.to))


async def get_records(tx: Transaction) -> Answer[RecordsOut]:
    """The records that stand, by exercise, each with its set, day and formula."""
    return Answer(await actions.records(tx))


async def get_volume(tx: Transaction, query: VolumeQuery) -> Answer[VolumeOut]:
    """Volume load and hard sets by week and muscle (12 weeks), and the balance between groups of muscles."""
    return Answer(await actions.volume(tx, query.from_, query.to))


async def get_load(tx: Transaction, query: Period) -> Answer[LoadOut]:
    """Training load by day and week (12 weeks): acute, chronic, ratio, monotony, strain, fitness and fatigue, in words too."""
    return Answer(await actions.load(tx, query.from_, query.to))


async def get_adherence(tx: Transaction, query: Period) -> Answer[AdherenceOut]:
    """What came of the sessions planned (12 weeks), by week and by program."""
    return Answer(await actions.adherence(tx, query.from_, query.to))


async def get_calendar(tx: Transaction, query: CalendarQuery) -> Answer[CalendarOut]:
    """The days of a year on which was trained: sessions, sets, volume and minutes."""
    return Answer(await actions.calendar(tx, query.year))
