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

    def __init__(self, data_dir: Path, urls: DatabaseUrls, port: int = PORT) -> None:
        self.data_dir = data_dir
        self.urls = urls
        self.port = port
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
                str(self.port),
            ],
            stderr=subprocess.DEVNULL,
            env={**os.environ, "REPTRAIL_LOG_LEVEL": "warning"},
        )
        while time.perf_counter() - started < START_TIMEOUT_SECONDS and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=1) as answer:
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
                [sys.executable, str(Path(__file__).parent / "load.py"), str(self.port), str(connections), str(seconds), file.name],
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
        output = self._pgbench(script, seconds, "-c", str(CONNECTIONS), "-j", "2")
        return float(re.search(r"tps = ([\d.]+)", output)[1])  # type: ignore[index]

    def pgbench_alone(self, script: str, seconds: float, variables: dict[str, object]) -> tuple[float, float]:
        """p50 and p99 in ms of one transaction after another, over one connection."""
        with tempfile.TemporaryDirectory() as directory:
            given = [part for name, value in variables.items() for part in ("-D", f"{name}={value}")]
            self._pgbench(script, seconds, "-c", "1", *given, "-l", "--log-prefix", f"{directory}/log")
            logged = "".join(path.read_text() for path in Path(directory).glob("log.*"))
        latencies = sorted(int(line.split()[2]) / 1000 for line in logged.splitlines())[1:]  # the first was not prepared
        return latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]

    def _pgbench(self, script: str, seconds: float, *options: str) -> str:
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
                    *options,
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
            )  # fmt: skip - as the server's connections are
        if "tps = " not in done.stdout or "failed" in done.stderr or "aborted" in done.stderr:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout
