"""Whom an export means."""

from __future__ import annotations

from typing import Any

LONGEST = 16  # digits of an id


def person_of(named: Any) -> int | None:
    """A user id: "user123", in old exports 123. None for whatever else, such as a channel."""
    if isinstance(named, int):
        return named
    digits = str(named).removeprefix("user")
    return int(digits) if len(digits) <= LONGEST and digits.isdecimal() and digits.isascii() else None
