"""What good requests are made with: the register of them, and what is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from helpers import Person
from reptrail.catalog.builtin import builtin_id
from reptrail.http.edge import Route

V1 = "/api/v1"
BENCH_PRESS = str(builtin_id("exercise", "bench-press-barbell"))


@dataclass
class Sent:
    """What is sent: the path's parameters but the athlete, a JSON body, a multipart form, a query, and another token."""

    path: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    # For what ends the very login it is sent with: one made for the purpose. Only the owner sends it.
    token: str | None = None

    def address(self, route: Route, athlete: str = "me") -> str:
        return route.path.format(athlete=athlete, **self.path)

    def body(self) -> dict[str, Any]:
        """The arguments of an httpx request."""
        found: dict[str, Any] = {"params": self.query} if self.query else {}
        if self.json is not None:
            found["json"] = self.json
        if self.form is not None:
            found |= {"files": {"file": ("workouts.csv", self.form["file"])}, "data": self.form.get("data", {})}
        return found


Make = Callable[[Person], Awaitable[Sent]]
GOOD: dict[str, Make] = {}


def good(*names: str) -> Callable[[Make], Make]:
    """Registers what makes the good request of routes, named like `GET /athletes/{athlete}/sessions`."""

    def register(make: Make) -> Make:
        GOOD.update(dict.fromkeys(names, make))
        return make

    return register


def name_of(route: Route) -> str:
    return f"{route.method} {route.path.removeprefix(V1)}"


async def answered(person: Person, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
    response = await person.call(method, path, json, **kwargs)
    assert response.is_success, response.text
    return response.json() if response.content else None
