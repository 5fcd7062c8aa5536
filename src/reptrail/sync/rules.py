"""What becomes of a pushed operation: pure, no I/O, no clock."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

MAX_OPERATIONS_PER_PUSH: Final = 200
MAX_CHANGES_PER_PULL: Final = 5000
CHANGES_PER_PULL: Final = 1000

# How far ahead a screen shows what is planned: a week, wherever on earth it begins.
PLANNED_AHEAD: Final = timedelta(days=9)

# What a session recorded whole needs is 5; a thousand levels would end the interpreter's patience.
MAX_NESTING: Final = 16

# Columns that say one thing together: a weight is nothing without its unit.
_TOGETHER: Final = (
    frozenset({"weight", "weight_unit"}),
    frozenset({"measured_value", "unit"}),
    *(frozenset({"weight_unit", name}) for name in ("bar_weight", "plates", "dumbbells", "machine_step")),
)


class Action(StrEnum):
    """What an operation does to its row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    VERB = "verb"


class Status(StrEnum):
    """What became of an operation. Of the last two nothing was written, and the same operation may be sent again."""

    APPLIED = "APPLIED"
    ALREADY_APPLIED = "ALREADY_APPLIED"
    MERGED = "MERGED"
    CONFLICT = "CONFLICT"
    REFUSED = "REFUSED"


class Verdict(StrEnum):
    """How an edit stands to the row it was not based on."""

    WRITE = "write"
    MERGE = "merge"
    SAID_ALREADY = "said already"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Applied:
    """An operation that was applied: what it said, the row it was about, and the versions of the row that came of it."""

    content_hash: bytes
    table_name: str
    row_id: UUID
    first_version: int
    last_version: int

    def made(self, version: int) -> bool:
        """Whether a version of the row came of this operation."""
        return self.first_version <= version <= self.last_version


def content_hash(table: str, row_id: UUID, action: Action, verb: str | None, fields: Mapping[str, Any]) -> bytes:
    """What makes two operations the same (SHA-256, 32 bytes): all they say, but not what they were based on or when.

    The order of fields, and 80 or 80.0, make no difference.
    """
    said = (table, row_id, action, verb, _plain(fields))
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).digest()


def is_nested_deeply(fields: Mapping[str, Any]) -> bool:
    """Whether fields hold lists and objects within each other further than any row does."""
    level: list[Any] = [fields]
    for _ in range(MAX_NESTING):
        holders = [value for value in level if isinstance(value, (dict, list))]
        level = [inner for holder in holders for inner in (holder.values() if isinstance(holder, dict) else holder)]
    return bool(level)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def changed_by_others(
    versions: Iterable[tuple[int, Collection[str]]], own: Collection[Applied], base_version: int
) -> frozenset[str]:
    """The columns that somebody else changed since a version.

    `versions`: each version of the row with the columns that changed; `own`: the sender's operations on this row that it
    had not seen answered when it wrote this one.
    """
    return frozenset(
        name
        for version, columns in versions
        if version > base_version and not any(applied.made(version) for applied in own)
        for name in columns
    )


def judge(given: Mapping[str, Any], row: Mapping[str, Any], changed: Collection[str]) -> Verdict:
    """Whether an edit can be written to a row of which `changed` columns are not as its author saw them.

    What differs from the row and was changed by both is a conflict; what both changed to the same is none.
    """
    differing = {name for name, value in given.items() if row[name] != value}
    if not differing:
        return Verdict.SAID_ALREADY
    if not differing.isdisjoint(_with_companions(changed)):
        return Verdict.CONFLICT
    return Verdict.MERGE if changed else Verdict.WRITE


def _with_companions(columns: Collection[str]) -> frozenset[str]:
    return frozenset(columns).union(*(group for group in _TOGETHER if not group.isdisjoint(columns)))
