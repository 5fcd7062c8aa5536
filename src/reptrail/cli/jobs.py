"""`reptrail jobs run`."""

import typer

from reptrail.cli.runtime import DatabaseUrl, DataDir, out, refuse, settings_from, with_services
from reptrail.jobs import run_due

app = typer.Typer(no_args_is_help=True, help="What the server does by itself.")


@app.callback()
def _group() -> None:
    """What the server does by itself."""


@app.command("run")
def run(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Do once what is due: expire overdue enrollments, forget answers whose day is over."""
    done = with_services(settings_from(data_dir, database_url), run_due)
    out.print(f"{done.enrollments_expired} enrollments expired, {done.answers_forgotten} kept answers forgotten.")
    if done.failed:
        refuse(f"{done.failed} athletes could not be served; the log says why")
