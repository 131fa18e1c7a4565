"""Telethon's names through one door: they carry no types that hold, so here they are `Any`."""

from __future__ import annotations

from typing import Any

from telethon import errors as _errors
from telethon.tl import functions as _functions
from telethon.tl import types as _types

functions: Any = _functions
types: Any = _types
errors: Any = _errors

PAGE = 100  # messages or dialogs that Telegram gives at most for one request

__all__ = ["PAGE", "errors", "functions", "types"]
