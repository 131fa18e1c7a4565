"""Taking people in from a file: what would become of each row, then row by row, and back out again as a whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk, Power, Room
from crm.contacts_in.people import Lack, Person, Understanding
from crm.contacts_in.tables import Table
from crm.contacts_in.writing import Writing
from crm.errors import NotFound, NotNow
from crm.fields import Notation
from crm.jobs import Work
from storage import accounts, fields, jobs, sifts, stages, tags
from storage.audit import AuditEntry
from storage.contacts import NOT_AT_TELEGRAM, Contact, name_key
from storage.jobs import Job
from storage.tags import Tag

KIND, UNDO = "contacts_in", "contacts_out"
TOGETHER = 50  # rows in one commit
SHOWN = 5  # rows of a preview
NAMED = ("first_name", "last_name", "username", "phone")
UNDONE_FOR = timedelta(days=7)


class Doubles(StrEnum):
    """What becomes of who is here already; short, since buttons carry them."""

    LEAVE = "leave"
    FILL = "fill"  # what is empty
    OVERWRITE = "over"


class Fate(StrEnum):
    """What became of a row."""

    NEW, MERGED, SAME, SKIPPED = "new", "merged", "same", "skipped"


DONE = (Fate.NEW, Fate.MERGED)  # what can be undone


@dataclass(frozen=True, slots=True)
class Preview:
    """What is in a file: the first people as they will be, how many are new, doubles, and not understood."""

    first: Sequence[Person]
    new: int
    doubles: int
    skipped: int
    partly: int  # of the others: not all was understood


class Known:
    """Who is here, by whatever a file may know of him."""

    def __init__(self, people: Iterable[Contact]) -> None:
        self._ids: dict[object, int] = {}
        for one in people:
            self.learn(one, one.merged_into or one.id or 0)

    def learn(self, one: Contact | Person, contact_id: int) -> None:
        """Whoever came first keeps a username or a phone."""
        for key in _keys(one):
            self._ids.setdefault(key, contact_id)

    def find(self, one: Person) -> int | None:
        """The contact that he is, by his number, else his username, else his phone."""
        return next((self._ids[key] for key in _keys(one) if key in self._ids), None)


def _keys(one: Contact | Person) -> Iterator[object]:
    """A number of our own is one workspace's: in a file of another it may be somebody else's, so the name must fit."""
    facts = one.facts if isinstance(one, Person) else one.model_dump(include={*NAMED})
    first, last, username, phone = (facts.get(name) for name in NAMED)
    if one.telegram_id is not None:
        ours = one.telegram_id >= NOT_AT_TELEGRAM
        yield (one.telegram_id, name_key(f"{first or ''} {last or ''}")) if ours else one.telegram_id
    if username:
        yield f"@{username.casefold()}"
    if phone:
        yield f"+{phone.lstrip('+')}"


async def understanding(room: Room, columns: Sequence[str], notation: Notation) -> Understanding:
    """By what the rows of a file are understood now."""
    async with room.reading() as session:
        own = {one.id or 0: one for one in await fields.in_order(session)}
        phone = next((one.phone for one, *_roads in await accounts.with_roads(session) if one.phone), None)
        return Understanding(room, columns, own, await stages.in_order(session), notation, phone)


async def preview(desk: Desk, table: Table, columns: Sequence[str], notation: Notation) -> Preview:
    """What would become of it; nothing is written. Raises NotAllowed."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    by = await understanding(desk, columns, notation)
    async with desk.reading() as session:
        known = await _known(session)
    people = await asyncio.to_thread(lambda: [by.person(row) for row in table.rows])
    fates: Counter[Fate] = Counter()
    for number, one in enumerate(people):
        if not one.somebody:
            fates[Fate.SKIPPED] += 1
        elif known.find(one) is None:
            fates[Fate.NEW] += 1
            known.learn(one, -number)
        else:
            fates[Fate.MERGED] += 1
    partly = sum(bool(one.lacks) for one in people if one.somebody)
    first = [one for one in people if one.somebody][:SHOWN]
    return Preview(first, fates[Fate.NEW], fates[Fate.MERGED], fates[Fate.SKIPPED] + len(table.broken), partly)


async def run(work: Work, table: Table, columns: Sequence[str], notation: Notation) -> None:
    """Take the people in, a handful in one commit; after a restart from where it stood."""
    job, doubles = work.job, Doubles(work.job.params["doubles"])
    by = await understanding(work.room, columns, notation)
    async with work.room.reading() as session:
        known = await _known(session)
    place = int(job.result.get("place", 0))
    counts: Counter[str] = Counter(job.result.get("counts", {}))
    told, made = list(job.result.get("told", [])), list(job.result.get("made", []))
    if not place:
        told += [[line, Fate.SKIPPED, [Lack.CARD]] for line in table.broken]
        counts[Fate.SKIPPED] += len(table.broken)
    while place < len(table.rows):
        rows = table.rows[place : place + TOGETHER]
        people = await asyncio.to_thread(lambda rows=rows: [by.person(row) for row in rows])  # type: ignore[misc]
        async with work.room.transaction() as session:
            writing = Writing(session, work.room, job)
            for one in people:
                fate = await _put(writing, known, one, doubles)
                counts[fate] += 1
                if fate is Fate.SKIPPED or one.lacks:
                    told.append([one.line, fate, [str(lack) for lack in one.lacks]])
            await writing.finish()
            place += len(rows)
            made += writing.made
            await work.note_with(session, place=place, counts=dict(counts), told=told, made=made)
        await work.progress(place, len(table.rows))
    async with work.room.transaction() as session:
        session.add(_entry(work, "contacts.taken", dict(counts)))
        await work.note_with(session, counts=dict(counts), told=told)


async def _put(writing: Writing, known: Known, one: Person, doubles: Doubles) -> Fate:
    if not one.somebody:
        return Fate.SKIPPED
    contact_id = known.find(one)
    if contact_id is None:
        contact = await writing.add(one)
        known.learn(contact, contact.id or 0)
        return Fate.NEW
    if doubles is Doubles.LEAVE:
        return Fate.SAME
    changed = await writing.merge(contact_id, one, overwrite=doubles is Doubles.OVERWRITE)
    return Fate.MERGED if changed else Fate.SAME


async def undo_params(desk: Desk, job_id: int) -> dict[str, Any]:
    """What the undo needs. Raises NotFound("bulk") where it is too late or nothing is left to undo, NotNow."""
    desk.need(Power.MANAGE)
    async with desk.reading() as session:
        job = await session.get(Job, job_id)
        if job is None or job.kind != KIND or not await sifts.steps_left(session, job_id):
            raise NotFound("bulk")
        if job.state in {jobs.QUEUED, jobs.RUNNING}:
            raise NotNow("running")
        if job.ended_at is not None and job.ended_at + UNDONE_FOR < desk.installation.clock.now():
            raise NotFound("bulk")
    return {"job": job_id}


async def run_undo(work: Work) -> None:
    """Whoever came and has not written since goes; whoever was here has again what he had."""
    first, undone = int(work.job.params["job"]), 0
    async with work.room.reading() as session:
        total = await sifts.steps_left(session, first)
    while True:
        async with work.room.transaction() as session:
            writing, steps = Writing(session, work.room, work.job), await sifts.steps(session, first, TOGETHER)
            for step in steps:
                undone += await writing.take_back(step)
            await writing.finish()
        if not steps:
            break
        await work.progress(undone, total)
    async with work.room.transaction() as session:
        origin = await session.get_one(Job, first)
        for tag_id in origin.result.get("made", ()):
            if (tag := await session.get(Tag, tag_id)) and not any(await tags.uses(session, tag_id)):
                await session.delete(tag)
        session.add(_entry(work, "contacts.taken_back", {"contacts": undone}))
        await work.note_with(session, undone=undone)


def _entry(work: Work, act: str, facts: dict[str, int]) -> AuditEntry:
    now = work.room.installation.clock.now()
    return AuditEntry(at=now, actor_id=work.job.asked_by, act=act, subject=f"job:{work.job.id}", facts=facts)


async def _known(session: AsyncSession) -> Known:
    query = select(Contact).where(col(Contact.telegram_id) > 0).order_by(col(Contact.id))
    return Known((await session.exec(query)).all())
