"""One good request for every route, with the rows it needs made for it: the tests that cross all routes begin from these.

A new route has its entry in a file of this folder, else tests/access and tests/contract fail.
"""

from good_requests import (
    catalog,
    coaching,
    enrollments,
    goals,
    identity,
    leaving,
    ledger,
    measurements,
    prescriptions,
    programs,
    progress,
    schedule,
    sync,
    training,
    transfer,
)
from good_requests.base import GOOD, Sent, answered, name_of

__all__ = [
    "GOOD",
    "Sent",
    "answered",
    "catalog",
    "coaching",
    "enrollments",
    "goals",
    "identity",
    "leaving",
    "ledger",
    "measurements",
    "name_of",
    "prescriptions",
    "programs",
    "progress",
    "schedule",
    "sync",
    "training",
    "transfer",
]
