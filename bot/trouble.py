"""Errors in the log and on the terminal: their kind and place, never a text that may quote a client."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger(__name__)
OURS = ("bot", "handlers", "userbot", "integrations", "crm", "storage")
ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}")  # \b would miss one that follows "bot" in an address


def traced(error: BaseException) -> str:
    """Such as `ValueError at handlers/tags.py:31 < crm/tags.py:12`: the innermost places in our own code first."""
    places = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and "site-packages" not in frame.filename
    ]
    where = " < ".join(reversed(places[-4:])) or "a library"
    return f"{type(error).__name__} at {where}"


def sentence(error: Exception) -> str:
    """What the operator reads on the terminal."""
    from bot.config import ConfigError  # noqa: PLC0415  the command line must start without them
    from storage.errors import StorageError  # noqa: PLC0415

    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ConfigError | StorageError):
        return TOKEN.sub("<token>", str(error))
    return f"unexpected: {traced(error)}"


class Discreet(logging.Formatter):
    """Takes bot tokens out of the finished line, wherever they came from, and writes no traceback's text."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("<token>", super().format(record))

    def formatException(self, ei: object) -> str:  # noqa: N802  logging's own name
        error = ei[1] if isinstance(ei, tuple) else None
        return traced(error) if isinstance(error, BaseException) else ""


def log_to_stderr(level: str) -> None:
    """One line for each thing that the operator may want to know."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    # Libraries log each statement with its parameters, each call with its texts: below a warning only we may speak.
    logging.basicConfig(
        level=max(logging.WARNING, logging.getLevelNamesMapping()[level]), handlers=[handler], force=True
    )
    for ours in OURS:
        logging.getLogger(ours).setLevel(level)


def log_discreetly(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For what asyncio finds lying about: its own way shows the error's words, and they may quote a client."""
    error = context.get("exception")
    where = traced(error) if isinstance(error, BaseException) else "no error"
    logger.error("%s: %s", context["message"], where)
