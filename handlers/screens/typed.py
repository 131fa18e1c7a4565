"""What a person has typed, with its formatting: aiogram's message as the product's own words."""

from __future__ import annotations

from typing import Any

from aiogram import types
from aiogram.enums import ContentType

from crm.replies.words import Words
from crm.seen import File

FILES = (
    ContentType.ANIMATION,  # before document: Telegram fills both for an animation
    ContentType.AUDIO,
    ContentType.DOCUMENT,
    ContentType.STICKER,
    ContentType.VIDEO,
    ContentType.VIDEO_NOTE,
    ContentType.VOICE,
)


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


def file(message: types.Message) -> File | None:
    """What the message carries; of a photo, its largest size."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo else None)
    if sizes:
        largest = sizes[-1]
        return File(
            kind="photo",
            mime="image/jpeg",
            size=largest.file_size,
            width=largest.width,
            height=largest.height,
            file_id=largest.file_id,
        )
    for kind in FILES:
        carried = getattr(message, kind.value)
        if carried is not None:
            return _described(kind.value, carried)
    return None


def _described(kind: str, carried: Any) -> File:
    square = getattr(carried, "length", None)  # a video note is as wide as it is high
    return File(
        kind=kind,
        mime=getattr(carried, "mime_type", None),
        name=getattr(carried, "file_name", None),
        size=carried.file_size,
        width=getattr(carried, "width", square),
        height=getattr(carried, "height", square),
        duration=getattr(carried, "duration", None),
        file_id=carried.file_id,
    )
