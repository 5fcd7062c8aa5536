"""Every command, on a database of its own, as a person calls it: arguments in, text and exit code out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from helpers import PASSWORD
from reptrail.cli.main import app
from reptrail.db.embedded import DatabaseUrls
from reptrail.db.migrate import head

DATA = Path(__file__).resolve().parents[1] / "data"
EMAIL = "me@example.org"

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(make_database: Callable[..., DatabaseUrls], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command on one fresh database; its first user is there already."""
    urls = make_database()
    directory = tmp_path_factory.mktemp("cli")

    def call(*args: str, stdin: str = "", **_: Any) -> Result:
        env = {"REPTRAIL_DATABASE_URL": urls.owner, "REPTRAIL_DATA_DIR": str(directory), "COLUMNS": "120"}
        return CliRunner().invoke(app, list(args), input=stdin, env=env)

    made = call("user", "create", EMAIL, "--time-zone", "Europe/Berlin", stdin=PASSWORD + "\n")
    assert made.exit_code == 0, made.output
    return call


def test_the_first_user_is_the_administrator_and_others_are_not(run: Run) -> None:
    assert run("user", "create", "other@example.org", stdin=PASSWORD + "\n").exit_code == 0
    lines = {line.split()[0]: line for line in run("user", "list").output.splitlines() if "@" in line}
    assert lines[EMAIL].rstrip().endswith("yes")
    assert not lines["other@example.org"].rstrip().endswith("yes")


def test_a_taken_address_is_refused_with_the_reason_and_exit_code_1(run: Run) -> None:
    refused = run("user", "create", EMAIL.upper(), stdin=PASSWORD + "\n")
    assert refused.exit_code == 1
    assert "has an account" in refused.stderr


def test_a_weak_password_is_refused_naming_the_field(run: Run) -> None:
    refused = run("user", "create", "weak@example.org", stdin="short\n")
    assert (refused.exit_code, "/password" in refused.stderr) == (1, True)


def test_a_new_password_ends_logins_and_unknown_users_are_refused(run: Run) -> None:
    assert run("user", "passwd", EMAIL, stdin="another good password\n").exit_code == 0
    assert run("user", "passwd", "nobody@example.org", stdin="another good password\n").exit_code == 1


def test_a_dry_run_writes_nothing_then_the_import_does_and_again_it_does_not(run: Run) -> None:
    file = str(next((DATA / "hevy").glob("*.csv")))
    dry = run("import", "auto", file, "--user", EMAIL, "--dry-run")
    assert dry.exit_code == 0, dry.stderr
    assert "Would import" in dry.output
    first = run("import", "auto", file, "--user", EMAIL)
    assert "Imported" in first.output, first.output
    again = run("import", "auto", file, "--user", EMAIL)
    assert "Nothing new" in again.output
    import_id = first.output.split("reptrail undo ")[1].split()[0]
    assert run("undo", import_id, "--user", "nobody@example.org").exit_code == 1
    assert run("undo", import_id, "--user", EMAIL).exit_code == 0
    assert run("undo", import_id, "--user", EMAIL).exit_code == 1
    assert "Imported" in run("import", "auto", file, "--user", EMAIL).output


def test_a_file_that_is_no_history_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cats.csv"
    file.write_text("name,colour\nTom,grey\n")
    refused = run("import", "auto", str(file), "--user", EMAIL)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("reptrail: ")


@pytest.mark.parametrize(
    "args",
    [("import", "auto"), ("import", "garmin", "x.csv", "--user", EMAIL), ("progress",), ("nonsense",), ("user", "create"),
     ("import", "auto", "/does/not/exist.csv", "--user", EMAIL)],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(run: Run, args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


def test_progress_is_a_report_for_people_and_json_for_programs(run: Run) -> None:
    assert run("demo").exit_code == 0
    report = run("progress", "--user", "demo@reptrail.example", "--weeks", "8", "--top", "3")
    assert report.exit_code == 0
    assert "Last 8 weeks" in report.output
    assert "Best lifts" in report.output
    numbers = json.loads(run("progress", "--user", "demo@reptrail.example", "--json").output)
    assert numbers["sessions"] > 300
    assert len(numbers["weeks"]) == 12


def test_progress_of_an_old_history_shows_the_weeks_it_ended_with(run: Run, tmp_path: Path) -> None:
    # Of somebody with nothing newer: the other tests of this file bring histories of their own.
    assert run("user", "create", "retired@example.org", stdin=PASSWORD + "\n").exit_code == 0
    file = tmp_path / "strong.csv"
    file.write_text(
        "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
        "2021-05-03 18:00:00,Legs,45m,Squat (Barbell),1,100,5,0,0,,,\n"
    )
    assert run("import", "strong", str(file), "--user", "retired@example.org", "--weight-unit", "kg").exit_code == 0
    report = run("progress", "--user", "retired@example.org")
    assert report.exit_code == 0
    assert "Nothing was trained in the last 12 weeks; this is the report of 2021-05-03." in report.stderr
    assert "Squat (Barbell)" in report.output


def test_the_schema_is_told_and_migrating_again_changes_nothing(run: Run) -> None:
    assert f"this version serves {head()}" in run("db", "status").output
    assert "Already at" in run("db", "migrate").stderr


def test_verify_says_that_nothing_was_altered(run: Run) -> None:
    clean = run("audit", "verify")
    assert clean.exit_code == 0, clean.output + clean.stderr
    assert "nothing was altered" in clean.output


def test_doctor_is_content_with_a_good_instance(run: Run) -> None:
    found = run("doctor")
    assert (found.exit_code, "All is well." in found.output) == (0, True)


def test_the_openapi_document_is_printed(run: Run) -> None:
    document = json.loads(run("openapi").output)
    assert document["openapi"].startswith("3.1")


def test_an_unknown_setting_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPTRAIL_PROT", "9000")
    refused = run("db", "status")
    assert (refused.exit_code, "REPTRAIL_PROT is not a setting" in refused.stderr) == (1, True)


def test_a_database_that_is_not_there_is_said_in_one_line() -> None:
    refused = CliRunner().invoke(app, ["db", "status", "--database-url", "postgresql://nobody@127.0.0.1:1/none"])
    assert refused.exit_code == 1
    assert "not reachable" in refused.stderr
