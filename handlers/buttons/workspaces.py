"""Buttons: the workspaces of a person."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class WorkspaceList(CallbackData, prefix="wk"):
    """The workspaces of one person."""


class SwitchTo(CallbackData, prefix="ws"):
    """Work in another workspace."""

    id: Number
