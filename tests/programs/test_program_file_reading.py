"""Reading program files: which exercise a name means, what is wrong and where, and the schema that says what is right."""

import json
import re
from decimal import Decimal
from pathlib import Path

import jsonschema_rs
import pytest
from file_strategies import a_file

from reptrail.catalog import builtin
from reptrail.errors import Problem
from reptrail.http.encoding import encode
from reptrail.ids import uuid7
from reptrail.programs.files import from_document, parse, read
from reptrail.programs.naming import ExerciseNames
from reptrail.programs.schema import schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = ExerciseNames()
SQUAT = builtin.builtin_id("exercise", "squat-barbell")
VALIDATOR = jsonschema_rs.validator_for(schema())


def errors(text: str, names: ExerciseNames = NAMES) -> dict[str, str]:
    """What is wrong with a file, by its place."""
    with pytest.raises(Problem) as caught:
        read(text, names.find)
    assert caught.value.slug == "invalid", caught.value
    return {each.pointer: each.detail for each in caught.value.errors}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("squat-barbell", "squat-barbell"),
        ("Squat (Barbell)", "squat-barbell"),
        ("BARBELL SQUAT", "squat-barbell"),
        ("Pull Ups", "pull-up"),
        ("Lat Pulldown (Cable)", "lat-pulldown-cable"),
    ],
)
def test_a_built_in_exercise_has_many_names(name: str, slug: str) -> None:
    assert NAMES.find(name) == builtin.builtin_id("exercise", slug)


@pytest.mark.parametrize("name", ["Squatt", "", "\x00", "Press", "squat-barbel", "x" * 5000, "💪"])
def test_what_is_only_like_a_name_is_not_taken(name: str) -> None:
    found = NAMES.find(name)
    assert isinstance(found, str)
    assert len(found) < 1000


def test_a_file_of_nothing_but_unknown_names_is_refused_soon() -> None:
    asked: list[str] = []

    def find(name: str) -> str:
        asked.append(name)
        return "is unknown"

    with pytest.raises(Problem) as caught:
        read(a_file(instruction=", ".join(f'{{ exercise = "x{n}", sets = 3 }}' for n in range(5000))), find)
    assert len(asked) == len(caught.value.errors) == 100


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = a_file(
        more='is_public = true\nid = "x"\ncolour = 5',
        days='[["A"], "A", [5], { workouts = ["A"], day_name = "" }]',
        instruction='{ exercise = "Sqat", sets = 0 }, { sets = 1 }, { exercise = 5, rpe = 11.0 }, 7, '
        '{ exercise_id = "x", exercise = "pull-up" }',
        in_workout='workout_id = "x"',
    )
    found = errors(text)
    assert set(found) == {
        "/is_public",
        "/id",
        "/colour",
        "/days/1",
        "/days/2/workouts/0",
        "/days/3/day_name",
        "/workouts/0/workout_id",
        "/workouts/0/instructions/0/exercise",
        "/workouts/0/instructions/0/sets",
        "/workouts/0/instructions/1/exercise",
        "/workouts/0/instructions/2/exercise",
        "/workouts/0/instructions/2/rpe",
        "/workouts/0/instructions/3",
        "/workouts/0/instructions/4/exercise_id",
    }
    assert found["/workouts/0/instructions/0/exercise"].startswith("there is no exercise 'Sqat'; perhaps squat-barbell")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"days": '[["B"]]'}, "/days/0/workouts/0"),
        ({"days": "[[]]"}, "/workouts/0/workout_key"),
        ({"days": "[]"}, "/days"),
        ({"days": f"[{'[], ' * 2000} ['A']]"}, "/days"),
        ({"days": '[["A", "A", "A", "A", "A", "A", "A"]]'}, "/days/0/workouts"),
        ({"program_name": "1979-05-27"}, None),
        ({"program_name": "true"}, "/program_name"),
        ({"program_name": '" "'}, "/program_name"),
        ({"instruction": "[]"}, "/workouts/0/instructions/0"),
        (
            {"instruction": '{ exercise = "pull-up", progression = { rule = "magic" } }'},
            "/workouts/0/instructions/0/progression/rule",
        ),
        (
            {"instruction": '{ exercise = "pull-up", sets = 3, reps_min = 5, reps_max = 5, progression = { rule = "double" } }'},
            "/workouts/0/instructions/0/progression/increment",
        ),
        ({"instruction": '{ exercise = "pull-up", weight = "80", weight_unit = "kg" }'}, "/workouts/0/instructions/0/weight"),
        ({"instruction": f'{{ exercise = "pull-up", sets = {"9" * 30} }}'}, "/workouts/0/instructions/0/sets"),
        ({"more": "workout = 3"}, "/workout"),
    ],
)
def test_what_is_wrong_is_pointed_at(changes: dict[str, str], place: str | None) -> None:
    if place is None:
        assert read(a_file(**changes), NAMES.find).program_name == "1979-05-27"
    else:
        assert place in errors(a_file(**changes))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1\nb = \nc = 1", "line 2"),
        ("format = 1\nformat = 1", "overwrite"),
        ("", "format must be 1"),
        ("format = 2", "format must be 1"),
        ("format = '1'", "format must be 1"),
        (a_file(instruction='{ exercise = "pull-up", weight = nan }'), "nan is no number"),
        (a_file(instruction='{ exercise = "pull-up", weight = -inf }'), "inf is no number"),
        (a_file(instruction=f'{{ exercise = "pull-up", sets = {"9" * 6000} }}'), "this is not TOML"),
        ("a = " + "[" * 100_000, "this is not TOML"),
        ("\x00", "this is not TOML"),
    ],
    ids=lambda value: re.sub(r"\W+", "-", value)[:30],
)
def test_what_is_no_program_file_is_refused(text: str, why: str) -> None:
    with pytest.raises(Problem, match=re.escape(why)) as caught:
        read(text, NAMES.find)
    assert caught.value.slug == "import-refused"


def test_numbers_stay_exact() -> None:
    text = a_file(instruction='{ exercise = "pull-up", weight = 102.050, weight_unit = "lb", distance_m = 1e3 }')
    [asked] = read(text, NAMES.find).workouts[0].instructions or []
    assert (str(asked.weight), asked.distance_m) == ("102.050", Decimal(1000))


def test_what_the_api_answers_beside_is_left_out_of_a_file() -> None:
    document = {
        "id": str(uuid7()),
        "program_name": "x",
        "description": None,
        "days": [{"day_number": 1, "day_name": None, "day_notes": None, "workouts": [{"position": 1, "workout_key": "A"}]}],
        "workouts": [
            {
                "workout_key": "A",
                "workout_id": str(uuid7()),
                "workout_name": "x",
                "description": None,
                "instructions": [
                    {
                        "id": "x",
                        "exercise_id": str(SQUAT),
                        "exercise_name": "Squat",
                        "sets": 2,
                        "set_targets": [{"kind": "DROP", "rpe": None}],
                    }
                ],
            }
        ],
    }
    text = from_document(encode(document), {SQUAT: "squat-barbell"})
    assert parse(text)["workouts"][0]["instructions"] == [{"exercise": "squat-barbell", "set_targets": [{"kind": "DROP"}]}]


def test_the_schema_in_the_docs_is_the_one_of_the_code() -> None:
    """`reptrail program schema > docs/program-file.schema.json` after a change."""
    assert json.loads((DOCS / "program-file.schema.json").read_text(encoding="utf-8")) == schema()


def test_the_schema_refuses_what_reading_refuses() -> None:
    good = parse(a_file())
    assert VALIDATOR.is_valid(json.loads(encode(good)))
    for wrong in ({**good, "is_public": True}, {**good, "days": ["A"]}, {**good, "format": 2}, {**good, "workouts": []}):
        assert not VALIDATOR.is_valid(json.loads(encode(wrong)))
    instruction = schema()["$defs"]["Instruction"]["properties"]
    assert "exercise_id" not in instruction
    assert "null" not in json.dumps(schema())


def test_every_field_is_in_the_docs_and_its_examples_are_good() -> None:
    page = (DOCS / "program-files.md").read_text(encoding="utf-8")
    parts = schema()
    fields = set(parts["properties"]) | {
        name for part in parts["$defs"].values() for name in part.get("properties", {}) if part.get("type") == "object"
    }
    assert {name for name in fields if f"`{name}`" not in page} == set()
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert examples
    for example in examples:
        read(example, NAMES.find)
