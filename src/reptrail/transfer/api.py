"""Imports over HTTP: parse, call, answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request

from reptrail.db.pool import Transaction
from reptrail.http.edge import CREATED, Answer, answers
from reptrail.http.paging import Page, decode_cursor, page_json
from reptrail.transfer import actions, queries
from reptrail.transfer.actions import ImportResult
from reptrail.transfer.wire import ImportPage, read_import


@answers("conflict", "id-taken", "import-refused", statuses=(200, 201), etag=True)
async def create_import(tx: Transaction, request: Request[Any, Any, Any]) -> Answer[ImportResult]:
    """Import a file (multipart). 201 with the import; 200 where nothing was written: a dry run, or nothing new in it."""
    data, options = await read_import(request)
    result = await actions.run_import(tx, data, options)
    if result.id is None:
        return Answer(result)
    document, version = await actions.import_json(tx, result.id)
    return Answer(document, status=CREATED, version=version)


async def list_imports(tx: Transaction, query: Page) -> Answer[ImportPage]:
    """Imports, newest first, those undone among them."""
    last_at, last_id = decode_cursor(query.cursor, datetime, UUID)
    row = await tx.row(queries.IMPORTS, tx.athlete, last_at, last_id, query.limit + 1)
    return Answer(page_json(row, query.limit))


@answers(etag=True)
async def get_import(tx: Transaction, import_id: UUID) -> Answer[ImportResult]:
    """An import with what each name of the file came to mean, and its issues."""
    return await _import(tx, import_id)


@answers("conflict", "id-taken", "already-undone", etag=True)
async def undo_import(tx: Transaction, import_id: UUID, if_match: int | None) -> Answer[ImportResult]:
    """Undo an import as one act: the athlete's data is as before. Importing the file again brings it back."""
    await actions.undo_import(tx, import_id, if_match)
    return await _import(tx, import_id)


async def _import(tx: Transaction, import_id: UUID) -> Answer[ImportResult]:
    document, version = await actions.import_json(tx, import_id)
    return Answer(document, version=version)
