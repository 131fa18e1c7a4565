"""The numbers that an export tells."""

from __future__ import annotations

from typing import Any


def whole(value: Any) -> int | None:
    """An id, or bytes, pixels, seconds; None where it is none that could be."""
    return value if type(value) is int and 0 < value < 2**53 else None
