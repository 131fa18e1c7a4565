"""Text with entities, measured as Telegram measures it: cut, shortened, and shown as HTML that no words can break."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

PLAIN = {  # kind → element; what is not here Telegram finds by itself (links, mentions) or a bot may not send
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote expandable",
}
MOST_ENTITIES = 100  # Telegram shows no more of them in one message
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # could turn our own words round
_TAG = re.compile(r"<[^>]*>")


def units(text: str) -> int:
    """The length in UTF-16 units, in which Telegram counts texts and offsets."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def visible(markup: str) -> int:
    """The length of HTML after Telegram has parsed it."""
    return units(html.unescape(_TAG.sub("", markup)))


@dataclass(frozen=True, slots=True)
class Formatted:
    """Somebody's text with the Bot API's entities."""

    text: str
    entities: Sequence[dict[str, Any]] = ()

    @classmethod
    def marked(cls, text: str, spans: Iterable[tuple[int, int]]) -> Formatted:
        """A text with these spans (in characters) in bold."""
        entities = [
            {"type": "bold", "offset": units(text[:start]), "length": units(text[start:end])} for start, end in spans
        ]
        return cls(text, entities)

    def parts(self, limit: int) -> list[Formatted]:
        """The text in pieces of at most so many units, broken at lines or words where there are any."""
        pieces, rest, start = [], self.text, 0
        while (head := _head(rest, limit)) < len(rest):
            cut = _break(rest[:head])
            pieces.append(self._piece(rest[:cut], start))
            start += units(rest[:cut])
            rest = rest[cut:]
        return [*pieces, self._piece(rest, start)]

    def shortened(self, limit: int) -> Formatted:
        """At most so many units, with a mark where something was left out."""
        head = _head(self.text, limit)
        if head == len(self.text):
            return self
        kept = self._piece(self.text[: _head(self.text, limit - 1)].rstrip(), 0)
        return Formatted(kept.text + "…", kept.entities)

    @property
    def html(self) -> str:
        """Well-formed whatever the entities say: where two of them cross, one is closed and opened again."""
        raw = self.text.encode("utf-16-le", "surrogatepass")
        size = len(raw) // 2
        marks = sorted(self._marks(size), key=lambda mark: (mark.start, -mark.end))[:MOST_ENTITIES]
        edges = sorted({0, size, *(edge for mark in marks for edge in (mark.start, mark.end))})
        out: list[str] = []
        standing: list[_Mark] = []
        for start, end in pairwise(edges):
            wanted = [mark for mark in marks if mark.start <= start and end <= mark.end]
            common = len(list(takewhile(lambda pair: pair[0] is pair[1], zip(standing, wanted, strict=False))))
            out += [mark.closing for mark in reversed(standing[common:])]
            out += [mark.opening for mark in wanted[common:]]
            out.append(_escaped(raw[2 * start : 2 * end].decode("utf-16-le", "replace")))
            standing = wanted
        return "".join([*out, *(mark.closing for mark in reversed(standing))])

    def _piece(self, text: str, start: int) -> Formatted:
        """The part with this text that begins so many units into the whole."""
        size, inside = units(text), []
        for entity in self.entities:
            first = max(0, entity["offset"] - start)
            last = min(size, entity["offset"] + entity["length"] - start)
            if first < last:
                inside.append({**entity, "offset": first, "length": last - first})
        return Formatted(text, inside)

    def _marks(self, size: int) -> Iterable[_Mark]:
        for entity in self.entities:
            opening = _opening(entity)
            start, end = max(0, entity["offset"]), min(size, entity["offset"] + entity["length"])
            if opening and start < end:
                yield _Mark(start, end, opening)


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """An entity as an HTML element over a stretch of units."""

    start: int
    end: int
    opening: str

    @property
    def closing(self) -> str:
        return f"</{self.opening[1:-1].split(' ')[0]}>"


def _opening(entity: dict[str, Any]) -> str | None:
    if entity["type"] in PLAIN:
        return f"<{PLAIN[entity['type']]}>"
    link = entity.get("url") if entity["type"] == "text_link" else None
    if entity["type"] == "text_mention" and "user_id" in entity:
        link = f"tg://user?id={entity['user_id']}"
    return f'<a href="{html.escape(link)}">' if link else None


def _escaped(text: str) -> str:
    kept = (sign for sign in text if sign in "\n\t" or (unicodedata.category(sign) != "Cc" and sign not in DIRECTIONS))
    return html.escape("".join(kept), quote=False)


def _head(text: str, limit: int) -> int:
    """How many characters from the beginning fit into so many units."""
    if 2 * len(text) <= limit:
        return len(text)
    count = 0
    for place, sign in enumerate(text):
        count += 1 + (sign > "\uffff")
        if count > limit:
            return place
    return len(text)


def _break(head: str) -> int:
    """Where to end a piece: after its last line or word, unless that would leave less than half of it."""
    half = len(head) // 2
    return (head.rfind("\n", half) + 1) or (head.rfind(" ", half) + 1) or len(head)
