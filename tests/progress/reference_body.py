"""Measurements over time, body composition, goals and forecasts, slowly, in plain Python, from the raw rows.

No SQL but SELECT * and no code of the package: formulas, unit factors and the distribution of t are written out again here.
Days' values are fractions, so nothing is rounded before statistics begin.
"""

import math
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from statistics import fmean, linear_regression
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Row = dict[str, Any]
TABLES = ("user_workout_session", "user_exercise_performance", "user_set_performance", "user_measurement", "user_goal")
FACTORS = {
    "kg": 1, "g": "0.001", "lb": "0.45359237", "[lb_av]": "0.45359237", "st": "6.35029318", "[stone_av]": "6.35029318",
    "cm": 1, "m": 100, "mm": "0.1", "in": "2.54", "[in_i]": "2.54", "ft": "30.48", "[ft_i]": "30.48", "%": 1, "kg/m2": 1,
}  # fmt: skip
HORIZONS = (7, 14, 28, 56, 84)
Daily = list[tuple[date, Fraction]]


def factor(unit: str) -> Fraction:
    return Fraction(FACTORS[unit])


@cache
def t_quantile(probability: float, degrees: float) -> float:
    """Adds up the density of t in small steps (Simpson) until the probability is reached, then halves the last step."""

    def density(t: float) -> float:
        front = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
        return front * (1 + t * t / degrees) ** (-(degrees + 1) / 2)

    at, reached, step = 0.0, 0.5, 1 / 64
    while step > 1e-12:
        more = step / 6 * (density(at) + 4 * density(at + step / 2) + density(at + step))
        if reached + more <= probability:
            at, reached = at + step, reached + more
        else:
            step /= 2
    return at


def t_probability(t: float, degrees: int) -> float:
    """Simpson's rule over the density from 0 to |t|, substituted so that the tail is short: t = sqrt(n) tan(a)."""
    front = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(math.pi)
    end, steps = math.atan(abs(t) / math.sqrt(degrees)), 2000
    values = [math.cos(n * end / steps) ** (degrees - 1) for n in range(steps + 1)]
    area = end / steps / 3 * (values[0] + values[-1] + 4 * sum(values[1:-1:2]) + 2 * sum(values[2:-1:2]))
    return 0.5 + math.copysign(front * area, t)


class Line:
    """A least-squares line by the standard library; x in days from the last one."""

    def __init__(self, daily: list[tuple[date, float]]) -> None:
        self.days, self.origin, self.first = len(daily), daily[-1][0], daily[0][0]
        self.xs, ys = [float((day - self.origin).days) for day, _ in daily], [value for _, value in daily]
        self.slope, self.intercept = linear_regression(self.xs, ys)
        self.mean = fmean(ys)
        rest = [y - self.at(x) for x, y in zip(self.xs, ys, strict=True)]
        squares = sum(e * e for e in rest)
        self.sd = math.sqrt(squares / (self.days - 2))
        if self.sd < 1e-11 * abs(self.mean):
            self.sd = squares = 0.0
        lag = sum(rest[n] * rest[n + 1] for n in range(self.days - 1)) / squares if squares else 0.0
        self.alike = min(0.8, max(0.0, lag))

    def at(self, x: float) -> float:
        return self.intercept + self.slope * x

    def error(self, x: float) -> float:
        middle = fmean(self.xs)
        return self.sd * math.sqrt(1 + 1 / self.days + (x - middle) ** 2 / sum((other - middle) ** 2 for other in self.xs))


def line_at_end(daily: list[tuple[date, float]]) -> Line | None:
    if not daily:
        return None
    last = daily[-1][0]
    chosen = daily
    for length in (28, 35, 42, 49, 56, 63, 70, 77, 84, 90):
        chosen = [point for point in daily if point[0] > last - timedelta(days=length)]
        if len(chosen) >= 10:
            break
    return Line(chosen) if len(chosen) >= 5 and (last - chosen[0][0]).days >= 14 else None


def past_forecasts(daily: list[tuple[date, float]]) -> list[tuple[int, date, float]]:
    """(horizon, the day that was forecast, miss in half-widths) of each week's last measured day."""
    found = []
    for place, (day, _) in enumerate(daily):
        if place + 1 < len(daily) and daily[place + 1][0].isocalendar()[:2] == day.isocalendar()[:2]:
            continue
        line = line_at_end(daily[: place + 1])
        if line is None or line.sd == 0:
            continue
        for horizon in HORIZONS:
            later = [(abs((d - day).days - horizon), d, v) for d, v in daily if d > day and abs((d - day).days - horizon) <= 3]
            if later:
                _, came_on, came = min(later)
                ahead = (came_on - day).days
                found.append((horizon, came_on, abs(came - line.at(ahead)) / (t_quantile(0.9, line.days - 2) * line.error(ahead))))
    return found


def errors_ahead(daily: list[tuple[date, float]], line: Line) -> dict[int, float]:
    """The standard error of a value at each horizon, widened; never less than at a nearer one."""
    last = daily[-1][0]
    known = [past for past in past_forecasts(daily) if last - timedelta(days=365) <= past[1] <= last]
    found: dict[int, float] = {}
    for horizon in HORIZONS:
        misses = sorted(miss for h, _, miss in known if h == horizon)
        wide = 1 + horizon / 56
        if misses:
            n = len(misses)
            needed = max(0.3, misses[min(n, math.ceil((n + 1) * 0.8)) - 1])
            wide = needed ** (n / (n + 10)) * wide ** (10 / (n + 10))
        found[horizon] = max(wide * line.error(horizon), *found.values(), 0)
    return found


def error_at(by_horizon: dict[int, float], line: Line, ahead: float) -> float:
    if ahead <= 7 or ahead >= 84:
        end = 7 if ahead <= 7 else 84
        return by_horizon[end] * line.error(ahead) / line.error(end)
    left = max(h for h in HORIZONS if h <= ahead)
    right = min(h for h in HORIZONS if h > ahead)
    share = (ahead - left) / (right - left)
    return by_horizon[left] * (1 - share) + by_horizon[right] * share


class BodyReference:
    """The raw rows of one athlete at a time, and every number that follows from them."""

    def __init__(self, user: Row, tables: dict[str, list[Row]], metrics: dict[UUID, Row], now: datetime) -> None:
        self.unit: str = user["weight_unit"]
        self.zone = ZoneInfo(user["time_zone"])
        self.today = now.astimezone(self.zone).date()
        self.metrics = metrics
        self.tables = {table: [row for row in rows if row["is_active"]] for table, rows in tables.items()}

    def slug_id(self, slug: str) -> UUID:
        return next(id_ for id_, metric in self.metrics.items() if metric["slug"] == slug)

    def own_unit(self, metric: Row) -> str:
        return self.unit if metric["dimension"] == "mass" else str(metric["canonical_unit"])

    # --- Days ------------------------------------------------------------------------------------------------------------

    def values(self, metric_id: UUID) -> dict[date, list[Row]]:
        found: dict[date, list[Row]] = {}
        rows = [row for row in self.tables["user_measurement"] if row["metric_id"] == metric_id]
        for row in sorted(rows, key=lambda row: (row["created_at"], row["id"])):
            found.setdefault(row["measurement_date"], []).append(row)
        return dict(sorted(found.items()))

    def metric_days(self, metric_id: UUID) -> Daily:
        return [(day, sum(canonical(row) for row in rows) / len(rows)) for day, rows in self.values(metric_id).items()]

    def lift_days(self, exercise_id: UUID) -> Daily:
        sessions = {row["id"]: row for row in self.tables["user_workout_session"] if row["session_status"] == "COMPLETED"}
        performances = {row["id"]: row["user_workout_session_id"] for row in self.tables["user_exercise_performance"]}
        best: dict[date, Fraction] = {}
        for row in self.tables["user_set_performance"]:
            session = sessions.get(performances.get(row["user_exercise_performance_id"]))
            e1rm = epley(row)
            if session is not None and row["exercise_id"] == exercise_id and e1rm > 0:
                at = session["started_at"] or session["completed_at"]
                day = at.astimezone(self.zone).date()
                best[day] = max(best.get(day, Fraction(0)), e1rm)
        return sorted(best.items())

    # --- Measurements over time ------------------------------------------------------------------------------------------

    def series(self, metric_id: UUID, since: date | None, until: date | None, unit: str | None) -> Row:
        metric = self.metrics[metric_id]
        unit = unit or self.own_unit(metric)
        until = until or self.today
        since = since or until - timedelta(days=364)
        trend: list[tuple[date, float, float]] = []
        for day, value in self.metric_days(metric_id):
            smoothed = now = float(value / factor(unit))
            if trend:
                smoothed = trend[-1][2]
                for _ in range((day - trend[-1][0]).days):
                    smoothed += 0.1 * (now - smoothed)
            trend.append((day, now, smoothed))
        known = [point for point in trend if point[0] <= until]
        shown = [point for point in known if point[0] >= since]
        recent = [point for point in known if shown and point[0] >= shown[-1][0] - timedelta(days=28)]
        rate = None
        if recent and (recent[-1][0] - recent[0][0]).days >= 7:
            rate = 7 * linear_regression([float(p[0].toordinal()) for p in recent], [p[2] for p in recent])[0]
        entries = self.values(metric_id)
        columns = ("id", "measured_value", "unit", "measurement_source")
        return {
            "metric_id": metric_id,
            "metric": metric["slug"],
            "metric_name": metric["metric_name"],
            "unit": unit,
            "canonical_unit": metric["canonical_unit"],
            "from": since,
            "to": until,
            "points": [
                {"day": day, "value": value, "trend": smoothed, "entries": [{c: row[c] for c in columns} for row in entries[day]]}
                for day, value, smoothed in shown
            ],
            "rate_per_week": rate,
            "change_in_period": shown[-1][2] - shown[0][2] if shown else None,
            "first_day": trend[0][0] if trend else None,
            "change_since_start": shown[-1][2] - trend[0][1] if shown else None,
        }

    # --- Body composition ------------------------------------------------------------------------------------------------

    def latest(self, slug: str, on: date) -> float | None:
        rows = [row for row in self.tables["user_measurement"] if row["metric_id"] == self.slug_id(slug) and canonical(row) > 0]
        past = [row for row in rows if row["measurement_date"] <= on]
        if not past and slug == "height" and rows:
            first = min(row["measurement_date"] for row in rows)
            past = [row for row in rows if row["measurement_date"] == first]
        if not past:
            return None
        return float(canonical(max(past, key=lambda row: (row["measurement_date"], row["created_at"], row["id"]))))

    def body(self, on: date | None) -> dict[str, float | None]:
        on = on or self.today
        kg, cm, neck, waist, abdomen, hip, fat = (
            self.latest(slug, on) for slug in ("body-weight", "height", "neck", "waist", "abdomen", "hip", "body-fat")
        )
        belly = waist if abdomen is None else abdomen
        male = female = None
        if cm and neck and belly and belly > neck:
            male = sane(495 / (1.0324 - 0.19077 * math.log10(belly - neck) + 0.15456 * math.log10(cm)) - 450)
        if cm and neck and waist and hip and waist + hip > neck:
            female = sane(495 / (1.29579 - 0.35004 * math.log10(waist + hip - neck) + 0.22100 * math.log10(cm)) - 450)
        found: dict[str, float | None] = {"bmi": kg / (cm / 100) ** 2 if kg and cm else None}
        for name, percent in (("MEASURED", fat), ("NAVY_MALE", male), ("NAVY_FEMALE", female)):
            lean = None if percent is None or kg is None else kg - kg * percent / 100
            index = None if lean is None or cm is None else lean / (cm / 100) ** 2
            found[f"{name}.body_fat"] = percent
            found[f"{name}.lean_mass"] = None if lean is None else lean / float(factor(self.unit))
            found[f"{name}.ffmi"] = index
            found[f"{name}.ffmi_normalized"] = None if index is None or cm is None else index + 6.3 * (1.8 - cm / 100)
        return found

    # --- Goals and forecasts ---------------------------------------------------------------------------------------------

    def days_of(self, metric_id: UUID | None, exercise_id: UUID | None) -> Daily:
        return self.lift_days(exercise_id) if exercise_id else self.metric_days(metric_id)  # type: ignore[arg-type]

    def in_force(self, daily: Daily, day: date, *, is_lift: bool) -> Fraction | None:
        past = [(d, v) for d, v in daily if d <= day]
        lately = [v for d, v in past if d > day - timedelta(days=28)]
        if is_lift and lately:
            return max(lately)
        return past[-1][1] if past else None

    def goal(self, row: Row) -> Row:
        is_lift = row["exercise_id"] is not None
        scale, target = factor(row["target_unit"]), Fraction(row["target_value"]) * factor(row["target_unit"])
        daily = self.days_of(row["metric_id"], row["exercise_id"])
        daily = [(day, value) for day, value in daily if day >= row["start_date"] - timedelta(days=365)]
        start = now = None
        if daily:
            start = self.in_force(daily, row["start_date"], is_lift=is_lift) or daily[0][1]
            now = self.in_force(daily, self.today, is_lift=is_lift) or daily[-1][1]
        is_up = start is not None and target >= start
        met = [d for d, v in daily if d >= row["start_date"] and (v >= target if is_up else v <= target)]
        state = "REACHED" if met else "PAST" if row["target_date"] < self.today else "OPEN"
        share = None
        if start is not None and now is not None:
            share = float(now >= target) if target == start else min(1.0, float((now - start) / (target - start)))
        return {
            "id": row["id"],
            "target_value": row["target_value"],
            "state": state,
            "direction": None if start is None else "UP" if is_up else "DOWN",
            "start_value": None if start is None else float(start / scale),
            "current_value": None if now is None else float(now / scale),
            "last_day": daily[-1][0] if daily else None,
            "progress": share,
            "reached_on": met[0] if met else None,
        }

    def forecast(self, subject: Row, target: Fraction | None, unit: str, target_date: date, *, is_up: bool) -> Row:
        scale = float(factor(unit))
        daily = [(d, float(v)) for d, v in self.days_of(subject["metric_id"], subject["exercise_id"])]
        daily = [(d, v) for d, v in daily if d >= self.today - timedelta(days=455)]
        line = line_at_end(daily)
        found: Row = {"refusal": None, "line": None, "at_date": None, "chance": None, "arrival": None}
        if not daily or (self.today - daily[-1][0]).days > 28 or line is None or line.sd == 0:
            why = "NO_DATA" if not daily else "SILENT" if (self.today - daily[-1][0]).days > 28 else "TOO_FEW_DAYS"
            return {**found, "refusal": "NO_SPREAD" if why == "TOO_FEW_DAYS" and line is not None else why}
        wide = errors_ahead(daily, line)

        def half(ahead: float) -> float:
            return t_quantile(0.9, line.days - 2) * error_at(wide, line, ahead)

        ahead = (target_date - line.origin).days
        found["line"] = {
            "first_day": line.first,
            "last_day": line.origin,
            "days": line.days,
            "value": line.at(0) / scale,
            "rate_per_week": 7 * line.slope / scale,
            "residual_sd": line.sd / scale,
            "widening": {str(horizon): error / line.error(horizon) for horizon, error in wide.items()},
        }
        if target_date >= self.today and ahead >= 0:
            edges = (line.at(ahead), line.at(ahead) - half(ahead), line.at(ahead) + half(ahead))
            found["at_date"] = dict(zip(("value", "low", "high"), (edge / scale for edge in edges), strict=True))
            found["at_date"]["day"] = target_date
            if target is not None:
                distance = (line.at(ahead) - float(target)) * (1 if is_up else -1)
                found["chance"] = t_probability(distance / error_at(wide, line, ahead), line.days - 2)
        if target is not None:
            sign, begin = (1 if is_up else -1), max(0, (self.today - line.origin).days)
            met: dict[str, date | None] = {"day": None, "earliest": None, "latest": None}
            for x in range(begin, begin + 366):
                for name, edge in (("day", 0.0), ("earliest", sign * half(x)), ("latest", -sign * half(x))):
                    if met[name] is None and sign * (line.at(x) + edge - float(target)) >= 0:
                        met[name] = line.origin + timedelta(days=x)
            found["arrival"] = met
        return found


def canonical(row: Row) -> Fraction:
    return Fraction(row["measured_value"]) * Fraction(FACTORS.get(row["unit"], 1))


def epley(row: Row) -> Fraction:
    """To the gram; 0 where there is none."""
    spare = 0 if row["rpe"] is None else 10 - Fraction(row["rpe"])
    reps = row["reps"] or 0
    if row["kind"] == "WARMUP" or row["load"] == "ASSISTED" or reps == 0 or reps + spare > 12 or row["weight"] is None:
        return Fraction(0)
    kg = Fraction(row["weight"]) * factor(row["weight_unit"])
    return Fraction(math.floor(kg * (1 + (reps + spare) / Fraction(30)) * 1000 + Fraction(1, 2)), 1000)


def sane(percent: float) -> float | None:
    return percent if 2 <= percent <= 70 else None
