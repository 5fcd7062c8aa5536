"""The summary is exact after any sequence of writes: against plain Python that adds up the sets."""

from decimal import Decimal
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from training_world import FULL_BODY, FULL_BODY_BENCH, FULL_BODY_SQUAT, new_id, ok, read, start

from helpers import Person, register

INSTRUCTIONS = (FULL_BODY_SQUAT, FULL_BODY_BENCH)
WEIGHTS = st.decimals(0, 400, places=2).map(float)
SETS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["WARMUP", "WORKING", "DROP", "AMRAP", "FAILURE"]),
        "reps": st.none() | st.integers(0, 30),
        "duration_seconds": st.integers(1, 600),
        "load": st.sampled_from(["EXTERNAL", "BODYWEIGHT", "ADDED", "ASSISTED"]),
    },
    optional={"rpe": st.sampled_from([6, 7.5, 10]), "notes": st.text(alphabet="ab \n'\"", max_size=5)},
).flatmap(
    lambda fields: (
        st.just(fields)
        | st.builds(lambda weight, unit: {**fields, "weight": weight, "weight_unit": unit}, WEIGHTS, st.sampled_from(["kg", "lb"]))
    )
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("log"), st.integers(0, 1), st.lists(SETS, min_size=1, max_size=4)),
        st.tuples(st.just("edit"), st.integers(0, 30), SETS),
        st.tuples(st.just("delete"), st.integers(0, 30), st.none()),
        st.tuples(st.just("replace"), st.integers(0, 1), st.tuples(st.integers(0, 7), st.lists(SETS, max_size=3))),
        st.tuples(st.just("complete"), st.just(0), st.none()),
    ),
    min_size=1,
    max_size=10,
)
Model = dict[str, dict[str, dict[str, Any]]]


def kg(entered: dict[str, Any]) -> Decimal | None:
    if entered.get("weight") is None:
        return None
    return Decimal(str(entered["weight"])) * (Decimal("0.45359237") if entered["weight_unit"] == "lb" else 1)


def summary(sets: list[dict[str, Any]]) -> dict[str, Any]:
    """What the specification says of these sets, added up by hand."""
    hard = [s for s in sets if s["kind"] != "WARMUP"]
    reps = [s["reps"] for s in hard if s["reps"] is not None]
    weights = [w for s in hard if s["load"] != "ASSISTED" and (w := kg(s))]
    return {
        "sets_completed": len(hard),
        "reps_completed": sum(reps) if reps else None,
        "weight_used_kg": max(weights, default=None),
        "duration_seconds": sum(s["duration_seconds"] for s in hard) if hard else None,
    }


async def apply(person: Person, session: dict[str, Any], model: Model, step: tuple[str, int, Any]) -> Any:
    """Does one step, to the session and to the model."""
    what, which, value = step
    path = f"sessions/{session['id']}"
    instruction = INSTRUCTIONS[which % 2]
    everything = [(i, s) for i in model for s in model[i]]
    if what == "complete":
        await person.post(f"{path}/complete")
    elif what == "log":
        body = [{**each, "id": new_id(), "exercise_instruction_id": instruction} for each in value]
        model[instruction].update({each["id"]: each for each in body})
        return ok(await person.post(f"{path}/sets", body), 201)
    elif what == "replace":
        mask, fresh = value
        kept = [s for n, s in enumerate(model[instruction].values()) if mask >> n & 1]
        body = [{**{k: v for k, v in each.items() if k != "exercise_instruction_id"}} for each in kept]
        if body and fresh:
            body[0] = {**fresh[0], "id": body[0]["id"]}  # the same set, said anew
        body += [{**each, "id": new_id()} for each in fresh]
        model[instruction] = {each["id"]: each for each in body}
        return ok(await person.put(f"{path}/performances/{instruction}", {"sets": body}))
    elif everything:
        instruction, set_id = everything[which % len(everything)]
        if what == "delete":
            del model[instruction][set_id]
            assert (await person.delete(f"{path}/sets/{set_id}")).status_code == 204
        else:
            edited = {**value, "weight": value.get("weight"), "weight_unit": value.get("weight_unit")}
            model[instruction][set_id] = {"id": set_id, **edited}
            return ok(await person.patch(f"{path}/sets/{set_id}", edited))
    return None


def check(performance: dict[str, Any], sets: dict[str, dict[str, Any]]) -> None:
    for name, value in summary(list(sets.values())).items():
        told = performance[name]
        assert (None if told is None else Decimal(str(told))) == (None if value is None else Decimal(str(float(value)))), name


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_any_sequence_of_writes(http: httpx.AsyncClient, steps: list[tuple[str, int, Any]]) -> None:
    person = await register(http)
    session = await start(person, workout_id=FULL_BODY)
    model: Model = {instruction: {} for instruction in INSTRUCTIONS}
    for step in steps:
        answer = await apply(person, session, model, step)
        for performance in (answer or {}).get("performances", ()):
            check(performance, model[performance["exercise_instruction_id"]])
    whole = await read(person, session)
    listed = ok(await person.get("sessions"))["items"][0]
    for performance in [*whole["performances"], *listed["performances"]]:
        instruction = performance["exercise_instruction_id"]
        check(performance, model[instruction])
        assert {s["id"] for s in performance["sets"]} == model[instruction].keys()
        for stored in performance["sets"]:
            entered = model[instruction][stored["id"]]
            for name in ("kind", "reps", "weight", "weight_unit", "duration_seconds", "load", "rpe", "notes"):
                if name in entered:
                    assert stored[name] == entered[name], name
