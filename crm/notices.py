"""What a workspace's owner is told unasked, in the same transaction as what it tells of."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import people
from crm.access import Room
from storage import outbox
from storage.outbox import Delivery


async def tell_owner(room: Room, session: AsyncSession, what: str, key: object, **facts: Any) -> None:
    """Say it in the owner's chat with the bot; once for this key. Without an owner there is nobody to tell."""
    owner_id = room.workspace.owner_id
    if owner_id is None:
        return
    facts |= await people.reader(room.installation, owner_id, room.workspace)
    now = room.installation.clock.now()
    await outbox.ask(session, Delivery, f"{what}:{key}", owner_id, what, facts=facts, due_at=now)
