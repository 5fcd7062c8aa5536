"""Settings: each one an environment variable REPTRAIL_*, documented in docs/operations.md (a test compares)."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path

PREFIX = "REPTRAIL_"
MIN_SECRET_KEY_CHARACTERS = 32


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message names the variable."""


def default_data_dir() -> Path:
    """The platform's own place for an application's data."""
    return user_data_path("reptrail", appauthor=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All there is to set. Durations and sizes carry their unit in the name."""

    data_dir: Path = field(default_factory=default_data_dir)
    database_url: str | None = None
    server_database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    pool_connections: int = 16
    registration: Literal["open", "closed"] = "open"
    demo: Literal["hidden", "shown"] = "hidden"
    secret_key: str | None = None
    access_token_seconds: int = 900
    refresh_token_days: int = 60
    statement_timeout_ms: int = 30_000
    live_seconds: int = 900
    live_streams: int = 1000
    max_body_bytes: int = 6 * 1024 * 1024
    max_import_bytes: int = 32 * 1024 * 1024
    jobs_every_seconds: int = 600
    enrollment_grace_days: int = 14
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"


_CHOICES = {
    "registration": ("open", "closed"),
    "demo": ("hidden", "shown"),
    "log_format": ("console", "json"),
    "log_level": ("debug", "info", "warning", "error"),
}


def _read(name: str, text: str, default: Any) -> Any:
    variable = PREFIX + name.upper()
    if name in _CHOICES and text not in _CHOICES[name]:
        raise SettingsError(f"{variable} is {text!r}; it must be one of {', '.join(_CHOICES[name])}")
    if name == "secret_key" and len(text) < MIN_SECRET_KEY_CHARACTERS:
        raise SettingsError(f"{variable} is too short: it must have at least {MIN_SECRET_KEY_CHARACTERS} characters")
    if isinstance(default, int):
        if not text.isdecimal() or int(text) < 1:
            raise SettingsError(f"{variable} is {text!r}; it must be a whole number of at least 1")
        return int(text)
    if isinstance(default, Path):
        return Path(text).expanduser()
    return text


def load(**overrides: Any) -> Settings:
    """Settings from the environment; `overrides` (the command line's) win, and None among them means "not given".

    Raises:
        SettingsError: a value cannot be used, or a REPTRAIL_* variable is not a setting.
    """
    defaults = Settings()
    names = {f.name for f in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in os.environ.items():
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX) or variable.startswith(PREFIX + "TEST_"):
            continue
        if name not in names:
            raise SettingsError(f"{variable} is not a setting; see docs/operations.md")
        values[name] = _read(name, text, getattr(defaults, name))
    values.update({name: value for name, value in overrides.items() if value is not None})
    return Settings(**values)
