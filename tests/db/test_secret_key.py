"""The key that signs tokens: made once and whole, and never short."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reptrail.db.embedded import DatabaseUnreachableError, secret_key
from reptrail.settings import Settings, SettingsError, load


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert [path.name for path in settings.data_dir.iterdir()] == ["secret.key"]
    assert (settings.data_dir / "secret.key").stat().st_mode & 0o777 == 0o600


def test_an_emptied_key_is_refused_rather_than_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(DatabaseUnreachableError, match="holds no key"):
        secret_key(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("key", ["", "a", "x" * 31])
def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("REPTRAIL_SECRET_KEY", key)
    with pytest.raises(SettingsError, match="REPTRAIL_SECRET_KEY"):
        load()
