"""Live updates of a real server process, over a real connection."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from helpers import PASSWORD
from reptrail.ids import uuid7
from serving import Serving, free_port

EMAIL = "ann@example.org"


@pytest.fixture
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    directory: Path = tmp_path_factory.mktemp("s")
    made = Serving(directory, free_port())
    try:
        made.start()
        yield made
    finally:
        made.clean_up()


def test_a_set_is_heard_of_within_seconds_and_a_stream_does_not_hold_the_server_up(serving: Serving) -> None:
    with httpx.Client(base_url=f"{serving.url}/api/v1", timeout=60) as http:
        profile = {"email": EMAIL, "password": PASSWORD, "display_name": "Ann", "time_zone": "Europe/Berlin", "weight_unit": "kg"}
        token = http.post("/auth/register", json=profile).json()["access_token"]
        http.headers["authorization"] = f"Bearer {token}"
        told: list[str] = []
        open_, heard, ended = threading.Event(), threading.Event(), threading.Event()

        def listen() -> None:
            try:
                with httpx.stream("GET", f"{serving.url}/api/v1/athletes/me/live", headers=http.headers, timeout=60) as stream:
                    for line in stream.iter_lines():
                        told.extend([line] if line.startswith("id:") else [])
                        (heard if len(told) > 1 else open_).set()
            finally:
                ended.set()

        threading.Thread(target=listen, daemon=True).start()
        assert open_.wait(60)
        fields = {"metric": "body-weight", "measured_value": 80, "unit": "kg"}
        insert = {"id": str(uuid7()), "table": "user_measurement", "row_id": str(uuid7()), "action": "insert", "fields": fields}
        answer = http.post("/athletes/me/sync", json={"operations": [insert]}).json()
        assert heard.wait(30)  # nothing else would tell
        assert told[-1] == f"id: {answer['head_seq']}"
    assert serving.process is not None
    serving.process.terminate()
    # Uvicorn would wait 10 seconds for an open stream; what comes after it is PostgreSQL's own end.
    assert ended.wait(8)
