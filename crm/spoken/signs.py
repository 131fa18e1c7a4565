"""A text taken apart: numbers as people write times and dates, words, and the phrases that a vocabulary knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crm.spoken.vocabulary import Meaning, Vocabulary, plain

PATTERN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})T?(?!\d)"
    r"|(?P<date>\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?!\d)"
    r"|(?P<clock>\d{1,2}:\d{2})(?::\d{2})?(?!\d)"
    r"|(?P<hours>\d{1,2}\s?h\s?\d{2})(?!\w)"
    r"|(?P<pair>\d{1,2}[./]\d{1,2})\.?(?!\d)"
    r"|(?P<decimal>\d{1,3},\d)(?!\d)"
    r"|(?P<number>\d+)|(?P<word>[^\W\d_]+)|(?P<mark>\S)",
    re.IGNORECASE,
)
EDGES = ",;:.–—-'’"  # what a moment leaves behind where it stood
JOINTS = frozenset("-‑'’ʼ`")  # inside of words


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of a text: a group of PATTERN, what it says, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """A sign or a phrase with what it may mean."""

    kind: str
    text: str
    start: int
    end: int
    meaning: Meaning

    def role(self, name: str) -> Any:
        """What it is as this part of speech; None where it is none."""
        return self.meaning.roles.get(name)


def signs(text: str) -> list[Sign]:
    """The pieces of a text, without the joints of compounds and the dots of abbreviations."""
    found = [
        Sign(match.lastgroup or "", match[match.lastgroup or 0], match.start(), match.end())
        for match in PATTERN.finditer(text)
    ]
    return [one for place, one in enumerate(found) if one.kind != "mark" or not _is_joint(found, place)]


def _is_joint(found: Sequence[Sign], place: int) -> bool:
    here = found[place]
    before = found[place - 1] if place else None
    after = found[place + 1] if place + 1 < len(found) else None
    if before is None or before.end != here.start:
        return False
    if here.text == ".":
        return before.kind == "word"
    return here.text in JOINTS and after is not None and after.start == here.end and after.kind == "word"


def items(pieces: Sequence[Sign], vocabulary: Vocabulary) -> list[Item]:
    """The pieces, with the longest phrases that the vocabulary knows as one."""
    found, place = [], 0
    words = [plain(one.text) if one.kind == "word" else "" for one in pieces]
    while place < len(pieces):
        count = _phrase(words, place, vocabulary)
        first, last = pieces[place], pieces[place + max(1, count) - 1]
        meaning = vocabulary.phrases[tuple(words[place : place + count])] if count else Meaning()
        text = first.text if count <= 1 else " ".join(one.text for one in pieces[place : place + count])
        found.append(Item(first.kind, text, first.start, last.end, meaning))
        place += max(1, count)
    return found


def _phrase(words: Sequence[str], place: int, vocabulary: Vocabulary) -> int:
    """How many words from here on are the longest phrase; 0 for none."""
    for count in range(min(vocabulary.longest, len(words) - place), 0, -1):
        key = tuple(words[place : place + count])
        if all(key) and key in vocabulary.phrases:
            return count
    return 0


def rest(text: str, taken: Sequence[tuple[int, int]]) -> str:
    """What is left of a text without these stretches, tidied where they were."""
    edges = [0, *(edge for stretch in sorted(taken) for edge in stretch), len(text)]
    left = [text[start:end] for start, end in list(pairwise(edges))[::2] if start < end]
    strips = EDGES + "".join({sign for part in left for sign in part if sign.isspace()})
    tidy = (part.strip(strips) for part in left)
    return " ".join(part for part in tidy if any(unicodedata.category(sign)[0] != "P" for sign in part))
