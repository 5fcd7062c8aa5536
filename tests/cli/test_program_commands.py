"""`reptrail program ...`, as a person calls it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import Result
from typer.testing import CliRunner

from helpers import PASSWORD
from reptrail.cli.main import app
from reptrail.db.embedded import DatabaseUrls
from reptrail.programs.builtin import programs
from reptrail.programs.files import MAX_FILE_BYTES

EMAIL, OTHER = "me@example.org", "other@example.org"
WAVE = next(program for program in programs() if program.slug == "weekly-wave")

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(make_database: Callable[..., DatabaseUrls], tmp_path_factory: pytest.TempPathFactory) -> Run:
    urls = make_database()
    directory = tmp_path_factory.mktemp("cli")

    def call(*args: str, stdin: str = "", **_: Any) -> Result:
        env = {"REPTRAIL_DATABASE_URL": urls.owner, "REPTRAIL_DATA_DIR": str(directory), "COLUMNS": "140"}
        return CliRunner().invoke(app, list(args), input=stdin, env=env)

    for email in (EMAIL, OTHER):
        made = call("user", "create", email, stdin=PASSWORD + "\n")
        assert made.exit_code == 0, made.output
    return call


def test_from_a_built_in_one_to_ones_own_and_on_to_somebody_else(run: Run, tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("first.toml", "second.toml", "third.toml"))
    assert run("program", "export", "weekly-wave", str(first)).exit_code == 0
    first.write_text(first.read_text().replace('"Weekly Wave"', '"Wave, 2nd \\"edition\\""'))
    made = run("program", "import", str(first), "--user", EMAIL)
    assert made.exit_code == 0, made.stderr
    assert 'Imported Wave, 2nd "edition", revision 1.' in made.stderr
    program = str(UUID(made.stdout.strip()))
    for wanted, file in ((program, second), ('Wave, 2nd "edition"', third)):
        done = run("program", "export", wanted, str(file), "--user", EMAIL)
        assert done.exit_code == 0, done.stderr
    assert first.read_bytes() == second.read_bytes() == third.read_bytes()
    again = run("program", "import", str(second), "--user", EMAIL)
    assert (again.exit_code, again.stdout.strip()) == (0, program)
    assert "Nothing new" in again.stderr
    others = run("program", "import", str(second), "--user", OTHER)
    assert others.stdout.strip() not in ("", program)
    refused = run("program", "export", program, str(tmp_path / "x.toml"), "--user", OTHER)
    assert refused.exit_code == 1
    assert not (tmp_path / "x.toml").exists()


def test_an_edited_file_is_the_next_revision(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "program.toml"
    file.write_text(WAVE.text.replace("Weekly Wave", "Edited"))
    program = run("program", "import", str(file), "--user", EMAIL).stdout.strip()
    file.write_text(file.read_text().replace("leave one in you", "leave two in you"))
    made = run("program", "import", str(file), "--user", EMAIL, "--into", program)
    assert (made.exit_code, made.stdout.strip()) == (0, program)
    assert "Imported Edited, revision 2." in made.stderr
    old = run("program", "export", program, "-", "--user", EMAIL, "--revision", "1")
    assert "leave one in you" in old.stdout
    assert run("program", "export", program, "-", "--user", EMAIL).stdout == file.read_text()
    assert run("program", "import", str(file), "--user", OTHER, "--into", program).exit_code == 1


def test_a_built_in_program_needs_no_database() -> None:
    nowhere = {"REPTRAIL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    for wanted in (WAVE.slug, str(WAVE.id)):
        done = CliRunner().invoke(app, ["program", "export", wanted, "-"], env=nowhere)
        assert (done.exit_code, done.stdout) == (0, WAVE.text)
    listed = CliRunner().invoke(app, ["program", "list"], env=nowhere)
    assert all(program.slug in listed.stdout for program in programs())


def test_a_file_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    refused = run("program", "export", "bodyweight", str(file))
    assert (refused.exit_code, file.read_text()) == (1, "mine")
    assert "--force" in refused.stderr
    assert run("program", "export", "bodyweight", str(file), "--force").exit_code == 0
    assert file.read_text().startswith("# A Reptrail program")
    assert run("program", "export", "bodyweight", str(tmp_path / "no" / "such" / "folder")).exit_code == 1


def test_a_list_is_of_what_one_may_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "program.toml"
    file.write_text(WAVE.text.replace("Weekly Wave", "Only mine [bold]"))
    program = run("program", "import", str(file), "--user", EMAIL).stdout.strip()
    mine, others = (run("program", "list", "--user", email).stdout for email in (EMAIL, OTHER))
    assert program in mine
    assert "Only mine [bold]" in mine
    assert "Only mine" not in others
    assert "couch-to-5k" in others


def test_check_says_everything_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "program.toml"
    file.write_text(WAVE.text.replace("squat-barbell", "Sqat (my own)").replace("percent = 62.5", "percent = 620"))
    before = run("program", "list", "--user", EMAIL).stdout
    for command in (["check", str(file)], ["check", str(file), "--user", EMAIL], ["import", str(file), "--user", EMAIL]):
        refused = run("program", *command)
        assert refused.exit_code == 1
        lines = refused.stderr.splitlines()
        assert lines[0].endswith("is refused:")
        assert any("/workouts/0/instructions/0/exercise: there is no exercise 'Sqat (my own)'" in line for line in lines)
        assert any("/workouts/0/instructions/0/set_targets/2/percent" in line for line in lines)
    assert run("program", "list", "--user", EMAIL).stdout == before
    good = tmp_path / "good.toml"
    good.write_bytes(b"\xef\xbb\xbf" + WAVE.text.replace("\n", "\r\n").encode())
    done = run("program", "check", str(good))
    assert (done.exit_code, done.stdout) == (0, "Weekly Wave: 28 days, 16 of them with training, 16 workouts.\n")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "is not UTF-8: byte 0"),
        (b"x" * (MAX_FILE_BYTES + 1), "at most"),
        (b"format = 1\nprogram_name = \n", "line 2"),
        (b"", "format must be 1"),
    ],
    ids=["latin", "large", "broken", "empty"],
)
def test_what_is_no_program_file_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "program.toml"
    file.write_bytes(content)
    refused = CliRunner().invoke(app, ["program", "check", str(file)])
    assert refused.exit_code == 1
    assert why in refused.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["export", "no-such-program", "-"], 1),
        (["export", "no-such-program", "-", "--user", EMAIL], 1),
        (["export", "weekly-wave", "-", "--user", "nobody@example.org"], 1),
        (["import", "no-such-file.toml", "--user", EMAIL], 2),
        (["import"], 2),
        (["check"], 2),
        (["export", "weekly-wave"], 2),
    ],
    ids=lambda value: "-".join(value)[:40] if isinstance(value, list) else str(value),
)
def test_wrong_use_and_refusals_have_their_exit_codes(run: Run, command: list[str], code: int) -> None:
    done = run("program", *command)
    assert done.exit_code == code, done.output
    assert done.stderr


def test_the_schema_is_printed() -> None:
    done = CliRunner().invoke(app, ["program", "schema"])
    assert json.loads(done.stdout)["title"] == "Reptrail program file"
