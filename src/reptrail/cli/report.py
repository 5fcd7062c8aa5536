"""The report in the terminal: what was trained, the best lifts, body weight. Drawn with text alone.

Nothing but a bar says how much: every number stands beside it. Colours are the terminal's own, used for what is data and
what is new, so that it reads on dark and on light ground and with no colour at all. Where the terminal does not take UTF-8,
every sign falls back to ASCII.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from reptrail.cli.drawing import ASCII, UNICODE, bar, bridged, columns, line, resample, sparkline
from reptrail.http.encoding import encode
from reptrail.progress.rules import LIFT_TREND_WEEKS, BestSet, BodyWeight, Lately, Lift, OpenSession, Report, Week
from reptrail.training.rules import KG_PER_LB, SetLoad, WeightUnit

MAX_WIDTH = 110
# More weeks than this are drawn side by side instead of one under the other.
MAX_WEEK_ROWS = 26
CHART_ROWS = 5
DATES_FROM_WIDTH = 74
COUNTS_FROM_WIDTH = 92
BEST_WIDTH = 14
DAY_WIDTH = 11
E1RM_WIDTH = 8
COUNT_WIDTH = 5
LEAST_TREND_WIDTH = 8
NEW_DAYS = 28
# A sparkline spans at least this share of its highest value: what moves by one percent is drawn flat.
LEAST_SPAN_SHARE = 0.08
MOST_DOTS = 7
SESSIONS_WIDTH = len("Sessions")
DAYS_PER_WEEK = 7
DATA = "cyan"
GOOD = "green"
HEADING = "bold"
QUIET = "dim"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


# (text, width, is right-aligned, style) of one column.
Cell = tuple[str, int, bool, str]


def as_json(report: Report) -> str:
    """The report as indented JSON: everything in kg, days as ISO 8601, times in UTC."""
    return msgspec.json.format(encode(report), indent=2).decode()


def render(report: Report, console: Console) -> None:
    """Prints the report, at most 110 columns wide; made for 80 and more, and readable down to 60."""
    _Page(report, console).print()


class _Page:
    """One report on one console."""

    def __init__(self, report: Report, console: Console) -> None:
        self._report = report
        self._console = console
        self._width = max(1, min(console.width, MAX_WIDTH) - 2)
        self._is_ascii = console.options.ascii_only
        self._signs = ASCII if self._is_ascii else UNICODE
        self._unit = report.weight_unit

    def print(self) -> None:
        """Everything, top to bottom."""
        self._header()
        if self._report.sessions == 0:
            self._start_here()
        else:
            if self._report.lately is not None:
                self._lately(self._report.lately)
            self._weeks()
            self._lifts()
        if self._report.body_weight is not None:
            self._body_weight(self._report.body_weight)

    # --- Lines -----------------------------------------------------------------------------------------------------

    def _line(self, *parts: tuple[str, str] | str) -> None:
        text = Text(" ")
        for part in parts:
            said, style = (part, "") if isinstance(part, str) else part
            text.append(said, style)
        text.rstrip()
        self._console.print(text, no_wrap=True, overflow="crop", highlight=False)

    def _cells(self, cells: Sequence[Cell]) -> None:
        parts: list[tuple[str, str] | str] = []
        for said, width, is_right, style in cells:
            fitted = self._fit(said, width)
            blank = " " * (width - cell_len(fitted))
            parts += [blank, (fitted, style)] if is_right else [(fitted, style), blank]
            parts.append("  ")
        self._line(*parts[:-1])

    def _fit(self, said: str, width: int) -> str:
        if cell_len(said) <= width:
            return said
        return set_cell_size(said, max(0, width - 1)).rstrip() + self._signs.ellipsis

    def _rule(self) -> None:
        self._line((self._signs.rule * self._width, QUIET))

    def _heading(self, title: str, aside: str = "") -> None:
        self._line("")
        self._line((title, HEADING), "  ", (aside, QUIET))

    def _clean(self, said: str) -> str:
        """What somebody else wrote, without anything a terminal would obey or cannot show."""
        printable = "".join(sign if sign.isprintable() else " " for sign in said)
        return printable.encode("ascii", "replace").decode() if self._is_ascii else printable

    # --- Words and numbers -----------------------------------------------------------------------------------------

    def _weight(self, kg: Decimal | float) -> float:
        return float(kg) if self._unit is WeightUnit.KG else float(kg) / float(KG_PER_LB)

    def _signed(self, kg: float, digits: int = 1) -> str:
        value = self._weight(kg)
        said = f"{abs(value):.{digits}f}"
        is_zero = float(said) == 0
        return said if is_zero else (self._signs.minus if value < 0 else "+") + said

    def _when(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self._report.time_zone))
        days = (local.date() - self._report.today).days
        names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
        day = names.get(days) or f"{WEEKDAYS[local.weekday()]} {_day(local.date())}"
        return f"{day} {local:%H:%M}"

    # --- Sections --------------------------------------------------------------------------------------------------

    def _header(self) -> None:
        report = self._report
        name = self._clean(report.display_name)
        period = ""
        if report.first_day is not None and report.last_day is not None:
            period = f"{_full(report.first_day)} {self._signs.dash} {_full(report.last_day)}"
        self._line("")
        room = max(1, self._width - cell_len(period) - 2)
        self._cells([(name, room, False, HEADING), (period, cell_len(period), True, QUIET)])
        self._rule()
        if report.sessions:
            totals = (
                (f"{report.sessions:,}", _plural("session", report.sessions)),
                (f"{report.sets:,}", _plural("set", report.sets)),
                (f"{self._weight(report.volume_kg):,.0f}", f"{self._unit} lifted"),
                (f"{report.minutes / 60:,.0f}", "h"),
            )
            parts: list[tuple[str, str] | str] = []
            for number, what in totals:
                parts += [(number, HEADING), f" {what}", "   "]
            self._line(*parts[:-1])
            self._line(*self._streak())
        self._open("Under way", report.in_progress, "since")
        self._open("Next", report.planned, "")

    def _lately(self, lately: Lately) -> None:
        sign = self._signs.minus if lately.sessions_change < 0 else "+"
        said = [f"{lately.sessions} {_plural('session', lately.sessions)} ({sign}{abs(lately.sessions_change)})"]
        said += [f"{lately.records} {_plural('record', lately.records)}"] if lately.records else []
        said += [f"{lately.adherence:.0%} of what was planned"] if lately.adherence is not None else []
        said += [f"load {lately.load_ratio:.2f} of the usual"] if lately.load_ratio is not None else []
        self._line(("Four weeks: ", QUIET), self._fit(", ".join(said), self._width - len("Four weeks: ")))

    def _streak(self) -> list[tuple[str, str] | str]:
        report = self._report
        longest = f"{report.longest_streak_weeks} {_plural('week', report.longest_streak_weeks)}"
        if report.streak_weeks == 0:
            return ["Not trained this week or last; the longest streak is ", longest]
        is_longest = report.streak_weeks == report.longest_streak_weeks
        weeks = f"{report.streak_weeks} {_plural('week', report.streak_weeks)}"
        tail = " in a row, the longest streak so far" if is_longest else f" in a row; the longest streak is {longest}"
        return [(weeks, f"bold {GOOD}"), tail]

    def _open(self, label: str, session: OpenSession | None, joint: str) -> None:
        if session is not None:
            said = " ".join(word for word in (self._clean(session.workout_name) + ",", joint, self._when(session.at)) if word)
            self._line((f"{label}: ", QUIET), self._fit(said, self._width - len(label) - 2))

    def _start_here(self) -> None:
        self._line("")
        self._line("No session yet. Start with")
        self._line("")
        self._line(("reptrail import auto FILE --user EMAIL", HEADING))
        self._line("  a history out of another app, or")
        self._line(("reptrail serve", HEADING))
        self._line("  and the first session of your own.")

    def _weeks(self) -> None:
        weeks = self._report.weeks
        title = "This week" if len(weeks) == 1 else f"Last {len(weeks)} weeks"
        self._heading(title, f"volume in {self._unit}, warm-ups left out")
        if not any(week.sessions for week in weeks):
            self._line(("Nothing was trained in these weeks.", QUIET))
            return
        if len(weeks) > MAX_WEEK_ROWS:
            self._weeks_side_by_side(weeks)
        else:
            self._weeks_one_by_one(weeks)
        full = weeks[:-1]
        if full:
            self._average(full)

    def _weeks_one_by_one(self, weeks: Sequence[Week]) -> None:
        most = max(week.volume_kg for week in weeks) or Decimal(1)
        numbers = [f"{self._weight(week.volume_kg):,.0f}" for week in weeks]
        kg_width = max(len(str(self._unit)), *(len(number) for number in numbers))
        bar_width = max(1, self._width - 9 - kg_width - SESSIONS_WIDTH - 4 - 5 - 5 * 2)
        self._cells(
            [
                ("Week of", 9, False, QUIET),
                ("", bar_width, False, ""),
                (str(self._unit), kg_width, True, QUIET),
                ("Sessions", SESSIONS_WIDTH, False, QUIET),
                ("Sets", 4, True, QUIET),
                ("h:mm", 5, True, QUIET),
            ]
        )
        for week, number in zip(weeks, numbers, strict=True):
            is_this = week is weeks[-1]
            drawn = bar(float(week.volume_kg / most), bar_width, self._signs)
            quiet = QUIET if week.sessions == 0 else ""
            self._cells(
                [
                    ("this week" if is_this else _day(week.monday), 9, False, HEADING if is_this else quiet),
                    (drawn, bar_width, False, DATA),
                    (number if week.sessions else self._signs.dash, kg_width, True, quiet),
                    (self._dots(week.sessions), SESSIONS_WIDTH, False, GOOD),
                    (str(week.sets) if week.sessions else "", 4, True, ""),
                    (_hours(week.minutes) if week.sessions else "", 5, True, ""),
                ]
            )

    def _dots(self, sessions: int) -> str:
        return self._signs.dot * sessions if sessions <= MOST_DOTS else f"{self._signs.dot}{self._signs.times}{sessions}"

    def _weeks_side_by_side(self, weeks: Sequence[Week]) -> None:
        volumes = [self._weight(week.volume_kg) for week in weeks]
        top = f"{max(volumes):,.0f}"
        width = max(1, min(len(weeks), self._width - len(top) - 1))
        places = [(i / len(weeks), volume) for i, volume in enumerate(volumes)]
        values = [0.0 if value is None else value for value in resample(places, width)]
        drawn = columns([0.0, *values], CHART_ROWS, self._signs)
        self._chart([row[1:] for row in drawn], (top, "0"), (_full(weeks[0].monday), "this week"))

    def _chart(self, lines: Sequence[str], bounds: tuple[str, str], ends: tuple[str, str]) -> None:
        label = max(len(bound) for bound in bounds)
        for number, drawn in enumerate(lines):
            said = bounds[0] if number == 0 else bounds[1] if number == len(lines) - 1 else ""
            self._line((f"{said:>{label}} ", QUIET), (drawn, DATA))
        gap = max(1, len(lines[0]) - len(ends[0]) - len(ends[1]))
        self._line((" " * (label + 1) + ends[0] + " " * gap + ends[1], QUIET))

    def _average(self, weeks: Sequence[Week]) -> None:
        count = len(weeks)
        sessions = sum(week.sessions for week in weeks) / count
        volume = self._weight(sum((week.volume_kg for week in weeks), Decimal(0)) / count)
        minutes = round(sum(week.minutes for week in weeks) / count)
        said = f"Average of full weeks: {sessions:.1f} sessions, {volume:,.0f} {self._unit}, {_hours(minutes)} h"
        self._line((self._fit(said, self._width), QUIET))

    def _lifts(self) -> None:
        lifts = self._report.lifts
        if not lifts:
            return
        self._heading("Best lifts", "the most sets lately first")
        has_dates = self._width >= DATES_FROM_WIDTH
        has_counts = self._width >= COUNTS_FROM_WIDTH
        fixed = BEST_WIDTH + E1RM_WIDTH + 3 * 2 + (DAY_WIDTH + 2 if has_dates else 0) + (COUNT_WIDTH + 2 if has_counts else 0)
        longest = max(8, *(cell_len(lift.exercise_name) for lift in lifts))
        name_width = max(8, min(longest, self._width - fixed - LEAST_TREND_WIDTH))
        trend_width = max(LEAST_TREND_WIDTH, min(LIFT_TREND_WEEKS, self._width - fixed - name_width))
        titles = [("Exercise", name_width, False, QUIET), ("Best set".rjust(9), BEST_WIDTH, False, QUIET)]
        titles += [("On", DAY_WIDTH, True, QUIET)] if has_dates else []
        titles += [("e1RM  ", E1RM_WIDTH, True, QUIET), (f"{LIFT_TREND_WEEKS} weeks", trend_width, False, QUIET)]
        titles += [("Sets", COUNT_WIDTH, True, QUIET)] if has_counts else []
        self._cells(titles)
        for lift in lifts:
            heaviest = lift.heaviest
            cells: list[Cell] = [
                (self._clean(lift.exercise_name), name_width, False, ""),
                (self._best(heaviest), BEST_WIDTH, False, HEADING),
            ]
            if has_dates:
                cells.append(("" if heaviest is None else _full(heaviest.day), DAY_WIDTH, True, QUIET))
            cells += [
                (self._e1rm(lift.best_e1rm), E1RM_WIDTH, True, f"bold {GOOD}" if self._is_new(lift.best_e1rm) else HEADING),
                (self._trend(lift, trend_width), trend_width, False, DATA),
            ]
            cells += [(f"{lift.sets:,}", COUNT_WIDTH, True, "")] if has_counts else []
            self._cells(cells)
        self._line((f"e1RM: one repetition, estimated, in {self._unit} (Epley 1985)", QUIET))
        if any(self._is_new(lift.best_e1rm) for lift in lifts):
            self._line((self._signs.new, GOOD), (f" best in the last {NEW_DAYS // DAYS_PER_WEEK} weeks", QUIET))

    def _is_new(self, best: BestSet | None) -> bool:
        return best is not None and self._report.today - best.day <= timedelta(days=NEW_DAYS)

    def _best(self, best: BestSet | None) -> str:
        """The set as it was entered, so that the times signs stand under one another."""
        if best is None:
            return "assisted".rjust(9)
        if best.weight is None or best.weight_unit is None or best.weight == 0:
            return f"{'body':>9} {self._signs.times} {best.reps}"
        plus = "+" if best.load is SetLoad.ADDED else ""
        return f"{f'{plus}{_entered(best.weight)} {best.weight_unit}':>9} {self._signs.times} {best.reps}"

    def _e1rm(self, best: BestSet | None) -> str:
        if best is None or best.e1rm_kg is None:
            return f"{self._signs.dash}  "
        plus = "+" if best.load is SetLoad.ADDED else ""
        return f"{plus}{self._weight(best.e1rm_kg):.1f} {self._signs.new if self._is_new(best) else ' '}"

    def _trend(self, lift: Lift, width: int) -> str:
        this_monday = self._report.today - timedelta(days=self._report.today.weekday())
        first = this_monday - timedelta(weeks=LIFT_TREND_WEEKS - 1)
        points = [((p.monday - first).days / DAYS_PER_WEEK / LIFT_TREND_WEEKS, float(p.e1rm_kg)) for p in lift.trend]
        highest = max((e1rm for _, e1rm in points), default=0.0)
        return sparkline(resample(points, width), self._signs, least_span=LEAST_SPAN_SHARE * highest)

    def _body_weight(self, body: BodyWeight) -> None:
        first, last = body.points[0], body.points[-1]
        self._heading("Body weight", f"in {self._unit}, smoothed by 10 % a day")
        parts: list[tuple[str, str] | str] = [(f"{self._weight(last.trend_kg):.1f}", HEADING), f" on {_full(last.day)}"]
        if body.rate_kg_per_week is not None:
            parts += ["   ", (self._signed(body.rate_kg_per_week, 2), HEADING), " a week"]
        if body.change_4_weeks_kg is not None:
            parts += ["   ", (self._signed(body.change_4_weeks_kg), HEADING), " in 4 weeks"]
        days = (last.day - first.day).days
        if days:
            since: list[tuple[str, str] | str] = [(self._signed(body.change_kg), HEADING), f" since {_full(first.day)}"]
            length = sum(len(part if isinstance(part, str) else part[0]) for part in [*parts, *since])
            if length + 3 <= self._width:
                parts += ["   ", *since]
                since = []
            self._line(*parts)
            if since:
                self._line(*since)
            self._weight_chart(body)
        else:
            self._line(*parts)

    def _weight_chart(self, body: BodyWeight) -> None:
        first, last = body.points[0], body.points[-1]
        days = (last.day - first.day).days + 1
        trend = [self._weight(point.trend_kg) for point in body.points]
        bounds = (f"{max(trend):.1f}", f"{min(trend):.1f}")
        width = max(1, self._width - max(len(bound) for bound in bounds) - 1)
        places = [((point.day - first.day).days / days, kg) for point, kg in zip(body.points, trend, strict=True)]
        if self._is_ascii:
            drawn = columns(bridged(resample(places, min(days, width))), CHART_ROWS, self._signs)
        else:
            drawn = line(bridged(resample(places, min(days, 2 * width))), CHART_ROWS)
        self._chart(drawn, bounds, (_full(first.day), _full(last.day)))


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _day(day: date) -> str:
    return f"{day.day:>2} {MONTHS[day.month - 1]}"


def _full(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _entered(weight: Decimal) -> str:
    """A weight to the digit it was entered with, without zeros at the end."""
    said = f"{weight:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said
