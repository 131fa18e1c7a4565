"""What a message carries that is no file, as facts in the Bot API's words: contacts, places, polls, lists, gifts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userbot.tl import types

Told = tuple[str, dict[str, Any]]


def told(media: Any) -> Told:
    """The kind and its facts; "service" for what has no name in the Bot API."""
    match media:
        case types.MessageMediaContact():
            kind, facts = "contact", _contact(media)
        case types.MessageMediaVenue():
            kind, facts = "venue", {"title": media.title, "address": media.address, **_place(media.geo)}
        case types.MessageMediaGeo() | types.MessageMediaGeoLive() if isinstance(media.geo, types.GeoPoint):
            kind, facts = "location", {**_place(media.geo), "live_period": getattr(media, "period", None)}
        case types.MessageMediaPoll(poll=poll):
            kind, facts = "poll", {"question": poll.question.text, "options": [one.text.text for one in poll.answers]}
        case types.MessageMediaDice():
            kind, facts = "dice", {"emoji": media.emoticon, "value": media.value}
        case _:
            kind, form = _OTHERS.get(type(media), ("service", lambda _: {}))
            facts = form(media)
    return kind, {name: fact for name, fact in facts.items() if fact is not None}


def _place(point: Any) -> dict[str, Any]:
    return {"latitude": point.lat, "longitude": point.long} if isinstance(point, types.GeoPoint) else {}


def _contact(media: Any) -> dict[str, Any]:
    return {
        "phone_number": media.phone_number,
        "first_name": media.first_name,
        "last_name": media.last_name or None,
        "user_id": media.user_id or None,
    }


def _checklist(media: Any) -> dict[str, Any]:
    done = {one.id for one in media.completions or ()}
    tasks = [{"text": task.title.text, "done": task.id in done} for task in media.todo.list]
    return {"title": media.todo.title.text, "tasks": tasks}


def _winners(media: Any, count: int) -> dict[str, Any]:
    return {"winner_count": count, "prize_description": media.prize_description}


_OTHERS: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    types.MessageMediaToDo: ("checklist", _checklist),
    types.MessageMediaGame: (
        "game",
        lambda media: {"title": media.game.title, "description": media.game.description},
    ),
    types.MessageMediaInvoice: (
        "invoice",
        lambda media: {name: getattr(media, name) for name in ("title", "description", "currency", "total_amount")},
    ),
    types.MessageMediaStory: ("story", lambda media: {"id": media.id}),
    types.MessageMediaGiveaway: ("giveaway", lambda media: _winners(media, media.quantity)),
    types.MessageMediaGiveawayResults: ("giveaway_winners", lambda media: _winners(media, media.winners_count)),
    types.MessageMediaPaidMedia: ("paid_media", lambda media: {"star_count": media.stars_amount}),
}
