"""The app: its page at every address that is a screen, and the files beside it. Built from web/ into web_dist/."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_404_NOT_FOUND

from reptrail.http import problems
from reptrail.http.streams import UNCOMPRESSED

DIST = Path(__file__).parents[1] / "web_dist"
# Nothing but what this server itself gave, no inline script, no plug-in, in nobody's frame.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# Their names change with their contents.
_FOR_EVER = {**_HEADERS, "cache-control": "public, max-age=31536000, immutable"}
# The best first, with what the build puts behind a file's name (web/src/first.ts).
_CODINGS = {"br": ".br", "gzip": ".gz"}
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


def is_built() -> bool:
    """Whether the app is there: a checkout without its build serves the API and its pages alone."""
    return (DIST / "index.html").is_file()


@cache
def _page() -> bytes:
    return (DIST / "index.html").read_bytes()


def page() -> Response[bytes]:
    """The app's one page."""
    return Response(_page(), media_type=MediaType.HTML, headers=_HEADERS)


def handlers() -> list[HTTPRouteHandler]:
    """The handlers of the app's files, in Litestar's form."""
    # Read once: a megabyte, and a build that replaces them meanwhile breaks no page that is open.
    files = {f"/{path.relative_to(DIST).as_posix()}": _forms(path) for path in DIST.rglob("*") if path.suffix in _TYPES}
    if not is_built():
        return []
    _page()

    @get(list(files), include_in_schema=False, opt={UNCOMPRESSED: True})
    async def file(request: Request[Any, Any, Any]) -> Response[bytes]:
        """One of the app's files, in the smallest form that the browser takes."""
        path = request.url.path
        forms = files[path]
        coding = _coding(request.headers.get("accept-encoding", ""), forms)
        headers = {**(_FOR_EVER if path.startswith("/assets/") else _HEADERS), "vary": "accept-encoding"}
        if coding:
            headers["content-encoding"] = coding
        return Response(forms[coding], media_type=_TYPES[path[path.rindex(".") :]], headers=headers)

    return [file]


def _forms(path: Path) -> dict[str, bytes]:
    """A file as it is (""), and as the build compressed it: a fifth smaller than on the way out, and costing nothing there."""
    compressed = {coding: path.with_name(path.name + suffix) for coding, suffix in _CODINGS.items()}
    return {"": path.read_bytes(), **{coding: each.read_bytes() for coding, each in compressed.items() if each.is_file()}}


def _coding(accepted: str, forms: Collection[str]) -> str:
    """The best coding that is there and accepted; none where the header refuses it by `q=0` or says nothing of it."""
    offers = (each.strip().lower().partition(";") for each in accepted.split(","))
    takes = {name.strip() for name, _, weight in offers if weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}}
    return next((coding for coding in _CODINGS if coding in forms and coding in takes), "")


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """What went wrong as an answer: a screen's address, which only the app knows, is answered with the app."""
    missing = isinstance(error, NotFoundException) or getattr(error, "status_code", None) == HTTP_404_NOT_FOUND
    if missing and is_built() and _is_screen(request):
        return page()
    return problems.handle(request, error)


def _is_screen(request: Request[Any, Any, Any]) -> bool:
    """Whether a person goes there: a missing script must not be answered with a page."""
    path = request.url.path
    wants_page = "text/html" in request.headers.get("accept", "")
    return request.method == "GET" and wants_page and not path.startswith(("/api", "/static")) and "." not in path
