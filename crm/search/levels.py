"""How near a hit is to what was typed: the typed words first, whatever else they may mean behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk
from storage import search, search_alike, search_question
from storage.accounts import Account
from storage.search import NOTHING, Hit
from storage.search_alike import Words
from storage.search_question import Question
from storage.search_text import Phrase
from storage.search_within import Within


class Level(IntEnum):
    """The nearest first; a button carries the number."""

    TYPED = 0  # the words themselves, numbers and phones in any spelling
    FORMS = 1  # other forms of them, other letters, words that they are a part of
    SLIPS = 2  # what they may be misspelt from


@dataclass(frozen=True, slots=True)
class Place:
    """From where a page goes on: older hits of this level than this place (0: from its newest)."""

    level: Level = Level.TYPED
    before: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """The hits of a page with their levels, what to mark in them, and from where the next goes on (None: nowhere)."""

    hits: Sequence[tuple[Level, Hit]]
    marks: Sequence[Phrase]
    onward: Place | None


class Levels:
    """One question, level after level; each but the first is widened only where the one before it gives too little."""

    def __init__(self, desk: Desk, session: AsyncSession, words: str) -> None:
        self._desk = desk
        self._session = session
        self._words = words
        self._questions: list[Question] = []
        self._known: Words | None = None

    async def question(self, level: Level) -> Question:
        """What is asked at a level."""
        while len(self._questions) <= level:
            self._questions.append(await self._next())
        return self._questions[level]

    async def _next(self) -> Question:
        if not self._questions:
            homes = await self._phones() if search_question.holds_phone(self._words) else ()
            typed = await search_alike.spelt_out(self._session, search_question.read(self._words, homes))
            return await search_alike.without_forms(await self._around(), typed) if typed.without else typed
        further = search_alike.widened if len(self._questions) == Level.FORMS else search_alike.forgiven
        return await further(await self._around(), self._questions[-1])

    async def _phones(self) -> Sequence[str]:
        phones = await self._session.exec(select(Account.phone).where(col(Account.phone).is_not(None)))
        return [phone or "" for phone in phones]

    async def _around(self) -> Words:
        if self._known is None:
            self._known = await Words.of(self._session, self._desk.person.language or "")
        return self._known

    async def page(self, within: Within, kinds: Sequence[str], start: Place, size: int) -> Page:
        """Some hits from a place on, of as many levels as it takes to fill the page."""
        found: list[tuple[Level, Hit]] = []
        for level in Level:
            if level < start.level or not await self._may_give(level, start, found):
                continue
            before = start.before if level is start.level else 0
            alone = start != Place()  # else all that the tighter questions find is on this page
            hits = await self._find(level, within, alone=alone, kinds=kinds, before=before or None, limit=size + 1)
            found += [(level, one) for one in await self._coded(level, kinds, start, within)]
            known = {hit for _, hit in found}
            found += [(level, hit) for hit in hits if hit not in known]
            if len(found) > size:
                break
        marks = self._questions[-1].phrases if self._questions else []
        onward = Place(found[size][0], self._before(found, size)) if len(found) > size else None
        return Page(found[:size], marks, onward)

    async def _coded(self, level: Level, kinds: Sequence[str], start: Place, within: Within) -> list[Hit]:
        """Whose code was typed: so a name that is shown in place of another finds its contact, for everybody."""
        if level is not Level.TYPED or start != Place() or search.CONTACT not in kinds or within.narrow:
            return []
        number = self._desk.coded(self._words)
        hit = await search.contact_at(self._session, number) if number is not None else None
        return [hit] if hit is not None and not within.messages_alone else []

    async def _may_give(self, level: Level, start: Place, found: Sequence[object]) -> bool:
        if level is Level.TYPED:
            return True
        enough = start != Place() or len(found) >= search_alike.LITTLE
        if not self._words or (level is Level.SLIPS and start.level is not Level.SLIPS and enough):
            return False
        return await self.question(level) != await self.question(Level(level - 1))

    @staticmethod
    def _before(found: Sequence[tuple[Level, Hit]], size: int) -> int:
        """Behind the last hit that is shown; a level that has not begun begins with its newest."""
        return found[size - 1][1].place if found[size - 1][0] is found[size][0] else 0

    async def beside(self, within: Within, place: int) -> tuple[Hit | None, Hit | None]:
        """The messages found next before and behind a place, by the nearest level at which it is a hit itself."""
        for level in Level if self._words else [Level.TYPED]:
            here = await self._one(level, within, before=place + 1)
            if level is Level.SLIPS or (here and here.place == place):
                return await self._one(level, within, before=place), await self._one(level, within, after=place)
        return None, None

    async def _one(self, level: Level, within: Within, **side: int) -> Hit | None:
        hits = await self._find(level, within, kinds=[search.MESSAGE], limit=1, alone=False, **side)
        return hits[0] if hits else None

    async def _find(self, level: Level, within: Within, *, alone: bool = True, **where: Any) -> list[Hit]:
        if not self._words:
            return await search.find(self._session, None, within, **where)
        beyond = await self.question(Level(level - 1)) if alone and level else NOTHING
        return await search.find(self._session, await self.question(level), within, beyond=beyond, **where)
