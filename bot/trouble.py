"""Errors in the log: their kind and place, never their text, which may quote a client."""

from __future__ import annotations

import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def traced(error: BaseException) -> str:
    """Such as `ValueError at handlers/tags.py:31 < crm/tags.py:12`: the innermost places in our own code first."""
    places = [
        f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and "site-packages" not in frame.filename
    ]
    where = " < ".join(reversed(places[-4:])) or "a library"
    return f"{type(error).__name__} at {where}"
