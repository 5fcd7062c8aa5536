"""What anyone may know of a server before they sign in."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from reptrail.demo import store
from reptrail.http.edge import Services

MakeInstance = Callable[..., Awaitable[tuple[httpx.AsyncClient, Services]]]
DEMONSTRATION = {"email": store.EMAIL, "password": store.PASSWORD}


@pytest.mark.parametrize(("demo", "shown"), [("hidden", None), ("shown", DEMONSTRATION)], ids=["hidden", "shown"])
@pytest.mark.parametrize("registration", ["open", "closed"])
async def test_it_says_what_it_was_set_to(make_instance: MakeInstance, registration: str, demo: str, shown: Any) -> None:
    http, _ = await make_instance(registration=registration, demo=demo)
    answer = await http.get("/api/instance")
    assert answer.json() == {"registration": registration, "demonstration": shown}
    assert answer.headers["cache-control"] == "no-cache"
