"""The pipeline: its stages, who stands in which, and every move from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, fields, names, pages
from crm.access import Desk, Power, contact_for, stage_for
from crm.errors import Invalid, NotFound, NotNow
from crm.pages import Page
from storage import fields as stored_fields
from storage import stages
from storage.contacts import Contact
from storage.stages import Stage, StageMove

MOST = 20  # stages of a pipeline: its board fits on one screen


@dataclass(frozen=True, slots=True)
class Board:
    """The pipeline with how many stand in each stage, and in none."""

    stages: Sequence[tuple[Stage, int]]
    without: int
    sums: Mapping[int, Mapping[str, int]]  # what the chosen money field comes to: stage → currency → in its units


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contact stands, and where it could."""

    contact: Contact
    stages: Sequence[Stage]


async def board(desk: Desk) -> Board:
    """The whole pipeline at a glance."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        pipeline, counts = await stages.in_order(session), await stages.counted(session)
        summed = await fields.on_board(session)
        sums = await stored_fields.sums(session, summed.id) if summed and summed.id else {}
        return Board([(stage, counts.get(stage.id, 0)) for stage in pipeline], counts.get(None, 0), sums)


async def one(desk: Desk, stage_id: int, *, page: int = 0) -> tuple[Stage, Page[tuple[Contact, datetime]]]:
    """A stage and who stands in it since when, the last to come first. Raises NotFound."""
    async with desk.reading() as session:
        stage = await stage_for(desk, session, stage_id)
        here: Page[tuple[Contact, datetime]] = pages.place(page, (await stages.counted(session)).get(stage_id, 0))
        return stage, here.with_items(await stages.page(session, stage_id, offset=here.offset, limit=pages.SIZE))


async def standing(desk: Desk, contact_id: int) -> Standing:
    """Where a contact can be moved. Raises NotFound."""
    async with desk.reading() as session:
        return Standing(await contact_for(desk, session, contact_id), await stages.in_order(session))


async def lay_out(desk: Desk, wanted: Sequence[str]) -> None:
    """Make a pipeline of these stages, where there is none yet; twice is once. Raises Invalid as `add` does."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        if not await stages.in_order(session):
            for name in wanted:
                await _add(desk, session, name)


async def add(desk: Desk, name: str) -> Stage:
    """A new last stage. Raises Invalid: empty, too_long, signs, taken, too_many."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        return await _add(desk, session, name)


async def rename(desk: Desk, stage_id: int, name: str) -> None:
    """Another name for a stage. Raises Invalid as `add` does, NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        stage = await _present(desk, session, stage_id)
        stage.name = _free(name, [other for other in await stages.in_order(session) if other.id != stage_id])
        session.add(stage)
        audit.record(desk, session, "stage.renamed", f"stage:{stage_id}")


async def shift(desk: Desk, stage_id: int, *, later: bool) -> None:
    """Let a stage change places with its neighbour; the first and the last stay where they are. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        await _present(desk, session, stage_id)
        order = [stage.id or 0 for stage in await stages.in_order(session)]
        here = order.index(stage_id)
        there = here + (1 if later else -1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            await stages.arrange(session, order)
            audit.record(desk, session, "stage.shifted", f"stage:{stage_id}", place=there + 1)


async def remove(desk: Desk, stage_id: int, *, to: int | None) -> int:
    """Take a stage out of the pipeline; whoever stands there goes to another stage, or to none. Returns how many.

    Raises NotFound.
    """
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        stage = await _present(desk, session, stage_id)
        if to is not None:
            await _present(desk, session, to)
        if to == stage_id:
            raise NotFound("stage")
        now, there = desk.installation.clock.now(), await stages.standing_in(session, stage_id)
        await stages.move(session, [_step(desk, contact_id, stage_id, to, now) for contact_id in there])
        stage.removed_at = now
        session.add(stage)
        await session.flush()
        await stages.arrange(session, [left.id or 0 for left in await stages.in_order(session)])
        audit.record(desk, session, "stage.removed", f"stage:{stage_id}", contacts=len(there))
        return len(there)


async def restore(desk: Desk, stage_id: int) -> None:
    """Undo a removal: the stage is the last one, and whoever has not moved again stands in it. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        stage = await stage_for(desk, session, stage_id)
        if stage.removed_at is None:
            return
        pipeline = await stages.in_order(session)
        _free(stage.name, pipeline)
        now, gone = desk.installation.clock.now(), await stages.moved_away(session, stage)
        await stages.move(session, [_step(desk, one.contact_id, one.to_id, stage_id, now) for one in gone])
        stage.removed_at, stage.place = None, len(pipeline) + 1
        session.add(stage)
        audit.record(desk, session, "stage.restored", f"stage:{stage_id}", contacts=len(gone))


async def move(desk: Desk, contact_id: int, stage_id: int | None) -> int | None:
    """Let a contact stand in a stage, or in none. Returns where it stood. Raises NotFound, NotNow("group")."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        if contact.is_group:
            raise NotNow("group")
        if stage_id is not None:
            await _present(desk, session, stage_id)
        before = contact.stage_id
        if before != stage_id:
            now = desk.installation.clock.now()
            await stages.move(session, [_step(desk, contact.id or 0, before, stage_id, now)])
            facts = {"from": before, "to": stage_id}
            audit.record(desk, session, "contact.staged", f"contact:{contact_id}", **facts)
        return before


def _step(desk: Desk, contact_id: int, before: int | None, after: int | None, now: datetime) -> StageMove:
    return StageMove(contact_id=contact_id, from_id=before, to_id=after, moved_at=now, moved_by=desk.person.id)


async def _present(desk: Desk, session: AsyncSession, stage_id: int) -> Stage:
    stage = await stage_for(desk, session, stage_id)
    if stage.removed_at is not None:
        raise NotFound("stage")
    return stage


async def _add(desk: Desk, session: AsyncSession, name: str) -> Stage:
    pipeline = await stages.in_order(session)
    proper = _free(name, pipeline)
    stage = Stage(name=proper, place=len(pipeline) + 1, made_at=desk.installation.clock.now())
    session.add(stage)
    await session.flush()
    audit.record(desk, session, "stage.made", f"stage:{stage.id}")
    return stage


def _free(name: str, others: Sequence[Stage]) -> str:
    proper = names.proper(name, "stage")
    if names.key(proper) in {names.key(other.name) for other in others}:
        raise Invalid("stage", "taken")
    if len(others) >= MOST:
        raise Invalid("stage", "too_many", MOST)
    return proper
