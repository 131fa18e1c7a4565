"""Exports as Telegram Desktop writes them, with Olga's clients in them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from tests.people import CAST, OLGA

ANNA = CAST["Anna"][0]
MAY = 1_746_360_000  # 4 May 2025, noon


def says(number: int, text: Any, *, who: int = ANNA, **facts: Any) -> dict[str, Any]:
    """One message; a minute lies between two numbers."""
    at = MAY + 60 * number
    return {
        "id": number,
        "type": "message",
        "date": "2025-05-04T12:00:00",
        "date_unixtime": str(at),
        "from": "Anna",
        "from_id": f"user{who}",
        "text": text,
        "text_entities": [],
        **facts,
    }


def chat(messages: Iterable[dict[str, Any]], *, peer: int = ANNA, **facts: Any) -> dict[str, Any]:
    """One chat, which is a whole file where one chat alone was exported."""
    return {"name": "Anna", "type": "personal_chat", "id": peer, "messages": list(messages), **facts}


def account(*chats: dict[str, Any], owner: int = OLGA) -> dict[str, Any]:
    """The export of an account."""
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": owner, "first_name": "Olga", "last_name": ""},
        "contacts": {"about": "", "list": [{"user_id": ANNA, "first_name": "Anna"}]},
        "chats": {"about": "", "list": list(chats)},
    }


def written(export: dict[str, Any]) -> bytes:
    """The file."""
    return json.dumps(export, indent=1, ensure_ascii=False).encode()


async def pieces(data: bytes, size: int = 700) -> AsyncIterator[bytes]:
    """The file as it comes in."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
