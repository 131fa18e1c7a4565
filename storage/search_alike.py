"""Widening a question: what else of the vault's own words a typed one may mean.

First other forms of it, the same word in other letters, and words that it is a part of; then what it may be a slip of.
Nothing is stored for forms: they begin alike, so the vocabulary is asked for what does and each is brought to its
stem. The language of a word is told by its letters; Latin ones may be of any language that the workspace speaks.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import Any

import Stemmer  # type: ignore[import-not-found]  # it has no types
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import vocabulary
from storage.search_question import Question, Term
from storage.search_text import Phrase
from storage.vocabulary import EDGE, GRAM, latin

SHORTEST = 3  # characters of a word that is widened
FORGIVING, VERY_FORGIVING = 4, 8  # characters from which one slip is forgiven, and from which two are
LOOKED_AT = 1500  # words of the vocabulary that are compared at the most, of those that begin like it
LONGER = 6  # characters that another form has more than the word, at the most
NEAR = 600  # of those that it may be a slip of
HELD = 150  # and of those that may hold it
FRESH = 1500  # and of those that were only heard
KEPT = 40  # other words for one that was typed
BEGUN = 150  # words that a beginning is spelt out in
TERMS = 8  # words of a question that are widened

_LATIN = """ca:catalan cs:czech da:danish de:german en:english es:spanish et:estonian eu:basque fi:finnish fr:french
    ga:irish hu:hungarian id:indonesian it:italian lt:lithuanian nb:norwegian nl:dutch no:norwegian pl:polish
    pt:portuguese ro:romanian sv:swedish tr:turkish"""
LATIN = {code: name for code, _, name in (pair.partition(":") for pair in _LATIN.split())}
SCRIPTS = {  # by the first letter of a word
    r"[\u0370-\u03ff]": "greek",
    r"[\u0400-\u052f]": "russian",
    r"[\u0530-\u058f]": "armenian",
    r"[\u0600-\u06ff]": "arabic",
    r"[\u0900-\u097f]": "hindi",
    r"[\u0b80-\u0bff]": "tamil",
}
_SCRIPTS = [(re.compile(letters), language) for letters, language in SCRIPTS.items()]
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل|و(?=...))(?=..)")  # what Arabic writes in one with the word behind it
ARTICLES = ("", "ال", "وال", "بال", "كال", "فال", "لل", "و")

Pair = tuple[str, str]  # a word, and how `latin` writes it


@dataclass(frozen=True, slots=True)
class Typed:
    """One word that was typed, with what others are compared with."""

    word: str
    key: str
    stems: dict[str, str]  # by language

    @classmethod
    def of(cls, word: str, languages: Collection[str]) -> Typed:
        """Ready to be compared, as a word of any of these languages."""
        return cls(word, latin(word), {one: _stem(one, word) for one in _languages_of(word, languages)})

    def is_form(self, word: str) -> bool:
        """Whether it is another form of the word."""
        return any(_stem(language, word) == stem for language, stem in self.stems.items())

    def is_part_of(self, word: str, key: str) -> bool:
        """Whether it stands in the word, in whichever letters."""
        return self.word in word or (self.word.isascii() != word.isascii() and len(self.key) > 1 and self.key in key)

    @property
    def slips(self) -> int:
        """How many slips are forgiven: none in numbers, in whose every digit lies the meaning."""
        if len(self.key) < FORGIVING or any(sign.isdigit() for sign in self.word):
            return 0
        return 1 if len(self.key) < VERY_FORGIVING else 2

    def slips_of(self, pairs: Sequence[Pair]) -> list[str]:
        """Of which words it has a letter too many, too few, another one, or two in the wrong order; nearest first."""
        keys = [key for _, key in pairs]
        found = extract(self.key, keys, scorer=OSA.distance, score_cutoff=self.slips, limit=None)
        return [word for _, word in sorted((distance, pairs[at][0]) for _, distance, at in found)]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a vault as one search sees them: what was written a moment ago is not in the vocabulary yet."""

    session: AsyncSession
    languages: Collection[str]
    parts: bool  # are parts of words and misspelt words looked for?
    heard: Sequence[Pair]

    @classmethod
    async def of(cls, session: AsyncSession, languages: Collection[str]) -> Words:
        """As they stand, in any of these languages."""
        heard = [(word, latin(word)) for word in await vocabulary.fresh(session, FRESH)]
        return cls(session, languages, await vocabulary.keeps_parts(session), heard)


async def spelt_out(session: AsyncSession, question: Question) -> Question:
    """The question with a beginning as the words that begin so, if they are not too many.

    An index of beginnings would take a third of the whole. Of the lists of a hundred words FTS5 reads no more than
    where the newest hits stand; of a beginning it gathers all hits, which are few for the many words there are, since
    most words are rare.
    """
    terms = [
        replace(term, ways=tuple([spelt for way in term.ways async for spelt in _spelt_out(session, way)]))
        for term in question.terms
    ]
    return replace(question, terms=tuple(terms))


async def _spelt_out(session: AsyncSession, way: Phrase) -> AsyncIterator[Phrase]:
    words = await vocabulary.begun(session, way.words[-1], BEGUN) if way.beginning else None
    for word in sorted(words or ()):
        yield replace(_phrase(word), words=(*way.words[:-1], word))
    if not words:
        yield way


async def widened(words: Words, question: Question) -> Question:
    """The question in other forms, letters and parts; the same where the vault holds no other such words."""
    return await _each(question, words, _others)


async def forgiven(words: Words, question: Question) -> Question:
    """The question also in words that it may be misspelt from; the same where there are none."""
    return await _each(question, words, _misspelt) if words.parts else question


async def _each(question: Question, words: Words, others: Callable[[Words, Typed], Awaitable[list[str]]]) -> Question:
    terms = list(question.terms)
    for place, term in enumerate(terms[:TERMS]):
        if len(term.word) >= SHORTEST:
            terms[place] = _with(term, await others(words, Typed.of(term.word, words.languages)))
    return replace(question, terms=tuple(terms))


async def without_forms(words: Words, question: Question) -> Question:
    """What is to be absent in its other forms as well."""
    without = []
    for term in question.without:
        typed = Typed.of(term.word, words.languages)
        found = [*await _forms(words.session, typed), *words.heard] if len(term.word) >= SHORTEST else []
        without.append(_with(term, [word for word, _ in found if typed.is_form(word)]))
    return replace(question, without=tuple(without))


def _with(term: Term, others: Iterable[str]) -> Term:
    known = dict.fromkeys([*term.ways, *(_phrase(word) for word in others if word != term.word)])
    return replace(term, ways=tuple(known)[: len(term.ways) + KEPT])


def _phrase(word: str) -> Phrase:
    """Of a word that was too long for the vocabulary its beginning stands there."""
    return Phrase((word,), beginning=len(word) == vocabulary.LONGEST)


async def _others(words: Words, typed: Typed) -> list[str]:
    """Forms first, then the same in other letters, then what it is a part of."""
    session, heard = words.session, words.heard
    spelt = await vocabulary.spelt(session, [typed.word], [typed.key])
    held = await _holding(session, typed) if words.parts else []
    kinds: list[tuple[Iterable[Pair], Callable[[str, str], bool]]] = [
        ([*await _forms(session, typed), *heard], lambda word, _key: typed.is_form(word)),
        ([*spelt, *heard], lambda _word, key: key == typed.key),
        ([*held, *(heard if words.parts else ())], typed.is_part_of),
    ]
    return [word for pairs, fits in kinds for word, key in pairs if fits(word, key)]


async def _forms(session: AsyncSession, typed: Typed) -> list[Pair]:
    """What begins as all forms do."""
    roots = {_in_common(typed.word, stem) for stem in typed.stems.values()}
    if "arabic" in typed.stems:
        roots = {article + typed.stems["arabic"] for article in ARTICLES}
    starts = [root for root in roots if len(root) >= SHORTEST]
    longest = len(typed.word) + LONGER
    return await vocabulary.beginning(session, starts, longest, LOOKED_AT) if starts else []


async def _holding(session: AsyncSession, typed: Typed) -> list[Pair]:
    inside = [_cover(one) for one in dict.fromkeys((typed.word, typed.key))]
    asked = " OR ".join(f"({_all(some)})" for some in inside if some)
    return await vocabulary.with_grams(session, asked, HELD) if asked else []


async def _misspelt(words: Words, typed: Typed) -> list[str]:
    """A letter too many and two in the wrong order are looked up; of what else may be wrong some piece is right."""
    if not typed.slips:
        return []
    looked_up = await vocabulary.spelt(words.session, [], _shorter_or_swapped(typed.key))
    near = await vocabulary.with_grams(words.session, _pieces(typed.key, typed.slips), NEAR)
    return typed.slips_of([*dict.fromkeys([*looked_up, *near, *words.heard])])


def _shorter_or_swapped(key: str) -> Iterator[str]:
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]
        yield key[:at] + key[at : at + 2][::-1] + key[at + 2 :]


def _pieces(key: str, slips: int) -> str:
    """Cut into one piece more than there are slips, a word has one that none of them fell into."""
    edged = f"{EDGE}{key}{EDGE}"
    ends = [len(edged) * part // (slips + 1) for part in range(slips + 2)]
    return " OR ".join(f"({_all(_cover(edged[start:end]))})" for start, end in pairwise(ends))


def _cover(piece: str) -> list[str]:
    """As few grams as hold every letter of it: each costs a list, and what is found is compared anyway."""
    last = len(piece) - GRAM
    return [piece[at : at + GRAM] for at in (*range(0, last, GRAM), last)] if last >= 0 else []


def _in_common(one: str, other: str) -> str:
    return "".join(sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _all(some: Iterable[str]) -> str:
    return " AND ".join(f'"{one}"' for one in some)


def _languages_of(word: str, languages: Collection[str]) -> list[str]:
    """The stemmers that may know the word."""
    for letters, language in _SCRIPTS:
        if letters.match(word):
            return [language]
    return list(dict.fromkeys(LATIN[one] for one in (*languages, "en") if one in LATIN))


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(language)


@lru_cache(maxsize=4096)
def _stem(language: str, word: str) -> str:
    bare = _ARTICLE.sub("", word) if language == "arabic" else word
    return str(_stemmer(language).stemWord(bare))
