"""How text becomes words that can be found: one way for what is stored, what is asked, and what is marked as found.

All of it happens here and none in SQLite, whose tokenizer only splits at the spaces that `normalise` writes. Letters
lose case and accents (ё is е, but й stays), scripts that are written without spaces are split into their signs, and
every emoji is a word of its own. In a query all words must occur; what stands together ("e-mail", 你好, a quoted part)
must occur together; the last word may be the beginning of one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

ACCENTS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
INDIC = "\u0900-\u0963\u0966-\u0dff"  # where vowel signs are no letters to Python, and part of the word all the same
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"  # Chinese, Japanese, Korean
)
EMOJI = (
    "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff"  # no skin tones
)
SHORTEST_BEGINNING = 3  # as long as the index keeps beginnings; shorter ones are looked for as they are

_LETTER = rf"[^\W_{UNSPACED}{EMOJI}]"
_JOINED = rf"[{ACCENTS}{INDIC}]"
_WORD = re.compile(rf"{_LETTER}+(?:{_JOINED}+{_LETTER}*)*|{_JOINED}+(?:{_LETTER}|{_JOINED})*|[{UNSPACED}]|[{EMOJI}]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_SINGLE = re.compile(f"[{UNSPACED}{EMOJI}]")
_ACCENT = re.compile(rf"(?!(?<=и)\u0306)[{ACCENTS}]")  # the breve that makes й of и stays
_CHUNK = re.compile(r'"([^"]*)"?|[^\s"]+')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other; where `beginning` is set, the last one may be longer."""

    words: tuple[str, ...]
    beginning: bool = False

    def __str__(self) -> str:
        return f'"{" ".join(self.words)}"' + ("*" if self.beginning else "")

    @property
    def is_beginning(self) -> bool:
        """Whether it may start at a word that is not its first one, but only begins like it."""
        return self.beginning and len(self.words) == 1

    def starts_at(self, words: list[str], place: int) -> bool:
        """Whether the phrase occurs in a text at this word."""
        there = words[place : place + len(self.words)]
        if self.beginning:
            return (
                len(there) == len(self.words)
                and there[:-1] == [*self.words[:-1]]
                and there[-1].startswith(self.words[-1])
            )
        return there == [*self.words]


def normalise(text: str) -> str:
    """The words of a text, ready for the index, with a space between them."""
    if text.isascii():  # the same, and every message of a history passes here
        return " ".join(_ASCII_WORD.findall(text.lower()))
    return " ".join(filter(None, map(_fold, _WORD.findall(text))))


def phrases(query: str) -> list[Phrase]:
    """What a person asked for; empty where the query holds no word at all."""
    asked = []
    for chunk in _CHUNK.finditer(query):
        words = tuple(normalise(chunk[0]).split())
        last = chunk.end() == len(query) and chunk[1] is None
        if words:
            asked.append(Phrase(words, beginning=last and _may_go_on(words[-1])))
    return asked


def match(query: str) -> str | None:
    """The same as an FTS5 expression; None where there is nothing to look for. Never a syntax error."""
    return " AND ".join(map(str, phrases(query))) or None


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """Where the asked words stand in the text as it was written: (start, end) in characters, in order, apart."""
    places = [(word, start, end) for word, start, end in _places(text) if word]
    words = [word for word, _, _ in places]
    standing = defaultdict(list)
    for place, word in enumerate(words):
        standing[word].append(place)
    found = sorted(
        (places[place][1], places[place + len(phrase.words) - 1][2])
        for phrase in dict.fromkeys(
            phrases(query)
        )  # many words in a question must not cost a walk through the text each
        for place in (range(len(words)) if phrase.is_beginning else standing.get(phrase.words[0], ()))
        if phrase.starts_at(words, place)
    )
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and not text[spans[-1][1] : start].strip():  # over or next to the one before
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _WORD.finditer(text):
        yield _fold(found[0]), found.start(), found.end()


def _may_go_on(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING and not _SINGLE.match(word)


@lru_cache(maxsize=16384)
def _fold(word: str) -> str:
    """One word without case, accents and compatibility forms; empty where nothing is left of it."""
    if word.isascii():
        return word.lower()
    bare = _ACCENT.sub("", normalize("NFKD", word).casefold())
    return "".join(part for part in _WORD.findall(normalize("NFKC", bare)))
