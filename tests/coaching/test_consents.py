"""The consent texts: published ones never change, and they speak of every scope."""

from hashlib import sha256

import pytest
from coaching_world import ok

from helpers import Person
from reptrail.coaching.consent import Consent, consents, current
from reptrail.coaching.rules import CoachScope

# A version once published stays as it is for ever: people have agreed to it. A new text is a new file and a new line here.
PUBLISHED = {"2026-11-22": "bfebe45f63b888d82d9ebaaf04b729231908cef58bc42d182f76e11e91aaef41"}


def test_published_texts_never_change() -> None:
    assert {each.consent_version: sha256(each.text.encode()).hexdigest() for each in consents()} == PUBLISHED


@pytest.mark.parametrize("consent", consents(), ids=lambda consent: consent.consent_version)
def test_a_text_speaks_of_every_scope(consent: Consent) -> None:
    assert [each.scope for each in consent.scopes] == list(CoachScope)
    assert all(len(each.text) > 50 and each.text.startswith("Your coach ") for each in consent.scopes)


async def test_every_user_reads_the_current_one_and_every_earlier_one(athlete: Person) -> None:
    told = ok(await athlete.get("/api/v1/consents/current"))
    assert told["consent_version"] == current().consent_version == max(PUBLISHED)
    everyone = ok(await athlete.get("/api/v1/consents"))["items"]
    assert everyone[0] == told
    assert [each["consent_version"] for each in everyone] == sorted(PUBLISHED, reverse=True)
