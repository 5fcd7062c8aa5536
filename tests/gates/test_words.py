"""Every sentence the server can send has a code, and the app's catalogue has words for every code."""

import ast
import json
import re
from collections.abc import Iterator

import pytest
from gate_sources import REPOSITORY, Source, sources

from reptrail.errors import CONSTRAINTS, PROBLEMS
from reptrail.refusals import REFUSALS
from reptrail.sentences import Phrases
from reptrail.transfer.words import ISSUES

CATALOGUE: dict[str, str] = json.loads((REPOSITORY / "web/src/i18n/en.json").read_text(encoding="utf-8"))
# Each table, and the prefix of its codes in the app's catalogue.
TABLES = {"refusal": REFUSALS, "issue": ISSUES}
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
        assert set(said.values.values()) <= {7}


def told(key: str) -> list[str]:
    """The texts of a key of the app's catalogue, all plural forms of one that has them."""
    return [text for name, text in CATALOGUE.items() if name == key or re.fullmatch(rf"{re.escape(key)}_(one|other)", name)]


@pytest.mark.parametrize("prefix", TABLES)
def test_the_app_has_words_for_every_code(prefix: str) -> None:
    for code, text in TABLES[prefix].texts.items():
        words = told(f"{prefix}.{code}")
        assert words, f"{prefix}.{code} is not in en.json: {text}"
        for each in words:
            assert set(NAME.findall(each)) <= set(NAME.findall(text)), f"{prefix}.{code} names what is not in: {text}"
    wanted = {
        key for code in TABLES[prefix].texts for key in (f"{prefix}.{code}", f"{prefix}.{code}_one", f"{prefix}.{code}_other")
    }
    assert {key for key in CATALOGUE if key.startswith(f"{prefix}.")} <= wanted


def test_the_app_has_a_title_for_every_problem() -> None:
    keys = {f"problem.{slug.replace('-', '_')}" for slug in PROBLEMS}
    assert {key for key in CATALOGUE if key.startswith("problem.")} == keys
