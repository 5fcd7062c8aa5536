"""The chain of the ledger, checked without the database's help, and what may be restored: pure, no I/O, no clock."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

# Between the parts of the text that is hashed. JSON escapes it and no other part can hold it, so no two changes share one.
SEPARATOR: Final = "\x1f"
# Changes that do not fit the chain are kept whole up to this many, to tell what happened to them.
MAX_SUSPECTS: Final = 32
MAX_FINDINGS: Final = 200

# The columns that a restore brings back, by table: all but those that the database sets itself, that are generated, or
# that never change (a test compares them with the live schema). Of a workout only whether it is there: its text lives in
# revisions, which are published and not rewound, and moving `revision` back would publish the same number twice.
RESTORED_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "exercise": (
        "exercise_name", "equipment", "mechanic", "tracks", "load", "primary_muscles", "secondary_muscles", "aliases", "rank",
        "import_id", "is_active",
    ),
    "metric": (
        "metric_name", "dimension", "canonical_unit", "allowed_units", "minimum_plausible", "maximum_plausible", "loinc",
        "is_calculated", "is_active",
    ),
    "exercise_mapping": ("match_key", "exercise_id", "import_id", "is_active"),
    "workout": ("is_active",),
    "program": ("is_active",),
    "workout_revision": ("is_active",),
    "exercise_instruction": ("is_active",),
    "import": ("import_status", "undone_at", "is_active"),
    "user_workout_session": (
        "workout_id", "program_enrollment_id", "session_status", "scheduled_at", "started_at", "completed_at",
        "actual_duration_seconds", "effort_rating", "soreness_rating", "session_notes", "session_name", "is_active",
        "workout_revision", "own_workout_id", "paused_seconds", "import_id", "import_key", "program_cycle", "program_day",
        "program_position", "cancelled_with_enrollment",
    ),
    "user_exercise_performance": (
        "sets_completed", "reps_completed", "weight_used_kg", "duration_seconds", "difficulty_rating", "performance_notes",
        "is_active", "import_id",
    ),
    "user_set_performance": (
        "set_number", "kind", "reps", "weight", "weight_unit", "load", "duration_seconds", "distance_m", "rpe",
        "completed_at", "notes", "is_active", "import_id", "import_key",
    ),
    "user_prescription": ("sets", "rest_seconds", "rule", "inputs", "reason", "is_active"),
    "user_measurement": (
        "metric_id", "measured_value", "unit", "measurement_date", "measurement_notes", "measurement_source", "is_active",
        "import_id", "import_key",
    ),
    "user_goal": (
        "metric_id", "exercise_id", "target_value", "target_unit", "start_date", "target_date", "goal_notes", "is_active",
    ),
}  # fmt: skip


class RestorableTable(StrEnum):
    """What can be restored a row at a time. A grant is not among them: consent is given anew."""

    USER_WORKOUT_SESSION = "user_workout_session"
    USER_EXERCISE_PERFORMANCE = "user_exercise_performance"
    USER_SET_PERFORMANCE = "user_set_performance"
    USER_MEASUREMENT = "user_measurement"
    USER_GOAL = "user_goal"
    EXERCISE = "exercise"
    METRIC = "metric"
    WORKOUT = "workout"
    PROGRAM = "program"
    EXERCISE_MAPPING = "exercise_mapping"


class Kind(StrEnum):
    """What can be wrong with a ledger, or with a row that it tells of."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    HEAD = "head"
    ROW_ALTERED = "row altered"
    ROW_UNKNOWN = "row unknown"
    ROW_MISSING = "row missing"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the ledger as it stands in the table, every part as text but the numbers and hashes.

    `changed_at` is in seconds since 1970 with six decimals; `before` and `after` are the JSON as PostgreSQL writes it.
    """

    user_id: UUID
    seq: int
    actor_id: UUID
    via: str
    request_id: UUID | None
    changed_at: str
    domain: str
    table_name: str
    row_id: UUID
    action: str
    before: str | None
    after: str | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what, and which change or row it is."""

    kind: Kind
    detail: str
    seq: int | None = None
    table_name: str | None = None
    row_id: UUID | None = None

    def __str__(self) -> str:
        row = "" if self.table_name is None else f" {self.table_name} {self.row_id}"
        return f"{self.kind}:{row} {self.detail}" if self.seq is None else f"{self.kind}: change {self.seq}{row} {self.detail}"


def chain_hash(link: bytes, change: Change, seq: int) -> bytes:
    """The hash a change has as number `seq` after a change whose hash is `link` (empty for the first): SHA-256, 32 bytes."""
    parts = (
        str(change.user_id), str(seq), str(change.actor_id), change.via, str(change.request_id or "-"), change.changed_at,
        change.domain, change.table_name, str(change.row_id), change.action, change.before or "-", change.after or "-",
    )  # fmt: skip
    return hashlib.sha256(link + SEPARATOR.join(parts).encode()).digest()


@dataclass(slots=True)
class _Suspect:
    """A change that does not fit after the one before it. `links`: the hashes it was tried after."""

    change: Change
    links: tuple[bytes, ...]
    hash_alone: bool = False  # its contents fit, what follows does too: only its own hash was changed
    run: "_Run | None" = None  # it fits under another number, alone
    verdict: Finding | None = None


@dataclass(slots=True)
class _Run:
    """Changes in a row that were hashed under another number: `offset` is how far they moved up."""

    first: Change
    last: Change
    offset: int
    before: _Suspect | Change | None
    links: tuple[bytes, ...]


class Chain:
    """Checks the changes of one athlete, fed in order of `seq`; keeps a bounded number of them whatever is wrong.

    Where everything was forged together, every later hash and the head among them, no chain can tell: keep the head's
    hash elsewhere (`head_hash`) and compare.
    """

    def __init__(self) -> None:
        self.changes = 0
        self.seq = 0
        self.last: Change | None = None
        self._links: tuple[bytes, ...] = (b"",)
        self._behind: tuple[bytes, ...] = ()
        self._previous: _Suspect | None = None
        self._run: _Run | None = None
        self._suspects: list[_Suspect] = []
        self._findings: list[Finding] = []
        self._untold = 0

    def feed(self, change: Change) -> None:
        """Takes the next change."""
        self.changes += 1
        if change.seq <= self.seq:
            self._find(Finding(Kind.INSERTED, "has a number that no change can have", *_place(change)))
            return
        gap = change.seq > self.seq + 1
        if gap:
            self._close_run()
            self._find(removed(self.seq + 1, change.seq - 1))
        origin = self._origin(change)
        suspect = None
        if origin == change.seq:
            self._close_run()
            if self._previous is not None and chain_hash(self._links[0], change, change.seq) != change.hash:
                self._previous.hash_alone = True
        elif origin is not None:
            self._extend_run(change, change.seq - origin)
        elif not gap:  # what a removed change leaves behind cannot be checked: its link is gone
            self._close_run()
            suspect = self._suspect(change, self._links)
        self._behind = self._links
        computed = () if gap or suspect is None else (chain_hash(self._behind[0], change, change.seq),)
        self._links = (change.hash, *computed)
        self._previous, self.last, self.seq = suspect, change, change.seq

    def _origin(self, change: Change) -> int | None:
        """The number that a change was hashed under, tried near by; None if it fits nowhere."""
        seq = change.seq
        if chain_hash(self._links[0], change, seq) == change.hash:
            return seq
        offset = self._run.offset if self._run else 0
        for tried in dict.fromkeys((seq, seq - offset, seq - 1, seq + 1)):
            for link in (*self._links, *self._behind):
                if chain_hash(link, change, tried) == change.hash and (tried != seq or link in self._links or self._run):
                    return tried
        return None

    def _suspect(self, change: Change, links: tuple[bytes, ...]) -> _Suspect | None:
        if len(self._suspects) == MAX_SUSPECTS:
            self._untold += 1
            return None
        self._suspects.append(_Suspect(change, links))
        return self._suspects[-1]

    def _extend_run(self, change: Change, offset: int) -> None:
        if self._run is not None and self._run.offset == offset:
            self._run.last = change
            return
        before = self._previous or self.last
        self._close_run()
        self._run = _Run(change, change, offset, before, self._links)

    def _close_run(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        if run.first is run.last:  # one alone: it changed places with another, which is told at the end
            suspect = self._suspect(run.first, run.links)
            if suspect is not None:
                suspect.run = run
            return
        way = f"were renumbered: they stood at {run.first.seq - run.offset} to {run.last.seq - run.offset}"
        self._find(Finding(Kind.MOVED, f"to {run.last.seq} {way}", run.first.seq))
        if run.before is None:
            return
        change = run.before.change if isinstance(run.before, _Suspect) else run.before
        if run.offset > 0:
            told = Finding(Kind.INSERTED, "is not of this chain: those after it made room", *_place(change))
        else:
            told = Finding(Kind.REMOVED, "follows one that was removed: those after it closed the gap", *_place(change))
        if isinstance(run.before, _Suspect):
            run.before.verdict = told
        else:
            self._find(told)

    def _find(self, finding: Finding) -> None:
        if len(self._findings) < MAX_FINDINGS:
            self._findings.append(finding)
        else:
            self._untold += 1

    def finish(self, head: tuple[int, bytes] | None) -> list[Finding]:
        """All findings, in order; `head` is the (seq, hash) that the athlete's head holds."""
        self._close_run()
        findings = [*self._findings, *self._told(), *self._head(head)]
        if self._untold:
            findings.append(Finding(Kind.ALTERED, f"and {self._untold} more findings"))
        return sorted(findings, key=lambda finding: finding.seq or 0)

    def _told(self) -> Iterator[Finding]:
        """What happened to each suspect: it stands where it does not belong, or was altered."""
        intact: list[_Suspect] = []
        moved = False
        for suspect in self._suspects:
            origin = self._belongs(suspect) if suspect.verdict is None else None
            if suspect.verdict is not None:
                yield suspect.verdict
            elif origin == suspect.change.seq:
                intact.append(suspect)
            elif origin is not None:
                moved = True
                yield Finding(Kind.MOVED, f"stood at {origin}", *_place(suspect.change))
            elif suspect.run is not None:
                yield from _made_room(suspect.run)
            elif suspect.hash_alone:
                yield Finding(Kind.ALTERED, "has another hash than its contents", *_place(suspect.change))
            else:
                yield Finding(Kind.ALTERED, "is not as it was written", *_place(suspect.change))
        if not moved:  # then nothing excuses them
            yield from (Finding(Kind.ALTERED, "is not as it was written", *_place(each.change)) for each in intact)

    def _belongs(self, suspect: _Suspect) -> int | None:
        """The number among the suspects' own that a suspect was hashed under: its own if only its neighbour moved away."""
        links = {link for each in self._suspects for link in (each.change.hash, *each.links)}
        for seq in (suspect.change.seq, *(each.change.seq for each in self._suspects)):
            if any(chain_hash(link, suspect.change, seq) == suspect.change.hash for link in links):
                return seq
        return None

    def _head(self, head: tuple[int, bytes] | None) -> Iterator[Finding]:
        if head is None:
            yield Finding(Kind.HEAD, "the head of the ledger is gone", self.seq or None)
            return
        seq, hash_ = head
        if seq > self.seq:
            yield removed(self.seq + 1, seq)
        elif seq < self.seq:
            yield Finding(Kind.INSERTED, f"to {self.seq} came after the head, which ends with {seq}", seq + 1)
        elif hash_ not in self._links:
            place = (None, None, None) if self.last is None else _place(self.last)
            yield Finding(Kind.HEAD, "is not the one the head ends with: it, or the head, was rewritten", *place)


def _made_room(run: _Run) -> Iterator[Finding]:
    """What is told of one change that stands beside its place, with one in its place that fits: the last two of a chain."""
    yield Finding(Kind.MOVED, f"stood at {run.first.seq - run.offset}", *_place(run.first))
    if isinstance(run.before, Change) and run.before.seq == run.first.seq - run.offset:
        yield Finding(Kind.INSERTED, "is not of this chain: the one after it made room", *_place(run.before))


def _place(change: Change) -> tuple[int, str, UUID]:
    return change.seq, change.table_name, change.row_id


def removed(first: int, last: int) -> Finding:
    """The finding that the changes from `first` to `last` are not there."""
    return Finding(Kind.REMOVED, "is missing" if first == last else f"to {last} are missing", first)


def altered_row(table: str, row_id: UUID, columns: Sequence[str]) -> Finding:
    """The finding that a row is not as the ledger left it."""
    return Finding(Kind.ROW_ALTERED, f"differs from the ledger in {', '.join(columns)}", None, table, row_id)


def unknown_row(table: str, row_id: UUID) -> Finding:
    """The finding that a row is there of which the ledger does not know, or knows that it was deleted."""
    return Finding(Kind.ROW_UNKNOWN, "is not in the ledger", None, table, row_id)


def missing_row(table: str, row_id: UUID) -> Finding:
    """The finding that a row is gone which the ledger never saw deleted."""
    return Finding(Kind.ROW_MISSING, "is in the ledger but not in its table", None, table, row_id)
