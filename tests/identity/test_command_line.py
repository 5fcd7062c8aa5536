"""What the command line does with users, through the same actions."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from helpers import PASSWORD, Person, pointers, problem
from reptrail.errors import Problem
from reptrail.http.edge import Services
from reptrail.identity import actions
from reptrail.ids import uuid7

MakeInstance = Callable[..., Awaitable[tuple[httpx.AsyncClient, Services]]]


async def test_making_and_listing_users(make_instance: MakeInstance) -> None:
    http, services = await make_instance(registration="closed")
    for name in ("Ann", "Bob"):
        new = actions.NewUser(
            email=f"{name}@example.org", password=PASSWORD, display_name=name, time_zone="Asia/Tokyo", weight_unit="lb"
        )
        async with services.database.act_as_system(None, uuid7()) as tx:
            await actions.create_user(tx, new)
    async with services.database.act_as_system(None, uuid7()) as tx:
        users = await actions.list_users(tx)
    assert [(u["email"], u["is_admin"]) for u in users] == [("Ann@example.org", True), ("Bob@example.org", False)]
    login = await http.post("/api/v1/auth/login", json={"email": "bob@example.org", "password": PASSWORD})
    assert login.status_code == 200


async def test_a_wrong_user_is_refused_with_every_reason(services: Services) -> None:
    new = actions.NewUser(email="nobody", password="short", display_name="a\x00", time_zone="Mars", weight_unit="stone")
    with pytest.raises(Problem) as refused:
        async with services.database.act_as_system(None, uuid7()) as tx:
            await actions.create_user(tx, new)
    assert {e.pointer for e in refused.value.errors} == {"/email", "/password", "/display_name", "/time_zone", "/weight_unit"}


async def test_finding_a_user_by_email(services: Services, athlete: Person) -> None:
    async with services.database.act_as_system(None, uuid7()) as tx:
        found = await actions.user_by_email(tx, f" {athlete.email.upper()}")
        assert (str(found.id), found.time_zone, found.weight_unit) == (athlete.user_id, "Europe/Berlin", "kg")
        for email in ("nobody@example.org", "", "\x00"):
            with pytest.raises(Problem) as refused:
                await actions.user_by_email(tx, email)
            assert refused.value.slug == "not-found"


async def test_setting_a_password_ends_every_login_and_frees_a_locked_account(services: Services, athlete: Person) -> None:
    login = {"email": athlete.email, "password": "a wholly new password"}
    for _ in range(11):
        await athlete.http.post("/api/v1/auth/login", json={**login, "password": "wrong"})
    problem(await athlete.http.post("/api/v1/auth/login", json=login), 429, "too-many-attempts")
    async with services.database.act_as_system(None, uuid7()) as tx:
        user = await actions.user_by_email(tx, athlete.email)
        await actions.set_password(tx, user.id, login["password"])
    problem(await athlete.get("/api/v1/me"), 401, "unauthenticated")
    assert (await athlete.http.post("/api/v1/auth/login", json=login)).status_code == 200


async def test_setting_a_password_that_is_none(services: Services, athlete: Person) -> None:
    for password in ("short", athlete.email, "x" * 201, "1234567890\x00"):
        with pytest.raises(Problem) as refused:
            async with services.database.act_as_system(None, uuid7()) as tx:
                await actions.set_password(tx, (await actions.user_by_email(tx, athlete.email)).id, password)
        assert {e.pointer for e in refused.value.errors} == {"/password"}
    with pytest.raises(Problem) as refused:
        async with services.database.act_as_system(None, uuid7()) as tx:
            await actions.set_password(tx, uuid4(), PASSWORD)
    assert refused.value.slug == "not-found"
    assert pointers(problem(await athlete.patch("/api/v1/me", {"new_password": "x"}), 422, "invalid"))
