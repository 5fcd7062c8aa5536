"""Good requests: imports."""

from pathlib import Path

from good_requests.base import Sent, answered, good
from helpers import Person

HISTORY = Path(__file__).parents[1] / "data" / "strong" / "classic.csv"


def history() -> bytes:
    """A real export, on days of its own, so that it is new each time."""
    from random import randint

    day = f"{randint(1990, 2015)}-{randint(1, 12):02}-{randint(1, 28):02}"  # noqa: S311
    lines = HISTORY.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join([lines[0], *(day + line[10:] if line[:2] == "20" else line for line in lines[1:])]).encode()


@good("POST /athletes/{athlete}/imports")
async def file_to_import(_owner: Person) -> Sent:
    return Sent(form={"file": history(), "data": {"time_zone": "Europe/Berlin", "weight_unit": "kg"}})


@good("GET /athletes/{athlete}/imports")
async def imports(_owner: Person) -> Sent:
    return Sent(query={"limit": "2"})


@good("GET /athletes/{athlete}/imports/{import_id}", "DELETE /athletes/{athlete}/imports/{import_id}")
async def one_import(owner: Person) -> Sent:
    made = await answered(owner, "POST", "imports", **(await file_to_import(owner)).body())
    return Sent({"import_id": made["id"]})
