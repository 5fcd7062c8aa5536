"""What somebody loads before the app stands there, and whether a phone takes it as an app."""

import gzip
import json
from pathlib import Path

import pytest
from browsing import App

from reptrail.http import web

JS_KB, CSS_KB = 120, 15
KB = 1000


@pytest.fixture
def manifest() -> dict[str, dict[str, object]]:
    if not web.is_built():
        pytest.skip("the app is not built: make web")
    found: dict[str, dict[str, object]] = json.loads((web.DIST / "manifest.json").read_text(encoding="utf-8"))
    return found


def _reached(manifest: dict[str, dict[str, object]], names: list[str]) -> set[str]:
    """These chunks and all that they import at once."""
    seen: set[str] = set()
    while names:
        name = names.pop()
        # Today is a part of the app's own file.
        if name not in seen and name in manifest:
            seen.add(name)
            names += manifest[name].get("imports", [])  # type: ignore[operator]
    return seen


def _app(manifest: dict[str, dict[str, object]]) -> str:
    """The program that the page itself asks for."""
    page = (web.DIST / "index.html").read_text(encoding="utf-8")
    return next(name for name, entry in manifest.items() if f'src="/{entry["file"]}"' in page)


def _zipped(files: set[str]) -> float:
    return sum(len(gzip.compress((web.DIST / file).read_bytes(), 6)) for file in files) / KB


@pytest.mark.parametrize("first", ["Welcome", "Today", "Training"])
def test_the_first_load_is_small(manifest: dict[str, dict[str, object]], first: str) -> None:
    reached = _reached(manifest, [_app(manifest), f"src/views/{first}.svelte"])
    js = {str(manifest[name]["file"]) for name in reached}
    css = {str(file) for name in reached for file in manifest[name].get("css", [])}  # type: ignore[attr-defined]
    assert all(Path(file).suffix == ".js" for file in js)
    assert _zipped(js) <= JS_KB
    assert _zipped(css) <= CSS_KB


@pytest.mark.parametrize("first", ["Welcome", "Today", "Training"])
def test_the_words_of_other_screens_come_later(manifest: dict[str, dict[str, object]], first: str) -> None:
    reached = _reached(manifest, [_app(manifest), f"src/views/{first}.svelte"])
    text = "".join((web.DIST / str(manifest[name]["file"])).read_text(encoding="utf-8") for name in reached)
    assert "today.hello" in text
    assert "editor.addWeek" not in text
    assert "composition.bmi" not in text


async def test_a_phone_may_install_it(app: App) -> None:
    session = await app.page.context.new_cdp_session(app.page)
    told = await session.send("Page.getAppManifest")
    assert told["errors"] == []
    described = json.loads(told["data"])
    sizes = {(icon["sizes"], icon.get("purpose")) for icon in described["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    found = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    # A test's browser profile is a private one, and there nothing is installed.
    assert [error["errorId"] for error in found if error["errorId"] != "in-incognito"] == []


async def test_the_icons_are_as_large_as_they_are_said_to_be(app: App) -> None:
    sizes = await app.page.evaluate(
        """async () => {
            const { icons } = await (await fetch('/manifest.webmanifest')).json();
            return Promise.all(icons.filter((icon) => icon.type === 'image/png').map(async (icon) => {
                const picture = await createImageBitmap(await (await fetch(icon.src)).blob());
                return [icon.sizes, `${picture.width}x${picture.height}`];
            }));
        }"""
    )
    assert len(sizes) == 3
    assert all(said == found for said, found in sizes)
