import csv
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reptrail.catalog import builtin
from reptrail.catalog.names import Match, NameIndex, match_key, search

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files do not lie beside this checkout")

CANDIDATES = [(exercise.slug, exercise.name, exercise.aliases) for exercise in builtin.exercises()]

MEANS = {
    "Bench Press (Barbell)": "bench-press-barbell",
    "Bench Press": "bench-press-barbell",
    "Barbell Bench Press": "bench-press-barbell",
    "Flat Barbell Bench Press": "bench-press-barbell",
    "  bench press (BARBELL) ": "bench-press-barbell",
    "Bench Press, Flat (Barbell)": "bench-press-barbell",
    "Bankdrücken (Langhantel)": "bench-press-barbell",
    "Développé Couché (Barre)": "bench-press-barbell",
    "developpe couche (barre)": "bench-press-barbell",
    "BB Bench Press": "bench-press-barbell",
    "DB Bench Press": "bench-press-dumbbell",
    "Bench Press (Smith Machine)": "bench-press-smith-machine",
    "Smith Bench Press": "bench-press-smith-machine",
    "Incline Dumbbell Press": "incline-bench-press-dumbbell",
    "Développé Couché Incliné (Haltère)": "incline-bench-press-dumbbell",
    "CGBP": "bench-press-close-grip-barbell",
    "Butterfly (Pec Deck)": "pec-deck-machine",
    "Cable Fly Crossovers": "cable-crossover",
    "Pull Up": "pull-up",
    "Pull-Ups": "pull-up",
    "Pullups": "pull-up",
    "Pull Up (Weighted)": "pull-up",
    "Klimmzüge": "pull-up",
    "Pull Up (Assisted)": "pull-up-assisted",
    "Machine Assisted Pull-Up": "pull-up-assisted",
    "Chin Up (Weighted)": "chin-up",
    "Dragon Flag (Weighted)": "dragon-flag",
    "Leg Press": "leg-press-machine",
    "Leg Press (Machine)": "leg-press-machine",
    "Leg Press Horizontal (Machine)": "seated-leg-press-machine",
    "Seated Cable Row - Bar Grip": "seated-row-cable",
    "Seated Row (Cable)": "seated-row-cable",
    "Seated Cable Row - V Grip (Cable)": "seated-row-v-grip-cable",
    "Triceps Pushdown": "triceps-pushdown-cable",
    "Triceps Pushdown (Cable - Straight Bar)": "triceps-pushdown-cable",
    "Cable Tricep Pushdown (Rope)": "triceps-rope-pushdown-cable",
    "Front Squat": "front-squat-barbell",
    "Front Barbell Squat": "front-squat-barbell",
    "Deadlift (Trap bar)": "deadlift-trap-bar",
    "Trap Bar Deadlift": "deadlift-trap-bar",
    "Hex Bar Deadlift": "deadlift-trap-bar",
    "Sumo Deadlift": "sumo-deadlift-barbell",
    "Dumbbell Row": "single-arm-row-dumbbell",
    "Bent Over One Arm Row (Dumbbell)": "single-arm-row-dumbbell",
    "Face Pull": "face-pull-cable",
    "Face Pull (Cable)": "face-pull-cable",
    "Hip Abduction (Machine)": "hip-abduction-machine",
    "Hip Abductor (Machine)": "hip-abduction-machine",
    "Hip Adductor (Machine)": "hip-adduction-machine",
    "Elliptical Trainer": "elliptical-trainer",
    "Elliptical Machine": "elliptical-trainer",
    "Treadmill": "running-treadmill",
    "Running (Treadmill)": "running-treadmill",
    "Kreuzheben (Langhantel)": "deadlift-barbell",
    "Kniebeuge (Langhantel)": "squat-barbell",
    "Squat (Barre)": "squat-barbell",
    "Barbell Squat": "squat-barbell",
    "OHP": "overhead-press-barbell",
    "OHP, Standing (Barbell)": "overhead-press-barbell",
    "Strict Military Press (Barbell)": "overhead-press-barbell",
    "RDL": "romanian-deadlift-barbell",
    "RDL (DB)": "romanian-deadlift-dumbbell",
    "Romanian Deadlift": "romanian-deadlift-barbell",
    "Румынская тяга": "romanian-deadlift-barbell",
    "Farmer's Walk": "farmers-walk",
    "Farmer\u2019s Walk": "farmers-walk",
    "EZ-Bar Curl": "bicep-curl-ez-bar",
    "Biceps Curls (Cable)": "bicep-curl-cable",
    "Bayesian Cable Curl": "behind-the-back-curl-cable",
    "Cable 1-Arm Face Pull": "single-arm-face-pull-cable",
    "Standing Calf Raise (Smith)": "standing-calf-raise-smith-machine",
    "Back Extension (Weighted Hyperextension)": "back-extension-hyperextension",
    "Cable Twist (Up to down)": "wood-chop-cable",
    "Cable Twist (Down to up)": "reverse-wood-chop-cable",
    "Iso-Lateral Row": "iso-lateral-row-machine",
    "Arnold Press, Dumbbell": "arnold-press-dumbbell",
}

# Each of these could be more than one exercise, or is one that the catalogue does not have.
MEANS_NOTHING = [
    "",
    "🦵",
    "Barbell",
    "Curl",
    "Bicep Curl",
    "Incline Bench Press",
    "Lateral Raise",
    "Dumbbell Raise",
    "Hack Squat",
    "Hip Thrust",
    "Hip Abduction",
    "Neck Extension",
    "Triceps Extension",
    "Leg Curl",
    "Row (Machine Assisted)",
    "Squat (Weighted)",
    "Bench Press (Kettlebell)",
    "Bench Press (Assisted)",
    "Push Up (Assisted)",
    "Deadlift (Sandbag)",
    "Kettlebell Carry",
    "Palms-Down Wrist Curl Over A Bench",
    "Seated Super- Bayesian High Cable Curl",
    "Squat Bench Press Deadlift",
    "ベンチ",
]

# Names that no catalogue should know: made by the sample's athlete, or not to be told from a near relation.
FOUND_ONLY_BY_ASKING = {
    "Bottom-Half Seated Cable Flye",
    "Cable Crossover Ladder",
    "Kettlebell Carry",
    "Meadows Incline DB Lateral Raise",
    "Seated Super- Bayesian High Cable Curl",
    "Hack Squat",
    "Triceps Extension",
    "Hip Thrust",
    "Side Bend",
    "Dragonfly",
}


@pytest.fixture(scope="module")
def index() -> NameIndex[str]:
    return NameIndex(CANDIDATES)


@pytest.mark.parametrize(("name", "slug"), MEANS.items())
def test_a_foreign_name_means(index: NameIndex[str], name: str, slug: str) -> None:
    match = index.match(name)
    assert match is not None
    assert match.id == slug


@pytest.mark.parametrize("name", MEANS_NOTHING)
def test_a_name_that_could_be_several_means_nothing(index: NameIndex[str], name: str) -> None:
    assert index.match(name) is None


def test_a_match_says_how_sure_it_is(index: NameIndex[str]) -> None:
    assert index.match("Pull-Up") == Match("pull-up", "exact")
    assert index.match("Barbell Incline Bench Presses") == Match("incline-bench-press-barbell", "normalised")
    assert index.match("Iso-Lateral Row") == Match("iso-lateral-row-machine", "superset")


def test_every_built_in_name_finds_itself_with_its_equipment_in_front(index: NameIndex[str]) -> None:
    for slug, name, _ in CANDIDATES:
        movement, _, bracket = name.partition("(")
        for text in (name, name.upper(), f"{bracket.rstrip(')')} {movement}"):
            match = index.match(text)
            # Words in another order may be ambiguous, but they must never mean something else.
            assert match is None or match.id == slug, text
        assert index.match(name) == Match(slug, "exact")


def test_two_exercises_may_not_claim_one_name() -> None:
    with pytest.raises(ValueError, match=r"'Row \(Cable\)' and 'Low Row' both claim the name 'row cable'"):
        NameIndex([(1, "Row (Cable)", ["Cable Row"]), (2, "Low Row", ["Row - Cable"])])


def test_a_tool_is_not_added_where_the_movement_has_several() -> None:
    index = NameIndex([(1, "Seal Row (Barbell)", []), (2, "Seal Row (Dumbbell)", []), (3, "Tate Press (Dumbbell)", [])])
    assert index.match("Seal Row") is None
    assert index.match("Tate Press") == Match(3, "superset")
    assert index.match("Tate Press (Cable)") is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Pull-Up  (Assisted)", "pull up assisted"),
        ("Développé Couché (Barre)", "developpe couche barre"),
        ("Captain's Chair", "captains chair"),
        ("Kniebeuge\u00a0(Langhantel)", "kniebeuge langhantel"),
        ("Stoßen", "stossen"),
        ("ガード", "ガード"),
        ("बेंच प्रेस", "बेंच प्रेस"),
        ("Тяга й", "тяга й"),
        ("ﬂy", "fly"),
        ("💪", ""),
    ],
)
def test_match_key(name: str, key: str) -> None:
    assert match_key(name) == key
    assert match_key(key) == key


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bnech pres", "bench-press-barbell"),
        ("bench", "bench-press-barbell"),
        ("db bench", "bench-press-dumbbell"),
        ("dedlift", "deadlift-barbell"),
        ("deadlft sumo", "sumo-deadlift-barbell"),
        ("pullup", "pull-up"),
        ("ohp", "overhead-press-barbell"),
        ("squat", "squat-barbell"),
        ("curl", "bicep-curl-barbell"),
        ("press", "bench-press-barbell"),
        ("rdl", "romanian-deadlift-barbell"),
        ("lat pul", "lat-pulldown-cable"),
        ("latteral raise", "lateral-raise-dumbbell"),
        ("incline dumbell press", "incline-bench-press-dumbbell"),
        ("kettelbell swing", "kettlebell-swing"),
        ("hip trust", "hip-thrust-barbell"),
        ("developpe couche", "bench-press-barbell"),
        ("kreuzheben", "deadlift-barbell"),
        ("cable row", "seated-row-cable"),
        ("plank", "plank"),
        ("run", "running"),
    ],
)
def test_search_finds_first(query: str, first: str) -> None:
    assert search(query, CANDIDATES, 10)[0] == first


@pytest.mark.parametrize("query", ["xyzzy", "asdfghjkl", "", "  ", "🦵", "qqq"])
def test_search_finds_nothing(query: str) -> None:
    assert search(query, CANDIDATES, 10) == []


def test_search_returns_each_once_and_no_more_than_asked_for() -> None:
    found = search("press", CANDIDATES, 400)
    assert len(found) == len(set(found)) > 50
    assert search("press", CANDIDATES, 7) == found[:7]
    assert search("press", CANDIDATES, 0) == []


def test_search_is_fast() -> None:
    candidates = CANDIDATES[:500]
    search("warm", candidates, 20)
    fastest = []
    for query in ("bnech pres", "curl", "xyzzy"):
        took = []
        for _ in range(7):
            start = time.perf_counter()
            search(query, candidates, 20)
            took.append(time.perf_counter() - start)
        fastest.append(min(took))
    assert max(fastest) < 0.005


def exported_names() -> Iterator[str]:
    headers = {"exercise name", "exercise_title", "name der übung"}
    for path in sorted([*SAMPLES.glob("hevy/*.csv"), *SAMPLES.glob("strong/*.csv")]):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = lines.readline()
            delimiter = max(",;", key=header.count)
            columns = [column.strip().lower() for column in next(csv.reader([header], delimiter=delimiter))]
            wanted = [position for position, column in enumerate(columns) if column in headers]
            for row in csv.reader(lines, delimiter=delimiter):
                yield from (row[position].strip() for position in wanted if len(row) > position)


def listed_names() -> Iterator[tuple[str, list[str]]]:
    for app in ("strong", "hevy", "fitnotes", "jefit"):
        document = json.loads((SAMPLES / "names" / f"openbody_crosswalk_{app}.json").read_text(encoding="utf-8"))
        yield f"crosswalk {app}", [mapping["name"] for mapping in document["mappings"]]
    text = (SAMPLES / "formats.md").read_text(encoding="utf-8")
    for title in ("Strong names", "Hevy names confirmed", "remaining Hevy built-ins"):
        found = re.search(rf"^### {title}[^\n]*\n(.+)$", text, re.MULTILINE)
        assert found is not None
        yield title, found[1].split(" · ")


@needs_samples
def test_the_names_of_the_sample_exports_are_known(index: NameIndex[str]) -> None:
    names = {name for name in exported_names() if name}
    unknown = {name for name in names if index.match(name) is None}
    assert len(names) >= 100
    assert unknown <= FOUND_ONLY_BY_ASKING
    assert len(unknown) <= 0.05 * len(names)


@needs_samples
def test_the_names_of_the_apps_are_known(index: NameIndex[str]) -> None:
    lists = dict(listed_names())
    assert len(lists) == 7
    for title, names in lists.items():
        unknown = {name for name in names if index.match(name) is None}
        assert len(unknown) <= 0.05 * len(names), (title, unknown)
        assert unknown <= FOUND_ONLY_BY_ASKING | {"Dip"}, title
