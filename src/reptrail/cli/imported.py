"""What an import did, or would do, for a person in a terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reptrail.transfer.actions import ImportResult
from reptrail.transfer.rules import How

MAX_ISSUES_PRINTED = 20


def show_import(result: ImportResult, console: Console, *, dry_run: bool) -> None:
    """Prints the counts, the names that were not known, and the lines that were not taken."""
    counts = result.counts
    head = "Would import" if dry_run else "Imported"
    if not (counts.sessions_new or counts.sets_new or counts.measurements_new):
        head = "Nothing new in"
    console.print(f"[bold]{head}[/bold] {escape(result.file_name)} ({result.import_format}, {escape(result.time_zone)})")
    table = Table(box=None, show_header=True, header_style="dim", padding=(0, 2))
    table.add_column("")
    table.add_column("in the file", justify="right")
    table.add_column("new", justify="right", style="bold")
    for label, found, new in (
        ("sessions", counts.sessions, counts.sessions_new),
        ("sets", counts.sets, counts.sets_new),
        ("measurements", counts.measurements, counts.measurements_new),
    ):
        if found:
            table.add_row(label, f"{found:,}", f"{new:,}")
    console.print(table)
    if counts.sets:
        console.print(f"  {counts.warmups:,} warm-ups among them; {counts.volume_kg:,.0f} kg x reps in all", style="dim")
    _show_names(result, console, dry_run=dry_run)
    _show_issues(result, console)
    if result.id is not None:
        console.print(f"  To undo it: reptrail undo {result.id} --user EMAIL", style="dim", soft_wrap=True)


def _show_names(result: ImportResult, console: Console, *, dry_run: bool) -> None:
    made = [exercise for exercise in result.exercises if exercise.how is How.NEW]
    if made:
        console.print(
            f"  {len(made)} exercises {'would become' if dry_run else 'became'} your own, since the catalogue has none of the name:"
        )
        for exercise in made:
            console.print(f"    {escape(exercise.name)} ({exercise.sets} sets)", soft_wrap=True)
    guessed = [exercise for exercise in result.exercises if exercise.how is How.SUPERSET]
    for exercise in guessed:
        console.print(f"  {escape(exercise.name)} was read as {escape(exercise.exercise_name)}", soft_wrap=True)


def _show_issues(result: ImportResult, console: Console) -> None:
    counts = result.counts
    if not result.issues_total:
        return
    console.print(f"  {counts.errors} errors, {counts.warnings} warnings:", style="yellow")
    for issue in result.issues[:MAX_ISSUES_PRINTED]:
        shown = f" {issue.value!r}" if issue.value else ""
        console.print(
            f"    line {issue.line}, {escape(issue.column)}{escape(shown)}: {escape(issue.reason)}"
            f"{'' if issue.severity == 'error' else ' (taken all the same)'}",
            soft_wrap=True,
        )
    if result.issues_total > MAX_ISSUES_PRINTED:
        console.print(f"    and {result.issues_total - MAX_ISSUES_PRINTED} more", style="dim")
