"""Buttons: the topics of a team's group."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class TakeNewcomer(CallbackData, prefix="tpt"):
    """Open a topic for one of those of whom too many came at once."""

    id: Number


class SendWritten(CallbackData, prefix="tps"):
    """Let an answer go that was written in a topic, now that its writer has seen where it goes."""

    id: Number
    asked: Number = 0


class NoteInstead(CallbackData, prefix="tpn"):
    """It was meant for the team alone."""

    id: Number
