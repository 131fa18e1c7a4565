"""From what a bot sends (text with parse_mode or entities) to the clean text and entities that Telegram keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from aiogram.types import MessageEntity

from sandbox.bot_api.html import parse_html
from sandbox.bot_api.markdown import parse_markdown
from sandbox.world import Entity, Refused, utf16_length

Formatted = tuple[str, tuple[Entity, ...]]

_MONOSPACED = frozenset({"code", "pre"})
_KEPT_CONTROLS = frozenset("\n")


CUSTOM_EMOJI = "custom_emoji"  # a bot without a bought username, whose owner has no Premium, may not send it


def formatted(text: str | None, parse_mode: str | None, entities: Sequence[MessageEntity] | None) -> Formatted:
    """Parse and clean a text. Refuses markup that Telegram cannot parse, and entities that name nobody."""
    text = text or ""
    match (parse_mode or "").lower():
        case "html":
            return _clean(*parse_html(text))
        case "markdownv2":
            return _clean(*parse_markdown(text))
        case "":
            return _clean(text, [_given(entity) for entity in entities or () if entity.type != CUSTOM_EMOJI])
        case _:
            raise Refused.bad_request("unsupported parse_mode")


def _given(entity: MessageEntity) -> Entity:
    user_id = entity.user.id if entity.user else None
    return Entity(str(entity.type), entity.offset, entity.length, entity.url, user_id, entity.language)


def _clean(text: str, entities: Iterable[Entity]) -> Formatted:
    """Take off outer white space and control characters, and the entities that then stand over nothing."""
    text, entities = _without_returns(text, entities)
    text = "".join(_visible(character) for character in text)
    lead = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    size = utf16_length(text)
    inside = (_clipped(entity, lead, size) for entity in entities)
    kept = sorted((entity for entity in inside if entity), key=lambda entity: (entity.offset, -entity.length))
    return text, tuple(entity for entity in kept if not _inside_code(entity, kept))


def _without_returns(text: str, entities: Iterable[Entity]) -> tuple[str, Iterable[Entity]]:
    """Take out carriage returns, which aiogram puts between signs that would otherwise run together."""
    if "\r" not in text:
        return text, entities
    before = list(accumulate((character == "\r" for character in _utf16(text)), initial=0))
    moved = (
        replace(
            entity,
            offset=entity.offset - before[entity.offset],
            length=entity.length - before[entity.offset + entity.length] + before[entity.offset],
        )
        for entity in entities
        if entity.offset + entity.length < len(before)
    )
    return text.replace("\r", ""), moved


def _utf16(text: str) -> Iterable[str]:
    return (half for character in text for half in character * utf16_length(character))


def _visible(character: str) -> str:
    return " " if character < " " and character not in _KEPT_CONTROLS else character


def _clipped(entity: Entity, lead: int, size: int) -> Entity | None:
    start, end = max(0, entity.offset - lead), min(size, entity.offset + entity.length - lead)
    return replace(entity, offset=start, length=end - start) if end > start else None


def _inside_code(entity: Entity, others: Iterable[Entity]) -> bool:
    return any(
        other is not entity
        and other.type in _MONOSPACED
        and other.offset <= entity.offset
        and entity.offset + entity.length <= other.offset + other.length
        for other in others
    )
