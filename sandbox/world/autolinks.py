"""Finds what Telegram makes clickable by itself: commands, mentions, hashtags, links, addresses, phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox.world.messages import Entity

_HINTS = frozenset("/@#.+")
_PATTERN = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)'\]])"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})"
    r"|(?P<bot_command>(?<![\w/<>.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
    r"|(?P<phone_number>(?<!\w)\+\d[\d ()-]{7,16}\d(?!\w))"
    r"|(?P<domain>(?<![\w@.-])(?:[\w-]+\.)+(?:com|org|net|io|ru|de|me|dev|info|shop)(?:/[^\s<>\"]*[^\s<>\".,;:!?)'\]])?(?![\w@]))",
)


def utf16_length(text: str) -> int:
    """Count UTF-16 units, in which Telegram measures texts and entities."""
    return len(text) + sum(character > "\uffff" for character in text)


def with_autolinks(text: str, entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Add what is clickable by itself to the entities of a text, where nothing of the kind is there yet."""
    given = tuple(entities)
    if _HINTS.isdisjoint(text):
        return given
    found = []
    for match in _PATTERN.finditer(text):
        kind = "url" if match.lastgroup == "domain" else match.lastgroup or ""
        entity = Entity(kind, utf16_length(text[: match.start()]), utf16_length(match.group()))
        if not any(_overlap(entity, other) and other.type in _EXCLUSIVE for other in given):
            found.append(entity)
    return tuple(sorted((*given, *found), key=lambda entity: (entity.offset, -entity.length)))


_EXCLUSIVE = frozenset({
    "url", "email", "bot_command", "mention", "hashtag", "phone_number", "text_link", "text_mention", "code", "pre",
})  # fmt: skip


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.offset + other.length and other.offset < one.offset + one.length
