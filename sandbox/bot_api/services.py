"""What a message is beside words and files, as the Bot API shows it: contacts, places, polls, gifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import types
from aiogram.enums import ChatType

from sandbox.world import Message

Told = dict[str, Any]
_SOMEWHERE = types.Chat(id=-1_000_000_000_001, type=ChatType.CHANNEL, title="Somewhere")
_STICKER = types.Sticker(
    file_id="gift", file_unique_id="gift", type="regular", width=512, height=512, is_animated=False, is_video=False
)
GROUP_SERVICES = frozenset({
    "group_chat_created", "supergroup_chat_created", "new_chat_members", "left_chat_member", "new_chat_title",
    "migrate_to_chat_id", "migrate_from_chat_id", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
    "forum_topic_reopened", "pinned_message",
})  # fmt: skip


def is_shown(message: Message) -> bool:
    """Whether bots are told of a message: never of calls, nor of what destroys itself."""
    shown = message.service is None or message.service["type"] in GROUP_SERVICES | _SHOWN.keys()
    return shown and message.ttl is None


def told(message: Message) -> Told:
    """Give the field of a message that says what it is, and its value; nothing for what bots are not shown."""
    service = message.service or {}
    form = _SHOWN.get(service.get("type", ""))
    return {service["type"]: form({**service, "text": message.text})} if form else {}


def _as_it_is(service: Told) -> Told:
    return {name: value for name, value in service.items() if name not in {"type", "text"}}


def _venue(service: Told) -> types.Venue:
    place = types.Location(latitude=service["latitude"], longitude=service["longitude"])
    return types.Venue(location=place, title=service["title"], address=service["address"])


def _poll(service: Told) -> types.Poll:
    options = [
        types.PollOption(persistent_id=str(at), text=text, voter_count=0) for at, text in enumerate(service["options"])
    ]
    return types.Poll(
        id="1",
        question=service["question"],
        options=options,
        total_voter_count=0,
        is_closed=False,
        is_anonymous=True,
        type="regular",
        allows_multiple_answers=False,
        allows_revoting=False,
        members_only=False,
    )


def _checklist(service: Told) -> types.Checklist:
    done = service.get("done", ())
    tasks = [
        types.ChecklistTask(
            id=at, text=text, completion_date=int(service["done_at"].timestamp()) if at in done else None
        )
        for at, text in enumerate(service["tasks"], 1)
    ]
    return types.Checklist(title=service["title"], tasks=tasks)


def _game(service: Told) -> types.Game:
    return types.Game(title=service["title"], description=service["description"], photo=[])


def _invoice(service: Told) -> types.Invoice:
    return types.Invoice(
        title=service["title"],
        description=service["description"],
        start_parameter="",
        currency=service["currency"],
        total_amount=service["total_amount"],
    )


def _story(service: Told) -> types.Story:
    return types.Story(chat=types.Chat(id=service["of"], type=ChatType.PRIVATE), id=service["id"])


def _giveaway(service: Told) -> types.Giveaway:
    return types.Giveaway(
        chats=[_SOMEWHERE],
        winners_selection_date=service["until"],
        winner_count=service["winner_count"],
        prize_description=service.get("prize_description"),
    )


def _winners(service: Told) -> types.GiveawayWinners:
    return types.GiveawayWinners(
        chat=_SOMEWHERE,
        giveaway_message_id=1,
        winners_selection_date=service["until"],
        winner_count=service["winner_count"],
        winners=[],
        prize_description=service.get("prize_description"),
    )


def _paid_media(service: Told) -> types.PaidMediaInfo:
    return types.PaidMediaInfo(star_count=service["star_count"], paid_media=[types.PaidMediaPreview()])


def _gift(service: Told) -> types.GiftInfo:
    gift = types.Gift(id="1", sticker=_STICKER, star_count=15)
    return types.GiftInfo(gift=gift, text=service["text"] or None)


_SHOWN: dict[str, Callable[[Told], Any]] = {
    "contact": _as_it_is,
    "location": _as_it_is,
    "dice": _as_it_is,
    "message_auto_delete_timer_changed": _as_it_is,
    "venue": _venue,
    "poll": _poll,
    "checklist": _checklist,
    "game": _game,
    "invoice": _invoice,
    "story": _story,
    "giveaway": _giveaway,
    "giveaway_winners": _winners,
    "paid_media": _paid_media,
    "gift": _gift,
}
