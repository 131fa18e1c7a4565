"""What a message is beside words and files, in its TL form: contacts, places, polls, gifts, calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.mtproto.tl import types
from sandbox.world import Message

Told = dict[str, Any]


def tl_told(service: Told) -> Any:
    """Give the media of what is told in facts alone; None where there is none."""
    form = _MEDIA.get(service.get("type", ""))
    return form(service.get(service["type"], service)) if form else None


def tl_action(message: Message) -> Any:
    """Give the action of a message that Telegram itself writes into a chat; None for those that people write."""
    form = _ACTIONS.get((message.service or {}).get("type", ""))
    return form(message) if form else None


def _words(text: str) -> Any:
    return types.TextWithEntities(text, [])


def _point(told: Told) -> Any:
    return types.GeoPoint(told["longitude"], told["latitude"], 0)


def _contact(told: Told) -> Any:
    return types.MessageMediaContact(
        told["phone_number"],
        told["first_name"],
        told.get("last_name") or "",
        told.get("vcard") or "",
        told.get("user_id") or 0,
    )


def _location(told: Told) -> Any:
    period = told.get("live_period")
    return types.MessageMediaGeoLive(_point(told), period) if period else types.MessageMediaGeo(_point(told))


def _venue(told: Told) -> Any:
    return types.MessageMediaVenue(_point(told), told["title"], told["address"], "", "", "")


def _poll(told: Told) -> Any:
    options = [types.PollAnswer(_words(text), bytes([at])) for at, text in enumerate(told["options"])]
    return types.MessageMediaPoll(types.Poll(1, _words(told["question"]), options, 0), types.PollResults())


def _checklist(told: Told) -> Any:
    tasks = [types.TodoItem(at, _words(text)) for at, text in enumerate(told["tasks"], 1)]
    done = [types.TodoCompletion(at, types.PeerUser(told["by"]), told["done_at"]) for at in told.get("done", ())]
    return types.MessageMediaToDo(types.TodoList(_words(told["title"]), tasks), done or None)


def _game(told: Told) -> Any:
    game = types.Game(1, 1, "game", told["title"], told["description"], types.PhotoEmpty(1))
    return types.MessageMediaGame(game)


def _invoice(told: Told) -> Any:
    return types.MessageMediaInvoice(told["title"], told["description"], told["currency"], told["total_amount"], "")


def _giveaway(told: Told) -> Any:
    return types.MessageMediaGiveaway(
        [1], told["winner_count"], told["until"], prize_description=told.get("prize_description")
    )


def _winners(told: Told) -> Any:
    return types.MessageMediaGiveawayResults(
        1, 1, told["winner_count"], 0, [], told["until"], prize_description=told.get("prize_description")
    )


def _paid_media(told: Told) -> Any:
    return types.MessageMediaPaidMedia(told["star_count"], [types.MessageExtendedMediaPreview()])


def _call(message: Message) -> Any:
    call = message.service or {}
    missed = call.get("missed")
    return types.MessageActionPhoneCall(
        message.uid,
        video=call.get("video"),
        reason=types.PhoneCallDiscardReasonMissed() if missed else types.PhoneCallDiscardReasonHangup(),
        duration=call.get("duration"),
    )


def _gift(message: Message) -> Any:
    gift = types.StarGift(1, types.DocumentEmpty(1), 15, 15)
    return types.MessageActionStarGift(gift, message=_words(message.text) if message.text else None)


_MEDIA: dict[str, Callable[[Told], Any]] = {
    "contact": _contact,
    "location": _location,
    "venue": _venue,
    "poll": _poll,
    "dice": lambda told: types.MessageMediaDice(told["value"], told["emoji"]),
    "checklist": _checklist,
    "game": _game,
    "invoice": _invoice,
    "story": lambda told: types.MessageMediaStory(types.PeerUser(told["of"]), told["id"]),
    "giveaway": _giveaway,
    "giveaway_winners": _winners,
    "paid_media": _paid_media,
}
_ACTIONS: dict[str, Callable[[Message], Any]] = {
    "phone_call": _call,
    "gift": _gift,
    "message_auto_delete_timer_changed": lambda message: types.MessageActionSetMessagesTTL(
        (message.service or {})["message_auto_delete_time"]
    ),
}
