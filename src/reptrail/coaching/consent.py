"""The consent texts: what a coach gets to see and do, in plain words.

A text that was published never changes (a test holds its hash): a grant names the version that its athlete read, and every
version stays readable.
"""

import re
from functools import cache
from importlib.resources import files

import msgspec

from reptrail.coaching.rules import CoachScope

_SECTION = re.compile(r"^## (\S+:\S+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class ScopeText(msgspec.Struct, frozen=True):
    """What one scope lets a coach see or do, in the words of the consent."""

    scope: CoachScope
    text: str


class Consent(msgspec.Struct, frozen=True):
    """A consent as it is shown: Markdown. Its version is the day it was written (ISO 8601)."""

    consent_version: str
    text: str
    scopes: tuple[ScopeText, ...]


class Consents(msgspec.Struct, frozen=True):
    """Consents, newest first."""

    items: tuple[Consent, ...]


@cache
def consents() -> tuple[Consent, ...]:
    """Every consent there ever was, oldest first."""
    texts = {
        each.name.removesuffix(".md"): each.read_text(encoding="utf-8")
        for each in files("reptrail.coaching").joinpath("consents").iterdir()
        if each.name.endswith(".md")
    }
    return tuple(_parse(version, texts[version]) for version in sorted(texts))


def current() -> Consent:
    """The consent in force: the newest."""
    return consents()[-1]


def _parse(version: str, text: str) -> Consent:
    sections = {name: " ".join(body.split()) for name, body in _SECTION.findall(text)}
    return Consent(version, text, tuple(ScopeText(scope, sections[scope]) for scope in CoachScope))
