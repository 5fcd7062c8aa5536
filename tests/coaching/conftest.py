"""A coach, who nobody has let in yet."""

import pytest
from coaching_world import new_coach

from helpers import Person


@pytest.fixture
async def coach(athlete: Person) -> Person:
    return await new_coach(athlete)
