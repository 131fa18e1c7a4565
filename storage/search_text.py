"""How text becomes words that can be found: one way for what is stored, what is asked, and what is marked as found.

All of it happens here and none in SQLite, whose tokenizer only splits at the spaces that `normalise` writes. Letters
lose case and accents (ё is е, but й stays), scripts that are written without spaces are split into their signs, every
emoji is a word of its own, and behind a text stands each long number of it in one piece, however it was grouped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
LONG = 7  # digits of a number that is found in one piece, as phones are
LONGEST = 19

_LETTER = rf"[^\W_{UNSPACED}{EMOJI}]"
_JOINED = rf"[{ACCENTS}{INDIC}]"
_WORD = re.compile(rf"{_LETTER}+(?:{_JOINED}+{_LETTER}*)*|{_JOINED}+(?:{_LETTER}|{_JOINED})*|[{UNSPACED}]|[{EMOJI}]")
_ASCII_WORD = re.compile("[a-z0-9]+")
_ACCENT = re.compile(rf"(?!(?<=и)\u0306)[{ACCENTS}]")  # the breve that makes й of и stays
_GROUPED = re.compile(rf"(?<![^\W_])\d(?:[\s().\-/]{{0,3}}\d){{{LONG - 1},}}(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other; where `beginning` is set, the last one may be longer.

    `begun` are all the phrases that it is the beginning of, where they are known and not too many.
    """

    words: tuple[str, ...]
    beginning: bool = False
    begun: tuple[Phrase, ...] = ()

    def __str__(self) -> str:
        return f'"{" ".join(self.words)}"' + ("*" if self.beginning else "")

    @property
    def spelt_out(self) -> str:
        """The same without asking for a beginning, if that can be done."""
        return " OR ".join(map(str, self.begun or (self,)))

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
    """What the index holds of a text: its words with a space between them, and its long numbers in one piece."""
    words = folded(text)
    return " ".join([words, *(number for number, _, _ in _long_numbers(text))]) if _GROUPED.search(text) else words


def folded(text: str) -> str:
    """The words of a text with a space between them."""
    if text.isascii():  # the same, and every message of a history passes here
        return " ".join(_ASCII_WORD.findall(text.lower()))
    return " ".join(filter(None, map(_fold, _WORD.findall(text))))


def highlight(text: str, asked: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Where asked words stand in the text as it was written: (start, end) in characters, in order, apart."""
    places = [*((word, start, end) for word, start, end in _places(text) if word), *_long_numbers(text)]
    words = [word for word, _, _ in places]
    standing = defaultdict(list)
    for place, word in enumerate(words):
        standing[word].append(place)
    found = sorted(
        (places[place][1], places[place + len(phrase.words) - 1][2])
        for phrase in dict.fromkeys(asked)  # many words in a question must not cost a walk through the text each
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


def _long_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """The long numbers of a text that are written in groups, each in one piece."""
    for found in _GROUPED.finditer(text):
        number = "".join(filter(str.isdigit, found[0]))
        if len(number) < len(found[0]) and len(number) <= LONGEST:
            yield _fold(number), found.start(), found.end()


@lru_cache(maxsize=16384)
def _fold(word: str) -> str:
    """One word without case, accents and compatibility forms; empty where nothing is left of it."""
    if word.isascii():
        return word.lower()
    bare = _ACCENT.sub("", normalize("NFKD", word).casefold())
    return "".join(part for part in _WORD.findall(normalize("NFKC", bare)))
