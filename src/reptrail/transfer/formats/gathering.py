"""Gathering the rows of a workout format into sessions, exercise blocks and sets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from reptrail.training.rules import SetKind
from reptrail.transfer.formats.collecting import Cell, Collector, Layout
from reptrail.transfer.formats.fields import load_hint, parse_local_datetime
from reptrail.transfer.formats.parsed import ParsedExercise, ParsedFile, ParsedSession
from reptrail.transfer.formats.reading import Record
from reptrail.transfer.formats.setvalues import SetValues

MAX_NAME_CHARACTERS = 120
MAX_EXERCISE_NOTES_CHARACTERS = 1000
MAX_SESSION_NOTES_CHARACTERS = 2000
MAX_SESSION_SECONDS = 32_767  # a SMALLINT
FIRST_YEAR, LAST_YEAR = 1970, 2099
DEFAULT_SESSION_NAME: Final = "Workout"


@dataclass(slots=True)
class Block:
    """An exercise block while it grows.

    `set_rows` counts the rows of sets, also those that an error left out; `last_index` is the last set index that the
    file itself states.
    """

    exercise: ParsedExercise
    set_rows: int = 0
    last_index: int = 0
    notes_seen: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Gathered:
    """A session while it grows. `span_text` is what its first row says about its end or its duration."""

    session: ParsedSession
    block: Block | None = None
    span_text: str = ""
    notes_seen: set[str] = field(default_factory=set)


class Gathering:
    """The sessions of one file.

    The layout's columns are `start`, `session`, `session notes`, `exercise` and `notes`, besides those of SetValues.
    """

    def __init__(self, app: str, collector: Collector, layout: Layout, values: SetValues) -> None:
        self.app = app
        self.collector = collector
        self.layout = layout
        self.values = values
        self._by_key: dict[str, Gathered] = {}

    def place(
        self, record: Record, *, key_precision: str, group_number: int | None = None, set_index: int = 0
    ) -> tuple[Gathered, Block] | None:
        """The session and the block that a record belongs to, made where they are new.

        Args:
            record: a record whose columns can be read.
            key_precision: `seconds` or `minutes`, how the app writes the start; part of the natural key.
            group_number: the superset, from 1.
            set_index: the set's own number in its block where the app states one; where it falls, a second block of
                the same exercise begins.

        Returns:
            None, with an error for each, where the date or the exercise is missing or wrong.
        """
        started_at = self._start(record)
        cell = self.layout.cell(record, "exercise")
        exercise = self.collector.clean_name(record.line, cell)
        if not exercise:
            self.collector.error(record.line, cell, "no exercise name")
        if started_at is None or not exercise:
            return None
        gathered = self._session(record, started_at, started_at.isoformat(timespec=key_precision))
        self._session_notes(record, gathered)
        block = gathered.block
        shown = (exercise[:MAX_NAME_CHARACTERS], group_number)
        if not block or (block.exercise.name, block.exercise.group_number) != shown or set_index < block.last_index:
            block = self._new_block(record, gathered, cell, exercise, group_number)
        block.last_index = set_index
        return gathered, block

    def _start(self, record: Record) -> datetime | None:
        cell = self.layout.cell(record, "start")
        started_at = parse_local_datetime(cell.text)
        if started_at is None:
            self.collector.error(record.line, cell, "not a date and time" if cell.text else "no date")
        elif not FIRST_YEAR <= started_at.year <= LAST_YEAR:
            self.collector.error(record.line, cell, f"a date lies between {FIRST_YEAR} and {LAST_YEAR}")
            return None
        return started_at

    def _session(self, record: Record, started_at: datetime, start: str) -> Gathered:
        cell = self.layout.cell(record, "session")
        full_name = self.collector.clean_name(record.line, cell) or DEFAULT_SESSION_NAME
        key = f"{self.app}:{start}:{full_name[:MAX_NAME_CHARACTERS]}"
        gathered = self._by_key.get(key)
        if gathered:
            return gathered
        if not cell.text:
            self.collector.warn(record.line, cell, f"a session without name: called {DEFAULT_SESSION_NAME!r}")
        name = self.collector.fit(record.line, cell, full_name, MAX_NAME_CHARACTERS)
        gathered = Gathered(ParsedSession(record.line, key, name, started_at))
        self._by_key[key] = gathered
        return gathered

    def _session_notes(self, record: Record, gathered: Gathered) -> None:
        cell = self.layout.cell(record, "session notes")
        if cell.text and cell.text not in gathered.notes_seen:
            gathered.notes_seen.add(cell.text)
            limit = MAX_SESSION_NOTES_CHARACTERS
            gathered.session.notes = self._joined(record, cell, gathered.session.notes, limit)

    def _new_block(self, record: Record, gathered: Gathered, cell: Cell, full_name: str, group_number: int | None) -> Block:
        name = self.collector.fit(record.line, cell, full_name, MAX_NAME_CHARACTERS)
        block = Block(ParsedExercise(name, group_number, load_hint(full_name)))
        gathered.block = block
        gathered.session.exercises.append(block.exercise)
        return block

    def add_exercise_note(self, record: Record, block: Block) -> None:
        """Join the record's note to its exercise block, once a text."""
        cell = self.layout.cell(record, "notes")
        if cell.text and cell.text not in block.notes_seen:
            block.notes_seen.add(cell.text)
            limit = MAX_EXERCISE_NOTES_CHARACTERS
            block.exercise.notes = self._joined(record, cell, block.exercise.notes, limit)

    def _joined(self, record: Record, cell: Cell, before: str | None, limit: int) -> str | None:
        text = self.collector.clean(record.line, cell)
        joined = "\n".join(part for part in (before, text) if part)
        return self.collector.fit(record.line, cell, joined, limit) or None

    def add_set(self, record: Record, block: Block, kind: SetKind, *, own_note: bool = False) -> None:
        """Add the record's set to its block; an error leaves it out, but keeps its place."""
        taken = self.values.read(record, kind, block.set_rows)
        block.set_rows += 1
        if taken is None:
            return
        if own_note:
            cell = self.layout.cell(record, "notes")
            taken.notes = self._joined(record, cell, None, MAX_EXERCISE_NOTES_CHARACTERS)
        block.exercise.sets.append(taken)

    def is_news(self, record: Record, gathered: Gathered, cell: Cell) -> bool:
        """Whether a cell about the session's end or duration is the first; one that differs from it gets a warning."""
        if not cell.text or cell.text == gathered.span_text:
            return False
        if gathered.span_text:
            reason = f"differs from the first row of this session ({gathered.span_text!r}): the first one counts"
            self.collector.warn(record.line, cell, reason)
            return False
        gathered.span_text = cell.text
        return True

    def set_span(self, record: Record, session: ParsedSession, cell: Cell, span: timedelta) -> None:
        """Set when the session ended and how long it was; an impossible span is a warning and leaves it out."""
        seconds = int(span.total_seconds())
        if seconds < 0:
            self.collector.warn(record.line, cell, "the session ends before it starts: its end was left out")
            return
        session.ended_at = session.started_at + span
        if seconds > MAX_SESSION_SECONDS:
            self.collector.warn(record.line, cell, f"longer than {MAX_SESSION_SECONDS} seconds: duration left out")
            return
        session.duration_seconds = seconds or None

    def finish(self) -> ParsedFile:
        """The file with every session and block that holds a set.

        Raises:
            FileRefused: as `Collector.finish`.
        """
        for gathered in self._by_key.values():
            session = gathered.session
            for exercise in session.exercises:
                if exercise.notes and not exercise.sets:
                    cell = Cell(exercise.name, exercise.notes)
                    self.collector.warn(session.line, cell, "a note of an exercise without sets was left out")
            session.exercises = [exercise for exercise in session.exercises if exercise.sets]
            if session.exercises:
                self.collector.file.sessions.append(session)
            elif session.notes:
                cell = Cell(session.name, session.notes)
                self.collector.warn(session.line, cell, "the notes of a session without sets were left out")
        return self.collector.finish()
