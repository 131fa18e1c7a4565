"""What people put under messages, in the Bot API's words.

A sight of it is as old as what showed it: the update, or the request for a page of history. What the server says twice
in one second, as an update of the account's count and beside it, is settled by the counted one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from crm.seen import Reacted, Reactions
from userbot.tl import types

_JUST_BEFORE = timedelta(microseconds=1)


def uncounted(moment: datetime) -> datetime:
    """A moment as of which the account's own count says more, if it says anything in the same second."""
    return moment.replace(microsecond=0) - _JUST_BEFORE


def standing(told: Any, at: datetime) -> Reactions:
    """What stands under a message that was shown at a moment; None as Telegram's word for nothing."""
    if told is None:
        return Reactions([], at)
    recent = told.recent_reactions or ()
    newest = max((one.date for one in recent if one.date is not None), default=at)
    signs = [facts | {"count": one.count, "by": _by(facts, recent)} for one in told.results if (facts := _sign(one))]
    return Reactions(sorted(signs, key=lambda sign: (-sign["count"], str(sign))), max(at, newest))


def reacted(pushed: Any) -> Iterable[Reacted]:
    """The reactions that something the server pushed tells without their messages."""
    inside = [pushed.update] if isinstance(pushed, types.UpdateShort) else getattr(pushed, "updates", ())
    for update in inside:
        if isinstance(update, types.UpdateMessageReactions) and isinstance(update.peer, types.PeerUser):
            now = standing(update.reactions, uncounted(pushed.date))
            yield Reacted(update.peer.user_id, update.msg_id, Reactions(now.signs, uncounted(now.as_of)))


def _sign(one: Any) -> dict[str, Any] | None:
    match one.reaction:
        case types.ReactionEmoji(emoticon=emoji):
            return {"type": "emoji", "emoji": emoji}
        case types.ReactionCustomEmoji(document_id=number):
            return {"type": "custom_emoji", "custom_emoji_id": str(number)}
        case types.ReactionPaid():
            return {"type": "paid"}
    return None


def _by(sign: dict[str, Any], recent: Iterable[Any]) -> list[int]:
    """Who put it there; of many, Telegram names only some."""
    return sorted(
        one.peer_id.user_id for one in recent if _sign(one) == sign and isinstance(one.peer_id, types.PeerUser)
    )
