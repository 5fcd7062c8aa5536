"""The app built from these sources with another catalogue, and a page that has it from there instead of from the server."""

import mimetypes
import shutil
import subprocess
from pathlib import Path

import pytest
from browsing import App
from playwright.async_api import Route

WEB = Path(__file__).parents[2] / "web"
VITE = WEB / "node_modules" / "vite" / "bin" / "vite.js"
BUILT_WITHIN_SECONDS = 240


def copied_sources(to: Path) -> Path:
    """What the app is built from, in a folder where it may be changed."""
    if shutil.which("node") is None or not VITE.is_file():
        pytest.skip("no Node or no node_modules: make web")
    for name in ("index.html", "vite.config.ts", "svelte.config.js", "tsconfig.json", "package.json"):
        shutil.copy(WEB / name, to)
    for name in ("src", "public"):
        shutil.copytree(WEB / name, to / name)
    (to / "node_modules").symlink_to(WEB / "node_modules")
    return to


def built_from(copy: Path) -> Path:
    """The folder of the app built from copied sources."""
    command = [str(shutil.which("node")), str(VITE), "build", "--outDir", "dist", "--logLevel", "warn"]
    subprocess.run(command, cwd=copy, check=True, timeout=BUILT_WITHIN_SECONDS, capture_output=True)
    return copy / "dist"


async def serve_from(app: App, built: Path) -> None:
    """Gives the page the files of that build; the API is the server's."""

    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(app.site.url).partition("?")[0]
        file = built / path.lstrip("/")
        if path.startswith("/api"):
            await route.continue_()
        elif file.is_file():
            await route.fulfill(path=file, content_type=mimetypes.guess_type(path)[0])
        else:
            await route.fulfill(path=built / "index.html", content_type="text/html")

    await app.page.route(f"{app.site.url}/**", answer)
