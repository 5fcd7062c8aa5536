"""Every text on every screen comes from the catalogue.

The app is built with a catalogue in which each piece of each message is marked. What stands on a screen without a mark came from
elsewhere: an English sentence of the server's, or one written into a screen. The marks are characters that are not seen and that
Playwright leaves out when it looks for a name, so the walk over all screens is the one of screens.py.
"""

import calendar
import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from browsing import PHONE, App
from built_app import built_from, copied_sources, serve_from
from people import LONG_NAME
from playwright.async_api import Browser, Error, Response, expect
from screens import SCREENS, train_once

from helpers import PASSWORD
from serving import Serving

OPEN, CLOSE = "\u200b", "\u00ad"
MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
GAP = re.compile(r"(\{\w+\})")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# What the reader's locale makes of days and times, and what units are called by their own symbols.
CALENDAR = {
    *calendar.day_name,
    *calendar.day_abbr,
    *calendar.month_name,
    *calendar.month_abbr,
    "AM",
    "PM",
    "UTC",
    "GMT",
    "at",
    "Sept",
}
UNITS = {"kg", "lb", "cm", "mm", "km", "mi", "min", "ms", "bpm", "mmHg", "st", "in", "RPE"}
# Names of things that have the same name everywhere; the word that the API wants typed, one of the editor's lines, a code.
NAMES = {
    "Reptrail",
    "Strong",
    "Hevy",
    "ZIP",
    "CSV",
    "JSON",
    "Python",
    "Chrome",
    "Linux",
    "Android",
    "DELETE",
    "rpe",
    "7K3M-Q2XD-9BTW",
}
ALLOWED = CALENDAR | UNITS
# The fields of the API that hold what somebody wrote, a name of the catalogue of exercises and programs, or (`text`) a consent,
# which is agreed to as it stands, by its version.
OWN = re.compile(
    r"(exercise|program|workout|day|coach|athlete|actor|user|token|feed|device)_name|workout_key|display_name|name|description|\w+_notes|"
    r"\w+_text|(\w+_)?email|slug|aliases|program_file|text"
)

TEXTS = """() => {
    const found = [];
    const root = document.querySelector('dialog[open]') ?? document.body;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.parentElement;
        if (!node.data.trim() || at.closest('script, style, noscript, textarea, pre, code')) continue;
        if (at.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })) found.push(node.data);
    }
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        for (const each of root.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name));
    return [...new Set([...found, document.title])];
}"""


# What is being written, whole and word by word.
TYPED = """() => {
    const boxes = document.querySelectorAll('input:not([type=checkbox], [type=radio]), textarea');
    return [...boxes].flatMap((each) => [each.value.trim(), ...each.value.split(/\\s+/)]).filter((each) => each.length > 2);
}"""


def marked(text: str) -> str:
    """A message with each of its pieces marked, and nothing of what is filled in."""
    return "".join(part if GAP.fullmatch(part) or not part else f"{OPEN}{part}{CLOSE}" for part in GAP.split(text))


def unmarked(text: str, names: set[str]) -> str:
    """What is left of a text without what is marked and without the names given."""
    rest = MARKED.sub(" ", text)
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, " ")
    words = [word for word in LETTERS.findall(rest) if word not in ALLOWED]
    return rest.strip() if words else ""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app built from these sources, with every message marked."""
    copy = copied_sources(tmp_path_factory.mktemp("marked"))
    file = copy / "src/i18n/en.json"
    words = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({key: marked(text) for key, text in words.items()}), encoding="utf-8")
    return built_from(copy)


def own_texts(document: Any, *, is_own: bool = False) -> Iterator[str]:
    """Every text of an answer that is somebody's own or a name."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from own_texts(value, is_own=OWN.fullmatch(key) is not None)
    elif isinstance(document, list):
        for each in document:
            yield from own_texts(each, is_own=is_own)
    elif is_own and isinstance(document, str):
        parts = [document, *document.splitlines(), *re.split(r"\n\n|\n(?=[-#*] )", document)]
        yield from filter(None, (" ".join(part.split()).lstrip("#-* ") for part in parts))


class Reader:
    """An athlete with the marked app, and the names that came over the wire."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.names: set[str] = {*NAMES, LONG_NAME}  # the long one is what the screens give to whatever they name
        app.page.on("response", self._hear)

    async def _hear(self, response: Response) -> None:
        if "/api/" in response.url and "json" in response.headers.get("content-type", ""):
            try:
                self.names |= set(own_texts(await response.json()))
            except (Error, ValueError):  # the page was left meanwhile
                return

    async def foreign(self) -> list[str]:
        """What stands on the screen and came from no message."""
        texts: list[str] = await self.app.page.evaluate(TEXTS)
        self.names |= set(await self.app.page.evaluate(TYPED))
        return [text for text in texts if unmarked(text, self.names)]


@pytest.fixture(scope="module")
async def reader(browser: Browser, site: Serving, built: Path) -> AsyncIterator[Reader]:
    if site.process is None or site.process.poll() is not None:
        site.start()
    context = await browser.new_context(**{**PHONE, "service_workers": "block"}, base_url=site.url)
    app = App(await context.new_page(), site)
    await serve_from(app, built)
    found = Reader(app)
    # Without a service worker nothing is kept for offline, which App.register would wait for.
    await app.page.goto("/")
    await app.page.get_by_role("button", name="Make an account").click()
    app.email = f"{uuid4().hex[:12]}@example.org"
    for label, text in (("Name", "Ann"), ("E-mail address", app.email), ("Password", PASSWORD)):
        await app.page.get_by_label(label).fill(text)
    await app.page.get_by_role("button", name="Register").click()
    await app.saved()
    await train_once(app)
    yield found
    await context.close()


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen_says_nothing_of_its_own(reader: Reader, screen: str) -> None:
    await SCREENS[screen](reader.app)
    assert await reader.foreign() == []


async def test_a_reason_is_said_by_its_code(reader: Reader) -> None:
    """Why a program's session asks what it asks, once it has begun."""
    app = reader.app
    async with app.api() as client:
        me = "/athletes/me"
        # A built-in program: one that a screen before made asks nothing that needs a reason.
        program = (await client.get("/programs?q=Five by Five&limit=1")).json()["items"][0]
        joined = (await client.get(f"{me}/enrollments")).json()["items"]
        if not any(each["program_id"] == program["id"] for each in joined):
            enrolled = await client.post(f"{me}/enrollments", json={"program_id": program["id"]})
            assert enrolled.is_success, enrolled.text
            joined.append(enrolled.json())
        for going_on in (await client.get(f"{me}/sessions?status=IN_PROGRESS")).json()["items"]:
            await client.post(f"{me}/sessions/{going_on['id']}/cancel", json={})
        planned = next(each["next_session"] for each in joined if each["program_id"] == program["id"])
        begun = await client.post(f"{me}/sessions/{planned['id']}/start", json={})
        assert begun.is_success, begun.text
    await app.page.goto("/")
    await app.saved()
    for _ in range(60):  # the program's workouts come after the sessions that name them
        if any(each["workout_id"] == begun.json()["workout_id"] for each in await app.on_device("workout_revision")):
            break
        await app.page.wait_for_timeout(500)
    await app.page.goto(f"/train/{planned['id']}")
    await app.page.get_by_role("button", name="Why?").first.click()
    reason = app.page.locator("[id^=why-]").first
    await expect(reason).to_contain_text("choose a weight")
    assert unmarked(await reason.inner_text(), reader.names) == ""


def test_a_text_without_a_mark_is_found() -> None:
    assert unmarked(marked("Set {n} of").replace("{n}", "2") + " 3, Bench Press, 80 kg, 3 Mar", {"Bench Press"}) == ""
    assert unmarked(marked("No forecast: {reason}").replace("{reason}", "nothing measured"), set()) == "nothing measured"
