"""Where a conversation stands, in words and signs."""

from __future__ import annotations

from crm import queues
from crm.queues import Status
from handlers.language import _, when
from storage.conversations import Conversation

SIGNS = {
    Status.WAITING: "⏳",
    Status.ANSWERED: "☑️",
    Status.OPEN: "💬",
    Status.ASLEEP: "💤",
    Status.CLOSED: "✅",
}


def status_name(status: Status) -> str:
    """As a button says it."""
    return {
        Status.WAITING: _("Waits"),
        Status.ANSWERED: _("Answered"),
        Status.OPEN: _("Open"),
        Status.ASLEEP: _("Rests"),
        Status.CLOSED: _("Closed"),
    }[status]


def where(conversation: Conversation) -> str | None:
    """What is to be done about it, and since or until when; None where there is nothing to say."""
    status = queues.status(conversation)
    if conversation.closed_at is not None:
        words = _("closed {when}").format(when=when(conversation.closed_at))
    elif conversation.asleep_until is not None:
        words = _("rests until {when}").format(when=when(conversation.asleep_until))
    elif conversation.waiting_since is not None:
        words = _("waits since {when}").format(when=when(conversation.waiting_since))
    else:
        return None
    return f"{SIGNS[status]} {words}"
