"""Buttons: how words are looked for."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class SearchSettings(CallbackData, prefix="vo"):
    """How it stands with the index of parts of words."""


class KeepParts(CallbackData, prefix="vp"):
    """Look for parts of words from now on, or no more."""

    keep: bool
