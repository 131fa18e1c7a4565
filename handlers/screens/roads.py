"""How the roads to an account are, in a light and few words, wherever an account is shown."""

from __future__ import annotations

from crm.accounts import Roads
from handlers.language import _


def light(roads: Roads) -> str:
    """One sign: whether new messages come in."""
    if roads.paused or roads.silenced:
        return "⏸"
    if not roads.live:
        return "🔴"
    return "🟡" if roads.missing_rights else "🟢"


def health(roads: Roads) -> str:
    """The same in words."""
    if roads.paused:
        return _("nothing new is kept, as the workspace is leaving")
    if roads.silenced:
        return _("the linked device is paused")
    if not roads.live:
        return _("nothing comes in")
    return _("something is not allowed") if roads.missing_rights else _("new messages come in")


def right_name(right: str) -> str:
    """A right of a Business connection, as Telegram's settings call it."""
    return {"can_read_messages": _("Read messages"), "can_reply": _("Reply to messages")}[right]


def device_state(state: str) -> str:
    """How a linked device is, inside a sentence."""
    return {
        "off": _("off"),
        "paused": _("paused"),
        "connecting": _("connecting"),
        "live": _("live"),
        "waiting": _("waiting, as Telegram asked us to"),
        "offline": _("no connection to Telegram, trying again"),
        "revoked": _("logged out"),
    }[state]
