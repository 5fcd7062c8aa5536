"""The command line: one page that names every command."""

import sys

import typer

from reptrail import __version__
from reptrail.cli import backtest, checks, database, history, jobs, leaving, programs, serve, users

app = typer.Typer(
    name="reptrail",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reptrail: a self-hosted training-progress system of record.",
)
app.command("serve")(serve.serve)
app.command("demo")(serve.demo)
app.command("import")(history.import_)
app.command("undo")(history.undo)
app.command("export")(leaving.export)
app.command("progress")(history.progress)
app.command("backtest")(backtest.backtest)
app.command("doctor")(checks.doctor)
app.command("openapi")(checks.openapi)
app.add_typer(users.app, name="user")
app.add_typer(database.app, name="db")
app.add_typer(checks.audit, name="audit")
app.add_typer(jobs.app, name="jobs")
app.add_typer(leaving.erasures, name="erasures")
app.add_typer(programs.app, name="program")


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"reptrail {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say the version and exit."),  # noqa: FBT003
) -> None:
    """Reptrail: a self-hosted training-progress system of record."""
    del version


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")  # a name in a script that the terminal lacks must not end a report
    app()
