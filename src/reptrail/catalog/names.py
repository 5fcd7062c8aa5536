"""Finding the exercise that a foreign name means: an exact matcher for imports, a forgiving search for people.

The matcher would rather answer nothing than a near-miss: an import can ask, but a barbell record silently mixed into
a dumbbell history is not noticed for months. The search only ranks; a person chooses. Pure: no I/O, no clock.
"""

import functools
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

IdT = TypeVar("IdT", bound=Hashable)

How = Literal["exact", "normalised", "superset"]

# Words and phrases of up to two words, in the singular, to the one form in which both sides are compared. The German
# and French ones are equipment only: a tool can be translated word by word, a movement cannot.
_SYNONYMS: Final = """
smith machine = smith | multi presse = smith | ez bar = ezbar | sz stange = ezbar | trap bar = trapbar
hex bar = trapbar | t bar = tbar | v bar = vbar | pull up = pullup | push up = pushup | press up = pushup
chin up = chinup | sit up = situp | step up = stepup | muscle up = muscleup | get up = getup | warm up = warmup
v up = vup | pull down = pulldown | push down = pushdown | press down = pushdown | kick back = kickback
skull crusher = skullcrusher | cross over = crossover | pull over = pullover | roll out = rollout
jack knife = jackknife | dead lift = deadlift | body weight = bodyweight | kettle bell = kettlebell
one arm = singlearm | 1 arm = singlearm | single arm = singlearm | one leg = singleleg | 1 leg = singleleg
single leg = singleleg | narrow grip = close grip | pressdown = pushdown | facepull = face pull
ohp = overhead press | rdl = romanian deadlift | sldl = stiff leg deadlift
cgbp = bench press close grip barbell | bss = bulgarian split squat | ghr = glute ham raise | db = dumbbell
dumbell = dumbbell | bb = barbell | kb = kettlebell | bw = bodyweight | trx = suspension
flye = fly | sitting = seated | abductor = abduction | adductor = adduction | langhantel = barbell
barre = barbell | kurzhantel = dumbbell | kurzhanteln = dumbbell | haltere = dumbbell | kabel = cable
kabelzug = cable | poulie = cable | maschine = machine | multipresse = smith
"""
_PHRASES: Final[dict[tuple[str, ...], list[str]]] = {
    tuple(old.split()): new.split()
    for old, new in (entry.split(" = ") for line in _SYNONYMS.split("\n") for entry in line.split(" | ") if entry)
}
_LONGEST_PHRASE_WORDS: Final = 2
_IRREGULAR: Final = {"calves": "calf", "ups": "up", "abs": "ab", "legged": "leg", "armed": "arm"}
_STOP_WORDS: Final = frozenset({"the", "a", "an", "with", "on", "of", "to", "and", "at"})
_EQUIPMENT: Final = frozenset(
    {
        "barbell",
        "dumbbell",
        "kettlebell",
        "machine",
        "smith",
        "cable",
        "band",
        "ezbar",
        "trapbar",
        "plate",
        "suspension",
        "ball",
        "ring",
        "loaded",
        "harness",
    }
)
# "Weighted" and "bodyweight" say how a movement was loaded and not which one it was. "Assisted" is absent on purpose:
# help is never to be mistaken for the real thing.
_LOAD_WORDS: Final = frozenset({"weighted", "bodyweight"})
# The only words that a catalogue name may have beyond the foreign one: what it is done with, and the muscle it is for.
# Any other word (incline, reverse, seated, close, ...) makes another exercise of it.
_HARMLESS_EXTRA: Final = _EQUIPMENT | frozenset(
    {"bicep", "tricep", "chest", "lat", "shoulder", "delt", "leg", "calf", "glute", "hamstring", "hip", "ab", "core"}
)
_MOST_EXTRA_WORDS: Final = 2
_FEWEST_SUPERSET_WORDS: Final = 2

# Below these a search result is noise: 0.7 forgives one wrong letter in four and two in seven.
_WORD_CUTOFF: Final = 0.7
_FUZZY_CUTOFF: Final = 75.0
_SHORTEST_MISTYPED_WORD: Final = 3

# How many positions of popularity a search result falls back for where the query was found in it.
_EXACT: Final = -1_000_000
_PREFIX: Final = 0
_ELSEWHERE: Final = 150
_ELSEWHERE_IN_ALIAS: Final = 300
_NOT_FOUND: Final = 1_000_000


def match_key(name: str) -> str:
    """The form of a name that exact matching compares: "Pull-Up  (Assisted)" gives "pull up assisted".

    Casefolded and compatibility-decomposed; accents are taken off Latin letters only, since in other scripts a
    combining mark is a letter of its own. Apostrophes vanish, every other sign is a space, spaces collapse. The
    answer is empty when the name has no letter and no digit.
    """
    kept: list[str] = []
    base = ""
    for char in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()):
        if unicodedata.combining(char):
            if not base.isascii():
                kept.append(char)
        elif char.isalnum() or unicodedata.category(char).startswith("M"):
            base = char
            kept.append(char)
        elif char not in "'’‘`":  # noqa: RUF001 - the curly apostrophes are meant
            base = ""
            kept.append(" ")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _singular(word: str) -> str:
    """An English plural made singular by its ending; the same rule on both sides, so that it need not be perfect."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):  # noqa: PLR2004 - "21s", "abs"
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1]


def _bag(name: str) -> frozenset[str]:
    """The words of a name regardless of order and brackets, in singular form, with synonyms made one."""
    words = [_singular(word) for word in match_key(name).split()]
    bag: set[str] = set()
    start = 0
    while start < len(words):
        for length in range(_LONGEST_PHRASE_WORDS, 0, -1):
            phrase = tuple(words[start : start + length])
            if len(phrase) == length and (phrase in _PHRASES or length == 1):
                bag.update(_PHRASES.get(phrase, phrase))
                start += length
                break
    return frozenset(bag - _STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Match(Generic[IdT]):
    """An exercise that a foreign name means, and how sure that is.

    "exact": a name or an alias, letter for letter (see `match_key`). "normalised": the same words in another order,
    number or abbreviation. "superset": the one exercise that only adds its equipment or muscle to the words given;
    an import should show these before it relies on them.
    """

    id: IdT
    how: How


class NameIndex(Generic[IdT]):
    """An index of exercises by every name they go by; built once, asked once a distinct name of an import."""

    def __init__(self, exercises: Iterable[tuple[IdT, str, Iterable[str]]]) -> None:
        """Index (id, name, aliases) triples.

        An athlete's own exercises may repeat a built-in name: index them apart and ask theirs first.

        Raises:
            ValueError: two exercises claim one exact key; names both and the key.
        """
        self._exact: dict[str, IdT] = {}
        self._names: dict[IdT, str] = {}
        self._bags: dict[frozenset[str], set[IdT]] = {}
        self._unbracketed: dict[frozenset[str], set[IdT]] = {}
        self._bags_of_word: dict[str, set[frozenset[str]]] = {}
        self._family: dict[frozenset[str], set[IdT]] = {}
        for id_, name, aliases in exercises:
            self._names[id_] = name
            for text in (name, *aliases):
                self._add(id_, text)
            if "(" not in name:
                self._unbracketed.setdefault(_bag(name), set()).add(id_)
            self._family.setdefault(self._family_key(id_), set()).add(id_)

    def _add(self, id_: IdT, text: str) -> None:
        key = match_key(text)
        if not key:
            return
        holder = self._exact.setdefault(key, id_)
        if holder != id_:
            raise ValueError(f"{self._names[holder]!r} and {self._names[id_]!r} both claim the name {key!r}")
        bag = _bag(text)
        self._bags.setdefault(bag, set()).add(id_)
        for word in bag:
            self._bags_of_word.setdefault(word, set()).add(bag)

    def match(self, name: str) -> Match[IdT] | None:
        """The exercise that a foreign name means, or None where none or more than one could be meant."""
        exact = self._exact.get(match_key(name))
        if exact is not None:
            return Match(exact, "exact")
        bag = _bag(name)
        if not bag - _EQUIPMENT:
            return None
        claimants = self._bags.get(bag)
        if claimants is None and bag & _LOAD_WORDS:
            # "Dragon Flag (Weighted)" is a Dragon Flag. A name with brackets has variants by equipment, and of those
            # "Squat (Weighted)" could be any.
            claimants = self._unbracketed.get(bag - _LOAD_WORDS)
        if claimants is not None:
            return Match(next(iter(claimants)), "normalised") if len(claimants) == 1 else None
        return self._superset(bag)

    def _superset(self, bag: frozenset[str]) -> Match[IdT] | None:
        """The only exercise with all these words and at most two harmless ones more."""
        if len(bag) < _FEWEST_SUPERSET_WORDS:
            return None
        wider = set.intersection(*(self._bags_of_word.get(word, set()) for word in bag))
        near: set[IdT] = set()
        claimants: set[IdT] = set()
        extras: set[str] = set()
        for candidate in wider:
            extra = candidate - bag
            if len(extra) <= _MOST_EXTRA_WORDS:
                near |= self._bags[candidate]
                if extra <= _HARMLESS_EXTRA:
                    claimants |= self._bags[candidate]
                    extras |= extra
        if len(claimants) != 1:
            return None
        id_ = claimants.pop()
        if extras & _EQUIPMENT and (bag & _EQUIPMENT or len(self._family[self._family_key(id_)]) > 1):
            # The name says another tool, or says none where the movement is done with several.
            return None
        if extras - _EQUIPMENT and near != {id_}:
            # "Dumbbell Raise" is not a calf raise only because the other raises need a word that is not harmless.
            return None
        return Match(id_, "superset")

    def _family_key(self, id_: IdT) -> frozenset[str]:
        return _bag(self._names[id_]) - _EQUIPMENT


@dataclass(frozen=True, slots=True)
class _Text:
    """A name prepared for search: `spaced` begins each word with a space, `compact` has none (pullup is Pull Up)."""

    spaced: str
    compact: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """All names of a candidate, its own first. The joined ones rule most candidates out with one look each."""

    texts: tuple[_Text, ...]
    all_spaced: str
    all_compact: str
    words: frozenset[str]
    compacts: frozenset[str]


@functools.lru_cache(maxsize=8_192)
def _prepare(names: tuple[str, ...]) -> _Names:
    # Cached because a search-as-you-type asks for the same two thousand names again with every letter.
    keys = [match_key(name) for name in names]
    texts = tuple(_Text(f" {key}", key.replace(" ", ""), tuple(key.split())) for key in keys)
    return _Names(
        texts,
        "\n".join(text.spaced for text in texts),
        "\n".join(("", *(text.compact for text in texts))),
        frozenset(word for text in texts for word in text.words),
        frozenset(text.compact for text in texts),
    )


def search(q: str, candidates: Iterable[tuple[IdT, str, Iterable[str]]], limit: int = 20) -> list[IdT]:
    """The ids of the exercises that a typed query may mean, best first, at most `limit`.

    Candidates are (id, name, aliases) triples, the most popular first. An exact name or alias leads; then come names
    that begin with the query, then those of which every query word begins some word; a popular one of the latter may
    pass an exotic one of the former. What only typing errors lead to is last. An empty query finds nothing.
    """
    variants = _variants(q)
    if not variants or limit <= 0:
        return []
    ids: list[IdT] = []
    prepared: list[_Names] = []
    place: dict[int, int] = {}
    for position, (id_, name, aliases) in enumerate(candidates):
        names = _prepare((name, *aliases))
        ids.append(id_)
        prepared.append(names)
        setback = min(_setback(variant, names) for variant in variants)
        if setback < _NOT_FOUND:
            place[position] = position + setback
    ranked = sorted(place, key=place.__getitem__)
    if len(ranked) < limit:
        ranked += [position for position in _mistyped(variants[-1], prepared) if position not in place]
    return [ids[position] for position in ranked[:limit]]


def _variants(q: str) -> list[_Text]:
    """The query as typed, and where it holds abbreviations ("db bench") also with those written out."""
    words = match_key(q).split()
    whole = [longer for word in words for longer in _PHRASES.get((word,), [word])]
    return list(_prepare(tuple(dict.fromkeys(" ".join(each) for each in (words, whole) if each))).texts)


def _setback(query: _Text, names: _Names) -> int:
    """By how many positions of popularity a candidate is put back, given how its names hold the query; no errors."""
    least = _NOT_FOUND
    if f"\n{query.compact}" not in names.all_compact:
        for part in query.words:
            if f" {part}" not in names.all_spaced:
                return least
    for text in names.texts:
        if text.compact.startswith(query.compact):
            if len(text.compact) == len(query.compact):
                return _EXACT
            least = min(least, _PREFIX if text is names.texts[0] else _ELSEWHERE)
        elif least > _ELSEWHERE and all(f" {part}" in text.spaced for part in query.words):
            least = min(least, _ELSEWHERE if text is names.texts[0] else _ELSEWHERE_IN_ALIAS)
    return least


def _mistyped(query: _Text, prepared: Sequence[_Names]) -> list[int]:
    """Positions of the candidates that the query means with typing errors, best first.

    Two measures, the better counts: each word of the query against the likest word of the text (so that word order
    and words left out cost little), and the whole against the whole without spaces ("puhsup", "dead lift").
    """
    vocabulary: frozenset[str] = frozenset().union(*(names.words for names in prepared))
    compacts: frozenset[str] = frozenset().union(*(names.compacts for names in prepared))
    likeness = [_likeness(part, vocabulary) for part in query.words]
    hits = process.extract(query.compact, compacts, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF, limit=None)
    whole = {choice: score for choice, score, _ in hits}
    rarest = min(likeness, key=len).keys()
    best: dict[int, float] = {}
    for position, names in enumerate(prepared):
        score = 0.0
        if not names.compacts.isdisjoint(whole):
            score = max(whole.get(compact, 0.0) for compact in names.compacts)
        if not names.words.isdisjoint(rarest):
            score = max(score, *(_word_score(likeness, text.words) for text in names.texts))
        if score >= _FUZZY_CUTOFF:
            best[position] = score
    return sorted(best, key=lambda position: (-best[position], position))


def _likeness(part: str, vocabulary: Iterable[str]) -> dict[str, float]:
    """The words that a word of the query may mean, each with its likeness from the cutoff to 1."""
    likeness = {word: 1.0 for word in vocabulary if word.startswith(part)}
    if len(part) < _SHORTEST_MISTYPED_WORD:
        return likeness
    hits = process.extract(part, vocabulary, scorer=OSA.normalized_similarity, score_cutoff=_WORD_CUTOFF, limit=None)
    for word, score, _ in hits:
        likeness[word] = max(score, likeness.get(word, 0.0))
    return likeness


def _word_score(likeness: Sequence[dict[str, float]], words: Sequence[str]) -> float:
    """The mean likeness of the query's words in a text, 0 to 100; 0 when one of them is not there at all.

    Words of the text beyond the query cost half a point each, so that the plain variant comes before its exotic kin.
    """
    total = 0.0
    for part in likeness:
        found = max((part.get(word, 0.0) for word in words), default=0.0)
        if not found:
            return 0.0
        total += found
    return 100 * total / len(likeness) - 0.5 * max(0, len(words) - len(likeness))
