"""Which exercise a program file means by a slug or a name."""

from collections.abc import Iterable
from functools import cache
from typing import Final
from uuid import UUID

from reptrail.catalog import builtin
from reptrail.catalog.names import NameIndex, match_key, search

MAX_SUGGESTIONS: Final = 3


@cache
def slugs() -> dict[UUID, str]:
    """The slug of every built-in exercise."""
    return {each.id: each.slug for each in builtin.exercises()}


@cache
def _builtin_names() -> NameIndex[UUID]:
    return NameIndex((each.id, each.name, each.aliases) for each in builtin.exercises())


class ExerciseNames:
    """An athlete's exercises, own and built in, by what a file may call them.

    In this order: the slug of a built-in one, since that means the same everywhere; the name of an own one; the name or an
    alias of a built-in one, in whatever order of words. What is only like a name is suggested, never taken.
    """

    def __init__(self, own: Iterable[tuple[UUID, str, Iterable[str]]] = ()) -> None:
        self._candidates = [(id_, name, tuple(aliases)) for id_, name, aliases in own]
        self._own = {name: id_ for id_, name, _ in self._candidates}
        self._own_keys: dict[str, set[UUID]] = {}
        for id_, name, aliases in self._candidates:
            for text in (name, *aliases):
                self._own_keys.setdefault(match_key(text), set()).add(id_)

    def find(self, text: str) -> UUID | str:
        """The exercise that a text means, or why there is none."""
        known = builtin.exercises_by_slug().get(text)
        if known is not None:
            return known.id
        if text in self._own:
            return self._own[text]
        own = self._own_keys.get(match_key(text), set())
        if len(own) == 1:
            return next(iter(own))
        match = _builtin_names().match(text)
        if not own and match is not None and match.how != "superset":
            return match.id
        return "could be several of your exercises" if own else self._unknown(text)

    def _unknown(self, text: str) -> str:
        every = [*self._candidates, *((each.id, each.name, each.aliases) for each in builtin.exercises())]
        names = {id_: name for id_, name, _ in self._candidates} | slugs()
        near = [names[id_] for id_ in search(text[:200], every, MAX_SUGGESTIONS)]
        meant = f"; perhaps {', '.join(near)}" if near else ""
        return f"there is no exercise {text[:120]!r}{meant}"
