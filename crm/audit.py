"""The record of acts, written in the transaction of the act itself."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk
from storage.audit import AuditEntry


def record(desk: Desk, session: AsyncSession, act: str, subject: str | None = None, **facts: Any) -> None:
    """Write down that this member did `act` (noun.verb) to `subject` (noun:id); facts are ids and counts."""
    now = desk.installation.clock.now()
    session.add(AuditEntry(at=now, actor_id=desk.person.id, act=act, subject=subject, facts=facts))
