"""The ledger over HTTP: changes, the history of a row, restoring."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, not_found
from reptrail.http.bodies import Body
from reptrail.http.edge import Answer, answers
from reptrail.http.paging import MAX_INTEGER, Page, decode_cursor, page_json
from reptrail.ledger import actions, queries, restoring
from reptrail.ledger.queries import KEPT_TABLES
from reptrail.ledger.restoring import RestoredRow
from reptrail.ledger.rules import RestorableTable
from reptrail.training.rules import SessionStatus

Seq = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]


class ChangesQuery(Page):
    """After which change to go on; a cursor of an earlier page says it too."""

    since: Seq = 0


class HistoryQuery(Page):
    """Whether what hangs on the row is told too: of a session its performances and sets, of a performance its sets."""

    with_: Literal["parts"] | None = msgspec.field(default=None, name="with")


class RestoreIn(Body):
    """What to bring back: a row (`table` and `id`), as it stood after change `seq` or before it was deleted; or an import."""

    table: RestorableTable | None = None
    id: UUID | None = None
    seq: Annotated[int, Meta(ge=1, le=MAX_INTEGER)] | None = None
    import_id: UUID | None = None

    def together(self) -> Iterable[FieldError]:
        """A row or an import."""
        if self.import_id is None:
            if self.table is None:
                yield FieldError("/table", "give table and id, or import_id")
            if self.id is None:
                yield FieldError("/id", "give table and id, or import_id")
            return
        for name in ("table", "id", "seq"):
            if getattr(self, name) is not None:
                yield FieldError(f"/{name}", "does not go with import_id: an import comes back whole")


class ChangeOut(msgspec.Struct, kw_only=True):
    """One change. `before` and `after` hold the whole row where it was made or deleted, else the columns that changed.

    `actor_name` is null where the reader may not know who it was.
    """

    seq: int
    actor_id: UUID
    actor_name: str | None
    via: Literal["WEB", "API_TOKEN", "COACH_GRANT", "IMPORT", "SYSTEM"]
    request_id: UUID | None
    changed_at: datetime
    table_name: str
    row_id: UUID
    action: Literal["INSERT", "UPDATE", "DELETE"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangesPage(msgspec.Struct):
    """Changes in order. Ask again with `since` = `next_since`, at once while `next_cursor` is not null, else later."""

    items: list[ChangeOut]
    next_since: int
    next_cursor: str | None


class HistoryPage(msgspec.Struct):
    """A page of a history, oldest first."""

    items: list[ChangeOut]
    next_cursor: str | None


class DeletedSession(msgspec.Struct):
    """A session that was deleted; `sets` are those that would come back with it."""

    id: UUID
    workout_name: str | None
    session_name: str | None
    session_status: SessionStatus
    history_at: datetime
    deleted_at: datetime
    sets: int
    version: int


class DeletedSessionPage(msgspec.Struct):
    """A page of deleted sessions."""

    items: list[DeletedSession]
    next_cursor: str | None


class RestoredOut(msgspec.Struct):
    """What was written, counted by table; `rows` are those of a row's restore, and of an import's the import alone."""

    counts: dict[str, int]
    rows: list[RestoredRow]


@answers("forbidden")
async def list_changes(tx: Transaction, query: ChangesQuery) -> Answer[ChangesPage]:
    """Changes after `since`, in the order they were committed.

    `seq` counts up by one without gaps for the athlete. A coach sees the changes that their scopes let them read
    (training, measurements), so the numbers they see have gaps, and a page may hold fewer than `limit` with more to come.
    """
    (last,) = decode_cursor(query.cursor, int)
    return Answer(await actions.changes_page(tx, query.since if last is None else last, query.limit))


async def row_history(tx: Transaction, table: str, row_id: UUID, query: HistoryQuery) -> Answer[HistoryPage]:
    """Every change of one row, oldest first, deleted or not; with `with=parts` also of what hangs on it."""
    if table not in KEPT_TABLES:
        raise not_found()
    (last,) = decode_cursor(query.cursor, int)
    return Answer(await actions.history_page(tx, table, row_id, last or 0, query.limit, with_parts=query.with_ is not None))


async def list_deleted_sessions(tx: Transaction, query: Page) -> Answer[DeletedSessionPage]:
    """The sessions that were deleted and can be restored, the last deleted first."""
    deleted_at, last_id = decode_cursor(query.cursor, datetime, UUID)
    row = await tx.row(queries.DELETED_SESSIONS, tx.athlete, deleted_at, last_id, query.limit + 1)
    return Answer(page_json(row, query.limit))


@answers("not-found", "conflict", "not-editable", "session-in-progress", "summary-out-of-range")
async def restore(tx: Transaction, body: RestoreIn, if_match: int | None) -> Answer[RestoredOut]:
    """Bring back a deleted row, a row as it once stood, a session with all that hangs on it, or an undone import."""
    if body.import_id is not None:
        written = await restoring.restore_import(tx, body.import_id, if_match)
        shown = [row for row in written if row.table == "import"]
    else:
        if body.table is None or body.id is None:  # RestoreIn.together has refused that
            raise not_found()
        written = shown = await restoring.restore_row(tx, body.table, body.id, body.seq, if_match)
    return Answer(RestoredOut(dict(Counter(row.table for row in written)), shown))
