"""Programs over HTTP: parse, call, answer."""

from typing import Any
from uuid import UUID

from litestar import Request

from reptrail.catalog.wire import RevisionQuery
from reptrail.db.pool import Transaction
from reptrail.http.edge import CREATED, NO_CONTENT, NOT_MODIFIED, Answer, Contents, answers
from reptrail.programs import actions, sharing
from reptrail.programs.rules import Difference
from reptrail.programs.wire import (
    CopyIn,
    DifferenceQuery,
    OwnProgramsQuery,
    ProgramFileIn,
    ProgramIn,
    ProgramOut,
    ProgramPage,
    ProgramPut,
    ProgramsQuery,
)

TOML = "application/toml"


async def list_programs(tx: Transaction, query: ProgramsQuery) -> Answer[ProgramPage]:
    """Built-in, own and other people's public programs: what `q` may mean, best first, else by name."""
    return Answer(await actions.program_page(tx, query, query.q, mine=query.mine))


async def list_own_programs(tx: Transaction, query: OwnProgramsQuery) -> Answer[ProgramPage]:
    """The athlete's own programs, copies among them."""
    return Answer(await actions.program_page(tx, query, query.q, mine=True))


@answers("not-found", "id-taken", statuses=(201,), etag=True)
async def create_program(tx: Transaction, body: ProgramIn) -> Answer[ProgramOut]:
    """Make a program, with the workouts it consists of."""
    return await _one(tx, await actions.create_program(tx, body), status=CREATED)


@answers(etag=True)
async def get_program(tx: Transaction, program_id: UUID, query: RevisionQuery) -> Answer[ProgramOut]:
    """A program whole, as it is now or in an old revision."""
    return await _one(tx, program_id, query.revision)


@answers("conflict", etag=True)
async def put_program(tx: Transaction, program_id: UUID, body: ProgramPut, if_match: int | None) -> Answer[ProgramOut]:
    """Publish a new revision of a program. What was planned by an old one keeps it; the same text publishes nothing."""
    await actions.change_program(tx, program_id, body, if_match)
    return await _one(tx, program_id)


@answers("conflict")
async def delete_program(tx: Transaction, program_id: UUID, if_match: int | None) -> Answer[None]:
    """Archive a program. Who is enrolled in it goes on."""
    await actions.delete_program(tx, program_id, if_match)
    return Answer(status=NO_CONTENT)


@answers("id-taken", statuses=(201,), etag=True)
async def copy_program(tx: Transaction, program_id: UUID, body: CopyIn | None = None) -> Answer[ProgramOut]:
    """Make a private copy of a program, to be edited as one's own."""
    wanted = body or CopyIn()
    return await _one(tx, await actions.make_copy(tx, program_id, wanted.revision, wanted.id), status=CREATED)


@answers("conflict", statuses=(200, NOT_MODIFIED), etag=True, media_type=TOML)
async def get_program_file(tx: Transaction, program_id: UUID, query: RevisionQuery, request: Request[Any, Any, Any]) -> Answer[str]:
    """A program as a file that can be read, edited and shared (TOML), as `reptrail program export` writes it."""
    text = await sharing.export_program(tx, program_id, query.revision)
    return Contents(text.encode(), TOML, request.headers.get("if-none-match"))


@answers("import-refused", "forbidden", "conflict", "not-found", statuses=(200, 201), etag=True)
async def import_program(tx: Transaction, body: ProgramFileIn) -> Answer[ProgramOut]:
    """Make a private program of a file, or the next revision of one. 200 where nothing was written: it is there already.

    What is wrong in the file is pointed at as if its tables were the body's: `/program_file/workouts/0/instructions/2/exercise`.
    """
    made = await sharing.import_body(tx, body.program_file, body.into)
    return await _one(tx, made.program_id, status=CREATED if made.is_new else 200)


async def compare_programs(tx: Transaction, program_id: UUID, query: DifferenceQuery) -> Answer[Difference]:
    """What one revision of a program says otherwise than another, as data and in sentences."""
    return Answer(await actions.difference(tx, program_id, query.from_revision, query.to_revision))


@answers(etag=True)
async def get_athletes_program(tx: Transaction, program_id: UUID, query: RevisionQuery) -> Answer[ProgramOut]:
    """A program of an athlete's, or any that may be read, whole."""
    return await get_program(tx, program_id, query)


@answers("conflict", etag=True)
async def put_athletes_program(tx: Transaction, program_id: UUID, body: ProgramPut, if_match: int | None) -> Answer[ProgramOut]:
    """Publish a new revision of an athlete's program, such as the copy that a coach assigned and now tailors."""
    return await put_program(tx, program_id, body, if_match)


async def _one(tx: Transaction, program_id: UUID, revision: int | None = None, *, status: int = 200) -> Answer[Any]:
    row = await actions.find(tx, program_id, revision)
    return Answer(row["document"].encode(), status=status, version=row["version"])
