"""One change of many contacts: previewed by a filter, done as a job, and undone as a whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import people
from crm.access import Desk, Power
from crm.errors import NotFound, NotNow
from crm.jobs import Cancelled, Work
from crm.notices import tell
from crm.queues import may_answer
from crm.sifts import sieve_of
from storage import jobs, sifts, stages, tags
from storage.audit import AuditEntry
from storage.contacts import Aside, Contact
from storage.conversations import Conversation, whose
from storage.jobs import Job
from storage.sifts import BulkStep
from storage.stages import Stage, StageMove
from storage.tags import ContactTag, Tag

KIND, UNDO = "bulk", "bulk_undo"
GIVEN = "contacts_given"  # what the outbox calls the notice
TOGETHER = 20  # contacts in one commit


class Change(StrEnum):
    """What can be done to many; short, since buttons carry them."""

    TAG = "tag"
    UNTAG = "untag"
    STAGE = "stage"
    ASSIGN = "assign"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class _Act:
    """A change as it is being done: what to, by whom, when."""

    target: int
    person_id: int
    now: datetime


Facts = dict[str, Any]


async def params(desk: Desk, sift_id: int, change: Change, target: int) -> Facts:
    """What the job needs: the contacts as they are now, and the change. Raises NotFound, NotNow("nothing")."""
    desk.need(Power.WRITE)
    async with desk.reading() as session:
        sieve = await sieve_of(desk, session, sift_id)
        if sieve.empty:  # a slip must not change everybody
            raise NotNow("no_filter")
        await _check(desk, session, change, target)
        ids = await sifts.everybody(session, sieve, desk.person.id)
    if not ids:
        raise NotNow("nothing")
    return {"change": change, "target": target, "contacts": ids}


async def undo_params(desk: Desk, job_id: int) -> Facts:
    """What the undo of a change needs. Raises NotFound where there is nothing (any more) to undo."""
    desk.need(Power.WRITE)
    async with desk.reading() as session:
        job = await session.get(Job, job_id)
        if job is None or job.kind != KIND or not await sifts.steps_left(session, job_id):
            raise NotFound("bulk")
        if job.asked_by != desk.person.id:
            desk.need(Power.MANAGE)
        if job.state in {jobs.QUEUED, jobs.RUNNING}:
            raise NotNow("running")
        return {"job": job_id, "change": job.params["change"], "target": job.params["target"]}


async def run(work: Work) -> None:
    """Change them a handful at a time; what is done is never done twice, however often the work is cut off.

    Whoever is to answer them is told once, of those that were given to him before it was stopped, too.
    """
    try:
        await _change_all(work)
    except Cancelled:
        async with work.room.transaction() as session:
            await _tell_given(work, session)
        raise


async def _change_all(work: Work) -> None:
    job = work.job
    contacts, change = list(job.params["contacts"]), Change(job.params["change"])
    done, changed = int(job.result.get("done", 0)), int(job.result.get("changed", 0))
    while done < len(contacts):
        act = _Act(int(job.params["target"]), job.asked_by, work.room.installation.clock.now())
        async with work.room.transaction() as session:
            for contact_id in contacts[done : done + TOGETHER]:
                before = await _DO[change](session, act, contact_id)
                if before is not None:
                    session.add(BulkStep(job_id=job.id or 0, contact_id=contact_id, before=before))
                    _record(session, act, f"contacts.{change}", contact_id, job.id)
                    changed += 1
            done = min(done + TOGETHER, len(contacts))
            await work.note_with(session, done=done, changed=changed)
            if done == len(contacts):
                await _tell_given(work, session)
        await work.progress(done, len(contacts))


async def _tell_given(work: Work, session: AsyncSession) -> None:
    """One notice for all of them, once however often the work was cut off."""
    job, count = work.job, int(work.job.result.get("changed", 0))
    person_id = int(job.params["target"])
    if job.params["change"] == Change.ASSIGN and count and person_id not in {0, job.asked_by}:
        by = (await people.names(work.room.installation, [job.asked_by]))[job.asked_by]
        await tell(work.room, session, person_id, GIVEN, key=job.id, by=by, count=count)


async def run_undo(work: Work) -> None:
    """Give every contact back what it had, where nobody has changed it since."""
    job, undone = work.job, int(work.job.result.get("undone", 0))
    first, change = int(job.params["job"]), Change(job.params["change"])
    async with work.room.reading() as session:
        total = undone + await sifts.steps_left(session, first)
    while True:
        act = _Act(int(job.params["target"]), job.asked_by, work.room.installation.clock.now())
        async with work.room.transaction() as session:
            steps = await sifts.steps(session, first, TOGETHER)
            for step in steps:
                await _BACK[change](session, act, step)
                _record(session, act, f"contacts.{change}_undone", step.contact_id, first)
                await session.delete(step)
            undone += len(steps)
            await work.note_with(session, undone=undone)
        if not steps:
            break
        await work.progress(undone, total)


def _record(session: AsyncSession, act: _Act, what: str, contact_id: int, job_id: int | None) -> None:
    facts = {"target": act.target, "job": job_id}
    subject = f"contact:{contact_id}"
    session.add(AuditEntry(at=act.now, actor_id=act.person_id, act=what, subject=subject, facts=facts))


async def _check(desk: Desk, session: AsyncSession, change: Change, target: int) -> None:
    """Raise NotFound where what they are to be given is not there."""
    match change:
        case Change.TAG | Change.UNTAG if await session.get(Tag, target) is None:
            raise NotFound("tag")
        case Change.STAGE if target:
            stage = await session.get(Stage, target)
            if stage is None or stage.removed_at is not None:
                raise NotFound("stage")
        case Change.ASSIGN:
            desk.need(Power.ASSIGN)  # some of them may be others'
            if target and not await may_answer(desk, target):
                raise NotFound("member")


async def _tag(session: AsyncSession, act: _Act, contact_id: int) -> Facts | None:
    if await session.get(Tag, act.target) is None or await session.get(Contact, contact_id) is None:
        return None  # either may be gone since the change was asked for
    row = ContactTag(contact_id=contact_id, tag_id=act.target, put_at=act.now, put_by=act.person_id)
    return {} if await tags.put(session, row) else None


async def _untag(session: AsyncSession, act: _Act, contact_id: int) -> Facts | None:
    return {} if await tags.take(session, ContactTag, contact_id, act.target) else None


async def _stage(session: AsyncSession, act: _Act, contact_id: int) -> Facts | None:
    contact, stage_id = await session.get(Contact, contact_id), act.target or None
    stage = await session.get(Stage, stage_id) if stage_id else None
    if contact is None or contact.stage_id == stage_id or (stage_id and (stage is None or stage.removed_at)):
        return None
    before = contact.stage_id
    await _step(session, act, contact_id, before, stage_id)
    return {"stage": before}


async def _step(session: AsyncSession, act: _Act, contact_id: int, before: int | None, after: int | None) -> None:
    move = StageMove(contact_id=contact_id, from_id=before, to_id=after, moved_at=act.now, moved_by=act.person_id)
    await stages.move(session, [move])


async def _assign(session: AsyncSession, act: _Act, contact_id: int) -> Facts | None:
    theirs = select(Conversation).where(col(Conversation.contact_id).in_(whose(contact_id)))
    rows = [one for one in await session.exec(theirs) if one.assignee_id != (act.target or None)]
    before = {str(one.id): one.assignee_id for one in rows}
    for one in rows:
        one.assignee_id = act.target or None
        session.add(one)
    return before or None


async def _archive(session: AsyncSession, act: _Act, contact_id: int) -> Facts | None:
    here = (col(Contact.id) == contact_id, col(Contact.aside).is_(None))
    archived = await session.exec(update(Contact).where(*here).values(aside=Aside.ARCHIVED, aside_at=act.now))
    return {} if archived.rowcount else None


async def _tag_back(session: AsyncSession, act: _Act, step: BulkStep) -> None:
    await tags.take(session, ContactTag, step.contact_id, act.target)


async def _untag_back(session: AsyncSession, act: _Act, step: BulkStep) -> None:
    await _tag(session, act, step.contact_id)


async def _stage_back(session: AsyncSession, act: _Act, step: BulkStep) -> None:
    contact, before = await session.get(Contact, step.contact_id), step.before["stage"]
    gone = before is not None and await session.get(Stage, before) is None
    if contact is not None and contact.stage_id == (act.target or None) and not gone:
        await _step(session, act, step.contact_id, contact.stage_id, before)


async def _assign_back(session: AsyncSession, act: _Act, step: BulkStep) -> None:
    for number, before in step.before.items():
        here = (
            col(Conversation.id) == int(number),
            col(Conversation.assignee_id).is_not_distinct_from(act.target or None),
        )
        await session.exec(update(Conversation).where(*here).values(assignee_id=before))


async def _archive_back(session: AsyncSession, _act: _Act, step: BulkStep) -> None:
    here = (col(Contact.id) == step.contact_id, col(Contact.aside) == Aside.ARCHIVED)
    await session.exec(update(Contact).where(*here).values(aside=None, aside_at=None))


_DO: dict[Change, Callable[[AsyncSession, _Act, int], Awaitable[Facts | None]]] = {
    Change.TAG: _tag,
    Change.UNTAG: _untag,
    Change.STAGE: _stage,
    Change.ASSIGN: _assign,
    Change.ARCHIVE: _archive,
}
_BACK: dict[Change, Callable[[AsyncSession, _Act, BulkStep], Awaitable[None]]] = {
    Change.TAG: _tag_back,
    Change.UNTAG: _untag_back,
    Change.STAGE: _stage_back,
    Change.ASSIGN: _assign_back,
    Change.ARCHIVE: _archive_back,
}
