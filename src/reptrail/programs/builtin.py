"""The built-in programs: program files in catalog/data/programs, read as anybody's file is, by the slugs of built-in exercises."""

import functools
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

from reptrail.catalog.builtin import builtin_id
from reptrail.errors import Problem
from reptrail.programs.files import read
from reptrail.programs.naming import ExerciseNames
from reptrail.programs.wire import ProgramIn


@dataclass(frozen=True, slots=True)
class BuiltinProgram:
    """A built-in program; `text` is its file."""

    id: UUID
    slug: str
    text: str
    body: ProgramIn

    def workout_id(self, key: str) -> UUID:
        """The id of its workout of this key, the same on every instance."""
        return builtin_id("workout", f"{self.slug}/{key}")


@functools.cache
def programs() -> tuple[BuiltinProgram, ...]:
    """Every built-in program, by slug.

    Raises:
        ValueError: a file is wrong; names the slug and everything that is wrong in it.
    """
    folder = files("reptrail.catalog").joinpath("data", "programs")
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return tuple(_program(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8")) for entry in found)


def _program(slug: str, text: str) -> BuiltinProgram:
    try:
        body = read(text, ExerciseNames().find)
    except Problem as problem:
        raise ValueError(f"program {slug}: {problem}") from None
    return BuiltinProgram(builtin_id("program", slug), slug, text, body)
