"""Coaching where the database's owner is no superuser: forced row-level security holds functions that run as the owner, too."""

from uuid import uuid4

import httpx
from coaching_world import ALL, let_in, new_coach, of, ok, trained

from helpers import PASSWORD, Server, in_thread, problem, register
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.db.migrate import migrate
from reptrail.settings import Settings


async def test_a_coach_where_the_owner_is_no_superuser(postgres: Server, settings: Settings) -> None:
    name, owner = f"plain_{uuid4().hex[:12]}", f"boss_{uuid4().hex[:8]}"
    postgres.sql(
        "postgres",
        f"CREATE ROLE {owner} LOGIN CREATEROLE NOSUPERUSER",
        f"CREATE DATABASE {name} OWNER {owner}",
        "DO $$ BEGIN CREATE ROLE reptrail_server LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "DO $$ BEGIN CREATE ROLE reptrail_overview; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "DO $$ BEGIN CREATE ROLE reptrail_eraser; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT reptrail_server, reptrail_overview, reptrail_eraser TO {owner} WITH ADMIN OPTION",
    )
    url = postgres.url(name, owner)
    in_thread(lambda: migrate(url))
    services = build_services(settings, DatabaseUrls(url, url, step_down=True, programs=None))
    await services.database.open()
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(services)), base_url="http://test") as http:
            athlete = await register(http, "athlete")
            coach = await new_coach(athlete)
            session = await trained(athlete)
            await let_in(athlete, coach, ALL)
            for _ in range(2):
                assert len(ok(await coach.get(of(athlete, "sessions")))["items"]) == 1
            ok(await coach.post(of(athlete, f"sessions/{session['id']}/comments"), {"comment_text": "Good"}), 201)
            (told,) = ok(await coach.get("/api/v1/coach/athletes"))["items"]
            assert told["last_session"]["id"] == session["id"]
            ok(await coach.delete(f"/api/v1/coach/athletes/{athlete.user_id}"), 204)
            problem(await coach.get(of(athlete, "sessions")), 404, "not-found")
            found = {each["what"]: (each["reads"], each["writes"]) for each in ok(await athlete.get("accesses"))["items"]}
            assert found == {"sessions": (2, 1), "overview": (1, 0)}

            await let_in(athlete, coach, ALL)
            for person, is_removed in ((coach, False), (athlete, True)):
                erased = await person.delete("/api/v1/athletes/me", json={"password": PASSWORD, "confirmation": "DELETE"})
                assert ("app_user" in ok(erased)["counts"]) is is_removed
                problem(await person.get("/api/v1/me"), 410, "account-erased")
    finally:
        await services.database.close()
