"""An instance to measure: its own data directory, one server process, and pgbench on the same database."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from reptrail.db.embedded import DatabaseUrls

PORT = 8765
CONNECTIONS = 16
START_TIMEOUT_SECONDS = 30


class Instance:
    """A server process on an embedded PostgreSQL (fsync on, settings as delivered)."""

    def __init__(self, data_dir: Path, urls: DatabaseUrls) -> None:
        self.data_dir = data_dir
        self.urls = urls
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Starts the server; returns the seconds until /readyz answers."""
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from reptrail.cli.serve import serve; import typer; typer.run(serve)",
                "--data-dir",
                str(self.data_dir),
                "--port",
                str(PORT),
            ],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "REPTRAIL_LOG_LEVEL": "warning"},
        )
        while time.perf_counter() - started < START_TIMEOUT_SECONDS and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=1) as answer:
                    if answer.status == 200:
                        return time.perf_counter() - started
            except OSError:
                time.sleep(0.01)
        raise SystemExit("the server did not start")

    def peak_mib(self) -> float:
        """The most memory the server process ever held."""
        assert self.process is not None  # noqa: S101
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def stop(self) -> None:
        """Stops the server as a person would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def load(self, requests: list[bytes], seconds: float, connections: int = CONNECTIONS) -> dict[str, float]:
        """Sends requests from another process."""
        with tempfile.NamedTemporaryFile("w", suffix=".hex") as file:
            file.write("\n".join(request.hex() for request in requests))
            file.flush()
            done = subprocess.run(
                [sys.executable, str(Path(__file__).parent / "load.py"), str(PORT), str(connections), str(seconds), file.name],
                check=True,
                capture_output=True,
                text=True,
            )
        if done.stderr:
            print(done.stderr)
        answer: dict[str, float] = json.loads(done.stdout)
        if answer["refused"]:
            raise SystemExit(f"{answer['refused']} requests were refused")
        return answer

    def pgbench(self, script: str, seconds: float) -> float:
        """Transactions a second of a pgbench script, as the serving role, over as many connections."""
        assert self.urls.programs is not None  # noqa: S101
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(script)
            file.flush()
            done = subprocess.run(
                [
                    str(self.urls.programs / "pgbench"),
                    "-n",
                    "-M",
                    "prepared",
                    "-c",
                    str(CONNECTIONS),
                    "-j",
                    "2",
                    "-T",
                    str(int(seconds)),
                    "-f",
                    file.name,
                    self.urls.server,
                ],
                check=False,
                capture_output=True,
                text=True,
                env={**os.environ, "PGOPTIONS": "-c jit=off -c plan_cache_mode=force_generic_plan"},
            )  # as the server's connections are
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if found is None or "failed" in done.stderr:
            raise SystemExit(done.stdout + done.stderr)
        return float(found[1])
