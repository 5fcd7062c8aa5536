"""`reptrail import`, `reptrail undo` and `reptrail progress`."""

from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reptrail import clock
from reptrail.cli.calibration import calibration_json, show_calibration
from reptrail.cli.imported import show_import
from reptrail.cli.report import as_json, render
from reptrail.cli.runtime import DatabaseUrl, DataDir, UserEmail, err, interactive, out, settings_from, with_services
from reptrail.db.pool import Via
from reptrail.goals import actions as goal_actions
from reptrail.http.edge import Services
from reptrail.identity.actions import KnownUser, user_by_email
from reptrail.ids import uuid7
from reptrail.progress import actions as progress_actions
from reptrail.training.rules import WeightUnit
from reptrail.transfer import actions as transfer_actions
from reptrail.transfer.formats.parsed import DistanceUnit

NOON = time(12)


class View(StrEnum):
    """What `reptrail progress` tells."""

    REPORT = "report"
    CALIBRATE = "calibrate"


class Format(StrEnum):
    """The formats that can be imported."""

    AUTO = "auto"
    HEVY = "hevy"
    STRONG = "strong"
    REPTRAIL = "reptrail"


async def find_user(services: Services, email: str) -> KnownUser:
    """The user of an e-mail address. Raises Problem (not-found)."""
    async with services.database.act_as_system(None, uuid7()) as tx:
        return await user_by_email(tx, email)


def import_(
    format: Annotated[Format, typer.Argument(metavar="FORMAT", help="auto, hevy, strong or reptrail.")],  # noqa: A002 - the command's own word
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)],
    user: UserEmail,
    distance_unit: Annotated[
        DistanceUnit | None, typer.Option(help="Unit of distances, where the file states none.", show_default=False)
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come in, and write nothing.")] = False,
    time_zone: Annotated[
        str | None, typer.Option(help="Zone of the file's times.  [default: the athlete's]", show_default=False)
    ] = None,
    weight_unit: Annotated[
        WeightUnit | None, typer.Option(help="Unit of weights, where the file states none; never guessed.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Import the history that another app exported. Importing the same file again changes nothing."""
    data = file.read_bytes()

    async def work(services: Services) -> transfer_actions.ImportResult:
        known = await find_user(services, user)
        options = transfer_actions.ImportOptions(
            format=format, file_name=file.name, dry_run=dry_run, time_zone=time_zone or known.time_zone,
            weight_unit=weight_unit, distance_unit=distance_unit,
        )  # fmt: skip
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err, transient=True, disable=not interactive()) as bar:
            task = bar.add_task("Reading", total=None)

            def advance(stage: str, done: int, total: int) -> None:
                bar.update(task, description=stage, completed=done, total=total)

            async with services.database.act_as_system(known.id, uuid7(), Via.IMPORT) as tx:
                return await transfer_actions.run_import(tx, data, options, advance)

    show_import(with_services(settings_from(data_dir, database_url), work), out, dry_run=dry_run)


def undo(
    import_id: Annotated[UUID, typer.Argument(metavar="IMPORT_ID", help="As `reptrail import` printed it.")],
    user: UserEmail,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Undo an import as one act; the API can restore it."""

    async def work(services: Services) -> None:
        known = await find_user(services, user)
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            await transfer_actions.undo_import(tx, import_id)

    with_services(settings_from(data_dir, database_url), work)
    err.print(f"Undone {import_id}: everything it brought is hidden.")


def progress(
    user: UserEmail,
    view: Annotated[
        View, typer.Argument(metavar="[report|calibrate]", help="calibrate: how often the 80 % interval of forecasts held.")
    ] = View.REPORT,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks back.")] = 12,
    top: Annotated[int, typer.Option(min=1, max=50, help="How many lifts.")] = 8,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day.  [default: today]", show_default=False)
    ] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="The numbers as JSON.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """A report of an athlete's training: volume, best lifts, body weight; or how often forecasts over their history held."""
    if view is View.CALIBRATE:
        _calibrate(user, json=json, data_dir=data_dir, database_url=database_url)
        return

    async def work(services: Services) -> progress_actions.Report:
        known = await find_user(services, user)
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            at = None if until is None else clock.local_to_utc(until.replace(hour=12), known.time_zone)
            report = await progress_actions.report(tx, weeks=weeks, top=top, now=at)
            if at is None and report.last_day is not None and not any(week.sessions for week in report.weeks):
                # A history that ended long ago (just imported, say): the weeks it ended with say more than empty ones.
                noon = datetime.combine(report.last_day, NOON)
                report = await progress_actions.report(tx, weeks=weeks, top=top, now=clock.local_to_utc(noon, known.time_zone))
                err.print(f"Nothing was trained in the last {weeks} weeks; this is the report of {report.last_day}.")
            return report

    report = with_services(settings_from(data_dir, database_url), work)
    if json:
        typer.echo(as_json(report))
    else:
        render(report, out)


def _calibrate(user: str, *, json: bool, data_dir: Path | None, database_url: str | None) -> None:
    async def work(services: Services) -> tuple[list[goal_actions.Calibration], WeightUnit]:
        known = await find_user(services, user)
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            return await goal_actions.calibrate(tx), WeightUnit(known.weight_unit)

    found, unit = with_services(settings_from(data_dir, database_url), work)
    if json:
        typer.echo(calibration_json(found))
    else:
        show_calibration(found, unit, out)
