# ruff: noqa: RUF001 - the multiplication sign is meant
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from reptrail.cli.drawing import ASCII, UNICODE, bar, bridged, columns, line, resample, sparkline
from reptrail.cli.report import MAX_WIDTH, as_json, render
from reptrail.progress.formulas import weight_rate, weight_trend
from reptrail.progress.rules import BestSet, BodyWeight, Lately, Lift, OpenSession, Report, Week, WeeklyBest
from reptrail.training.rules import SetLoad, WeightUnit

TODAY = date(2026, 7, 15)
MONDAY = date(2026, 7, 13)
WIDTHS = (60, 61, 72, 79, 80, 81, 93, 100, 110, 120, 163, 200)
NOBODY = UUID(int=1)


def made_best(day: date, weight: str | None, unit: WeightUnit | None, reps: int, load: SetLoad = SetLoad.EXTERNAL) -> BestSet:
    kg = None if weight is None else Decimal(weight) * (1 if unit == "kg" else Decimal("0.45359237"))
    e1rm = None if kg is None else kg * (1 + Decimal(reps) / 30)
    return BestSet(
        set_id=NOBODY, day=day, reps=reps, weight=None if weight is None else Decimal(weight), weight_unit=unit, weight_kg=kg,
        load=load, rpe=None, e1rm_kg=e1rm,
    )  # fmt: skip


def made_lift(name: str, best: BestSet | None, trend: list[int]) -> Lift:
    points = [
        WeeklyBest(monday=MONDAY - timedelta(weeks=len(trend) - 1 - n), e1rm_kg=Decimal(kg)) for n, kg in enumerate(trend) if kg
    ]
    return Lift(
        exercise_id=NOBODY, exercise_name=name, sessions_lately=3, sets_lately=9, sets=1234, volume_kg=Decimal(98765),
        first_day=TODAY - timedelta(days=400), last_day=TODAY, heaviest=best, best_e1rm=best, trend=tuple(points),
    )  # fmt: skip


def made_report(weeks: int = 12, days: int = 200) -> Report:
    random = Random(1)  # noqa: S311
    volumes = [random.choice((0, random.randint(1, 60_000))) for _ in range(weeks)]
    points = weight_trend([(TODAY - timedelta(days=days - n), 80 + random.gauss(0, 1) - n / 100) for n in range(days)])
    return Report(
        display_name="Ann",
        time_zone="Europe/Berlin",
        weight_unit=WeightUnit.KG,
        today=TODAY,
        sessions=321,
        sets=6001,
        volume_kg=Decimal("1234567.5"),
        minutes=20_000,
        first_day=TODAY - timedelta(days=700),
        last_day=TODAY,
        streak_weeks=5,
        longest_streak_weeks=30,
        in_progress=OpenSession(session_id=NOBODY, workout_name="Legs", at=datetime(2026, 7, 15, 15, 42, tzinfo=UTC)),
        planned=OpenSession(session_id=NOBODY, workout_name="Push", at=datetime(2026, 7, 16, 15, 30, tzinfo=UTC)),
        weeks=tuple(
            Week(monday=MONDAY - timedelta(weeks=weeks - 1 - n), sessions=n % 10 if v else 0, sets=n * 9, volume_kg=Decimal(v),
                 minutes=n * 61)
            for n, v in enumerate(volumes)
        ),
        lifts=(
            made_lift("Squat (Barbell)", made_best(TODAY, "140", WeightUnit.KG, 5), [100 + n for n in range(26)]),
            made_lift("Bench Press (Barbell)", made_best(date(2025, 1, 9), "225", WeightUnit.LB, 3), [0, 0, 90, 0, 95, 0]),
            made_lift("Pull Up", made_best(date(2026, 7, 1), "12.50", WeightUnit.KG, 12, SetLoad.ADDED), [15]),
            made_lift("Push Up", made_best(date(2026, 7, 1), None, None, 30, SetLoad.BODYWEIGHT), []),
            made_lift("Pull Up (Assisted)", None, []),
            made_lift("Seitheben mit der Kurzhantel, vorgebeugt, auf der Schrägbank 上斜板俯身侧平举", None, [7, 7]),
        ),
        body_weight=BodyWeight(points=points, rate_kg_per_week=weight_rate(points), change_4_weeks_kg=-0.04, change_kg=2.5),
    )  # fmt: skip


def rendered(report: Report, width: int, encoding: str = "utf-8") -> list[str]:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
        render(report, Console(file=file, width=width, color_system=None, _environ={}))
        file.flush()
        return raw.getvalue().decode(encoding).splitlines()


def variants() -> dict[str, Report]:
    full = made_report()
    nothing = tuple(replace(week, sessions=0, sets=0, minutes=0, volume_kg=Decimal(0)) for week in full.weeks)
    empty = replace(
        full, sessions=0, sets=0, volume_kg=Decimal(0), minutes=0, first_day=None, last_day=None, streak_weeks=0,
        longest_streak_weeks=0, in_progress=None, planned=None, weeks=nothing, lifts=(), body_weight=None,
    )  # fmt: skip
    one = weight_trend([(TODAY, 80.0)])
    two = weight_trend([(TODAY - timedelta(days=1), 80.0), (TODAY, 80.0)])
    return {
        "full": full,
        "pounds": replace(full, weight_unit=WeightUnit.LB),
        "empty": empty,
        "only body weight": replace(empty, body_weight=full.body_weight),
        "nothing lately": replace(full, weeks=nothing, streak_weeks=0),
        "one week": replace(full, weeks=full.weeks[-1:], streak_weeks=30),
        "cardio alone": replace(full, weeks=tuple(replace(w, volume_kg=Decimal(0), sessions=2) for w in full.weeks), lifts=()),
        "many weeks": replace(full, weeks=made_report(weeks=300).weeks),
        "weighed once": replace(
            full, body_weight=BodyWeight(points=one, rate_kg_per_week=None, change_4_weeks_kg=None, change_kg=0)
        ),
        "weighed twice": replace(
            full, body_weight=BodyWeight(points=two, rate_kg_per_week=None, change_4_weeks_kg=None, change_kg=0)
        ),
        "two years of weights": replace(full, body_weight=made_report(days=730).body_weight),
        "absurd": replace(full, volume_kg=Decimal("1e12"), weeks=tuple(replace(w, volume_kg=Decimal("1e10")) for w in full.weeks)),
        "a long name": replace(full, display_name="A" * 120),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("variant", variants())
def test_it_fits_every_width(variant: str, encoding: str) -> None:
    report = variants()[variant]
    for width in WIDTHS:
        for printed in rendered(report, width, encoding):
            assert cell_len(printed) <= min(width, MAX_WIDTH), printed
            assert encoding == "utf-8" or printed.isascii()


def test_it_survives_a_terminal_too_narrow_to_read() -> None:
    for report in variants().values():
        for width in (1, 5, 20, 40):
            rendered(report, width)


def test_it_says_what_is_there() -> None:
    text = "\n".join(rendered(made_report(), 100))
    for said in (
        "321 sessions", "6,001 sets", "1,234,568 kg lifted", "333 h", "5 weeks in a row; the longest streak is 30 weeks",
        "Under way: Legs, since today 17:42", "Next: Push, tomorrow 17:30", "Last 12 weeks", "this week",
        "140 kg × 5", "163.3 ▲", "225 lb × 3", "112.3", "9 Jan 2025", "+12.5 kg × 12", "body × 30", "assisted", "1,234",
    ):  # fmt: skip
        assert said in text, said
    assert "225 lb × 3" in "\n".join(rendered(replace(made_report(), weight_unit=WeightUnit.LB), 100))


def test_weights_are_in_the_athletes_unit() -> None:
    text = "\n".join(rendered(replace(made_report(), weight_unit=WeightUnit.LB), 100))
    assert "2,721,755 lb lifted" in text
    assert "360.1 ▲" in text  # of the 140 kg squat


def test_nobody_elses_text_commands_the_terminal() -> None:
    report = replace(made_report(), display_name="[red]Ann[/red]\x1b[31m\x07\u202e", planned=None)
    text = "\n".join(rendered(report, 100))
    assert "[red]Ann[/red]" in text
    assert not any(sign in text for sign in "\x1b\x07\u202e")


def test_colours_are_the_terminals_own() -> None:
    file = io.StringIO()
    render(made_report(), Console(file=file, width=100, force_terminal=True, color_system="truecolor", _environ={}))
    assert "\x1b[36m" in file.getvalue()
    assert "38;" not in file.getvalue()


def test_an_empty_report_says_how_to_start() -> None:
    text = "\n".join(rendered(variants()["empty"], 80))
    assert "No session yet" in text
    assert "reptrail import" in text


def test_json_holds_the_same() -> None:
    for report in variants().values():
        document = json.loads(as_json(report))
        assert document["sessions"] == report.sessions
        assert document["today"] == "2026-07-15"
        assert len(document["weeks"]) == len(report.weeks)
    full = json.loads(as_json(made_report()))
    assert full["volume_kg"] == 1234567.5
    assert full["planned"]["at"] == "2026-07-16T15:30:00Z"
    assert full["lifts"][1]["heaviest"]["weight_unit"] == "lb"


numbers = st.lists(st.one_of(st.none(), st.floats(0, 1e6)), max_size=60)


@given(numbers)
def test_drawings_are_as_long_as_their_values(values: list[float | None]) -> None:
    for signs in (UNICODE, ASCII):
        assert len(sparkline(values, signs)) == len(values)
        assert all(len(row) == len(values) for row in columns(values, 3, signs))
    assert all(len(row) == (len(values) + 1) // 2 for row in line(values, 3))
    assert len(bridged(values)) == len(values)


def test_a_sparkline_rises_and_shows_gaps() -> None:
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8], UNICODE) == "▁▂▃▄▅▆▇█"
    assert sparkline([1, None, 8], UNICODE) == "▁ █"
    assert sparkline([None, None], UNICODE) == "  "
    flat = sparkline([100, 101, 100], UNICODE, least_span=50)
    assert set(flat) <= {"▄", "▅"}


def test_a_bar_is_exact_to_the_eighth() -> None:
    assert bar(1, 3, UNICODE) == "███"
    assert bar(0.5, 3, UNICODE) == "█▌"
    assert bar(0, 3, UNICODE) == ""
    assert bar(1e-9, 3, UNICODE) == "▏"
    assert bar(0.5, 3, ASCII) == "#-"


def test_a_line_is_joined() -> None:
    assert line([0, 1], 1) == ["⡸"]
    assert line([1, 1], 2) == [" ", "⣀"]
    assert line([0, None, 0, 1], 1) == ["⡀⡸"]


def test_columns_fill_from_below() -> None:
    assert columns([0, 1], 2, UNICODE) == [" █", "▁█"]
    assert bridged([None, 1, None, 3, None]) == [None, 1, 2, 3, None]
    assert resample([(0.0, 1), (0.4, 3), (0.999, 5)], 2) == [2, 5]


def test_the_last_four_weeks_are_said_in_one_line() -> None:
    lately = Lately(sessions=9, sessions_change=-2, records=1, adherence=0.75, load_ratio=1.18)
    said = rendered(replace(made_report(), lately=lately), 80)
    assert " Four weeks: 9 sessions (−2), 1 record, 75% of what was planned, load 1.18 of…" in said
    said = rendered(replace(made_report(), lately=lately), 100)
    assert " Four weeks: 9 sessions (−2), 1 record, 75% of what was planned, load 1.18 of the usual" in said
    bare = replace(lately, records=0, adherence=None, load_ratio=None, sessions=1, sessions_change=1)
    assert " Four weeks: 1 session (+1)" in rendered(replace(made_report(), lately=bare), 80)
