"""What a handler can answer, read from its own code: statuses, ETag, and the kinds of problem it raises.

So the OpenAPI document says nothing that the code does not, and no decorator repeats what a handler does already. The
contract tests hold what is read here against what is answered.
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reptrail.errors import CONSTRAINTS, PROBLEMS
from reptrail.http.edge import Route, Who, signature

_OURS = "reptrail."
# Not descended into: they run for every request, and what they can raise is said by `_at_the_edge`.
_NOT_READ = ("reptrail.http.edge", "reptrail.http.bodies", "reptrail.http.idempotency", "reptrail.db", "reptrail.settings")
_STATUS_NAMES = {"CREATED": 201, "ACCEPTED": 202}


@dataclass(frozen=True)
class Answers:
    """What a route can answer. `problems` are slugs of reptrail.errors.PROBLEMS, in that table's order."""

    statuses: tuple[int, ...]
    has_etag: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Code:
    """What one function mentions: names, and constants, those of functions within it among them."""

    module: str
    names: frozenset[str]
    constants: frozenset[str]
    keywords: frozenset[str]
    statements: tuple[str, ...]


def answers(route: Route) -> Answers:
    """Reads what a route can answer, beyond what its types say."""
    codes = list(_reached(route.handler))
    own = [code for code in codes if code.module == route.handler.__module__]
    status = 204 if signature(route).answer is type(None) else 200
    for code in own:
        status = next((number for name, number in _STATUS_NAMES.items() if name in code.names), status)
    raised = {slug for code in codes if "Problem" in code.names for slug in code.constants & PROBLEMS.keys()}
    raised |= _by_constraints(codes)
    if "if_match" not in signature(route).names:
        raised.discard("precondition-failed")  # raised by what it calls for others, who send If-Match
    raised |= _at_the_edge(route)
    return Answers(
        statuses=route.statuses or (status,),
        has_etag=any("version" in code.keywords and "Answer" in code.names for code in own),
        problems=tuple(slug for slug in PROBLEMS if slug in raised),
    )


def _at_the_edge(route: Route) -> set[str]:
    """The problems that the edge itself answers, by what the route takes."""
    wanted = signature(route)
    found = {"internal-error", "unavailable"}
    if route.who is not Who.ANYONE:
        found |= {"unauthenticated", "invalid"}
        if route.scope is not None:
            found.add("forbidden")
        if route.writes:
            found.add("idempotency-key-reused")
    if "{" in route.path:
        found.add("not-found")
    if route.form is not None:
        found |= {"body-too-large", "unsupported-media-type", "invalid"}
    if wanted.body is not None:
        found |= {"malformed-json", "body-too-large", "unsupported-media-type", "invalid"}
    if wanted.query is not None:
        found.add("invalid")
    if "if_match" in wanted.names:
        found.add("precondition-failed")
    return found


def _by_constraints(codes: list[_Code]) -> set[str]:
    """The problems that stand for a constraint of a table that is written to, found by how constraints are named."""
    text = " ".join(statement for code in codes for statement in code.statements)
    found = set()
    for constraint, (slug, _, _) in CONSTRAINTS.items():
        # An UPDATE never changes an id (app.stamp), so it cannot take one.
        verbs = ("INSERT INTO",) if slug == "id-taken" else ("INSERT INTO", "UPDATE")
        parts = constraint.split("_")
        tables = ["_".join(parts[:count]) for count in range(1, len(parts))]
        if any(f"{verb} {table} " in text for verb in verbs for table in tables):
            found.add(slug)
    return found


def _reached(function: Any) -> Iterator[_Code]:
    """A function and every function of ours that it names, and so on; over-estimates rather than miss one."""
    seen: set[Any] = set()
    waiting: list[tuple[Any, frozenset[str], Any]] = [(function, frozenset(), None)]
    while waiting:
        current, callers_names, owner = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        names, constants, keywords = _mentions(current.__code__)
        statements: list[str] = []
        for name in names:
            found = current.__globals__.get(name, getattr(owner, name, None) if owner is not None else None)
            for target, target_owner in _targets(found, names | callers_names, owner):
                if isinstance(target, str):
                    statements.append(target)
                else:
                    waiting.append((target, names, target_owner))
        yield _Code(current.__module__, names, constants, keywords, tuple(statements))


def _targets(value: Any, names: frozenset[str], owner: Any) -> Iterator[tuple[Any, Any]]:
    """The functions (with the class they are of) and the SQL texts that a mentioned value leads to."""
    if isinstance(value, str):
        yield " ".join(value.split()) + " ", None
    elif isinstance(value, types.FunctionType):
        value = getattr(value, "__wrapped__", value)
        if _is_read(value.__module__):
            yield value, owner
    elif isinstance(value, types.ModuleType) and value.__name__.startswith(_OURS):
        for name in names & vars(value).keys():
            if not isinstance(vars(value)[name], types.ModuleType):
                yield from _targets(vars(value)[name], names, None)
    elif isinstance(value, type) and _is_read(value.__module__):
        for name in names & vars(value).keys():
            yield from _targets(vars(value)[name], names, value)


def _is_read(module: str) -> bool:
    return module.startswith(_OURS) and not module.startswith(_NOT_READ)


def _mentions(code: types.CodeType) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    names, constants, keywords = set(code.co_names), set[str](), set[str]()
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = _mentions(constant)
            names |= inner[0]
            constants |= inner[1]
            keywords |= inner[2]
        elif isinstance(constant, str):
            constants.add(constant)
        elif isinstance(constant, tuple):  # the names of keyword arguments, among others
            keywords |= {part for part in constant if isinstance(part, str)}
    return frozenset(names), frozenset(constants), frozenset(keywords)
