"""The words of a workspace, taken in behind the mirror's back, and whether parts of them are looked for."""

from __future__ import annotations

from dataclasses import dataclass

from crm import audit
from crm.access import Desk, Power, Room
from crm.errors import NotNow
from crm.jobs import Work
from storage import settings, vocabulary

KIND = "words"  # what the jobs call the filling of the index of parts


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the index of parts; sizes in bytes."""

    on: bool
    words: int
    held: int  # of the words
    size: int


async def look(desk: Desk) -> Standing:
    """How it stands."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        words, held = await vocabulary.standing(session)
        on, size = await vocabulary.keeps_parts(session), await vocabulary.parts_size(session)
        return Standing(on, words, held, size)


async def keep_parts(desk: Desk, keep: bool) -> None:
    """Look for parts of words and misspelt ones from now on, or give the space of their index back.

    Raises NotNow("nothing") where that is so already.
    """
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        if await vocabulary.keeps_parts(session) is keep:
            raise NotNow("nothing")
        await settings.write(session, vocabulary.PARTS, keep)
        if not keep:
            await vocabulary.drop_parts(session)
        audit.record(desk, session, "setting.changed", f"setting:{vocabulary.PARTS}", value=keep)


async def take_in(room: Room) -> None:
    """Take in what was heard, some words in each commit, so that nobody waits for long."""
    async with room.reading() as session:
        if not await vocabulary.lags(session):
            return
    while await _some(room):
        pass


async def _some(room: Room) -> int:
    async with room.vault.transaction() as session:
        return await vocabulary.digest(session)


async def fill(work: Work) -> None:
    """The job: fill the index of parts; what is broken off is gone on with by itself."""
    while await _some(work.room):
        async with work.room.reading() as session:
            words, held = await vocabulary.standing(session)
        await work.progress(held, words)
