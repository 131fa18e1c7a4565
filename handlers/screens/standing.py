"""Where a conversation stands, in words and signs."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import InlineKeyboardButton

from crm import queues
from crm.queues import Status
from handlers.buttons.contacts import ContactCard
from handlers.language import _, clock, date, day, when
from handlers.screens import button, label
from handlers.screens.messages import GROUP
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.queues import Queue

BESIDE_A_DAY = 24  # characters of a name that leave room for a day on a button

SIGNS = {
    Status.WAITING: "⏳",
    Status.ANSWERED: "☑️",
    Status.OPEN: "💬",
    Status.ASLEEP: "💤",
    Status.CLOSED: "✅",
}


def entry(
    contact: Contact, conversation: Conversation, *, queue: Queue, now: datetime, page: int = 0
) -> InlineKeyboardButton:
    """One of a queue: who it is, and the moment by which the queue is in order; it leads to the card, and back."""
    sign = GROUP if contact.is_group else f"{SIGNS[queues.status(conversation)]} "
    moments = {
        Queue.ASLEEP: conversation.asleep_until,
        Queue.ALL: conversation.last_message_at,
        Queue.CLOSED: conversation.closed_at,
    }
    moment = moments.get(queue, conversation.waiting_since) or conversation.last_message_at
    at = f" · {clock(moment) if day(moment) == day(now) else date(moment)}" if moment else ""
    return button(
        f"{sign}{label(contact.name, BESIDE_A_DAY)}{at}", ContactCard(id=contact.id or 0, page=page, queue=queue)
    )


def queue_name(queue: Queue) -> str:
    """As a button says it."""
    return {
        Queue.WAITING: _("Waiting"),
        Queue.MINE: _("Mine"),
        Queue.FREE: _("Nobody's"),
        Queue.ASLEEP: _("Resting"),
        Queue.ALL: _("All"),
        Queue.CLOSED: _("Closed"),
    }[queue]


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
