"""What a message carries besides words and files, as facts: the same that the linked device tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import types

Facts = dict[str, Any]


def _of(*names: str) -> Callable[[Any], Facts]:
    """Those of these details that are given."""
    return lambda carried: {name: fact for name in names if (fact := getattr(carried, name)) is not None}


def _venue(venue: types.Venue) -> Facts:
    place = venue.location
    return {
        "title": venue.title,
        "address": venue.address,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }


def _poll(poll: types.Poll) -> Facts:
    return {"question": poll.question, "options": [option.text for option in poll.options]}


def _checklist(checklist: types.Checklist) -> Facts:
    tasks = [{"text": task.text, "done": bool(task.completion_date)} for task in checklist.tasks]
    return {"title": checklist.title, "tasks": tasks}


TOLD: dict[str, Callable[[Any], Facts]] = {
    "contact": _of("phone_number", "first_name", "last_name", "user_id"),
    "location": _of("latitude", "longitude", "live_period"),
    "venue": _venue,
    "poll": _poll,
    "dice": _of("emoji", "value"),
    "sticker": _of("emoji"),
    "checklist": _checklist,
    "game": _of("title", "description"),
    "invoice": _of("title", "description", "currency", "total_amount"),
    "story": _of("id"),
    "giveaway": _of("winner_count", "prize_description"),
    "giveaway_winners": _of("winner_count", "prize_description"),
    "paid_media": _of("star_count"),
}
