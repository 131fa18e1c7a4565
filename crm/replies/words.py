"""An answer's words with their formatting, as Telegram takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.errors import Invalid

LONGEST = 4096  # Telegram, in UTF-16 units
LONGEST_CAPTION = 1024
TYPED = frozenset({  # what a person chooses; links, mentions and the like Telegram finds by itself
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "expandable_blockquote",
    "text_link", "text_mention", "custom_emoji",
})  # fmt: skip
Entity = Mapping[str, Any]  # the Bot API's: type, offset and length in UTF-16 units, …


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and the entities that its author has chosen."""

    text: str = field(repr=False)
    entities: list[dict[str, Any]] = field(default_factory=list, repr=False)


def units(text: str) -> int:
    """The length in UTF-16 units, in which Telegram counts."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def proper(words: Words, *, longest: int = LONGEST, needed: bool = True) -> Words:
    """Without white space around it. Raises Invalid (empty where words are `needed`, too_long)."""
    text = words.text.strip()
    if needed and not text:
        raise Invalid("reply", "empty")
    if units(text) > longest:
        raise Invalid("reply", "too_long", longest)
    lead = units(words.text) - units(words.text.lstrip())
    return Words(text, moved(words.entities, -lead, within=units(text)))


def moved(entities: Iterable[Entity], by: int, *, within: int) -> list[dict[str, Any]]:
    """Those of the typed entities that stand over something of a text of so many units, so many units further on."""
    kept = []
    for one in entities:
        start, end = max(0, one["offset"] + by), min(within, one["offset"] + one["length"] + by)
        if one["type"] in TYPED and start < end:
            kept.append({**one, "offset": start, "length": end - start})
    return kept
