"""`make bench`: each figure beside its bound, server and pgbench in one run on one database. `--quick` for a first look.

Absolute figures move from machine to machine and from run to run; the ratios are what counts.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES
from data import make
from instance import Instance
from reptrail.db.embedded import find_database, secret_key
from reptrail.db.migrate import migrate
from reptrail.http.actor import Authenticator
from reptrail.settings import Settings

MAX_START_SECONDS = 3.0
MAX_PEAK_MIB = 150.0
MAX_REQUESTS_PER_SECOND = 8000


def main() -> int:
    """Runs every case; exit code 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less data, less time")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of server and pgbench in turn; the median ratio counts")
    options = parser.parse_args()
    athletes, seconds, rounds = (30, 3, 1) if options.quick else (100, 6, options.rounds)
    directory = Path(tempfile.mkdtemp(prefix="rtbench"))
    settings = Settings(data_dir=directory)
    urls = find_database(settings)
    asyncio.run(migrate(urls.owner))
    asyncio.run(make(urls.owner, athletes))
    authenticator = Authenticator(secret_key(settings))
    instance = Instance(directory, urls)
    missed = []

    def report(name: str, figure: str, bound: str, *, good: bool) -> None:
        print(f"{name:34} {figure:>58}   {bound:>12}   {'ok' if good else 'MISSED'}", flush=True)
        if not good:
            missed.append(name)

    try:
        instance.start()
        instance.stop()
        start = instance.start()
        report("second start until /readyz", f"{start:.2f} s", f"<= {MAX_START_SECONDS} s", good=start <= MAX_START_SECONDS)
        for case in CASES:
            ratios = []
            for _ in range(rounds):
                requests = case.requests(authenticator, athletes, MAX_REQUESTS_PER_SECOND * seconds // max(1, case.rows // 4))
                answered = instance.load(requests, seconds)
                limit = instance.pgbench(case.script(athletes), seconds)
                ratios.append(answered["per_second"] / limit)
                print(
                    f"  {case.name}: server {answered['per_second'] * case.rows:,.0f}/s (p50 {answered['p50_ms']:.1f} ms, "
                    f"p99 {answered['p99_ms']:.1f} ms), pgbench {limit * case.rows:,.0f}/s",
                    flush=True,
                )
            ratio = sorted(ratios)[len(ratios) // 2]
            report(case.name, f"{ratio:.2f} of pgbench", f">= {case.bound:.2f}", good=ratio >= case.bound)
        peak = instance.peak_mib()
        report("peak memory of the server process", f"{peak:.0f} MiB", f"<= {MAX_PEAK_MIB:.0f} MiB", good=peak <= MAX_PEAK_MIB)
    finally:
        instance.stop()
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
