"""What a person has typed, with its formatting: aiogram's message as the product's own words."""

from __future__ import annotations

from typing import Any

from aiogram import types

from crm.replies.words import Words


def typed(message: types.Message) -> Words:
    """The text of a message, or the caption of what it carries."""
    entities = message.entities or message.caption_entities or ()
    return Words(message.text or message.caption or "", [entity(one) for one in entities])


def entity(one: types.MessageEntity) -> dict[str, Any]:
    """An entity without the person's details that Telegram repeats in a mention."""
    facts = one.model_dump(
        exclude_none=True, include={"type", "offset", "length", "url", "language", "custom_emoji_id"}
    )
    return facts | ({"user_id": one.user.id} if one.user else {})
