"""The layers: api calls actions, actions call queries; what is pure stays pure; one place opens transactions."""

import re
from collections.abc import Callable, Iterator

import pytest
from gate_sources import Source, sources

from reptrail.routes import ROUTES

# What each layer may not import of its own feature: only downwards, route to action to query. (wire.py holds shapes and
# nothing else, so actions may take them.)
UPWARDS = {
    "actions": ("api",),
    "queries": ("api", "wire", "actions"),
    "rules": ("api", "wire", "actions", "queries"),
    "wire": ("api", "queries"),
}
# Layers that are nobody else's business: a feature calls another's actions, or reads its rules and shapes.
PRIVATE = ("queries", "api")
# Who opens transactions without being the edge, and why.
OPENERS = {
    "http/edge.py": "the edge itself",
    "jobs.py": "the server's own work: what is due is found by the system, then done one athlete at a time",
    "cli/": "the command line is an edge of its own: one command, one transaction",
    "demo/store.py": "makes the demonstration athlete, before anything is served",
}
# Who undoes a part of a transaction, and why.
SAVEPOINTS = {"sync/pushing.py": "one pushed operation that is refused must not lose the others"}
# Who runs a transaction on a connection of its own, and why.
TRANSACTIONS = {"catalog/load.py": "the built-in catalogue is loaded by db/migrate.py, before anything is served"}
# A colon after it makes it a word of iCalendar.
TRANSACTION_WORDS = re.compile(r"^\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PREPARE TRANSACTION)\b(?!:)")
IMPURE_MODULES = {
    "asyncio", "asyncpg", "glob", "http", "httpx", "litestar", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "select", "shutil", "signal", "socket", "sqlite3", "ssl", "structlog", "subprocess", "sys", "tempfile", "threading", "time",
    "urllib.request", "uvicorn",
    "reptrail.clock", "reptrail.db", "reptrail.http", "reptrail.ids", "reptrail.settings",
}  # fmt: skip
# Names of impure modules that are pure all the same.
PURE_ALL_THE_SAME = {
    "reptrail.clock.known_time_zones": "which IANA names there are: a constant of the machine",
    "reptrail.clock.local_to_utc": "arithmetic on two arguments",
}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "print", "input", "getenv", "urandom"}


def is_pure(source: Source) -> bool:
    """Whether a file is of the kind that has no I/O and no clock."""
    base = source.name.rpartition("/")[2]
    return base in ("rules.py", "formulas.py") or "/formats/" in source.name


def _begins(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def layer_errors(source: Source) -> Iterator[str]:
    """Imports that go upwards, or into another feature's own layers."""
    layer = source.name.rpartition("/")[2].removesuffix(".py")
    for name in source.imported():
        parts = name.split(".")
        if parts[0] != "reptrail" or len(parts) < 3:
            continue
        feature, imported_layer = parts[1], parts[2]
        if feature == source.feature and imported_layer in UPWARDS.get(layer, ()):
            yield f"{source.name} imports {name}: layers go api, actions, queries"
        if feature != source.feature and imported_layer in PRIVATE and source.name != "routes.py":
            yield f"{source.name} imports {name}: call that feature's actions instead"
        if source.feature in ("db", "http") and imported_layer in ("actions", "api"):
            yield f"{source.name} imports {name}: features stand on the edge, not the edge on features"


def purity_errors(source: Source) -> Iterator[str]:
    """What a pure file does that is not."""
    if not is_pure(source):
        return
    names = list(source.imported())
    for name in names:
        finer = [other for other in names if other.startswith(name + ".")]
        if name in PURE_ALL_THE_SAME or (finer and all(other in PURE_ALL_THE_SAME for other in finer)):
            continue
        yield from (f"{source.name} imports {name}" for module in IMPURE_MODULES if _begins(name, module))
    yield from (f"{source.name}:{line} calls {name}()" for name, line in source.called() if name in IMPURE_CALLS)


def transaction_errors(source: Source) -> Iterator[str]:
    """Transactions opened, ended or connected for outside the places that may."""
    if source.name != "db/pool.py":
        yield from (
            f"{source.name}:{line} says {text.split()[0]}: only db/pool.py opens and ends transactions"
            for text, line in source.texts()
            if TRANSACTION_WORDS.match(text) and not source.name.startswith("cli/")
        )
        yield from (
            f"{source.name}:{line} calls .transaction()"
            for name, line in source.called()
            if name == "transaction" and source.name not in TRANSACTIONS
        )
    if source.name not in SAVEPOINTS:
        yield from (
            f"{source.name}:{line} calls .savepoint(): a request is one piece"
            for name, line in source.called()
            if name == "savepoint"
        )
    if source.feature != "db":
        yield from (f"{source.name}:{line} opens a pool" for name, line in source.called() if name == "create_pool")
    allowed = source.feature == "db" or any(source.name.startswith(prefix) for prefix in OPENERS)
    if not allowed:
        yield from (
            f"{source.name}:{line} calls {name}(): only the edge begins a request's transaction, and so commits it"
            for name, line in source.called()
            if name in ("act_as", "act_as_system")
        )


GATES = (layer_errors, purity_errors, transaction_errors)


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_the_package_keeps_its_layers(gate: Callable[[Source], Iterator[str]]) -> None:
    assert [error for source in sources() for error in gate(source)] == []


@pytest.mark.parametrize(
    ("name", "text", "gate"),
    [
        ("training/queries.py", "from reptrail.training import actions", layer_errors),
        ("training/actions.py", "from reptrail.training.api import get_session", layer_errors),
        ("training/rules.py", "from reptrail.training import queries", layer_errors),
        ("progress/actions.py", "from reptrail.training import queries", layer_errors),
        ("progress/actions.py", "from reptrail.training.queries import SESSION", layer_errors),
        ("http/edge.py", "from reptrail.identity import actions", layer_errors),
        ("training/rules.py", "import asyncpg", purity_errors),
        ("training/rules.py", "from reptrail import clock", purity_errors),
        ("training/rules.py", "from reptrail.clock import now", purity_errors),
        ("progress/formulas.py", "from datetime import datetime\nx = datetime.now()", purity_errors),
        ("transfer/formats/strong.py", "from pathlib import Path", purity_errors),
        ("transfer/formats/strong.py", "open('x')", purity_errors),
        ("training/actions.py", "async def f(c): await c.execute('COMMIT')", transaction_errors),
        ("training/actions.py", "async def f(c):\n  async with c.transaction(): ...", transaction_errors),
        ("training/actions.py", "async def f(d):\n  async with d.act_as(1, 2): ...", transaction_errors),
        ("ledger/live.py", "async def f(d):\n  async with d.act_as_system(None, 1): ...", transaction_errors),
        ("training/actions.py", "async def f(t):\n  async with t.savepoint(1): ...", transaction_errors),
        ("sync/actions.py", "pool = asyncpg.create_pool('x')", transaction_errors),
    ],
)
def test_each_gate_sees_its_rule_broken(name: str, text: str, gate: Callable[[Source], Iterator[str]]) -> None:
    assert list(gate(Source(name, text)))


def test_what_is_right_is_left_alone() -> None:
    good = {
        "training/api.py": "from reptrail.training import actions, queries",
        "identity/rules.py": "from reptrail.clock import known_time_zones",
        "progress/actions.py": "from reptrail.training import actions\nfrom reptrail.training.rules import SetKind",
        "db/pool.py": "async def f(c): await c.execute('BEGIN; SELECT 1')",
    }
    assert [error for name, text in good.items() for gate in GATES for error in gate(Source(name, text))] == []


def test_every_handler_is_a_function_of_some_api() -> None:
    assert {route.handler.__module__.rpartition(".")[2] for route in ROUTES} == {"api"}
