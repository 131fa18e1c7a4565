"""Buttons: which files are kept."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class FilesMenu(CallbackData, prefix="mm"):
    """Which files are kept here."""


class KeepFiles(CallbackData, prefix="mk"):
    """Which files are kept from now on: never, opened or always."""

    when: str


class KeptKind(CallbackData, prefix="mq"):
    """How large a file of this kind may be that is kept; asked."""

    kind: str


class KeepKind(CallbackData, prefix="mz"):
    """Keep files of this kind up to so many bytes from now on; 0 keeps none."""

    kind: str
    size: Number


class KeepOlder(CallbackData, prefix="mo"):
    """Keep the files there are, too."""
