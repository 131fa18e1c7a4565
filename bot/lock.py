"""One process per data folder: a Telegram session and a vault's writer bear no second one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import ConfigError


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder until the block ends; the system lets go of it even after a kill. Raises ConfigError."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(f"another Wysper is running on {folder}") from None
        yield
