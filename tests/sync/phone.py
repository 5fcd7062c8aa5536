"""A client as docs/sync.md tells one to be: a store, an outbox, and the obvious algorithm. No more than a phone would do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from helpers import Person
from reptrail.ids import uuid7

Row = dict[str, Any]
Key = tuple[str, str]
Operation = dict[str, Any]
# The fixtures that give somebody scopes.
Grant = Callable[..., Awaitable[Person]]

DONE = ("APPLIED", "ALREADY_APPLIED", "MERGED")


class LostError(Exception):
    """The answer did not arrive: nobody on the phone knows whether the request did."""


@dataclass
class Phone:
    """One device of somebody's (a coach has one too), syncing one athlete."""

    person: Person
    athlete: str = "me"
    page: int = 1000
    store: dict[Key, Row] = field(default_factory=dict)
    outbox: list[Operation] = field(default_factory=list)
    # What was refused or clashed: shown to its owner until they decide.
    troubles: dict[str, Row] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    since: int = 0
    mark: str | None = None
    # Says of each answer whether it is lost on its way.
    loses: Callable[[], bool] = lambda: False

    async def _send(self, method: str, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        response = await self.person.call(method, f"/api/v1/athletes/{self.athlete}/{path}", json, **kwargs)
        if self.loses():
            raise LostError
        return response

    # --- Pulling -----------------------------------------------------------------------------------------------------

    async def pull(self) -> int:
        """Brings the store up to the server's head; returns how many pages that took."""
        pages = 0
        while True:
            query = {"since": str(self.since), "changes": str(self.page)} | ({"mark": self.mark} if self.mark else {})
            response = await self._send("GET", "sync", params=query)
            if response.status_code == 409:
                assert response.json()["type"].endswith("sync-reset")
                self.forget()
                continue
            assert response.status_code == 200, response.text
            pages += 1
            page = response.json()
            for change in page["changes"]:
                self._keep(change["table"], change["id"], change["row"])
            self.since, self.mark = page["next_since"], page["mark"]
            if not page["has_more"]:
                return pages

    def forget(self) -> None:
        """Begins anew; what was not pushed stays."""
        self.store.clear()
        self.since, self.mark = 0, None

    def _keep(self, table: str, row_id: str, row: Row | None) -> None:
        known = self.store.get((table, row_id))
        if row is None:
            self.store.pop((table, row_id), None)
        elif known is None or row["version"] >= known["version"]:
            self.store[table, row_id] = row

    # --- Writing -----------------------------------------------------------------------------------------------------

    def do(
        self, table: str, action: str, row_id: str | None = None, fields: Row | None = None, verb: str | None = None
    ) -> Operation:
        """Puts an operation into the outbox."""
        row_id = row_id or str(uuid7())
        known = self.store.get((table, row_id))
        operation: Operation = {"id": str(uuid7()), "table": table, "row_id": row_id, "action": action, "fields": fields or {}}
        if verb is not None:
            operation["verb"] = verb
        if action != "insert":
            if known is not None:
                operation["base_version"] = known["version"]
            operation["after"] = [o["id"] for o in self.outbox if (o["table"], o["row_id"]) == (table, row_id)]
        self.outbox.append(operation)
        return operation

    async def push(self, size: int = 200) -> list[Row]:
        """Sends the outbox in order; what is answered leaves it."""
        results: list[Row] = []
        while self.outbox:
            batch = self.outbox[:size]
            response = await self._send("POST", "sync", {"operations": batch})
            assert response.status_code == 200, response.text
            answered = response.json()["results"]
            assert [r["id"] for r in answered] == [o["id"] for o in batch]
            for result in answered:
                assert "internal-error" not in result.get("problem", {}).get("type", ""), result
                self._settle(result)
            results += answered
            self.outbox = self.outbox[len(batch) :]
        return results

    def _settle(self, result: Row) -> None:
        self.settled[result["id"]] = result["status"]
        if result["status"] in DONE:
            self._keep(result["table"], result["row_id"], result["row"])
            self.troubles.pop(result["id"], None)
        else:
            self.troubles[result["id"]] = result

    async def sync(self) -> list[Row]:
        """Pushes, then pulls."""
        results = await self.push()
        await self.pull()
        return results
