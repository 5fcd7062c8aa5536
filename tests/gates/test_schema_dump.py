"""db/schema.sql is what the migrations make: a review reads the effect, not only the steps."""

from collections.abc import Callable

import pytest

from helpers import Server
from reptrail.db.dump import SCHEMA_FILE, schema_sql
from reptrail.db.embedded import DatabaseUrls


@pytest.fixture(autouse=True)
def embedded_only(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--external-postgres"):
        pytest.skip("another pg_dump words the same schema in another way")


def test_the_dump_is_fresh(make_database: Callable[..., DatabaseUrls]) -> None:
    fresh = schema_sql(make_database())
    assert fresh == SCHEMA_FILE.read_text(encoding="utf-8"), "stale: run `.venv/bin/python -m reptrail.db.dump`"


def test_two_dumps_are_the_same_to_the_byte(make_database: Callable[..., DatabaseUrls]) -> None:
    assert schema_sql(make_database()) == schema_sql(make_database())


def test_a_change_of_the_schema_shows(make_database: Callable[..., DatabaseUrls], postgres: Server) -> None:
    urls = make_database()
    before = schema_sql(urls)
    postgres.sql(urls.owner.split("?")[0].rpartition("/")[2], "CREATE POLICY more ON login FOR SELECT USING (app.is_system())")
    assert schema_sql(urls) != before
