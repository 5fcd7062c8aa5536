"""Every sentence the server can send has a code, and the app's catalogue has words for every code."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import date
from time import process_time

import pytest
from gate_sources import REPOSITORY, Source, sources

from reptrail.body import api as body
from reptrail.body.rules import INPUT_UNITS, Input, Sex, bmi, compositions
from reptrail.catalog import builtin
from reptrail.errors import CONSTRAINTS, PROBLEMS
from reptrail.goals import api as goals
from reptrail.goals.rules import REASONS
from reptrail.prescriptions.words import WHY
from reptrail.programs.words import CHANGES
from reptrail.progress.rules import LOAD_MEANINGS, load_caveats
from reptrail.refusals import REFUSALS
from reptrail.sentences import Phrases
from reptrail.transfer.words import ISSUES

CATALOGUE: dict[str, str] = json.loads((REPOSITORY / "web/src/i18n/en.json").read_text(encoding="utf-8"))
# Each table whose codes are found from its words, and the prefix of its codes in the app's catalogue.
TABLES = {"refusal": REFUSALS, "issue": ISSUES}
# Those whose sentences are made from their codes.
SAID = {"why": WHY, "change": CHANGES}
EVERY = TABLES | SAID
# Texts that the API sends whole, which the app knows by what they belong to.
WHOLE = {
    "goal.method": goals.METHOD,
    "body.method": body.METHOD,
    **{f"load.meaning.{name}": text for name, text in LOAD_MEANINGS.items()},
    **{f"goal.refusal.{refusal}": text for refusal, text in REASONS.items()},
    **{f"metric.{metric.slug.replace('-', '_')}": metric.name for metric in builtin.metrics()},
}
# Which argument of a call is a sentence of which table.
REFUSING = {
    "Problem": 1,
    "invalid": 1,
    "FieldError": 1,
    "refused": 1,
    "session_refused": 1,
    "_unauthenticated": 0,
    "FileRefused": 1,
}
DOUBTING = {"error": 2, "warn": 2, "_wrong": 3, "_leave_out": 3, "Issue": 3}
YEARS_AND_NUMBERS = {
    "a date lies between 1970 and 2100": {"first": "1970", "last": "2100"},
    "after 2100": {"year": "2100"},
    "40,000 reps in one session are more than the 32,767 it can hold": {"count": 40000, "what": "reps", "most": 32767},
    "rounded to 3 seconds": {"count": 3},
}
NAME = re.compile(r"\{\w*\}")
# Where no API answers: the command line and what starts the server, in English as their documentation is.
ELSEWHERE = ("cli/", "demo/", "db/")
# Said by a library in the middle of a sentence that has a code, or by msgspec, whose sentences nobody here writes.
FROM_OUTSIDE = frozenset(
    code for code in REFUSALS.texts if REFUSALS.texts[code].startswith(("Expected", "Invalid", "Number", "Integer", "Object"))
)  # fmt: skip
# Put together from parts, so that no literal is the whole of them; the example shows what they come to.
PUT_TOGETHER = {
    "no_exercise_but": "there is no exercise 'Bench'; perhaps bench-press-barbell, bench-dip",
    "implausible": "820 kg is outside the plausible range from 20 to 500 kg",
    "implausibly_low": "1 cm is outside the plausible range from 10 cm",
    "implausibly_high": "90 in (228.6 cm) is outside the plausible range up to 200 cm",
    "change_ahead": "change 9 is not there: the newest is 4; pull from 0 and keep what you have not pushed",
    "other_history": "the history up to there, or what you may see of it, is another one; pull from 0 and keep what you have not "
    "pushed",
    "not_reps": "not a number of reps",
    "not_a_weight": "not a weight",
    "not_a_distance": "not a distance",
}
PARTS = {"{} is outside the plausible range {} {}", "not {}"}
# Made in words.py itself, of what a set is measured in; or the words that a training max has where none were sent.
MEASURES = {"max_by_hand", "body_weight", "seconds", "metres", "sets", "range", "nearest", "one_set", "some_sets"}
# Raised by SQL: app.act_as.
FROM_SQL = {"login_ended", "token_not_valid", "token_may_not", "no_way_in"}


def shape(text: str) -> str:
    """A sentence with nothing said of what stands in its gaps."""
    return NAME.sub("{}", text)


def shapes_of(node: ast.expr) -> Iterator[str]:
    """The sentences that an expression can be, as far as they are written there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from shapes_of(node.body)
        yield from shapes_of(node.orelse)


def sentences(source: Source, calls: dict[str, int]) -> Iterator[str]:
    """Every sentence written where one is expected."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = calls.get(name)
        if place is not None and len(node.args) > place:
            yield from (f"{source.name}:{node.lineno}: {text}" for text in shapes_of(node.args[place]) if text)


def uncoded(table: Phrases, found: Iterator[str]) -> list[str]:
    """Those that no code of the table says, gaps filled with any word."""
    told = ((each, each.split(": ", 1)[1]) for each in found)
    return [each for each, text in told if text not in PARTS and table.find(text.replace("{}", "any")) is None]


def test_every_refusal_has_a_code() -> None:
    found = (each for source in sources() if not source.name.startswith(ELSEWHERE) for each in sentences(source, REFUSING))
    assert uncoded(REFUSALS, found) == []
    assert [detail for _, _, detail in CONSTRAINTS.values() if REFUSALS.find(detail) is None] == []


def test_every_issue_of_an_import_has_a_code() -> None:
    found = (each for source in sources() if source.feature == "transfer" for each in sentences(source, DOUBTING))
    assert uncoded(ISSUES, found) == []


def test_a_sentence_without_a_code_is_found() -> None:
    source = Source("training/actions.py", 'raise invalid("/reps", f"{reps} of nothing at all")')
    assert uncoded(REFUSALS, sentences(source, REFUSING)) == ["training/actions.py:1: {} of nothing at all"]


@pytest.mark.parametrize("prefix", TABLES)
def test_every_code_is_said_somewhere(prefix: str) -> None:
    written = {
        shape(text)
        for source in sources()
        if source.name not in ("refusals.py", "transfer/words.py")
        for node in ast.walk(source.tree)
        if isinstance(node, (ast.Constant, ast.JoinedStr))
        for text in shapes_of(node)
    }
    unsaid = {code for code, text in TABLES[prefix].texts.items() if not any(shape(text) in each for each in written)}
    assert sorted(unsaid - FROM_OUTSIDE - FROM_SQL - PUT_TOGETHER.keys()) == []


@pytest.mark.parametrize(("code", "sentence"), PUT_TOGETHER.items())
def test_what_is_put_together_has_its_code(code: str, sentence: str) -> None:
    said = next(said for table in TABLES.values() if (said := table.find(sentence)))
    assert said.code == code


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_sentence_is_found_as_what_it_is(table: Phrases) -> None:
    for code, text in table.texts.items():
        said = table.find(NAME.sub("7", text))
        assert said is not None
        assert said.code == code
        assert set(said.values.values()) <= {7, "7"}


def test_a_year_is_no_number_and_thousands_are() -> None:
    found = {text: said.values for text in YEARS_AND_NUMBERS if (said := ISSUES.find(text))}
    assert found == YEARS_AND_NUMBERS


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_sentence_of_megabytes_is_found_at_once(table: Phrases) -> None:
    """A client's own text stands in it, and could be made of what the table looks for."""
    parts = {part for text in table.texts.values() for part in NAME.split(text) if part.strip()}
    began = process_time()
    for part in parts:
        table.find("Invalid enum value '" + part * (200_000 // len(part)) + "'")
    assert process_time() - began < 0.1 * len(parts)


def told(key: str) -> list[str]:
    """The texts of a key of the app's catalogue, all plural forms of one that has them."""
    return [text for name, text in CATALOGUE.items() if name == key or re.fullmatch(rf"{re.escape(key)}_(one|other)", name)]


@pytest.mark.parametrize(("prefix", "folder"), [("why", "prescriptions"), ("change", "programs")])
def test_every_code_is_made_somewhere(prefix: str, folder: str) -> None:
    named = {
        text
        for source in sources()
        if source.feature == folder and not source.name.endswith("words.py")
        for text, _ in source.texts()
    }
    assert (
        sorted(code for code in SAID[prefix].texts if code.removeprefix("no_") not in named and code not in named | MEASURES) == []
    )


def test_what_the_api_sends_whole_the_app_says_alike() -> None:
    assert {key: CATALOGUE.get(key) for key in WHOLE} == WHOLE
    for prefix in ("load.meaning.", "goal.refusal.", "metric."):
        assert {key for key in CATALOGUE if key.startswith(prefix)} == {key for key in WHOLE if key.startswith(prefix)}


def test_where_load_does_not_apply_the_app_says_alike() -> None:
    known, without = load_caveats(5, 9, 2)
    assert CATALOGUE["load.caveat.known_other"].format(count=5, needed=28) == known
    assert CATALOGUE["load.caveat.without_other"].format(count=9, without=2) == without
    assert load_caveats(0, 0, 0) == [CATALOGUE["load.caveat.none"]]


def test_how_the_body_is_estimated_the_app_says_alike() -> None:
    day = date(2026, 3, 1)
    values = {"body-weight": 80.0, "height": 180.0, "waist": 85.0, "abdomen": 88.0, "hip": 95.0, "neck": 38.0, "body-fat": 18.0}
    latest = {slug: Input(slug, value, INPUT_UNITS[slug], day) for slug, value in values.items()}
    told = {"bmi": bmi(latest)}
    for each in compositions(latest, None):
        told |= {
            each.method.value: each.body_fat,
            "lean": each.lean_mass,
            "ffmi": each.ffmi,
            "ffmiNormalized": each.ffmi_normalized,
        }
    for kind, estimate in told.items():
        assert (CATALOGUE[f"estimate.method.{kind}"], CATALOGUE[f"estimate.caveat.{kind}"]) == (estimate.method, estimate.caveat)
    thick = compositions({**latest, "neck": Input("neck", 120.0, "cm", day)}, Sex.MALE)[1].body_fat
    assert (CATALOGUE["estimate.outside"], []) == (thick.reason, thick.missing)
    assert compositions({}, None)[0].body_fat.missing == ["body-fat"]


@pytest.mark.parametrize("prefix", SAID)
def test_the_app_reads_as_the_api_does(prefix: str) -> None:
    """A sentence that is made here and shown there is the same sentence, so that a bug report and a screen say one thing."""
    assert {code: told(f"{prefix}.{code}") for code in SAID[prefix].texts} == {c: [t] for c, t in SAID[prefix].texts.items()}


@pytest.mark.parametrize("prefix", EVERY)
def test_the_app_has_words_for_every_code(prefix: str) -> None:
    for code, text in EVERY[prefix].texts.items():
        words = told(f"{prefix}.{code}")
        assert words, f"{prefix}.{code} is not in en.json: {text}"
        for each in words:
            assert set(NAME.findall(each)) <= set(NAME.findall(text)), f"{prefix}.{code} names what is not in: {text}"
    wanted = {key for code in EVERY[prefix].texts for key in (f"{prefix}.{code}", f"{prefix}.{code}_one", f"{prefix}.{code}_other")}
    assert {key for key in CATALOGUE if key.startswith(f"{prefix}.")} <= wanted


def test_the_app_has_a_title_for_every_problem() -> None:
    keys = {f"problem.{slug.replace('-', '_')}" for slug in PROBLEMS}
    assert {key for key in CATALOGUE if key.startswith("problem.")} == keys
