"""Another language is one file: a catalogue beside the English one, and nothing else."""

import json
import mimetypes
import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from browsing import PHONE, NewApp
from faults import CUT
from playwright.async_api import Route, expect

from helpers import PASSWORD

WEB = Path(__file__).parents[2] / "web"
VITE = WEB / "node_modules" / "vite" / "bin" / "vite.js"
# English stands in for what a catalogue does not have yet.
LEFT_OUT = "welcome.noAccount"
BUILT_WITHIN_SECONDS = 240
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
    node = shutil.which("node")
    if node is None or not VITE.is_file():
        pytest.skip("no Node or no node_modules: make web")
    copy = tmp_path_factory.mktemp("web")
    for name in ("index.html", "vite.config.ts", "svelte.config.js", "tsconfig.json", "package.json"):
        shutil.copy(WEB / name, copy)
    for name in ("src", "public"):
        shutil.copytree(WEB / name, copy / name)
    (copy / "node_modules").symlink_to(WEB / "node_modules")
    words = json.loads((copy / "src/i18n/en.json").read_text(encoding="utf-8"))
    catalogue = {key: _longer(text) for key, text in words.items() if key != LEFT_OUT}
    (copy / "src/i18n/de.json").write_text(json.dumps(catalogue), encoding="utf-8")
    command = [node, str(VITE), "build", "--outDir", "dist", "--logLevel", "warn"]
    subprocess.run(command, cwd=copy, check=True, timeout=BUILT_WITHIN_SECONDS, capture_output=True)
    return copy / "dist"


async def test_one_file_makes_the_app_speak_another_language(open_app: NewApp, built: Path) -> None:
    app = await open_app(**GERMAN)

    async def from_build(route: Route) -> None:
        path = route.request.url.removeprefix(app.site.url).partition("?")[0]
        file = built / path.lstrip("/")
        if path.startswith("/api"):
            await route.continue_()
        elif file.is_file():
            await route.fulfill(path=file, content_type=mimetypes.guess_type(path)[0])
        else:
            await route.fulfill(path=built / "index.html", content_type="text/html")

    await app.page.route(f"{app.site.url}/**", from_build)
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
