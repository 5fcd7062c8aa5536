"""Every number of progress, slowly, in plain Python, from the raw rows: no SQL but SELECT *, and no code of the package.

Weights are fractions, so nothing is ever rounded but what is answered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from reference_parts import Row, days_from, load, monday_of, rounded, slope, states

POUND = Fraction(45359237, 100_000_000)
TABLES = ("user_workout_session", "user_exercise_performance", "user_set_performance", "user_program_enrollment")
PUSH = {"CHEST", "FRONT_DELTS", "SIDE_DELTS", "TRICEPS"}
PULL = {"LATS", "UPPER_BACK", "TRAPS", "REAR_DELTS", "BICEPS"}
LOWER = {"GLUTES", "QUADS", "HAMSTRINGS", "ADDUCTORS", "ABDUCTORS", "HIP_FLEXORS", "CALVES", "SHINS"}


@dataclass(frozen=True)
class Done:
    """A set of a completed session."""

    row: Row
    session: Row
    day: date

    @property
    def turn(self) -> tuple[Any, ...]:
        return self.session["at"], self.session["id"].int, self.row["set_number"], self.row["id"].int

    @property
    def counts(self) -> bool:
        return self.row["kind"] != "WARMUP" and self.row["load"] != "ASSISTED"

    @property
    def reps(self) -> int:
        return self.row["reps"] or 0

    @property
    def kg(self) -> Fraction:
        weight = Fraction(self.row["weight"] or 0)
        return weight * POUND if self.row["weight_unit"] == "lb" else weight

    @property
    def volume(self) -> Fraction:
        return self.reps * self.kg if self.counts else Fraction(0)

    @property
    def e1rm(self) -> Fraction:
        """Epley, to the gram; 0 where there is none."""
        spare = 0 if self.row["rpe"] is None else 10 - Fraction(self.row["rpe"])
        if not self.counts or self.reps == 0 or self.reps + spare > 12:
            return Fraction(0)
        return Fraction(str(rounded(self.kg * (1 + (self.reps + spare) / Fraction(30)))))

    def value(self, kind: str) -> Fraction:
        values = {
            "HEAVIEST_WEIGHT": self.kg if self.reps else Fraction(0),
            "BEST_E1RM": self.e1rm,
            "LONGEST": Fraction(self.row["duration_seconds"] or 0),
            "FURTHEST": Fraction(self.row["distance_m"] or 0),
        }
        return values[kind]


KINDS = ("HEAVIEST_WEIGHT", "BEST_E1RM", "LONGEST", "FURTHEST")


class Reference:
    """What the charts must say, of rows as they stand and at a time."""

    def __init__(
        self, user: Row, tables: dict[str, list[Row]], catalogue: dict[UUID, Row], names: dict[Any, str], now: datetime
    ) -> None:
        self.zone = ZoneInfo(user["time_zone"])
        self.unit = user["weight_unit"]
        self.today = now.astimezone(self.zone).date()
        self.catalogue = catalogue
        self.program_names = names
        self.enrollments = {row["id"]: row for row in tables["user_program_enrollment"]}
        self.sessions = [dict(row) for row in tables["user_workout_session"] if row["is_active"]]
        for s in self.sessions:
            s["at"] = s["started_at"] or s["completed_at"] or s["scheduled_at"] or s["created_at"]
            s["day"] = self.local(s["at"])
            rated = s["effort_rating"] is not None and s["actual_duration_seconds"] is not None
            s["load"] = s["effort_rating"] * Fraction(s["actual_duration_seconds"], 60) if rated else None
        self.done = [s for s in self.sessions if s["session_status"] == "COMPLETED"]
        self.performances = [row for row in tables["user_exercise_performance"] if row["is_active"]]
        self.sets_of = defaultdict(list)
        for row in tables["user_set_performance"]:
            if row["is_active"]:
                self.sets_of[row["user_exercise_performance_id"]].append(row)
        by_id = {s["id"]: s for s in self.done}
        self.performed = [(by_id[i], p) for p in self.performances if (i := p["user_workout_session_id"]) in by_id]
        self.sets = [Done(row, session, session["day"]) for session, p in self.performed for row in self.sets_of[p["id"]]]
        self.sets.sort(key=lambda s: s.turn)

    def local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def in_unit(self, kg: Fraction) -> float | None:
        return rounded(kg / POUND if self.unit == "lb" else kg)

    def period(self, since: date | None, until: date | None, days: int, *, weeks: bool = False) -> tuple[date, date]:
        last = until or max(self.today, since or self.today)
        first = max(since or last - timedelta(days=days - 1), last - timedelta(days=3999))
        return (monday_of(first), monday_of(last) + timedelta(days=6)) if weeks else (first, last)

    # --- Records -------------------------------------------------------------------------------------------------------

    def of(self, exercise: UUID) -> list[Done]:
        return [s for s in self.sets if s.row["exercise_id"] == exercise]

    def shown(self, s: Done) -> Row:
        columns = ("reps", "weight", "weight_unit", "load", "rpe", "duration_seconds", "distance_m")
        return {"day": s.day, "session_id": s.session["id"], "set_id": s.row["id"], **{c: s.row[c] for c in columns}}

    def record(self, kind: str, value: Fraction | int, s: Done) -> Row:
        units = {"LONGEST": "s", "FURTHEST": "m", "MOST_REPS_AT_WEIGHT": "reps"}
        shown = self.in_unit(Fraction(value)) if kind not in units else float(value)
        formula = "Epley 1985" if kind == "BEST_E1RM" else None
        return {"kind": kind, "value": shown, "unit": units.get(kind, self.unit), "formula": formula, **self.shown(s)}

    def standing(self, exercise: UUID) -> list[Row]:
        sets = [s for s in self.of(exercise) if s.counts]
        found = []
        for kind in KINDS:
            most = max((s.value(kind) for s in sets), default=Fraction(0))
            if most:
                found.append(self.record(kind, most, next(s for s in sets if s.value(kind) == most)))
        for kg in sorted({s.kg for s in sets if s.reps}, reverse=True):
            most_reps = max(s.reps for s in sets if s.reps and s.kg == kg)
            if not any(s.reps >= most_reps for s in sets if s.kg > kg):
                first = next(s for s in sets if s.kg == kg and s.reps == most_reps)
                found.append(self.record("MOST_REPS_AT_WEIGHT", most_reps, first))
        return found

    def broken(self, exercise: UUID) -> list[Row]:
        sets = [s for s in self.of(exercise) if s.counts]
        found = []
        for n, s in enumerate(sets):
            for kind in KINDS:
                before = max((e.value(kind) for e in sets[:n]), default=Fraction(0))
                if 0 < before < s.value(kind):
                    previous = self.in_unit(before) if kind in KINDS[:2] else float(before)
                    found.append({**self.record(kind, s.value(kind), s), "previous_value": previous})
            as_heavy = [e for e in sets[:n] if e.reps and e.kg >= s.kg]
            if s.reps and any(e.kg == s.kg for e in as_heavy) and s.reps > (most := max(e.reps for e in as_heavy)):
                found.append({**self.record("MOST_REPS_AT_WEIGHT", s.reps, s), "previous_value": float(most)})
        return found[::-1]

    def rep_maxes(self, exercise: UUID) -> list[Row]:
        found = []
        for n in range(1, 13):
            able = [s for s in self.of(exercise) if s.counts and s.reps >= n and s.kg]
            if able:
                heaviest = max(s.kg for s in able)
                first = next(s for s in able if s.kg == heaviest)
                found.append({"rep_max": n, "value": self.in_unit(heaviest), "unit": self.unit, **self.shown(first)})
        return found

    def records(self) -> Row:
        exercises = {s.row["exercise_id"] for s in self.sets if s.counts}
        items = [
            {"exercise_id": e, "exercise_name": self.catalogue[e]["exercise_name"], "records": self.standing(e)}
            for e in exercises
            if self.standing(e)
        ]
        return {"weight_unit": self.unit, "items": items}

    # --- One exercise --------------------------------------------------------------------------------------------------

    def exercise_day(self, sets: list[Done]) -> Row:
        hard = [s for s in sets if s.row["kind"] != "WARMUP"]
        able = [s for s in sets if s.counts]
        tried: Callable[[Done], Any] = lambda s: (s.row["reps"] != 0, s.kg, s.reps)  # noqa: E731
        size: Callable[[Done], Any] = lambda s: (*tried(s), s.row["duration_seconds"] or 0, s.row["distance_m"] or 0)  # noqa: E731
        best = max(able, key=size, default=None)
        reps = [s.row["reps"] for s in hard if s.row["reps"] is not None]
        e1rm = max((s.e1rm for s in able), default=Fraction(0))
        return {
            "day": sets[0].day,
            "sets": len(hard),
            "reps": sum(reps) if reps else None,
            "volume": self.in_unit(sum((s.volume for s in sets), Fraction(0))),
            "best_set_id": None if best is None else best.row["id"],
            "e1rm": self.in_unit(e1rm) if e1rm else None,
            "_e1rm": float(e1rm / POUND if self.unit == "lb" else e1rm),
        }

    def exercise(self, exercise: UUID, since: date | None, until: date | None) -> Row:
        first, last = self.period(since, until, 364)
        sets = self.of(exercise)
        days = [self.exercise_day([s for s in sets if s.day == day]) for day in sorted({s.day for s in sets})]
        smoothed = None
        at = None
        for day in days:
            day["e1rm_smoothed"] = None
            value = day.pop("_e1rm")
            if day["e1rm"] is not None:
                for _ in range((day["day"] - at).days if at else 0):  # each day a tenth of the way
                    smoothed = smoothed + (value - smoothed) / 10 if smoothed is not None else value
                smoothed = value if smoothed is None else smoothed
                at, day["e1rm_smoothed"] = day["day"], round(smoothed, 3)
        shown = [day for day in days if first <= day["day"] <= last]
        sessions = {s.session["id"]: s.session for s in sets if first <= s.day <= last}
        newest = sorted(sessions.values(), key=lambda s: (s["at"], s["id"].int), reverse=True)
        return {
            "exercise_id": exercise,
            "exercise_name": self.catalogue[exercise]["exercise_name"],
            "weight_unit": self.unit,
            "from": first,
            "to": last,
            "sets": sum(day["sets"] for day in days),
            "volume": self.in_unit(sum((s.volume for s in sets), Fraction(0))),
            "first_day": min((s.day for s in sets), default=None),
            "last_day": max((s.day for s in sets), default=None),
            "records": self.standing(exercise),
            "records_broken": self.broken(exercise),
            "rep_maxes": self.rep_maxes(exercise),
            "days": shown,
            "e1rm_per_week": slope([(d["day"], d["e1rm"]) for d in shown if d["e1rm"] is not None]),
            "sessions": [self.exercise_session(s, [x for x in sets if x.session is s]) for s in newest],
        }

    def exercise_session(self, session: Row, sets: list[Done]) -> Row:
        rows = [
            {
                **{name: value for name, value in self.shown(s).items() if name not in ("day", "session_id")},
                "set_number": s.row["set_number"],
                "kind": s.row["kind"],
                "e1rm": self.in_unit(s.e1rm) if s.e1rm else None,
            }
            for s in sets
        ]
        volume = self.in_unit(sum((s.volume for s in sets), Fraction(0)))
        return {"session_id": session["id"], "started_at": session["at"], "day": session["day"], "volume": volume, "sets": rows}

    # --- Periods -------------------------------------------------------------------------------------------------------

    def hard_sets(self, performance: Row) -> int:
        rows = self.sets_of[performance["id"]]
        return sum(row["kind"] != "WARMUP" for row in rows) if rows else performance["sets_completed"]

    def volume_of(self, performance: Row) -> Fraction:
        return sum((Done(row, {}, date.min).volume for row in self.sets_of[performance["id"]]), Fraction(0))

    def due(self) -> list[tuple[date, str, UUID | None]]:
        found = []
        for s in self.sessions:
            if s["scheduled_at"] is None:
                continue
            day, state = self.local(s["scheduled_at"]), s["session_status"]
            enrollment = self.enrollments.get(s["program_enrollment_id"])
            paused_on = enrollment and enrollment["paused_on"]
            if state == "PLANNED":
                is_paused = paused_on is not None and day >= paused_on
                state = "PAUSED" if is_paused else "MISSED" if day < self.today else "DUE" if day == self.today else "AHEAD"
            found.append((day, "DONE" if state == "COMPLETED" else state, s["program_enrollment_id"]))
        return found

    def best_between(self, exercise: UUID, kind: str, first: date, last: date) -> Fraction:
        return max((s.value(kind) for s in self.of(exercise) if s.counts and first <= s.day <= last), default=Fraction(0))

    def sums(self, first: date, last: date) -> Row:
        sessions = [s for s in self.done if first <= s["day"] <= last]
        performed = [p for s, p in self.performed if first <= s["day"] <= last]
        states = [state for day, state, _ in self.due() if first <= day <= last]
        counted = [states.count(state) for state in ("DONE", "SKIPPED", "MISSED")]
        records = 0
        for exercise in {s.row["exercise_id"] for s in self.sets}:
            for kind in KINDS:
                before = self.best_between(exercise, kind, date.min, first - timedelta(days=1))
                records += 0 < before < self.best_between(exercise, kind, first, last)
        return {
            "from": first,
            "to": last,
            "sessions": len(sessions),
            "sets": sum(self.hard_sets(p) for p in performed),
            "volume": self.in_unit(sum((self.volume_of(p) for p in performed), Fraction(0))),
            "minutes": round(sum(s["actual_duration_seconds"] or 0 for s in sessions) / 60),
            "load": rounded(sum((s["load"] or Fraction(0) for s in sessions), Fraction(0))),
            "sessions_without_load": sum(s["load"] is None for s in sessions),
            "records": records,
            "done": counted[0],
            "skipped": counted[1],
            "missed": counted[2],
            "adherence": round(counted[0] / sum(counted), 4) if sum(counted) else None,
        }

    def summary(self, since: date | None, until: date | None) -> Row:
        first, last = self.period(since, until, 28)
        length = last - first + timedelta(days=1)
        now, before = self.sums(first, last), self.sums(first - length, first - timedelta(days=1))
        compared = ("sessions", "sets", "volume", "minutes", "load", "records", "adherence")
        change = {n: None if now[n] is None or before[n] is None else round(now[n] - before[n], 4) for n in compared}
        current, longest = self.streaks()
        return {
            "weight_unit": self.unit,
            "now": now,
            "before": before,
            "change": change,
            "streak_weeks": current,
            "longest_streak_weeks": longest,
        }

    def streaks(self) -> tuple[int, int]:
        this = monday_of(self.today)
        mondays = {m for s in self.done if (m := monday_of(s["day"])) <= this}
        week = timedelta(weeks=1)

        def run(monday: date) -> int:
            return 1 + run(monday - week) if monday in mondays else 0

        return run(this) or run(this - week), max(map(run, mondays), default=0)

    def muscles(self, performed: Iterable[Row]) -> list[Row]:
        sets: dict[str, Fraction] = defaultdict(Fraction)
        kgs: dict[str, Fraction] = defaultdict(Fraction)
        for p in performed:
            exercise = self.catalogue[p["exercise_id"]]
            for names, share in ((exercise["primary_muscles"], Fraction(1)), (exercise["secondary_muscles"], Fraction(1, 2))):
                for muscle in names:
                    sets[muscle] += share * self.hard_sets(p)
                    kgs[muscle] += share * self.volume_of(p)
        found = [{"muscle": m, "sets": float(sets[m]), "volume": self.in_unit(kgs[m])} for m in sets]
        return sorted(found, key=lambda m: (-m["sets"], m["muscle"]))

    def volume(self, since: date | None, until: date | None) -> Row:
        first, last = self.period(since, until, 84, weeks=True)
        weeks = []
        for monday in days_from(first, last)[::7]:
            performed = [p for s, p in self.performed if monday_of(s["day"]) == monday]
            weeks.append(
                {
                    "monday": monday,
                    "sessions": sum(monday_of(s["day"]) == monday for s in self.done),
                    "sets": sum(map(self.hard_sets, performed)),
                    "volume": self.in_unit(sum(map(self.volume_of, performed), Fraction(0))),
                    "muscles": self.muscles(performed),
                }
            )
        muscles = self.muscles(p for s, p in self.performed if first <= s["day"] <= last)
        by_name = {m["muscle"]: m["sets"] for m in muscles}
        balances = []
        groups = (("PUSH_PULL", PUSH, PULL), ("UPPER_LOWER", PUSH | PULL | {"FOREARMS"}, LOWER))
        for name, *sides in (*groups, ("QUADS_HAMSTRINGS", {"QUADS"}, {"HAMSTRINGS"})):
            one, other = (sum(by_name.get(m, 0) for m in side) for side in sides)
            ratio = round(one / other, 3) if other else None
            balances.append({"balance": name, "first_sets": one, "second_sets": other, "ratio": ratio})
        return {"weight_unit": self.unit, "from": first, "to": last, "weeks": weeks, "muscles": muscles, "balances": balances}

    def adherence(self, since: date | None, until: date | None) -> Row:
        first, last = self.period(since, until, 84, weeks=True)
        due = [d for d in self.due() if first <= d[0] <= last]
        mondays = days_from(first, last)[::7]
        programs = []
        for enrollment in {d[2] for d in due}:
            found = self.enrollments.get(enrollment)
            name = found and self.program_names[found["program_id"], found["program_revision"]]
            ids = {"program_enrollment_id": enrollment, "program_id": found and found["program_id"], "program_name": name}
            programs.append({**ids, **states([d for d in due if d[2] == enrollment])})
        weeks = [{"monday": m, **states([d for d in due if monday_of(d[0]) == m])} for m in mondays]
        return {"from": first, "to": last, "total": states(due), "weeks": weeks, "programs": programs}

    def calendar(self, year: int) -> Row:
        days = []
        for day in sorted({s["day"] for s in self.done if s["day"].year == year}):
            sums = self.sums(day, day)
            days.append({"day": day, **{name: sums[name] for name in ("sessions", "sets", "volume", "minutes")}})
        return {"year": year, "weight_unit": self.unit, "days": days}

    def load(self, since: date | None, until: date | None) -> Row:
        return load(self, since, until)
