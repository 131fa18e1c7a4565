"""`wysper init`: a configuration, a key and an empty registry."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from bot.config import ConfigError, load
from bot.opening import make

EXAMPLE = Path(__file__).resolve().parent.parent / "config.example.toml"


async def initialise(path: Path, token: str, *, say: Callable[[str], None]) -> None:
    """Make what is missing; what is there stays as it is. Raises ConfigError or StorageError."""
    if _write(path, EXAMPLE.read_text(encoding="utf-8").replace('token = ""', f'token = "{token}"', 1)):
        say(f"Wrote {path}.")
    config = load(path)
    await make(config.storage)
    say(f"The data folder is {config.storage.folder}.")
    say(f"The master key is {config.storage.key_file}. Without it no vault opens: keep a copy, apart from the data.")
    if not config.telegram.token.get_secret_value():
        say(f"Next: put your bot's token into {path}, and start with: wysper run --config {path}")
    else:
        say(f"Next: wysper run --config {path}")


def _write(path: Path, text: str) -> bool:
    """Readable by its owner alone, for the token is in it; False where there is such a file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {type(error).__name__}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return True
