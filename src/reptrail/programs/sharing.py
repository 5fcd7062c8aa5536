"""Programs to files and back, for one athlete."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem
from reptrail.programs import actions, files, queries
from reptrail.programs.naming import ExerciseNames, slugs
from reptrail.programs.storing import decode_program, same_program
from reptrail.programs.wire import ProgramIn


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: the program, its revision, and whether anything was written."""

    program_id: UUID
    program_name: str
    revision: int
    is_new: bool


async def exercise_names(tx: Transaction) -> ExerciseNames:
    """The names by which a file may call the athlete's exercises."""
    rows = await tx.rows(queries.OWN_EXERCISES, tx.athlete)
    return ExerciseNames((row["id"], row["exercise_name"], row["aliases"]) for row in rows)


async def find_program(tx: Transaction, wanted: str) -> UUID:
    """The program that an id, the slug of a built-in one, or a name means.

    Raises:
        Problem: not-found; conflict, if several bear the name.
    """
    try:
        return UUID(wanted)
    except ValueError:
        rows = await tx.rows(queries.PROGRAM_NAMES, tx.athlete, False)  # noqa: FBT003 - $2
    by_slug: list[UUID] = [row["id"] for row in rows if wanted in row["aliases"]]
    found = by_slug or [row["id"] for row in rows if wanted == row["program_name"]]
    if len(found) > 1:
        raise Problem("conflict", f"several programs are called {wanted!r}: name one by its id, {_listed(found)}")
    if not found:
        raise Problem("not-found", f"no program has the id, the slug or the name {wanted!r}")
    return found[0]


def _listed(ids: Iterable[UUID]) -> str:
    return " or ".join(map(str, ids))


async def export_program(tx: Transaction, program_id: UUID, revision: int | None = None) -> str:
    """The file of a program in a revision (the latest).

    Raises:
        Problem: not-found; conflict, where a name in it would be misread.
    """
    row = await actions.find(tx, program_id, revision)
    return files.from_document(row["document"].encode(), slugs())


async def import_program(tx: Transaction, text: str, into: UUID | None = None) -> Imported:
    """Makes a private program of a file, or, with `into`, the next revision of one's own.

    A file that one's programs hold already, word for word, writes nothing.

    Raises:
        Problem: import-refused, invalid (see files.read); with `into` not-found, forbidden and conflict as for any edit.
    """
    names = await exercise_names(tx)
    # Four megabytes of TOML take seconds: not on the loop, where everybody else waits.
    body = await asyncio.to_thread(files.read, text, names.find)
    if into is None:
        for row in await tx.rows(queries.PROGRAM_NAMES, tx.athlete, True):  # noqa: FBT003 - $2
            if row["program_name"] == body.program_name.strip() and await _is_stored(tx, row["id"], body):
                return await _imported(tx, row["id"], is_new=False)
        return await _imported(tx, await actions.create_program(tx, body), is_new=True)
    row = await actions.find(tx, into)
    is_public = decode_program(row["document"]).is_public
    await actions.change_program(tx, into, msgspec.structs.replace(body, is_public=is_public), None)
    made = await _imported(tx, into, is_new=True)
    return replace(made, is_new=made.revision != row["revision"])


async def import_body(tx: Transaction, text: str, into: UUID | None) -> Imported:
    """As import_program, of a file that came as the field `program_file` of a body: what is wrong is pointed at there.

    Raises:
        Problem: as import_program.
    """
    try:
        return await import_program(tx, text, into)
    except Problem as problem:
        if problem.slug not in ("import-refused", "invalid"):
            raise
        wrong = [FieldError(f"/program_file{each.pointer}", each.detail) for each in problem.errors]
        raise Problem(problem.slug, problem.detail, wrong or [FieldError("/program_file", problem.detail)]) from None


async def _is_stored(tx: Transaction, program_id: UUID, body: ProgramIn) -> bool:
    row = await actions.find(tx, program_id)
    stored = decode_program(row["document"])
    return row["user_id"] == tx.athlete and same_program(msgspec.structs.replace(body, is_public=stored.is_public), stored)


async def _imported(tx: Transaction, program_id: UUID, *, is_new: bool) -> Imported:
    row = await actions.find(tx, program_id)
    return Imported(program_id, decode_program(row["document"]).program_name, row["revision"], is_new)
