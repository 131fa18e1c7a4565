"""What a person asks for, read from what was typed: words, "phrases", numbers and phones however spelt, -without.

All of it must occur in what is found; of each term any of its ways will do. What stands together ("e-mail", 你好, a
quoted part) must occur together; the last word may be the beginning of one, unless it is a number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from storage import search_numbers as numbers
from storage.search_text import EMOJI, UNSPACED, Phrase, folded

SHORTEST_BEGINNING = 3  # as long as the index keeps beginnings; shorter ones are looked for as they are

_SINGLE = re.compile(f"[{UNSPACED}{EMOJI}]")
_PIECE = re.compile(
    r'(?P<minus>(?<!\S)[-−](?=[^\s-]))?(?:"(?P<quoted>[^"]*)"?'
    rf'|(?P<phone>{numbers.PHONE})|(?P<amount>{numbers.AMOUNT})|(?P<chunk>[^\s"]+))'
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked for, in the ways in which it may be written; `word` is what may be written otherwise."""

    ways: tuple[Phrase, ...]
    word: str = ""

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.ways))})"

    @property
    def spelt_out(self) -> str:
        """The same with beginnings as the words that begin so."""
        return f"({' OR '.join(way.spelt_out for way in self.ways)})"


@dataclass(frozen=True, slots=True)
class Question:
    """All terms must occur, and nothing of what is asked to be absent."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()

    def __str__(self) -> str:
        """What is asked for as an FTS5 expression, never a syntax error; empty where nothing is."""
        return " AND ".join(map(str, self.terms))

    @property
    def spelt_out(self) -> str:
        """The same with beginnings as the words that begin so."""
        return " AND ".join(term.spelt_out for term in self.terms)

    @property
    def absent(self) -> str:
        """The same of what must not occur."""
        return " OR ".join(map(str, self.without))

    @property
    def phrases(self) -> list[Phrase]:
        """Whatever may have been found."""
        return [way for term in self.terms for way in term.ways]


def holds_phone(text: str) -> bool:
    """Whether something of it may be a phone, so that the `homes` matter."""
    return any(piece["phone"] for piece in _PIECE.finditer(text))


def read(text: str, homes: Collection[str] = ()) -> Question:
    """What was asked for; a phone without its country may be of the country of any of the `homes`, phones as well."""
    terms: list[Term] = []
    without: list[Term] = []
    for piece in _PIECE.finditer(text):
        term = _term(piece, homes, last=piece.end() == len(text))
        if term is not None:
            (without if piece["minus"] else terms).append(term)
    return Question(tuple(terms), tuple(without))


def _term(piece: re.Match[str], homes: Collection[str], *, last: bool) -> Term | None:
    if piece["phone"]:
        digits = folded(numbers.joined(piece["phone"]))
        spelt = [folded(piece["phone"]), *numbers.phones(piece["phone"], digits, homes)]
        return Term(_phrases(spelt), digits)
    if piece["amount"]:
        spelt = [folded(" ".join(spelling)) for spelling in numbers.amounts(piece["amount"])]
        return Term(_phrases(spelt), folded(numbers.whole(piece["amount"])))
    words = tuple(folded(piece["quoted"] or piece["chunk"] or "").split())
    if not words:
        return None
    literal = piece["quoted"] is not None
    beginning = last and not literal and not piece["minus"] and _may_go_on(words[-1])
    apart = literal or any(_SINGLE.match(word) for word in words)
    return Term((Phrase(words, beginning),), "" if apart else "".join(words))


def _phrases(spelt: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(tuple(words.split())) for words in dict.fromkeys(spelt))


def _may_go_on(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING and not _SINGLE.match(word) and not word.isdigit()
