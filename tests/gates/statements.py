"""Every SQL statement of the package, and the rules it keeps so that it stays one athlete's, on any PostgreSQL."""

import importlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gate_sources import sources

STATEMENT = re.compile(r"^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|MERGE)\b")
# Statements outside a queries.py: part of the edge.
ELSEWHERE = ("http/idempotency.py",)


@dataclass(frozen=True)
class Statement:
    """One statement: where it stands, and its text without comments and runs of blanks."""

    name: str
    text: str

    @property
    def verb(self) -> str:
        return self.text.split()[0]


def plain(sql: str) -> str:
    """A statement on one line, without comments, texts in quotes emptied but for their quotes."""
    return " ".join(re.sub(r"--[^\n]*", "", sql).split())


def statements() -> list[Statement]:
    """Every statement constant; fragments that begin with another word are in the statements they are part of."""
    found = []
    for source in sources():
        if source.name.rpartition("/")[2] == "queries.py" or source.name in ELSEWHERE:
            module = importlib.import_module("reptrail." + source.name.removesuffix(".py").replace("/", "."))
            for name, value in vars(module).items():
                if name.isupper() and not name.startswith("_") and isinstance(value, str) and STATEMENT.match(value):
                    found.append(Statement(f"{module.__name__}.{name}", plain(value)))
    assert len(found) > 30, "where are the statements?"
    return found


def portability_errors(statement: Statement) -> Iterator[str]:
    """What a distributed PostgreSQL refuses or gets wrong."""
    sql = statement.text
    if re.search(r"\(\s*(INSERT|UPDATE|DELETE)\b", sql):
        yield "a CTE that writes"
    if re.search(r"\bMERGE\s+INTO\b", sql):
        yield "MERGE"
    conflict = re.search(r"\bDO UPDATE SET\b(.*?)(?=\bRETURNING\b|$)", sql)
    if conflict and (called := re.search(r"\b(?!CASE|WHEN|AND|OR|IN|NOT)(\w+)\(", conflict[1])):
        yield f"the function {called[1]} in ON CONFLICT DO UPDATE SET"
    if re.search(r"(?:\bSET|,)\s*\(?\s*(?:\w+\.)?user_id\s*=", _set_clauses(sql)):
        yield "user_id in SET"
    if re.search(r"\bVALUES\s*\([^;]*\(\s*SELECT\b", sql):
        yield "a subquery in VALUES"
    returning = re.search(r"\bRETURNING\b(.*)$", sql)
    if returning and "(" in returning[1]:
        yield "RETURNING more than columns"
    if "pg_advisory" in sql:
        yield "an advisory lock"


def _set_clauses(sql: str) -> str:
    return " ".join(re.findall(r"\bSET\b.*?(?=\bWHERE\b|\bFROM\b|\bRETURNING\b|$)", sql))


def athlete_errors(statement: Statement, athletes_tables: Collection[str]) -> Iterator[str]:
    """Mentions of athletes' tables that are not bound to the athlete, `user_id = $1`: each, in every subquery too.

    Counted by alias: as many conditions on an alias as there are tables under it. A table in INSERT INTO has user_id
    among its columns and $1 among the values instead.
    """
    sql = statement.text
    tables = "|".join(sorted(athletes_tables, key=len, reverse=True))
    mentioned = re.compile(rf"\b(FROM|JOIN|UPDATE|INTO|USING|,)\s+(?:ONLY\s+)?({tables})\b(?:\s+(?:AS\s+)?(\w+))?")
    wanted: dict[str, int] = {}
    for keyword, table, word in mentioned.findall(sql):
        if keyword == "INTO":
            columns = re.search(rf"INTO {table}(?:\s+AS\s+\w+)?\s*\(([^)]*)\)", sql)
            if columns is None or "user_id" not in re.split(r",\s*", columns[1]) or not re.search(r"\$1\b", sql):
                yield f"INSERT INTO {table} without user_id from $1"
            continue
        alias = word if word and not word.isupper() else ""
        wanted[alias] = wanted.get(alias, 0) + 1
    for alias, count in wanted.items():
        qualified = rf"\b{alias}\.user_id" if alias else rf"(?:(?<![.\w])|\b(?:{tables})\.)user_id"
        found = len(re.findall(rf"{qualified} = \$1\b", sql))
        if found < count:
            yield f"{alias or 'a table'} stands for {count} athletes' tables, and user_id = $1 for {found} of them"
