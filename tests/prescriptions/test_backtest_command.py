"""`reptrail backtest` as a person calls it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from helpers import PASSWORD
from reptrail.cli.main import app
from reptrail.db.embedded import DatabaseUrls

EMAIL = "lifter@example.org"
HEADER = '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index","set_type",'
HEADER += '"weight_kg","reps","distance_km","duration_seconds","rpe"\n'
Run = Callable[..., Result]


def workout(day: int, kg: float, *reps: int) -> str:
    start, end = f'"{day} Mar 2026, 17:00"', f'"{day} Mar 2026, 18:00"'
    return "".join(
        f'"Legs",{start},{end},"","Squat (Barbell)",,"",{place},"normal",{kg},{each},,,\n' for place, each in enumerate(reps)
    )


@pytest.fixture(scope="module")
def run(make_database: Callable[..., DatabaseUrls], tmp_path_factory: pytest.TempPathFactory) -> Run:
    urls, directory = make_database(), tmp_path_factory.mktemp("backtest")

    def call(*args: str, stdin: str = "") -> Result:
        env = {"REPTRAIL_DATABASE_URL": urls.owner, "REPTRAIL_DATA_DIR": str(directory), "COLUMNS": "120"}
        return CliRunner().invoke(app, list(args), input=stdin, env=env)

    file: Path = directory / "hevy.csv"
    file.write_text(HEADER + workout(6, 85, 5, 5, 4) + workout(4, 82.5, 5, 5, 5) + workout(2, 80, 5, 5, 5), encoding="utf-8")
    assert call("user", "create", EMAIL, stdin=PASSWORD + "\n").exit_code == 0
    assert call("import", "hevy", str(file), "--user", EMAIL).exit_code == 0
    return call


def test_what_would_have_been_asked_stands_beside_what_was_done(run: Run) -> None:
    found = run("backtest", "--user", EMAIL, "--exercise", "squat", "--rule", "linear", "--increment", "2.5")
    assert found.exit_code == 0, found.stderr
    lines = [" ".join(line.split()) for line in found.output.splitlines()]
    assert lines[0] == "Squat (Barbell) by the rule linear, 3 performances"
    assert lines[2:5] == [
        "2026-03-02 1 x 5 3 x 5 at 80 kg",
        "2026-03-04 3 x 5 at 82.5 kg 3 x 5 at 82.5 kg met",
        "2026-03-06 3 x 5 at 85 kg 2 x 5 at 85 kg, 1 x 4 at 85 kg not met",
    ]
    assert lines[5:] == ["Done as asked or better: 1 of 2 (50%)", "Lifted less asked, on average: +0.0 kg"]


def test_all_of_it_as_json(run: Run) -> None:
    found = run("backtest", "--user", EMAIL, "--exercise", "Squat (Barbell)", "--rule", "linear", "--sets", "3", "--json")
    answer = json.loads(found.output)
    assert (answer["met"], answer["asked"], len(answer["items"])) == (1, 2, 3)
    assert answer["items"][0]["reason"] == "All 3 x 5 at 82.5 kg done on 4 Mar, so 2.5 kg more: 85 kg."


@pytest.mark.parametrize(
    ("args", "exit_code", "reason"),
    [
        (("--exercise", "bench press"), 1, "Nothing here"),
        (("--exercise", "squat", "--rule", "double"), 1, "the rule double needs a range"),
        (("--exercise", "squat", "--rule", "percent"), 1, "the rule percent needs a percent"),
        (("--exercise", "squat", "--increment", "1000"), 1, "/increment"),
        (("--exercise", "squat", "--rule", "magic"), 2, "magic"),
        ((), 2, "--exercise"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(run: Run, args: tuple[str, ...], exit_code: int, reason: str) -> None:
    refused = run("backtest", "--user", EMAIL, *args)
    assert refused.exit_code == exit_code
    assert reason in refused.stderr
