"""`python bench/progress.py`: each chart of an athlete with ten years of training, beside its bounds.

Three ratios a chart: requests a second of the server to transactions a second of pgbench with the same SQL; the time of one
request to that of the same for an athlete of one year; and that with all athletes in the database to that with a hundred.
`--athletes 10000` is 20 million sets (half an hour to make, about 15 GB); `--quick` is 200 athletes.
"""

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import asyncpg

from cases import _fill, _id, _request
from instance import Instance
from progress_data import grow
from reptrail.db.embedded import find_database, secret_key
from reptrail.db.migrate import migrate
from reptrail.http.actor import Authenticator
from reptrail.progress import queries
from reptrail.settings import Settings

TEN_YEARS, ONE_YEAR, FEW = 1, 2, 100
MIN_OF_PGBENCH, MAX_OF_ONE_YEAR, MAX_OF_FEW = 0.5, 5.0, 1.3
MAX_REQUESTS_PER_SECOND = 4000
# Chart: its path, and its statement where it is one that pgbench can send.
CHARTS = {
    "summary": ("summary", queries.SUMMARY),
    "exercise": ("exercises/{exercise}", queries.EXERCISE),
    "records": ("records", queries.RECORDS),
    "volume": ("volume", queries.VOLUME),
    "load": ("load", queries.LOADS),
    "adherence": ("adherence", queries.ADHERENCE),
    "calendar": ("calendar", queries.CALENDAR),
    "body weight": ("measurements/body-weight", None),
}


def script(statement: str, exercise: str) -> str:
    """The statement as the server sends it, in a transaction of the athlete of ten years."""
    highest = max(int(n) for n in re.findall(r"\$(\d+)", statement))
    values = [":athlete::uuid", "now()", "NULL", "NULL", ":exercise::uuid"]
    # As parameters, so that pgbench has the very plan that the server has: one for all athletes.
    begin = (
        f"SELECT '{_id(f'a{TEN_YEARS}')}' AS athlete, '{exercise}' AS exercise \\gset\n"
        "BEGIN;\nSELECT app.act_as(:athlete::uuid, :athlete::uuid, 'training' || chr(58) || 'read', 'WEB', gen_random_uuid(), false, "
        f"'{_id(f'l{TEN_YEARS}')}'::uuid, '');\n"
    )
    return begin + _fill(statement, *values[:highest]) + "COMMIT;\n"


class Bench:
    """One database that grows, one server process, and what is printed."""

    def __init__(self, directory: Path, seconds: float) -> None:
        settings = Settings(data_dir=directory)
        self.urls = find_database(settings)
        asyncio.run(migrate(self.urls.owner))
        self.tokens = Authenticator(secret_key(settings))
        self.instance = Instance(directory, self.urls)
        self.seconds = seconds
        self.missed: list[str] = []

    def requests(self, athlete: int, path: str, count: int) -> list[bytes]:
        token = {athlete: self.tokens.issue(_id(f"a{athlete}"), _id(f"l{athlete}"), 3600)}
        return [_request(token, "GET", athlete, f"progress/{path}")] * count

    def alone(self, athlete: int, path: str) -> tuple[float, float]:
        """p50 and p99 in ms of one request after another, over one connection."""
        answer = self.instance.load(self.requests(athlete, path, int(MAX_REQUESTS_PER_SECOND * self.seconds)), self.seconds, 1)
        return answer["p50_ms"], answer["p99_ms"]

    def every(self, measure: Callable[[str, str], None], exercise: str) -> None:
        for name, (path, _) in CHARTS.items():
            measure(name, path.format(exercise=exercise))

    def bound(self, chart: str, what: str, figure: float, limit: float, *, least: bool = False) -> str:
        good = figure >= limit if least else figure <= limit
        if not good:
            self.missed.append(f"{chart}: {what} {figure:.2f}")
        return f"{figure:6.2f} ({'>=' if least else '<='} {limit}){'' if good else ' MISSED'}"


async def an_exercise(owner_url: str) -> str:
    connection = await asyncpg.connect(owner_url)
    try:
        return str(await connection.fetchval("SELECT id FROM exercise WHERE rank = 0 AND user_id IS NULL"))
    finally:
        await connection.close()


def run(bench: Bench, athletes: int) -> None:
    """Measures with a hundred athletes, grows the database, and measures again."""
    asyncio.run(grow(bench.urls.owner, 1, FEW))
    exercise = asyncio.run(an_exercise(bench.urls.owner))
    bench.instance.start()
    few: dict[str, float] = {}
    bench.every(lambda name, path: few.update({name: bench.alone(TEN_YEARS, path)[0]}), exercise)
    started = time.perf_counter()
    asyncio.run(grow(bench.urls.owner, FEW + 1, athletes))
    print(
        f"{athletes:,} athletes, {31_500 + 2_000 * (athletes - 2):,} sets and more, grown in {time.perf_counter() - started:.0f} s"
    )
    print(f"{'chart':12} {'p50':>8} {'p99':>8}   {'of pgbench':>24}   {'to one year':>24}   {f'to {FEW} athletes':>24}")
    for name, (path, statement) in CHARTS.items():
        address = path.format(exercise=exercise)
        p50, p99 = bench.alone(TEN_YEARS, address)
        one_year, _ = bench.alone(ONE_YEAR, address)
        again = min(p50, bench.alone(TEN_YEARS, address)[0])
        share = f"{'-':>24}"
        if statement is not None:
            served = bench.instance.load(
                bench.requests(TEN_YEARS, address, int(MAX_REQUESTS_PER_SECOND * bench.seconds)), bench.seconds
            )
            bare = bench.instance.pgbench(script(statement, exercise), max(2, bench.seconds))
            share = bench.bound(name, "of pgbench", served["per_second"] / bare, MIN_OF_PGBENCH, least=True)
        years = bench.bound(name, "to one year", again / one_year, MAX_OF_ONE_YEAR)
        many = bench.bound(name, f"to {FEW} athletes", again / few[name], MAX_OF_FEW)
        print(f"{name:12} {p50:6.1f}ms {p99:6.1f}ms   {share:>24}   {years:>24}   {many:>24}", flush=True)


def main() -> int:
    """Runs it; exit code 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="200 athletes, two seconds a figure")
    parser.add_argument("--athletes", type=int, default=10_000)
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="rtbench"))
    bench = Bench(directory, 2 if options.quick else 5)
    try:
        run(bench, 200 if options.quick else options.athletes)
    finally:
        bench.instance.stop()
        shutil.rmtree(directory, ignore_errors=True)
    print("\n".join(["", "missed:", *bench.missed]) if bench.missed else "\nall bounds kept")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
