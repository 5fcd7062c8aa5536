"""`reptrail backtest`: what a progression rule would have asked over an athlete's own history."""

from decimal import Decimal
from itertools import groupby
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reptrail.cli.history import find_user
from reptrail.cli.runtime import DatabaseUrl, DataDir, UserEmail, out, refuse, settings_from, with_services
from reptrail.http.edge import Services
from reptrail.http.encoding import encode
from reptrail.ids import uuid7
from reptrail.prescriptions import actions, words
from reptrail.prescriptions.backtest import Backtest, BacktestItem
from reptrail.prescriptions.rules import DoneSet, PrescribedSet, Rule
from reptrail.prescriptions.wire import BacktestQuery
from reptrail.sentences import number
from reptrail.training.rules import WeightUnit

NONE = "-"


def backtest(
    user: UserEmail,
    exercise: Annotated[str, typer.Option(help="The exercise, by its name or an alias; forgives typing errors.")],
    rule: Annotated[Rule, typer.Option(help="The progression rule.")] = Rule.LINEAR,
    sets: Annotated[
        int | None, typer.Option(min=1, help="Sets.  [default: as many as the time before]", show_default=False)
    ] = None,
    reps: Annotated[int, typer.Option(min=1, help="Repetitions a set, the fewest of a range.")] = 5,
    reps_max: Annotated[int | None, typer.Option(min=1, help="The most of a range, for double.", show_default=False)] = None,
    increment: Annotated[float, typer.Option(min=0, help="What is added.")] = 2.5,
    increment_unit: Annotated[WeightUnit, typer.Option(help="Its unit.")] = WeightUnit.KG,
    deload_percent: Annotated[float, typer.Option(min=0, help="What is taken off after misses, in percent.")] = 10,
    deload_after: Annotated[int, typer.Option(min=1, help="After how many misses in a row.")] = 3,
    percent: Annotated[float | None, typer.Option(help="Of the training max, for percent.", show_default=False)] = None,
    rpe: Annotated[float | None, typer.Option(help="The target RPE, for rpe.", show_default=False)] = None,
    last: Annotated[int, typer.Option(min=1, help="How many performances to show.")] = 20,
    *,
    json: Annotated[bool, typer.Option("--json", help="All of it as JSON.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Say what a progression rule would have asked at each past performance of an exercise, beside what was done."""
    given = {
        "rule": rule, "sets": sets, "reps_min": reps, "reps_max": reps_max, "increment": increment,
        "increment_unit": increment_unit, "deload_percent": deload_percent, "deload_after": deload_after, "percent": percent,
        "rpe": rpe,
    }  # fmt: skip
    exact = {name: Decimal(str(value)) if isinstance(value, float) else value for name, value in given.items()}

    async def work(services: Services) -> tuple[str, Backtest]:
        known = await find_user(services, user)
        async with services.database.act_as_system(known.id, uuid7()) as tx:
            found = await actions.find_done_exercise(tx, exercise)
            try:
                query = msgspec.convert({**exact, "exercise_id": found}, BacktestQuery)
            except msgspec.ValidationError as error:
                refuse(error)
            return await actions.backtest(tx, query)

    name, found = with_services(settings_from(data_dir, database_url), work)
    if json:
        typer.echo(msgspec.json.format(encode(found), indent=2).decode())
    else:
        show(name, found, last, out)


def show(name: str, found: Backtest, last: int, console: Console) -> None:
    """Prints the newest performances, oldest of them first, and what it comes to."""
    table = Table(box=None, header_style="dim", padding=(0, 2))
    for title in ("", "would have asked", "was done", ""):
        table.add_column(title)
    for item in reversed(found.items[:last]):
        table.add_row(item.date.isoformat(), _asked(item.asked), _done(item.done), _verdict(item))
    console.print(f"[bold]{escape(name)}[/bold] by the rule {found.rule}, {found.performances} performances")
    console.print(table)
    if found.met_share is not None:
        console.print(f"Done as asked or better: {found.met} of {found.asked} ({found.met_share:.0%})")
    if found.mean_difference_kg is not None:
        console.print(f"Lifted less asked, on average: {found.mean_difference_kg:+.1f} kg")


def _asked(sets: list[PrescribedSet]) -> str:
    return _short([(_measure(each.reps_min, each.duration_seconds, each.distance_m), _weight(each)) for each in sets])


def _done(sets: list[DoneSet]) -> str:
    return _short([(_measure(each.reps, each.duration_seconds, each.distance_m), _weight(each)) for each in sets])


def _measure(reps: int | None, seconds: int | None, metres: Decimal | None) -> str:
    parts = [str(reps)] if reps is not None else [f"{seconds} s"] if seconds is not None else []
    parts += [f"{number(metres)} m"] if metres is not None else []
    return " ".join(parts) or NONE


def _weight(each: PrescribedSet | DoneSet) -> str:
    return f" at {words.weight(each.weight, each.weight_unit)}" if each.weight is not None and each.weight_unit is not None else ""


def _short(said: list[tuple[str, str]]) -> str:
    """Sets in a row, those that are the same counted: `2 x 5 at 80 kg, 1 x 4 at 80 kg`."""
    return ", ".join(f"{len(list(same))} x {measure}{weight}" for (measure, weight), same in groupby(said)) or NONE


def _verdict(item: BacktestItem) -> str:
    if item.met is None:
        return ""
    return "[green]met[/green]" if item.met else "not met"
