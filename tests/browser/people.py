"""Other people, who have no device in a test: what they do, they do over the API."""

from typing import Any
from uuid import uuid4

import httpx
from browsing import App

from helpers import PASSWORD

LONG_NAME = "Donaudampfschifffahrtsgesellschaftskapitänin von Hohenstaufen"


class Other:
    """Somebody on the same server."""

    def __init__(self, app: App, email: str, token: str, user_id: str) -> None:
        self.email = email
        self.user_id = user_id
        self._base_url = f"{app.site.url}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the API answers, which must be no refusal."""
        async with httpx.AsyncClient(base_url=self._base_url, timeout=30, headers=self._headers) as client:
            answer = await client.request(method, path, json=body)
            assert answer.is_success, answer.text
            return answer.json() if answer.content else None

    async def let_in(self, coach: str, *scopes: str) -> dict[str, Any]:
        """Consents to a coach, by their e-mail address."""
        version = (await self.call("GET", "/consents/current"))["consent_version"]
        body = {"coach_email": coach, "scopes": scopes, "consent_version": version}
        made: dict[str, Any] = await self.call("POST", "/athletes/me/grants", body)
        return made

    async def train(self, exercise: str, reps: int, weight: float) -> str:
        """A workout of one set, finished; its id."""
        found = await self.call("GET", f"/exercises?q={exercise}&limit=1")
        session = await self.call("POST", "/athletes/me/sessions", {"session_status": "IN_PROGRESS", "workout_name": "Monday"})
        entry = {"exercise_id": found["items"][0]["id"], "reps": reps, "weight": weight, "weight_unit": "kg"}
        await self.call("POST", f"/athletes/me/sessions/{session['id']}/sets", entry)
        await self.call("POST", f"/athletes/me/sessions/{session['id']}/complete", {"effort_rating": 7})
        return str(session["id"])


async def _entered(app: App, path: str, body: dict[str, Any]) -> Other:
    async with httpx.AsyncClient(base_url=f"{app.site.url}/api/v1", timeout=30) as client:
        answer = await client.post(path, json=body)
        assert answer.is_success, answer.text
        found = answer.json()
        return Other(app, body["email"], found["access_token"], found["user"]["id"])


async def somebody(app: App, name: str) -> Other:
    """A new account on the server of an app."""
    said = {"display_name": name, "time_zone": "Europe/Berlin", "weight_unit": "kg"}
    return await _entered(app, "/auth/register", {"email": f"{uuid4().hex[:12]}@example.org", "password": PASSWORD, **said})


async def herself(app: App) -> Other:
    """Who is signed in on a device, without the device."""
    return await _entered(app, "/auth/login", {"email": app.email, "password": PASSWORD})
