"""Buttons: saved replies."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class SavedList(CallbackData, prefix="vl"):
    """Those at hand, one page: to look after them, or to answer in the conversation `to`, perhaps one message."""

    to: Number = 0
    reply_to: Number = 0
    page: Number = 0


class PickSaved(CallbackData, prefix="vk"):
    """Answer with one; `bare`: leave out what is not known of the contact."""

    id: Number
    to: Number
    reply_to: Number = 0
    bare: bool = False


class SavedCard(CallbackData, prefix="vc"):
    """One of them."""

    id: Number


class NewSaved(CallbackData, prefix="vn"):
    """Ask for the name of another one; `reply`: the answer whose words it takes."""

    reply: Number = 0


class EditSaved(CallbackData, prefix="ve"):
    """Ask for other words."""

    id: Number


class RenameSaved(CallbackData, prefix="vm"):
    """Ask for another short name."""

    id: Number


class ShareSaved(CallbackData, prefix="vs"):
    """Make it the workspace's, or one's own again."""

    id: Number
    on: bool


class DeleteSaved(CallbackData, prefix="vx"):
    """Take it away."""

    id: Number


class RestoreSaved(CallbackData, prefix="vr"):
    """Bring it back."""

    id: Number
