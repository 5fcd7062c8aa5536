"""The consent texts: published ones never change, and they speak of every scope."""

from hashlib import sha256

import httpx
import pytest
from coaching_world import ok

from helpers import problem
from reptrail.coaching.consent import consents, current
from reptrail.coaching.rules import CoachScope

# A version once published stays as it is for ever: people have agreed to it. A new text is a new file and a new line here.
PUBLISHED = {"2026-11-22": "bfebe45f63b888d82d9ebaaf04b729231908cef58bc42d182f76e11e91aaef41"}


def test_published_texts_never_change() -> None:
    assert {version: sha256(each.text.encode()).hexdigest() for version, each in consents().items()} == PUBLISHED


@pytest.mark.parametrize("version", PUBLISHED)
def test_a_text_speaks_of_every_scope(version: str) -> None:
    consent = consents()[version]
    assert [each.scope for each in consent.scopes] == list(CoachScope)
    assert all(len(each.text) > 50 and each.text.startswith("Your coach ") for each in consent.scopes)


async def test_anybody_reads_the_current_one_and_every_earlier_one(http: httpx.AsyncClient) -> None:
    told = ok(await http.get("/api/v1/consents/current"))
    assert told["consent_version"] == current().consent_version == max(PUBLISHED)
    for version in PUBLISHED:
        assert ok(await http.get(f"/api/v1/consents/{version}"))["text"] == consents()[version].text
    problem(await http.get("/api/v1/consents/2020-01-01"), 404, "not-found")
