"""Widening a question: what else of the vault's own words a typed one may mean.

First other forms of it, the same word in other letters, and words that it is a part of; then what it may be a slip of.
Nothing is stored for forms: they begin alike, so the vocabulary is asked for what does and each is brought to its
stem. The language of a word is told by its letters; Latin ones may be of any language that the workspace speaks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, combinations, islice, pairwise, takewhile
from typing import Any, NamedTuple

import Stemmer  # type: ignore[import-not-found]  # it has no types
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import vocabulary
from storage.search_question import Question, Term
from storage.search_text import Phrase
from storage.vocabulary import EDGE, GRAM, Look, Pair, latin

SHORTEST = 3  # characters of a word that is widened
FORGIVING, VERY_FORGIVING = 4, 8  # characters from which one slip is forgiven, and from which two are
LONGER = 6  # characters that another form has more than the word, at the most
LITTLE = 3  # hits, or messages with a word; where there are fewer, what was typed may be misspelt
SLIPS = 2  # at the most
MORE = 3  # parts than slips that a word is cut into: of fewer, one that many words end with is all that is left
LOOKED_AT = 1500  # words of the vocabulary that are compared with one at the most, of those that begin like it
NEAR = 200  # of those that it may be a slip of
FRESH = 1500  # and of those that were only heard
HELD = 35  # of those that may hold one of the words of a question
KEPT = 25  # forms of each word; and so many larger or misspelt ones for all words of a question
BEGUN = 150  # words that a beginning is spelt out in
SAMPLE = 200  # contacts whose languages are taken for those of the workspace
SPOKEN = 6  # languages that a word in Latin letters may be of
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

AROUND = """
    SELECT 'parts', value, 1 FROM settings WHERE name = :parts
    UNION ALL SELECT 'spoken', language, count(*) FROM (SELECT language FROM contacts ORDER BY id DESC LIMIT :sample)
    WHERE language IS NOT NULL GROUP BY language
    UNION ALL SELECT * FROM (SELECT 'heard', words, 1 FROM heard ORDER BY id DESC LIMIT :fresh)"""


@dataclass(frozen=True, slots=True)
class Typed:
    """One word that was typed, with what others are compared with."""

    word: str
    key: str
    stems: dict[str, str]  # by language

    @classmethod
    def of(cls, word: str, languages: Collection[str]) -> Typed:
        """Ready to be compared, as a word of any of these languages."""
        return cls(word, latin(word), {one: _stems(one, [word])[0] for one in _languages_of(word, languages)})

    def forms_among(self, pairs: Iterable[Pair]) -> list[str]:
        """Which words are other forms of it."""
        words = [word for word, _ in pairs]
        forms = set[str]()
        for language, stem in self.stems.items():
            forms.update(word for word, one in zip(words, _stems(language, words), strict=True) if one == stem)
        return [word for word in words if word in forms]

    def is_part_of(self, word: str, key: str) -> bool:
        """Whether it stands in the word, in whichever letters."""
        return self.word in word or (self.word.isascii() != word.isascii() and len(self.key) > 1 and self.key in key)

    @property
    def slips(self) -> int:
        """How many slips are forgiven: none in numbers, in whose every digit lies the meaning."""
        if len(self.letters) < FORGIVING or any(sign.isdigit() for sign in self.word):
            return 0
        return 1 if len(self.letters) < VERY_FORGIVING else SLIPS

    @property
    def letters(self) -> str:
        """What is compared of it: a letter of another script may be two in Latin ones, or half of one."""
        return self.key if self.word.isascii() else self.word

    def slips_of(self, pairs: Sequence[Pair], slips: int) -> list[str]:
        """Of which words it has a letter too many, too few, another one, or two in the wrong order; nearest first."""
        words, keys = zip(*pairs, strict=True) if pairs else ((), ())
        found: dict[str, int] = {}
        for typed, some in ((self.word, words), (self.key, keys)):
            for _, distance, at in extract(typed, some, scorer=OSA.distance, score_cutoff=slips, limit=None):
                found[words[at]] = min(distance, found.get(words[at], distance))
        return sorted((word for word in found if found[word]), key=lambda word: (found[word], word))


class Others(NamedTuple):
    """What is meant with a word: its forms, and words that are only like it, the nearest first."""

    forms: Sequence[str] = ()
    like: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a vault as one search sees them: what was written a moment ago is not in the vocabulary yet."""

    session: AsyncSession
    languages: Collection[str]
    parts: bool  # are parts of words and misspelt words looked for?
    heard: Sequence[Pair]

    @classmethod
    async def of(cls, session: AsyncSession, language: str) -> Words:
        """As they stand; in Latin letters they may be of this language, or of what the newest contacts speak."""
        connection = await session.connection()
        facts = {"parts": vocabulary.PARTS, "sample": SAMPLE, "fresh": FRESH}
        rows: Sequence[Any] = (await connection.exec_driver_sql(AROUND, facts)).all()
        parts = next((value != "false" for kind, value, _ in rows if kind == "parts"), True)
        spoken = Counter[str]()
        for kind, one, count in rows:
            spoken.update({one.split("-")[0]: count} if kind == "spoken" else ())
        commonest = [one for one, _ in spoken.most_common() if one in LATIN]
        heard = dict.fromkeys(word for kind, words, _ in rows if kind == "heard" for word in words.split())
        pairs = [(word, latin(word)) for word in islice(heard, FRESH)]
        return cls(session, [language, *commonest[:SPOKEN]], parts, pairs)


async def spelt_out(session: AsyncSession, question: Question) -> Question:
    """The question with the words that its beginnings begin, where that is faster.

    An index of beginnings would take a third of the whole. Of a beginning FTS5 gathers all hits: few for most words.
    Where a common one begins so, it reads of the lists of the words no more than where the newest hits stand.
    """
    terms = [
        replace(term, ways=tuple([await _spelt_out(session, way) if way.beginning else way for way in term.ways]))
        for term in question.terms
    ]
    return replace(question, terms=tuple(terms))


async def _spelt_out(session: AsyncSession, way: Phrase) -> Phrase:
    words = await vocabulary.begun(session, way.words[-1], BEGUN) or ()
    return replace(way, begun=tuple(_phrase(*way.words[:-1], word) for word in sorted(words)))


async def widened(words: Words, question: Question) -> Question:
    """The question in other forms, letters and parts; the same where the vault holds no other such words."""
    return replace(question, terms=await _each(words, question.terms, _others))


async def forgiven(words: Words, question: Question) -> Question:
    """The question also in words that it may be misspelt from; the same where there are none."""
    return replace(question, terms=await _each(words, question.terms, _misspelt)) if words.parts else question


async def without_forms(words: Words, question: Question) -> Question:
    """What is to be absent in its other forms as well."""
    return replace(question, without=await _each(words, question.without, _forms))


async def _each(
    words: Words, terms: Sequence[Term], others: Callable[[Words, Sequence[Typed]], Awaitable[list[Others]]]
) -> tuple[Term, ...]:
    found = list(terms)
    places = [at for at, term in enumerate(terms[:TERMS]) if len(term.word) >= SHORTEST]
    typed = [Typed.of(terms[at].word, words.languages) for at in places]
    for at, some in zip(places, await others(words, typed), strict=True):
        found[at] = _with(terms[at], some, KEPT // len(places))
    return tuple(found)


def _with(term: Term, others: Others, share: int) -> Term:
    said = tuple(way.words[0] for way in term.ways if way.is_beginning)  # and so is what begins with it
    ways = dict.fromkeys(term.ways)
    for words, most in ((others.forms, KEPT), (others.like, share)):
        fresh = (_phrase(word) for word in words if word != term.word and not word.startswith(said))
        ways |= dict.fromkeys(islice((way for way in fresh if way not in ways), most))
    return replace(term, ways=tuple(ways))


def _phrase(*words: str) -> Phrase:
    """Of a word that was too long for the vocabulary its beginning stands there."""
    return Phrase(words, beginning=len(words[-1]) == vocabulary.LONGEST)


async def _forms(words: Words, every: Sequence[Typed]) -> list[Others]:
    found = await vocabulary.looked_up(words.session, [_beginning(one) for one in every])
    return [Others(one.forms_among([*pairs, *words.heard])) for one, pairs in zip(every, found, strict=True)]


async def _others(words: Words, every: Sequence[Typed]) -> list[Others]:
    """Forms, the same in other letters, and what it is a part of."""
    looks = [
        _beginning(one)._replace(grams=_holding(one) if words.parts else "", held=HELD // len(every)) for one in every
    ]
    found: list[Others] = []
    for typed, pairs in zip(every, await vocabulary.looked_up(words.session, looks), strict=True):
        known = [*pairs, *words.heard]
        alike = [word for word, key in known if key == typed.key]
        larger = [word for word, key in known if typed.is_part_of(word, key)] if words.parts else []
        found.append(Others([*typed.forms_among(known), *alike], larger))
    return found


def _beginning(typed: Typed) -> Look:
    """What begins as all forms do, and what is spelt alike."""
    roots = {_in_common(typed.word, stem) for stem in typed.stems.values()}
    if "arabic" in typed.stems:
        roots = {article + typed.stems["arabic"] for article in ARTICLES}
    starts = [root for root in roots if len(root) >= SHORTEST]
    return Look([typed.key], starts=starts, longest=len(typed.word) + LONGER, most=LOOKED_AT)


def _holding(typed: Typed) -> str:
    inside = [_cover(one) for one in dict.fromkeys((typed.word, typed.key))]
    return " OR ".join(f"({_all(some)})" for some in inside if some)


async def _misspelt(words: Words, every: Sequence[Typed]) -> list[Others]:
    """Words that are one slip away, and two only where there is none; what is often written is no slip."""
    found: list[list[str]] = [[] for _ in every]
    rare = await vocabulary.rare(words.session, {typed.word for typed in every if typed.slips}, LITTLE)
    for slips in range(1, SLIPS + 1):
        wanting = [at for at, one in enumerate(every) if one.slips >= slips and one.word in rare and not found[at]]
        looks = [_nearly(every[at].letters, slips) for at in wanting]
        for at, pairs in zip(wanting, await vocabulary.looked_up(words.session, looks), strict=True):
            found[at] = every[at].slips_of([*dict.fromkeys([*pairs, *words.heard])], slips)
    return [Others(like=some) for some in found]


def _cuts(word: str, slips: int) -> list[int]:
    """Where a word is cut into parts, so that each slip falls into one of them."""
    parts = slips + MORE
    return [len(word) * part // parts for part in range(parts + 1)]


def _nearly(word: str, slips: int) -> Look:
    """What stands between the wrong parts is right; two letters swapped at a cut are wrong in two, so looked up."""
    cuts = _cuts(word, slips)
    swapped = [word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in cuts[1:-1]]
    edged = f"{EDGE}{word}{EDGE}"
    wrong = combinations(pairwise(1 + at for at in cuts), slips)
    right = (_all(chain.from_iterable(map(_cover, _between(edged, some)))) for some in wrong)
    return Look([*map(latin, swapped)], " OR ".join(f"({one})" for one in right), NEAR)


def _between(word: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    """What is left of a word without some spans of it."""
    ends = [0, *chain.from_iterable(spans), len(word)]
    return [word[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]


def _cover(piece: str) -> list[str]:
    """As few grams as hold every letter of it: each costs a list, and what is found is compared anyway."""
    last = len(piece) - GRAM
    if last < 0:
        return [piece] if EDGE in piece and len(piece) > 1 else []
    return [piece[at : at + GRAM] for at in (*range(0, last, GRAM), last)]


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
    return Stemmer.Stemmer(language, 0)  # its cache costs twice what it saves


def _stems(language: str, words: Sequence[str]) -> list[str]:
    bare = [_ARTICLE.sub("", word) for word in words] if language == "arabic" else words
    return list(_stemmer(language).stemWords(bare))
