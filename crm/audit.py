"""The record of acts, written in the transaction of the act itself, or before it where that is in another file."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk
from storage.audit import AuditEntry, is_known


def record(desk: Desk, session: AsyncSession, act: str, subject: str | None = None, **facts: Any) -> None:
    """Write down that this member did `act` (noun.verb) to `subject` (noun:id); facts are ids and counts."""
    now = desk.installation.clock.now()
    session.add(
        AuditEntry(at=now, actor_id=desk.person.id, act=act, subject=subject, facts=facts, update_id=desk.update_id)
    )


async def record_first(desk: Desk, act: str, subject: str | None = None, **facts: Any) -> None:
    """Write down what is about to be done in the registry, and leave the update undone until that is done, too.

    No one commit holds vault and registry. After a crash between them the update is repeated, finds its entry, and does
    what is left; were the registry first, a seat that is gone could not be told from one that never was.
    """
    async with desk.vault.transaction() as session:
        if desk.update_id is None or not await is_known(session, desk.update_id, act, subject):
            record(desk, session, act, subject, **facts)
