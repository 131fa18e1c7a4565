"""Buttons: what waits."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class QueueList(CallbackData, prefix="ql"):
    """Conversations by what is to be done about them, one page."""

    queue: str = "waiting"
    page: Number = 0


class StandingCard(CallbackData, prefix="qs"):
    """How it stands with a conversation, and what can be said about it."""

    id: Number


class CloseConversation(CallbackData, prefix="qc"):
    """Nothing is to be done any more, until the client writes."""

    id: Number


class DismissConversation(CallbackData, prefix="qd"):
    """What was said needs no answer."""

    id: Number


class RaiseConversation(CallbackData, prefix="qr"):
    """It waits for an answer, whatever was said about it."""

    id: Number


class PutOff(CallbackData, prefix="qp"):
    """Let a conversation rest until a moment, in seconds since 1970; 0 asks for it, and -1 for one in words."""

    id: Number
    until: Number = 0


class Assign(CallbackData, prefix="qa"):
    """Who is to answer: a member, nobody (0), or the one who is chosen from a page of the team (-1)."""

    id: Number
    to: Number = -1
    page: Number = 0
