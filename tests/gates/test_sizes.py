"""Files under 400 lines, functions under 60: what does not fit has more than one reason to change."""

import ast
from collections.abc import Iterator
from pathlib import Path

from gate_sources import REPOSITORY

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
# Files that may be longer, each with its reason. A name that needs no exception any more fails too.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def files() -> list[Path]:
    return [
        path
        for folder in ("src", "tests")
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def long_functions(name: str, text: str) -> Iterator[tuple[str, int]]:
    """Functions of a file that are too long, as FILE:FUNCTION, with their lines (docstring and decorators included)."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or 0) - min([node.lineno, *(d.lineno for d in node.decorator_list)]) + 1
            if lines >= MAX_FUNCTION_LINES:
                yield f"{name}:{node.name}", lines


def test_files_are_short() -> None:
    long = {str(path.relative_to(REPOSITORY)): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    long = {name: lines for name, lines in long.items() if lines >= MAX_FILE_LINES}
    assert {name: lines for name, lines in long.items() if name not in LONG_FILES} == {}
    assert LONG_FILES.keys() - long.keys() == set(), "no longer long: take them off the list"


def test_functions_are_short() -> None:
    long = {
        name: lines
        for path in files()
        for name, lines in long_functions(str(path.relative_to(REPOSITORY)), path.read_text(encoding="utf-8"))
    }
    assert {name: lines for name, lines in long.items() if name not in LONG_FUNCTIONS} == {}
    assert LONG_FUNCTIONS.keys() - long.keys() == set(), "no longer long: take them off the list"


def test_a_long_function_is_seen() -> None:
    text = "def f():\n" + "    x = 1\n" * (MAX_FUNCTION_LINES - 1)
    assert list(long_functions("a.py", text)) == [("a.py:f", MAX_FUNCTION_LINES)]
    assert not list(long_functions("a.py", text.removesuffix("    x = 1\n")))
