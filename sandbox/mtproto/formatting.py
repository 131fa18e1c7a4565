"""Formatted text and buttons: between the world's words, which are the Bot API's, and TL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.mtproto.tl import types
from sandbox.world import Entity

_KINDS = {
    "mention": types.MessageEntityMention,
    "hashtag": types.MessageEntityHashtag,
    "cashtag": types.MessageEntityCashtag,
    "bot_command": types.MessageEntityBotCommand,
    "url": types.MessageEntityUrl,
    "email": types.MessageEntityEmail,
    "phone_number": types.MessageEntityPhone,
    "bold": types.MessageEntityBold,
    "italic": types.MessageEntityItalic,
    "underline": types.MessageEntityUnderline,
    "strikethrough": types.MessageEntityStrike,
    "spoiler": types.MessageEntitySpoiler,
    "blockquote": types.MessageEntityBlockquote,
    "code": types.MessageEntityCode,
    "pre": types.MessageEntityPre,
    "text_link": types.MessageEntityTextUrl,
    "text_mention": types.MessageEntityMentionName,
    "custom_emoji": types.MessageEntityCustomEmoji,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def tl_entities(entities: Iterable[Entity]) -> list[Any]:
    """Give the TL form; kinds that TL does not know are left out."""
    return [_tl_entity(entity) for entity in entities if entity.type in _KINDS]


def _tl_entity(entity: Entity) -> Any:
    kind = _KINDS[entity.type]
    match entity.type:
        case "pre":
            return kind(entity.offset, entity.length, entity.language or "")
        case "text_link":
            return kind(entity.offset, entity.length, entity.url or "")
        case "text_mention":
            return kind(entity.offset, entity.length, entity.user_id or 0)
        case "custom_emoji":
            return kind(entity.offset, entity.length, int(entity.custom_emoji_id or 0))
        case _:
            return kind(entity.offset, entity.length)


def world_entities(entities: Iterable[Any] | None) -> tuple[Entity, ...]:
    """Read what a client sends along with its text."""
    return tuple(_world_entity(entity) for entity in entities or () if _name(entity))


def _name(entity: Any) -> str | None:
    return "text_mention" if isinstance(entity, types.InputMessageEntityMentionName) else _NAMES.get(type(entity))


def _world_entity(entity: Any) -> Entity:
    user = getattr(entity, "user_id", None)
    return Entity(
        _name(entity) or "",
        entity.offset,
        entity.length,
        url=getattr(entity, "url", None),
        user_id=getattr(user, "user_id", user),
        language=getattr(entity, "language", None) or None,
        custom_emoji_id=str(number) if (number := getattr(entity, "document_id", None)) else None,
    )


def tl_markup(markup: dict[str, Any] | None) -> Any:
    """Give the inline keyboard of a Bot API `reply_markup`; None where there is none."""
    rows = (markup or {}).get("inline_keyboard")
    if not rows:
        return None
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([_button(key) for key in row]) for row in rows])


def _button(key: dict[str, Any]) -> Any:
    if "url" in key:
        does = types.InlineButtonTypeUrl(key["url"])
    elif "copy_text" in key:
        does = types.InlineButtonTypeCopy(key["copy_text"]["text"])
    elif "callback_data" in key:
        does = types.InlineButtonTypeCallback(key["callback_data"].encode())
    else:
        does = types.InlineButtonTypeDisabled()
    return types.KeyboardInlineButton(key["text"], does)
