"""Undocumented is broken: what the code has, the docs name, and the other way round where a list is complete."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from reptrail.cli.main import app
from reptrail.errors import PROBLEMS
from reptrail.routes import ROUTES
from reptrail.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(group: typer.Typer, prefix: str = "reptrail") -> list[str]:
    found = [f"{prefix} {c.name or c.callback.__name__}" for c in group.registered_commands if c.callback]
    for nested in group.registered_groups:
        if nested.typer_instance:
            found += commands(nested.typer_instance, f"{prefix} {nested.name}")
    return found


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set(re.findall(r"`(REPTRAIL_[A-Z_]+)`", read("operations.md")))
    assert documented == {PREFIX + f.name.upper() for f in fields(Settings)}


def test_every_problem_is_documented_with_its_status() -> None:
    documented = dict(re.findall(r"^\| `urn:reptrail:problem:([a-z-]+)` \| (\d+) \|", read("errors.md"), re.MULTILINE))
    assert documented == {slug: str(status) for slug, (status, _) in PROBLEMS.items()}


def test_every_route_is_documented_with_its_scope() -> None:
    documented = set(re.findall(r"^\| (GET|POST|PUT|PATCH|DELETE) \| `([^`]+)` \| ([^|]+) \|", read("api.md"), re.MULTILINE))
    expected = {(r.method, r.path.removeprefix("/api/v1"), f"`{r.scope}`" if r.scope else r.who.value) for r in ROUTES}
    assert documented == expected


def test_every_command_is_documented() -> None:
    named = re.findall(r"`(reptrail [a-z]+(?: [a-z]+)?)", read("operations.md"))
    missing = [c for c in commands(app) if c not in named]
    assert missing == []


def test_every_dependency_has_its_reason() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        direct = {re.split(r"[><=;\[ ]", d)[0] for d in tomllib.load(file)["project"]["dependencies"]}
    assert set(re.findall(r"^\| ([a-z0-9-]+) \|", read("dependencies.md"), re.MULTILINE)) - {"package", "---"} == direct
    assert len(direct) <= 16


@pytest.mark.parametrize(
    "page", [*sorted(DOCS.rglob("*.md")), *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY"))]
)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_paths_named_in_contributing_exist() -> None:
    named = re.findall(r"`((?:src|tests|docs|bench)/[\w./-]+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert named
    assert [p for p in named if not (ROOT / p).exists()] == []
