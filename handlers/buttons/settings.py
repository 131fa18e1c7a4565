"""Buttons: a workspace's settings."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Settings(CallbackData, prefix="ge"):
    """The workspace's choices."""


class Rename(CallbackData, prefix="gn"):
    """Ask for another name of the workspace."""


class KeepDeleted(CallbackData, prefix="gd"):
    """Keep the text of messages that are deleted in Telegram, or erase it."""

    keep: bool


class EraseDeleted(CallbackData, prefix="gx"):
    """Erase what was deleted in Telegram and kept until now; asked first."""

    sure: bool = False
