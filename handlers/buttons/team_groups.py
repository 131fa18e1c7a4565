"""Buttons: the groups in which the team works."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class TeamGroupList(CallbackData, prefix="tgl"):
    """The groups of the workspace."""


class TeamGroupCard(CallbackData, prefix="tgc"):
    """One of them, by the Bot API's id."""

    id: Number


class LookAtGroup(CallbackData, prefix="tga"):
    """Ask Telegram how it stands now."""

    id: Number


class TurnGroup(CallbackData, prefix="tgt"):
    """Let everything but replies go to clients, or replies alone again."""

    id: Number
    turned: bool


class ScopeMenu(CallbackData, prefix="tgm"):
    """Whose conversations come there: everybody's, or a kind of choice."""

    id: Number
    kind: str = ""


class ScopeGroup(CallbackData, prefix="tgs"):
    """Let these conversations come there, and no others."""

    id: Number
    kind: str
    of: Number = 0


class PruneTopics(CallbackData, prefix="tgp"):
    """Remove the topics of conversations that were closed so many days ago; 0: never."""

    id: Number
    days: Number = -1  # asks


class UnbindGroup(CallbackData, prefix="tgu"):
    """Let the team work there no more; asked first."""

    id: Number
    sure: bool = False


class OfferGroup(CallbackData, prefix="tgo"):
    """In a group: look again at what is lacking."""


class BindGroup(CallbackData, prefix="tgb"):
    """In a group: let the team work here."""


class DeclineGroup(CallbackData, prefix="tgd"):
    """In a group: no, leave."""


class LetIn(CallbackData, prefix="tgi"):
    """In a group: give somebody who came a way onto the team."""

    id: Number
    role: str
