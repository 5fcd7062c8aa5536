"""Another language is one file: a catalogue beside the English one, and nothing else."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from browsing import PHONE, NewApp
from built_app import built_from, copied_sources, serve_from
from faults import CUT
from playwright.async_api import expect

from helpers import PASSWORD

# English stands in for what a catalogue does not have yet.
LEFT_OUT = "welcome.noAccount"
GERMAN = {**PHONE, "viewport": {"width": 360, "height": 740}, "locale": "de-DE", "service_workers": "block"}


def _longer(text: str) -> str:
    """Words as long as German ones, with what is filled in left alone."""
    parts = re.split(r"(\{\w+\})", text)
    return "".join(part if part.startswith("{") else re.sub(r"[A-Za-z]{4,}", _long_word, part) for part in parts)


def _long_word(word: re.Match[str]) -> str:
    return word[0] + word[0][1 : 2 + len(word[0]) * 4 // 10].lower()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app built from these sources and one more catalogue."""
    copy = copied_sources(tmp_path_factory.mktemp("web"))
    words = json.loads((copy / "src/i18n/en.json").read_text(encoding="utf-8"))
    catalogue = {key: _longer(text) for key, text in words.items() if key != LEFT_OUT}
    (copy / "src/i18n/de.json").write_text(json.dumps(catalogue), encoding="utf-8")
    return built_from(copy)


async def test_one_file_makes_the_app_speak_another_language(open_app: NewApp, built: Path) -> None:
    app = await open_app(**GERMAN)
    await serve_from(app, built)
    await app.page.goto("/")
    await expect(app.page.get_by_role("button", name=_longer("Sign in"), exact=True)).to_be_visible()
    await expect(app.page.get_by_role("button", name="Make an account", exact=True)).to_be_visible()
    assert await app.page.evaluate("document.documentElement.lang") == "de"
    assert await app.page.evaluate(CUT) == []
    # A screen on demand brings its words in English, which must not take the place of these.
    await app.page.get_by_role("button", name="Make an account", exact=True).click()
    await app.page.get_by_label(_longer("Name")).fill("Ann")
    await app.page.get_by_label(_longer("E-mail address")).fill(f"{uuid4().hex[:12]}@example.org")
    await app.page.get_by_label(_longer("Password")).fill(PASSWORD)
    await app.page.get_by_role("button", name=_longer("Register"), exact=True).click()
    await app.page.get_by_role("link", name=_longer("Settings"), exact=True).click()
    await expect(app.page.get_by_role("button", name=_longer("Sign out"))).to_be_visible()
    await expect(app.page.get_by_role("link", name=_longer("Sharing"))).to_be_visible()
