"""What a workspace decides for itself about what is kept."""

from __future__ import annotations

from sqlmodel import col, select

from crm import audit, mirror
from crm.access import Desk, Power
from storage import settings, totals
from storage.messages import Message

BATCH = 500


async def keeps_deleted(desk: Desk) -> bool:
    """Whether the text of a message stays after somebody has deleted it in Telegram."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return bool(await settings.read(session, mirror.KEEP_DELETED, default=True))


async def keep_deleted(desk: Desk, keep: bool) -> None:
    """Decide what happens to messages that are deleted in Telegram from now on."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        await settings.write(session, mirror.KEEP_DELETED, keep)
        audit.record(desk, session, "setting.changed", f"setting:{mirror.KEEP_DELETED}", value=keep)


async def kept_deleted(desk: Desk) -> int:
    """How many deleted messages still have their content."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await totals.kept_deleted(session)


async def erase_deleted(desk: Desk) -> int:
    """Erase the content of every message that was deleted in Telegram and kept until now. Returns how many."""
    desk.need(Power.MANAGE)
    erased = 0
    async with desk.transaction() as session:
        last = 0
        while batch := list(
            await session.exec(
                select(Message)
                .where(col(Message.deleted_at).is_not(None), col(Message.id) > last)
                .order_by(col(Message.id))
                .limit(BATCH)
            )
        ):
            for message in batch:
                await mirror.erase_content(session, message)
            session.add_all(batch)
            last, erased = batch[-1].id or 0, erased + len(batch)
            await session.flush()
            session.expunge_all()
        audit.record(desk, session, "messages.erased", count=erased)
    return erased
