"""What the gates over source code share: every file of the package, parsed once, and what it imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "reptrail"


@dataclass(frozen=True)
class Source:
    """One Python file. `name` is its path below the package, such as `training/actions.py`."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def feature(self) -> str:
        """Its first folder, empty for a file of the package itself."""
        return self.name.rpartition("/")[0].partition("/")[0]

    def imported(self) -> Iterator[str]:
        """The dotted name of everything it imports: `from reptrail.training import queries` is reptrail.training.queries."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def called(self) -> Iterator[tuple[str, int]]:
        """The last part of the name of everything it calls, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                yield name, node.lineno

    def texts(self) -> Iterator[tuple[str, int]]:
        """Every string in it that is not a docstring, f-strings' fixed parts among them, with the line."""
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield node.value, node.lineno


def sources() -> list[Source]:
    """Every Python file of the package."""
    found = [Source(str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
    assert len(found) > 30, "where is the package?"
    return found
