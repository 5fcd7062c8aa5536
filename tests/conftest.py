"""A real PostgreSQL for every test: one server a worker, one template built by the migrations, databases copied from it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from uuid import uuid4

import httpx
import hypothesis
import pytest
from litestar import Litestar

from helpers import Person, Server, in_thread, register
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.db.migrate import migrate
from reptrail.http.edge import Services
from reptrail.identity import rules
from reptrail.settings import Settings

# Machines are shared: how long one example takes says nothing.
hypothesis.settings.register_profile("shared-machine", deadline=None)
hypothesis.settings.load_profile("shared-machine")

SAMPLES = Path(__file__).resolve().parents[1].parent / "shared" / "samples"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--external-postgres",
        default=os.environ.get("REPTRAIL_TEST_POSTGRES"),
        metavar="BINDIR",
        help="run on the PostgreSQL whose programs lie in BINDIR instead of the embedded one",
    )


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """The least argon2 there is: hundreds of people register in these tests, each at 40 ms of a core otherwise.

    tests/identity proves that the real cost is in the hashes where it is not lowered.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "ARGON2_MEMORY_KIB", 8)
        patch.setattr(rules, "ARGON2_ITERATIONS", 1)
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """The real exported histories, where they lie beside the checkout."""
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not beside this checkout")
    return SAMPLES


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Server]:
    """A running PostgreSQL of our own; stopped and removed at the end."""
    directory = Path(tempfile.mkdtemp(prefix="rt"))
    bindir = pytestconfig.getoption("--external-postgres")
    server = Server.external(Path(bindir), directory) if bindir else Server.embedded(directory)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def make_database(postgres: Server) -> Callable[..., DatabaseUrls]:
    """Makes a fresh migrated database, a copy of one that the migrations built; returns its URLs."""
    template = "template_reptrail"
    postgres.sql("postgres", f"CREATE DATABASE {template}")
    in_thread(lambda: migrate(postgres.url(template)))

    def make(*, step_down: bool = False) -> DatabaseUrls:
        name = f"test_{uuid4().hex[:12]}"
        postgres.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return postgres.urls(name, step_down=step_down)

    return make


@pytest.fixture(scope="session")
def urls(make_database: Callable[..., DatabaseUrls]) -> DatabaseUrls:
    """The database most tests share; each brings people of its own."""
    return make_database()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a test instance."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"), pool_connections=8, secret_key="x" * 48, live_seconds=0)


@pytest.fixture(scope="session")
async def services(urls: DatabaseUrls, settings: Settings) -> AsyncIterator[Services]:
    """The services of the shared application, its pool open."""
    made = build_services(settings, urls)
    await made.database.open()
    yield made
    await made.database.close()


@pytest.fixture(scope="session")
def app(services: Services) -> Litestar:
    """The application under test."""
    return create_app(services)


@pytest.fixture(scope="session")
async def http(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody nobody knows yet; it keeps no cookie, since everybody in the tests shares it."""
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test", timeout=60, cookies=no_cookies
    ) as client:
        yield client


@pytest.fixture
async def athlete(http: httpx.AsyncClient) -> Person:
    """A new athlete, logged in."""
    return await register(http, "athlete")


@pytest.fixture
async def stranger(http: httpx.AsyncClient) -> Person:
    """Another user, who has nothing to do with the athlete."""
    return await register(http, "stranger")
