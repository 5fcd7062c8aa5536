"""`python bench/progress.py`: each chart of an athlete with ten years of training, beside its bounds.

Three ratios a chart, all of one request after another over one connection: the p50 of pgbench with the same SQL to that of
the server; the server's to its own for an athlete of one year; and its p50 with all athletes in the database to that with a
hundred. Two databases stand side by side and every figure is taken in short rounds, in turn, so that what else the machine
does hits both sides alike; the median of the rounds counts. `--athletes 10000` is 20 million sets: a quarter of an hour to
make, about 15 GB; with `--data-dir` both databases are kept there, and used again. `--quick` is 200 athletes.
"""

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import asyncpg

from cases import _fill, _id, _request
from instance import PORT, Instance
from progress_data import grow
from reptrail.body import queries as body
from reptrail.body.actions import _SLUGS, TREND_MEMORY_DAYS
from reptrail.catalog.builtin import builtin_id
from reptrail.db.embedded import DatabaseUrls, find_database, secret_key
from reptrail.db.migrate import migrate
from reptrail.goals import queries as goals
from reptrail.goals.rules import FORECAST_DAYS
from reptrail.http.actor import Authenticator
from reptrail.measurements.rules import HEIGHT_ID
from reptrail.progress import queries
from reptrail.settings import Settings

TEN_YEARS, ONE_YEAR, FEW = 1, 2, 100
MIN_OF_PGBENCH, MAX_OF_ONE_YEAR, MAX_OF_FEW = 0.5, 5.0, 1.3
MAX_REQUESTS_PER_SECOND = 4000
WARM_UP_SECONDS = 0.5
GROWN = "grown"
WEIGHT = "progress/measurements/body-weight"
METRICS = ", ".join(f"'{metric}'" for metric in _SLUGS)


def _nothing(type_: str) -> str:
    """Null, but not to the planner: so that pgbench has the very plan of the server, one for all that can be asked."""
    return f"nullif(:nothing, '-')::{type_}"


@dataclass(frozen=True)
class Chart:
    """A chart: its path, its statement, and pgbench's expressions for the statement's parameters after the athlete."""

    name: str
    path: str
    statement: str
    values: tuple[str, ...] = (":now::timestamptz", _nothing("date"), _nothing("date"), ":exercise::uuid")
    scope: str = "training:read"

    @property
    def script(self) -> str:
        """The statement as the server sends it, in a transaction of the athlete."""
        act_as = (
            "SELECT app.act_as(:athlete::uuid, :athlete::uuid, nullif(:scope, '-'), 'WEB', gen_random_uuid(), false, "
            ":login::uuid, '', 'progress')"
        )
        # pgbench takes ":read" for a variable, even inside quotes.
        statement = re.sub(r"'(\w+):(\w+)'", r"'\1' || chr(58) || '\2'", self.statement)
        return f"BEGIN;\n{act_as};\n{_fill(statement, ':athlete::uuid', *self.values)}COMMIT;\n"


def _forecast(place: int, value: str) -> tuple[str, ...]:
    types = ("uuid", "uuid", "uuid", "numeric", "text")
    return (":now::timestamptz", *(value if n == place else _nothing(type_) for n, type_ in enumerate(types)), str(FORECAST_DAYS))


_OF_WEIGHT = (f"'{builtin_id('metric', 'body-weight')}'::uuid", ":now::timestamptz", _nothing("date"), _nothing("date"))
_OF_BODY = (f"ARRAY[{METRICS}]::uuid[]", ":now::timestamptz", _nothing("date"), f"'{HEIGHT_ID}'::uuid")
CHARTS = (
    Chart("summary", "progress/summary", queries.SUMMARY),
    Chart("exercise", "progress/exercises/{exercise}", queries.EXERCISE),
    Chart("records", "progress/records", queries.RECORDS),
    Chart("volume", "progress/volume", queries.VOLUME),
    Chart("load", "progress/load", queries.LOADS),
    Chart("adherence", "progress/adherence", queries.ADHERENCE),
    Chart("calendar", "progress/calendar", queries.CALENDAR, (":now::timestamptz", _nothing("int"))),
    Chart("body weight", WEIGHT, body.SERIES, (*_OF_WEIGHT, _nothing("text"), str(TREND_MEMORY_DAYS)), "measurements:read"),
    Chart("in pounds", f"{WEIGHT}?unit=lb", body.SERIES, (*_OF_WEIGHT, ":pounds", str(TREND_MEMORY_DAYS)), "measurements:read"),
    Chart("body", "progress/body", body.LATEST, _OF_BODY, "measurements:read"),
    Chart("goals", "goals", goals.GOALS, (":now::timestamptz", _nothing("date"), _nothing("uuid"), "51"), ""),
    Chart("goal, a lift", "progress/forecast?goal_id={lift_goal}", goals.FORECAST, _forecast(0, ":lift_goal::uuid"), ""),
    Chart("goal, weight", "progress/forecast?goal_id={weight_goal}", goals.FORECAST, _forecast(0, ":weight_goal::uuid"), ""),
    Chart("forecast", "progress/forecast?exercise_id={exercise}", goals.FORECAST, _forecast(2, ":exercise::uuid"), ""),
)


class World:
    """One database of so many athletes, its server process, and pgbench on it."""

    def __init__(self, directory: Path, athletes: int, port: int) -> None:
        directory = directory / str(athletes)
        settings = Settings(data_dir=directory)
        self.urls = find_database(settings)
        asyncio.run(migrate(self.urls.owner))
        if not (directory / GROWN).exists():
            started = time.perf_counter()
            asyncio.run(grow(self.urls.owner, athletes))
            (directory / GROWN).touch()
            print(f"{athletes:,} athletes made in {time.perf_counter() - started:.0f} s", flush=True)
        self.tokens = Authenticator(secret_key(settings))
        self.instance = Instance(directory, self.urls, port)
        self.exercise = asyncio.run(an_exercise(self.urls))

    def variables(self, athlete: int) -> dict[str, object]:
        """What paths and scripts name."""
        return {
            "exercise": self.exercise,
            "athlete": _id(f"a{athlete}"),
            "login": _id(f"l{athlete}"),
            "lift_goal": _id(f"g{athlete}:1"),
            "weight_goal": _id(f"g{athlete}:2"),
        }

    def served(self, chart: Chart, athlete: int, seconds: float) -> tuple[float, float]:
        """p50 and p99 in ms of one request after another, over one connection."""
        token = {athlete: self.tokens.issue(_id(f"a{athlete}"), _id(f"l{athlete}"), 3600)}
        request = _request(token, "GET", athlete, chart.path.format(**self.variables(athlete)))
        answer = self.instance.load([request] * int(MAX_REQUESTS_PER_SECOND * seconds), seconds, 1)
        return answer["p50_ms"], answer["p99_ms"]

    def bare(self, chart: Chart, athlete: int, seconds: float) -> tuple[float, float]:
        """The same of pgbench."""
        constant = {"scope": chart.scope or "-", "nothing": "-", "pounds": "lb", "now": datetime.now(UTC).isoformat()}
        return self.instance.pgbench_alone(chart.script, seconds, {**constant, **self.variables(athlete)})


async def an_exercise(urls: DatabaseUrls) -> str:
    """The exercise that everybody does first."""
    connection = await asyncpg.connect(urls.owner)
    try:
        return str(await connection.fetchval("SELECT id FROM exercise WHERE rank = 0 AND user_id IS NULL"))
    finally:
        await connection.close()


class Bench:
    """The figures of every chart, and which of them miss their bounds."""

    def __init__(self, few: World, many: World, seconds: float, rounds: int) -> None:
        self.few, self.many, self.seconds, self.rounds = few, many, seconds, rounds
        self.missed: list[str] = []

    def measure(self, chart: Chart) -> None:
        """One line. Each round takes the four figures in turn, and its ratios are between them."""
        for world, athlete in ((self.many, TEN_YEARS), (self.many, ONE_YEAR), (self.few, TEN_YEARS)):
            world.served(chart, athlete, WARM_UP_SECONDS)  # as it is on the second day: what is asked for is in memory
        rounds = []
        for _ in range(self.rounds):
            here = self.many.served(chart, TEN_YEARS, self.seconds)
            bare = self.many.bare(chart, TEN_YEARS, max(1, self.seconds))
            one_year = self.many.served(chart, ONE_YEAR, self.seconds)
            few = self.few.served(chart, TEN_YEARS, self.seconds)
            rounds.append((*here, *bare, bare[0] / here[0], bare[1] / here[1], here[0] / one_year[0], here[0] / few[0]))
        p50, p99, bare_p50, bare_p99, ratio, ratio99, years, many = (median(column) for column in zip(*rounds, strict=True))
        bounds = (
            self.bound(chart, "of pgbench", ratio, MIN_OF_PGBENCH, least=True),
            self.bound(chart, "to one year", years, MAX_OF_ONE_YEAR),
            self.bound(chart, f"to {FEW} athletes", many, MAX_OF_FEW),
        )
        print(
            f"{chart.name:13}{p50:8.2f}{p99:8.2f}   {bare_p50:8.2f}{bare_p99:8.2f}   {bounds[0]}   {ratio99:6.2f}   {bounds[1]}"
            f"   {bounds[2]}",
            flush=True,
        )

    def bound(self, chart: Chart, what: str, figure: float, limit: float, *, least: bool = False) -> str:
        """The figure beside its bound, kept or not."""
        good = figure >= limit if least else figure <= limit
        if not good:
            self.missed.append(f"{chart.name}: {what} {figure:.2f}")
        return f"{figure:6.2f} {'ok' if good else 'MISSED':6}"


def run(directory: Path, options: argparse.Namespace) -> list[str]:
    """Both databases, made where they are not there, and every chart on them; what was missed."""
    few, many = World(directory, FEW, PORT), World(directory, options.athletes, PORT + 1)
    bench = Bench(few, many, options.seconds, options.rounds)
    try:
        few.instance.start()
        many.instance.start()
        print(
            f"{options.athletes:,} athletes against {FEW}; ms; bounds: of pgbench >= {MIN_OF_PGBENCH} (p50), "
            f"to one year <= {MAX_OF_ONE_YEAR}, to {FEW} athletes <= {MAX_OF_FEW}"
        )
        print(
            f"{'chart':13}{'p50':>8}{'p99':>8}   {'pgbench':>8}{'p99':>8}   {'of pgbench':13}   {'p99':>6}   {'to one year':13}"
            f"   to {FEW} athletes"
        )
        for chart in CHARTS:
            if options.only is None or re.search(options.only, chart.name):
                bench.measure(chart)
    finally:
        few.instance.stop()
        many.instance.stop()
    return bench.missed


def main() -> int:
    """Runs it; exit code 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="200 athletes, one round")
    parser.add_argument("--athletes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each figure of a round")
    parser.add_argument("--only", help="charts whose name this pattern finds")
    parser.add_argument("--data-dir", type=Path, help="where both databases are kept; made there if they are not")
    options = parser.parse_args()
    if options.quick:
        options.athletes, options.rounds = 200, 1
    directory = options.data_dir or Path(tempfile.mkdtemp(prefix="rtbench"))
    try:
        missed = run(directory, options)
    finally:
        if options.data_dir is None:
            shutil.rmtree(directory, ignore_errors=True)
    print("\n".join(["", "missed:", *missed]) if missed else "\nall bounds kept")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
