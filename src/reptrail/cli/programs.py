"""`reptrail program`: programs as files, to be read, edited and shared."""

import json
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import msgspec
import typer
from rich.markup import escape

from reptrail.cli.history import find_user
from reptrail.cli.runtime import DatabaseUrl, DataDir, UserEmail, err, out, refuse, settings_from, with_services
from reptrail.errors import Problem
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.programs import actions, sharing
from reptrail.programs.builtin import BuiltinProgram
from reptrail.programs.builtin import programs as builtin_programs
from reptrail.programs.files import MAX_FILE_BYTES, read
from reptrail.programs.naming import ExerciseNames
from reptrail.programs.schema import schema as program_schema
from reptrail.programs.wire import ProgramItem, ProgramPage, ProgramPut, ProgramsQuery

app = typer.Typer(no_args_is_help=True, help="Programs as files.")

STANDARD_OUTPUT = Path("-")
File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)]
SomeUser = Annotated[
    str | None, typer.Option("--user", metavar="EMAIL", help="Whose programs and exercises, too.", show_default=False)
]


def _text(file: Path) -> str:
    """What stands in a file; one that cannot be a program's ends the command."""
    data = file.read_bytes()
    if len(data) > MAX_FILE_BYTES:
        refuse(f"{file} has {len(data):,} bytes; a program file has at most {MAX_FILE_BYTES:,}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(f"{file} is not UTF-8: byte {error.start}")


def _refuse_file(file: Path, problem: Problem) -> NoReturn:
    """Says everything that is wrong with a file, a line each."""
    reasons = [f"  {each.pointer or '/'}: {each.detail}" for each in problem.errors] or [f"  {problem.detail or problem}"]
    refuse("\n".join([f"{file} is refused:", *reasons]))


@app.command("list")
def list_(user: SomeUser = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the built-in programs, and with --user those that the user may read."""
    if user is None:
        bodies = [(each.slug, each.body) for each in builtin_programs()]
        lines = [(slug, each.program_name, len(each.days), sum(bool(day.workouts) for day in each.days)) for slug, each in bodies]
    else:
        items = _readable(user, data_dir, database_url)
        lines = [(item.slug or str(item.id), item.program_name, item.day_count, item.training_days) for item in items]
    # Plain lines, never cut to the width of a terminal: the first column is what `export` wants.
    widths = [max(map(len, column), default=0) for column in ([line[0] for line in lines], [line[1] for line in lines])]
    for key, name, day_count, training in lines:
        typer.echo(f"{key:<{widths[0]}}  {name:<{widths[1]}}  {day_count:>5} days, {training} of them with training")


def _readable(email: str, data_dir: Path | None, database_url: str | None) -> list[ProgramItem]:
    """Every program that a user may read."""

    async def work(services: Services) -> list[ProgramItem]:
        known = await find_user(services, email)
        found: list[ProgramItem] = []
        query = ProgramsQuery(limit=200)
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            while True:
                page = msgspec.json.decode(await actions.program_page(tx, query, None, mine=False), type=ProgramPage)
                found += page.items
                if page.next_cursor is None:
                    return found
                query = ProgramsQuery(limit=200, cursor=page.next_cursor)

    return with_services(settings_from(data_dir, database_url), work)


@app.command("export")
def export(
    program: Annotated[str, typer.Argument(metavar="PROGRAM", help="Its id, its slug or its name.")],
    file: Annotated[
        Path, typer.Argument(metavar="OUT", dir_okay=False, allow_dash=True, help="The file to write; - for the terminal.")
    ],
    user: SomeUser = None,
    revision: Annotated[int | None, typer.Option(min=1, help="[default: the latest]", show_default=False)] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write a program into a file. The built-in ones need no --user."""
    if file != STANDARD_OUTPUT and file.exists() and not force:
        refuse(f"{file} is there already; --force writes over it")

    async def work(services: Services) -> str:
        known = await find_user(services, user or "")
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            return await sharing.export_program(tx, await sharing.find_program(tx, program), revision)

    builtin = _builtin(program)
    if user is not None:
        text = with_services(settings_from(data_dir, database_url), work)
    elif builtin is not None and revision is None:
        text = builtin.text
    else:
        refuse(f"{program} is no built-in program: say whose it is with --user")
    if file == STANDARD_OUTPUT:
        typer.echo(text, nl=False)
        return
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}")


def _builtin(wanted: str) -> BuiltinProgram | None:
    return next((each for each in builtin_programs() if wanted in (each.slug, str(each.id))), None)


@app.command("import")
def import_(
    file: File,
    user: UserEmail,
    into: Annotated[
        UUID | None,
        typer.Option(
            metavar="PROGRAM_ID", help="Publish the next revision of this program instead of a new one.", show_default=False
        ),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a program of a file. One that is there already, word for word, is not made twice."""
    text = _text(file)

    async def work(services: Services) -> sharing.Imported:
        known = await find_user(services, user)
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            try:
                return await sharing.import_program(tx, text, into)
            except Problem as problem:
                if problem.slug not in ("invalid", "import-refused"):
                    raise
                _refuse_file(file, problem)

    made = with_services(settings_from(data_dir, database_url), work)
    if not made.is_new:
        err.print(f"Nothing new: {escape(made.program_name)} is there already, as revision {made.revision}.")
    else:
        err.print(f"Imported {escape(made.program_name)}, revision {made.revision}.")
    typer.echo(made.program_id)


@app.command("check")
def check(file: File, user: SomeUser = None, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Say everything that is wrong with a program file, and write nothing. Own exercises need --user."""
    text = _text(file)

    async def work(services: Services) -> ExerciseNames:
        known = await find_user(services, user or "")
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            return await sharing.exercise_names(tx)

    known = ExerciseNames() if user is None else with_services(settings_from(data_dir, database_url), work)
    try:
        body: ProgramPut = read(text, known.find)
    except Problem as problem:
        _refuse_file(file, problem)
    training = sum(bool(day.workouts) for day in body.days)
    out.print(
        f"{escape(body.program_name)}: {len(body.days)} days, {training} of them with training, {len(body.workouts)} workouts.",
        soft_wrap=True,
    )


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of program files."""
    typer.echo(json.dumps(program_schema(), indent=2))
