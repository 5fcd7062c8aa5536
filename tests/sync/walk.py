"""Somebody who does whatever comes to mind on a phone, and a network that is none."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from phone import DONE, LostError, Operation, Phone, Row

from good_requests.base import BENCH_PRESS
from reptrail.catalog.builtin import builtin_id

SESSION, SET, MEASUREMENT, PERFORMANCE = (
    "user_workout_session",
    "user_set_performance",
    "user_measurement",
    "user_exercise_performance",
)
EXERCISES = [BENCH_PRESS, *(str(builtin_id("exercise", slug)) for slug in ("squat-barbell", "deadlift-barbell", "pull-up"))]


@dataclass
class Walker:
    """A phone in somebody's hand; `chance` decides everything."""

    phone: Phone
    chance: random.Random
    done: list[Operation] = field(default_factory=list)
    made: list[Operation] = field(default_factory=list)

    def pick(self, table: str) -> str | None:
        """A row of a table that this phone knows, or made and has not pushed."""
        known = [row_id for of, row_id in self.phone.store if of == table]
        known += [o["row_id"] for o in self.phone.outbox if o["table"] == table and o["action"] == "insert"]
        return self.chance.choice(sorted(known)) if known else None

    def act(self) -> None:
        """One thing, written down in the outbox."""
        act = self.chance.choice(ACTS)
        operation = act(self)
        if operation is not None:
            self.made.append(operation)

    async def network(self) -> None:
        """What the network allows just now: often nothing."""
        luck = self.chance.random()
        self.phone.loses = lambda: self.chance.random() < 0.25
        before = {o["id"]: o for o in self.phone.outbox}
        try:
            if luck < 0.25:
                await self.phone.push(size=self.chance.choice([1, 3, 20, 200]))
            elif luck < 0.4:
                await self.phone.pull()
            elif luck < 0.5 and self.done:
                await self._again()
        except LostError:
            return
        finally:
            self.phone.loses = lambda: False
            sent = before.keys() - {o["id"] for o in self.phone.outbox}
            self.done += [before[i] for i in before if i in sent and self.phone.settled[i] in DONE]

    async def _again(self) -> None:
        """Things that arrived long ago arrive again, in any order."""
        again = self.chance.sample(self.done, min(len(self.done), 5))
        response = await self.phone.person.call("POST", f"/api/v1/athletes/{self.phone.athlete}/sync", {"operations": again})
        assert {r["status"] for r in response.json()["results"]} == {"ALREADY_APPLIED"}, response.text

    def settle_troubles(self) -> None:
        """Its owner looks at what went wrong: insists, or lets it go."""
        for trouble in list(self.phone.troubles.values()):
            if self.chance.random() < 0.5 and trouble["status"] == "CONFLICT" and trouble["current"] is not None:
                operation = self.phone.do(trouble["table"], "update", trouble["row_id"], trouble["yours"])
                self.made.append(operation)
                del self.phone.troubles[trouble["id"]]


def _insert_session(walker: Walker) -> Operation:
    status = walker.chance.choice(["COMPLETED", "COMPLETED", "PLANNED", "IN_PROGRESS"])
    day = f"2026-03-{walker.chance.randint(1, 28):02}"
    times: Row = {"started_at": f"{day}T17:00:00Z"} if status != "PLANNED" else {"scheduled_at": f"{day}T17:00:00Z"}
    if status == "COMPLETED":
        times |= {"completed_at": f"{day}T18:00:00Z"}
    return walker.phone.do(SESSION, "insert", fields={"session_status": status, **times})


def _insert_set(walker: Walker) -> Operation | None:
    session = walker.pick(SESSION)
    if session is None:
        return None
    weight, unit = walker.chance.choice([(80, "kg"), (82.5, "kg"), (185, "lb"), (None, None)])
    # Now and then what no set can be.
    reps = walker.chance.choice([1, 5, 8, 12, 2000])
    fields: Row = {"user_workout_session_id": session, "exercise_id": walker.chance.choice(EXERCISES), "reps": reps}
    return walker.phone.do(SET, "insert", fields=fields | ({"weight": weight, "weight_unit": unit} if unit else {}))


def _update(table: str, *edits: Row) -> Callable[[Walker], Operation | None]:
    def update(walker: Walker) -> Operation | None:
        row_id = walker.pick(table)
        return walker.phone.do(table, "update", row_id, walker.chance.choice(edits)) if row_id else None

    return update


def _delete(table: str) -> Callable[[Walker], Operation | None]:
    def delete(walker: Walker) -> Operation | None:
        row_id = walker.pick(table)
        return walker.phone.do(table, "delete", row_id) if row_id and walker.chance.random() < 0.5 else None

    return delete


def _verb(walker: Walker) -> Operation | None:
    row_id = walker.pick(SESSION)
    verb = walker.chance.choice(["start", "complete", "skip", "cancel", "reopen"])
    return walker.phone.do(SESSION, "verb", row_id, verb=verb) if row_id else None


def _insert_measurement(walker: Walker) -> Operation:
    metric, unit, value = walker.chance.choice([("body-weight", "kg", 80), ("height", "cm", 180), ("waist", "cm", 90)])
    day = f"2026-03-{walker.chance.randint(1, 28):02}"
    value += walker.chance.choice([0, 1, 2, 5000])
    fields = {"metric": metric, "unit": unit, "measured_value": value, "measurement_date": day}
    return walker.phone.do(MEASUREMENT, "insert", fields=fields)


ACTS: list[Callable[[Walker], Operation | None]] = [
    _insert_session,
    *[_insert_set] * 5,
    *[_update(SET, {"reps": 3}, {"reps": 4}, {"rpe": 8}, {"notes": "x"}, {"weight": 90, "weight_unit": "kg"}, {"kind": "WARMUP"})]
    * 3,
    _delete(SET),
    *[_update(SESSION, {"session_notes": "a"}, {"session_notes": "b"}, {"soreness_rating": 3}, {"effort_rating": 7})] * 2,
    _delete(SESSION),
    *[_verb] * 2,
    *[_insert_measurement] * 2,
    _update(MEASUREMENT, {"measured_value": 83}, {"measurement_notes": "x"}, {"measurement_date": "2026-03-05"}),
    _delete(MEASUREMENT),
    _update(PERFORMANCE, {"difficulty_rating": 6}, {"difficulty_rating": 8}, {"performance_notes": "x"}),
]


async def directly(call: Callable[..., Awaitable[Any]], store: dict[tuple[str, str], Row], chance: random.Random) -> None:
    """Something done over the routes, beside all phones, to what a phone knows."""
    rows = sorted((key for key in store if key[0] in (SESSION, MEASUREMENT)), key=lambda key: key[1])
    if not rows or chance.random() < 0.4:
        await call("POST", "measurements", {"metric": "body-weight", "measured_value": 77, "unit": "kg"})
        return
    table, row_id = chance.choice(rows)
    path = f"sessions/{row_id}" if table == SESSION else f"measurements/{row_id}"
    if chance.random() < 0.3:
        await call("DELETE", path)
    elif table == SESSION:
        await call("POST", f"{path}/sets", {"exercise_id": chance.choice(EXERCISES), "reps": 9, "distance_m": 5})
        await call("PATCH", path, {"session_notes": "over the route"})
    else:
        await call("PATCH", path, {"measured_value": 78})
