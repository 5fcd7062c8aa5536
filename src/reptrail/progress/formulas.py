"""The formulas behind the numbers: pure, each with its source, shapes and units."""

from decimal import Decimal

# Above this many repetitions to failure the one-repetition formulas were never fitted.
E1RM_MAX_REPS = 12
RPE_OF_FAILURE = Decimal(10)


def reps_to_failure(reps: int, rpe: Decimal | None) -> Decimal:
    """Repetitions that could have been done: those done plus those in reserve (RIR = 10 - RPE).

    Source: Zourdos et al. 2016, "Novel resistance training-specific RPE scale measuring repetitions in reserve".
    """
    return Decimal(reps) + (RPE_OF_FAILURE - rpe if rpe is not None else 0)


def e1rm_epley(weight_kg: Decimal, reps: int, rpe: Decimal | None = None) -> Decimal | None:
    """Estimated one-repetition maximum in kg, w(1 + r/30); None outside 1 to 12 repetitions to failure.

    Source: Epley 1985, "Poundage chart", Boyd Epley Workout. 100 kg for 10 repetitions gives 133.3 kg.
    """
    to_failure = reps_to_failure(reps, rpe)
    if reps < 1 or to_failure > E1RM_MAX_REPS:
        return None
    return weight_kg * (1 + to_failure / 30)


def e1rm_brzycki(weight_kg: Decimal, reps: int, rpe: Decimal | None = None) -> Decimal | None:
    """Estimated one-repetition maximum in kg, 36w/(37 - r); None outside 1 to 12 repetitions to failure.

    Source: Brzycki 1993, "Strength testing: predicting a one-rep max from reps-to-fatigue". 100 kg for 10 gives 133.3 kg.
    """
    to_failure = reps_to_failure(reps, rpe)
    if reps < 1 or to_failure > E1RM_MAX_REPS:
        return None
    return weight_kg * 36 / (37 - to_failure)


# The same as e1rm_epley in SQL, over the columns of a set `t`; a test holds the two together.
E1RM_EPLEY_SQL = f"""
    CASE WHEN t.reps >= 1 AND t.reps + coalesce({RPE_OF_FAILURE} - t.rpe, 0) <= {E1RM_MAX_REPS} AND t.load <> 'ASSISTED'
         THEN t.weight_kg * (1 + (t.reps + coalesce({RPE_OF_FAILURE} - t.rpe, 0)) / 30.0) END
"""
