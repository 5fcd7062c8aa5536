"""Two imports, the second adding to a session of the first: restoring one does not bring back the other."""

from typing import Any

from helpers import Person

HEAD = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
ROW = "2024-01-15 10:30:00,Legs,1h,Squat (Barbell),{},100,{},0,0,,,\n"


async def bring(person: Person, rows: int) -> str:
    text = HEAD + "".join(ROW.format(number, 4 + number) for number in range(1, rows + 1))
    made = await person.post("imports", files={"file": ("strong.csv", text.encode())}, data={"weight_unit": "kg"})
    assert made.status_code == 201, made.text
    import_id: str = made.json()["id"]
    return import_id


async def performance(person: Person) -> tuple[Any, ...]:
    sessions = (await person.get("sessions")).json()["items"]
    found = sessions[0]["performances"][0]
    return found["sets_completed"], found["reps_completed"], [each["reps"] for each in found["sets"]]


async def test_a_set_of_another_undone_import_stays_away(athlete: Person) -> None:
    first = await bring(athlete, 2)
    second = await bring(athlete, 3)
    assert await performance(athlete) == (3, 18, [5, 6, 7])
    assert (await athlete.delete(f"imports/{first}")).is_success
    assert (await athlete.delete(f"imports/{second}")).is_success
    assert (await athlete.post("restore", {"import_id": first})).status_code == 200
    assert await performance(athlete) == (2, 11, [5, 6])
