"""Buttons: answers to clients."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class WriteReply(CallbackData, prefix="wr"):
    """Ask for the text of an answer in a conversation, perhaps to one message (its id at Telegram)."""

    id: Number
    reply_to: Number = 0


class ReplyCard(CallbackData, prefix="ra"):
    """An answer as it stands, and which part of a long one."""

    id: Number
    part: Number = 0


class EditReply(CallbackData, prefix="re"):
    """Ask for another text of an answer."""

    id: Number


class SendReply(CallbackData, prefix="rs"):
    """Let an answer go; `asked`: how often it had been when this was drawn."""

    id: Number
    asked: Number


class KeepReply(CallbackData, prefix="rk"):
    """Keep back an answer that waits to leave."""

    id: Number


class DropReply(CallbackData, prefix="rx"):
    """Throw an answer away that is not on its way."""

    id: Number


class PutOffReply(CallbackData, prefix="rt"):
    """Let an answer leave later, at a moment in seconds since 1970; 0 asks for it."""

    id: Number
    at: Number = 0


class ReplyList(CallbackData, prefix="rp"):
    """Answers that leave later, did not leave, or wait for Send; of one conversation or all, one page."""

    kind: str = "stuck"
    id: Number = 0
    page: Number = 0


class ReplyArrived(CallbackData, prefix="rf"):
    """An answer of which nobody knew did arrive."""

    id: Number
