"""The quiet marks at a message: who has read it, and what was put under it."""

from __future__ import annotations

from typing import Any

from handlers.language import _, when
from storage.conversations import Conversation
from storage.messages import Message, ReadUntil

SIGNS = {"custom_emoji": "✨", "paid": "⭐️"}  # a bot cannot show pictures that people put there
MOST = 8  # kinds of reactions that are shown
THEIRS, OURS = "👤", "🏪"


def tick(message: Message, conversation: Conversation) -> str:
    """Whether the other side has read it; nothing where that is not told, or it is theirs."""
    if not message.outgoing or message.kind == "service" or conversation.read_outbox_id is None:
        return ""
    return "✓✓" if message.message_id <= conversation.read_outbox_id else "✓"


def read_line(read: ReadUntil) -> str:
    """How far both sides have read; empty where neither is told."""
    marks = [_("by the client until {when}").format(when=when(read.theirs))] if read.theirs else []
    marks += [_("by you until {when}").format(when=when(read.ours))] if read.ours else []
    return _("👁 read {marks}").format(marks=", ".join(marks)) if marks else ""


def reactions_line(message: Message) -> str:
    """What stands under a message, and from which side; empty where nothing does."""
    return "  ".join(_sign(one, message.account_id) for one in message.reactions[:MOST])


def _sign(one: dict[str, Any], account_id: int) -> str:
    sign = one.get("emoji") or SIGNS.get(str(one.get("type")), "❔")
    by, count = one.get("by") or [], int(one.get("count", 1))
    sides = [*([OURS] if account_id in by else []), *([THEIRS] if set(by) - {account_id} else [])]
    return f"{sign}{count if count > len(sides) else ''} {''.join(sides)}".rstrip()
