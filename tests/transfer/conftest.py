"""People who import files."""

from collections.abc import Callable

import pytest
from importing import Importer

from helpers import Person
from reptrail.http.edge import Services


@pytest.fixture
def importer(athlete: Person, services: Services) -> Importer:
    """The athlete, importing."""
    return Importer(athlete, services)


@pytest.fixture
def importing(services: Services) -> Callable[[Person], Importer]:
    """Anybody, importing."""
    return lambda person: Importer(person, services)
