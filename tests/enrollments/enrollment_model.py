"""What an enrollment must be after any verb: slow, plain, and written without a look at the code it is held against."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LIFECYCLE = {
    "pause": {"ACTIVE": "PAUSED"},
    "resume": {"PAUSED": "ACTIVE"},
    "cancel": {"ACTIVE": "CANCELLED", "PAUSED": "CANCELLED"},
    "complete": {"ACTIVE": "COMPLETED"},
    "expire": {"ACTIVE": "EXPIRED", "PAUSED": "EXPIRED"},
    "restart": {"COMPLETED": "ACTIVE", "CANCELLED": "ACTIVE", "EXPIRED": "ACTIVE"},
    "extend": {"EXPIRED": "ACTIVE"},
}
SESSION_LIFECYCLE = {
    "start": {"PLANNED": "IN_PROGRESS"},
    "complete": {"IN_PROGRESS": "COMPLETED"},
    "skip": {"PLANNED": "SKIPPED"},
    "cancel": {"PLANNED": "CANCELLED", "IN_PROGRESS": "CANCELLED"},
    "reopen": {"SKIPPED": "PLANNED", "CANCELLED": "PLANNED"},
}
GRACE_DAYS = 14


class RefusedError(Exception):
    """What the API must refuse: the problem's slug."""


@dataclass
class Session:
    """A session; `when` by the clock on the wall."""

    cycle: int
    day: int
    position: int
    workout: str
    when: datetime
    status: str = "PLANNED"
    begun: date | None = None
    with_enrollment: bool = False
    deleted: bool = False
    id: str = ""

    @property
    def open(self) -> bool:
        return self.status in ("PLANNED", "IN_PROGRESS")


@dataclass
class Model:
    """One enrollment. `program` has, by revision, the names of the workouts of each day."""

    zone: str
    today: date
    program: dict[int, list[list[str]]]
    weekdays: list[int] | None
    at: time
    status: str = "ACTIVE"
    revision: int = 1
    cycle: int = 1
    start: date = date.min
    target: date | None = None
    actual: date | None = None
    current_day: int = 1
    paused_on: date | None = None
    by_itself: bool = False
    sessions: list[Session] = field(default_factory=list)
    over: list[dict[str, object]] = field(default_factory=list)

    # --- reading ---

    @property
    def latest(self) -> int:
        return max(self.program)

    def live(self) -> bool:
        return self.status in ("ACTIVE", "PAUSED")

    def there(self) -> list[Session]:
        """What is there of the present cycle, in order."""
        found = [s for s in self.sessions if s.cycle == self.cycle and not s.deleted]
        return sorted(found, key=lambda s: (s.day, s.position))

    def verbs(self) -> set[str]:
        found = {verb for verb, moves in LIFECYCLE.items() if self.status in moves and verb != "expire"}
        return found | ({"upgrade"} if self.live() and self.latest > self.revision else set())

    def session_verbs(self, session: Session) -> set[str]:
        found = {verb for verb, moves in SESSION_LIFECYCLE.items() if session.status in moves}
        return set() if found == {"reopen"} and not self.running(session) else found

    def running(self, session: Session) -> bool:
        return (self.live() or self.by_itself) and session.cycle == self.cycle

    def state(self, session: Session) -> str:
        """What a session is on this day."""
        if session.status == "COMPLETED":
            return "done"
        if session.status != "PLANNED":
            return session.status.lower()
        if self.paused_on is not None and session.when.date() >= self.paused_on:
            return "open"
        return "missed" if session.when.date() < self.today else "open"

    def counts(self) -> dict[str, int]:
        states = [self.state(s) for s in self.there()]
        names = ("done", "skipped", "missed", "cancelled", "in_progress", "open")
        return {"total": len(states), **{name: states.count(name) for name in names}}

    def instant(self, when: datetime) -> datetime:
        return when.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    # --- the calendar ---

    def dates(self, days: list[int], first: int, start: date) -> dict[int, date]:
        """Walks through the calendar a date at a time."""
        found, here, left, at_day = {}, start, sorted(set(days)), first
        while left:
            if self.weekdays is None:
                if left[0] == at_day:
                    found[left.pop(0)] = here
                at_day += 1
            elif here.isoweekday() in self.weekdays:
                found[left.pop(0)] = here
            here += timedelta(days=1)
        return found

    def plan(self) -> None:
        """Plans a whole cycle."""
        days = self.program[self.revision]
        dates = self.dates([n for n, workouts in enumerate(days, 1) if workouts], 1, self.start)
        for day, workouts in enumerate(days, 1):
            for position, workout in enumerate(workouts, 1):
                when = datetime.combine(dates[day], self.at)
                self.sessions.append(Session(self.cycle, day, position, workout, when))
        self.current_day = min(dates)
        self.target = max([self.today, *dates.values()])

    def push_target(self, sessions: list[Session]) -> None:
        for session in sessions:
            if self.target is not None and session.when.date() > self.target:
                self.target = session.when.date()

    def coming(self) -> list[Session]:
        since = self.paused_on or self.today
        return [s for s in self.there() if s.status == "PLANNED" and s.when.date() >= since]

    def free(self) -> date:
        first = max(self.paused_on or self.today, self.start)
        return first + timedelta(days=1) if any(s.begun == first for s in self.there()) else first

    # --- the verbs ---

    def settle(self) -> None:
        """The day it is on, and its end."""
        there = self.there()
        days = [s.day for s in there if s.open]
        if self.by_itself and days:  # what completed it was taken back
            self.status, self.actual, self.by_itself = "ACTIVE", None, False
        if not self.live():
            return
        if days:
            self.current_day = min(days)
            return
        if there:
            self.current_day = there[-1].day
        if self.status == "ACTIVE":
            self.status, self.actual, self.by_itself = "COMPLETED", self.today, True

    def do(self, verb: str) -> None:
        """A verb that takes nothing."""
        if self.status not in LIFECYCLE[verb]:
            raise RefusedError("verb-not-allowed")
        if verb == "resume":
            self.move_by_pause()
        if verb in ("cancel", "complete", "expire"):
            for session in self.there():
                if session.status == "PLANNED":
                    session.status, session.with_enrollment = "CANCELLED", True
        if verb == "complete":
            self.actual = self.today
        self.paused_on = self.today if verb == "pause" else None
        self.status = LIFECYCLE[verb][self.status]
        self.settle()

    def move_by_pause(self) -> None:
        assert self.paused_on is not None
        pause = self.today - self.paused_on
        if self.target is not None:
            self.target += pause
        moved = [s for s in self.there() if s.status == "PLANNED" and s.when.date() >= self.paused_on]
        for session in moved:
            session.when += pause
        if pause and moved and self.weekdays is not None:
            first = min(s.when.date() for s in moved)
            dates = self.dates([s.day for s in moved], 0, first)
            for session in moved:
                session.when = datetime.combine(dates[session.day], session.when.time())

    def overdue(self) -> bool:
        return self.live() and self.target is not None and (self.today - self.target).days > GRACE_DAYS

    def restart(self, start: date | None, weekdays: list[int] | None) -> None:
        if self.status not in LIFECYCLE["restart"]:
            raise RefusedError("verb-not-allowed")
        self.over.insert(0, {
            "cycle": self.cycle, "program_revision": self.revision, "cycle_status": self.status, "start_date": str(self.start),
            "target_completion_date": self.target and str(self.target), "last_day": self.current_day,
            "actual_completion_date": self.actual and str(self.actual),
        })  # fmt: skip
        self.status, self.cycle, self.actual, self.weekdays, self.by_itself = "ACTIVE", self.cycle + 1, None, weekdays, False
        self.start = start or self.today
        self.plan()

    def extend(self, target: date) -> None:
        if self.status not in LIFECYCLE["extend"]:
            raise RefusedError("verb-not-allowed")
        if target < self.today:
            raise RefusedError("invalid")
        back = [s for s in self.there() if s.with_enrollment]
        if back:
            dates = self.dates([s.day for s in back], back[0].day, self.today)
            for session in back:
                session.status, session.with_enrollment = "PLANNED", False
                session.when = datetime.combine(dates[session.day], self.at)
        self.status, self.target = "ACTIVE", target
        self.settle()

    def reschedule_all(self, weekdays: list[int] | None, at: time) -> None:
        """Other weekdays, another time of day."""
        other_days, other_time = weekdays != self.weekdays, at != self.at
        coming, free = self.coming(), self.free()
        self.weekdays, self.at = weekdays, at
        if not (other_days or other_time):
            return
        dates = self.dates([s.day for s in coming], coming[0].day, free) if other_days and coming else {}
        for session in coming:
            session.when = datetime.combine(dates.get(session.day, session.when.date()), at)
        self.push_target(coming)

    def upgrade(self, revision: int) -> None:
        if not self.live():
            raise RefusedError("verb-not-allowed")
        if revision == self.revision:
            return
        if not self.revision < revision <= self.latest:
            raise RefusedError("invalid")
        self.revision = revision
        coming, there = self.coming(), self.there()
        since = coming[0].day if coming else (there[-1].day if there else 0) + 1
        wanted = {
            (day, position): workout
            for day, workouts in enumerate(self.program[revision], 1)
            for position, workout in enumerate(workouts, 1)
            if day >= since
        }
        kept = [s for s in coming if (s.day, s.position) in wanted]
        new = [key for key in wanted if key not in {(s.day, s.position) for s in there}]
        days = sorted({s.day for s in kept} | {day for day, _ in new})
        first, start = (coming[0].day, coming[0].when.date()) if coming else (since, self.free())
        dates = self.dates(days, first, start)
        anew = self.weekdays is not None and days != sorted({s.day for s in coming})
        for session in coming:
            session.deleted = session not in kept
        for session in kept:
            session.workout = wanted[session.day, session.position]
            if anew:
                session.when = datetime.combine(dates[session.day], self.at)
        for day, position in new:
            same_day = [s.when for s in kept if s.day == day]
            when = same_day[0] if same_day and not anew else datetime.combine(dates[day], self.at)
            self.sessions.append(Session(self.cycle, day, position, wanted[day, position], when))
            kept = [*kept, self.sessions[-1]] if not same_day else kept
        self.push_target([s for s in self.there() if s in kept or (s.day, s.position) in new])
        self.settle()

    # --- the sessions' verbs ---

    def session_verb(self, session: Session, verb: str) -> None:
        if session.deleted:
            raise RefusedError("not-found")
        if session.status not in SESSION_LIFECYCLE[verb]:
            raise RefusedError("verb-not-allowed")
        if verb == "reopen" and not self.running(session):
            raise RefusedError("verb-not-allowed")
        if verb == "start":
            if any(s.status == "IN_PROGRESS" and not s.deleted for s in self.sessions):
                raise RefusedError("session-in-progress")
            session.begun = self.today
        if verb == "reopen":
            session.begun, session.with_enrollment = None, False
        session.status = SESSION_LIFECYCLE[verb][session.status]
        self.settle()

    def delete(self, session: Session) -> None:
        if session.deleted:
            raise RefusedError("not-found")
        session.deleted = True
        self.settle()

    def restore(self, session: Session) -> None:
        place = (session.cycle, session.day, session.position)
        if not session.deleted:
            raise RefusedError("conflict")
        if session.status == "IN_PROGRESS" and any(s.status == "IN_PROGRESS" and not s.deleted for s in self.sessions):
            raise RefusedError("session-in-progress")
        if any((s.cycle, s.day, s.position) == place and not s.deleted for s in self.sessions):
            raise RefusedError("conflict")
        if session.status == "PLANNED" and not self.running(session):
            raise RefusedError("verb-not-allowed")
        session.deleted = False
        self.settle()

    def reschedule(self, session: Session, to: date, *, following: bool) -> None:
        if session.deleted:
            raise RefusedError("not-found")
        if session.status != "PLANNED":
            raise RefusedError("verb-not-allowed")
        days = to - session.when.date()
        moved = [session]
        if following:
            place = (session.day, session.position)
            moved += [s for s in self.there() if s.status == "PLANNED" and (s.day, s.position) > place]
        for each in moved:
            each.when += days
        if following:
            self.push_target(moved)
