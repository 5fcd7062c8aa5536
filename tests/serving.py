"""A real server process on an embedded database of its own, and its violent end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

COMMAND = "from reptrail.cli.serve import serve; import typer; typer.run(serve)"
START_WITHIN_SECONDS = 120


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(what: Callable[[], bool], seconds: float, reason: str) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, reason
        time.sleep(0.05)


@dataclass
class Serving:
    """`reptrail serve` on a data directory."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pgdata(self) -> Path:
        return self.data_dir / "postgres"

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REPTRAIL_")}
        with (self.data_dir / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "--data-dir", str(self.data_dir), "--port", str(self.port)],
                stdout=log,
                stderr=log,
                env=environment,
            )
        wait_until(self.is_ready, START_WITHIN_SECONDS, f"not ready: {self.log()[-3000:]}")

    def log(self) -> str:
        return (self.data_dir / "serve.log").read_text(encoding="utf-8", errors="replace")

    def is_ready(self) -> bool:
        assert self.process is None or self.process.poll() is None, f"ended: {self.log()[-3000:]}"
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """kill -9 of the server process."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def postgres(self) -> list[psutil.Process]:
        """Every living process of its PostgreSQL."""
        return [
            p
            for p in psutil.process_iter(["name", "cwd", "status"])
            if p.info["name"] == "postgres" and p.info["cwd"] == str(self.pgdata) and p.info["status"] != psutil.STATUS_ZOMBIE
        ]

    def postmaster_pid(self) -> int:
        return int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])

    def kill_postgres(self, *, only_the_first: bool = False) -> None:
        """kill -9 of the postmaster, and of all its processes unless they are left to find out by themselves."""
        first = self.postmaster_pid()
        others = [] if only_the_first else [process.pid for process in self.postgres() if process.pid != first]
        for pid in (first, *others):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:  # it noticed that the postmaster is gone
                continue

    def stop(self) -> int:
        """The orderly end; returns the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def clean_up(self) -> None:
        """Whatever happened, nothing of it is left running."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)
        for process in self.postgres():
            process.kill()

    async def rows(self, sql: str, *args: Any) -> list[Any]:
        """What is really there, as the owner sees it past every policy."""
        connection = await asyncpg.connect(f"postgresql://postgres:@/reptrail?host={self.pgdata}", timeout=10)
        try:
            found: list[Any] = await asyncio.wait_for(connection.fetch(sql, *args), 20)
            return found
        finally:
            await connection.close(timeout=5)
