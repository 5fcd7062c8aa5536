"""How the sentence that a training max is kept with becomes data again."""

from reptrail.prescriptions.words import remembered
from reptrail.sentences import Sentence

MISSED = "From 100 kg: a top set of the last cycle was missed on 29 Feb, so 10 % less."


def test_the_reason_of_a_training_max_is_read_back_as_it_was_said() -> None:
    found = remembered(MISSED, 2028)
    assert isinstance(found, Sentence)
    assert (found, found.said.values["day"]) == (MISSED, {"day": "2028-02-29", "year": False})


def test_a_day_that_is_none_is_left_as_it_was_said() -> None:
    """Said on 31 December of a leap year, kept when it was January in UTC."""
    assert remembered(MISSED, 2029) == MISSED
    assert not isinstance(remembered(MISSED, 2029), Sentence)
