"""What a member is told unasked, in the same transaction as what it tells of."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import quiet
from crm.access import Room
from crm.installation import Installation
from storage import outbox
from storage.contacts import Contact
from storage.outbox import Delivery
from storage.people import Person
from storage.workspaces import Workspace


async def tell_owner(room: Room, session: AsyncSession, what: str, key: object, **facts: Any) -> None:
    """Say it in the owner's chat with the bot; once for this key. Without an owner there is nobody to tell."""
    if room.workspace.owner_id is not None:
        await tell(room, session, room.workspace.owner_id, what, key=key, **facts)


async def tell(
    room: Room,
    session: AsyncSession,
    person_id: int,
    what: str,
    *,
    key: object,
    about: Contact | None = None,
    **facts: Any,
) -> None:
    """Say it in this member's chat with the bot, in his language, silently in his quiet hours; once for this key.

    A client whom it is about is its `name`, as this member may see it.
    """
    if about is not None:
        mask = await room.mask_of(person_id)
        facts["name"] = mask.called(about) if mask is not None else about.name
    facts |= await _reader(room.installation, person_id, room.workspace)
    if await quiet.are_now(room, session, person_id):
        facts["silent"] = True
    now = room.installation.clock.now()
    await outbox.ask(session, Delivery, f"{what}:{key}", person_id, what, facts=facts, due_at=now)


async def _reader(installation: Installation, person_id: int, workspace: Workspace) -> dict[str, str]:
    """In what language and zone a notice about this workspace is put into words for this person."""
    person = await installation.registry.recall(Person, person_id)
    return {"language": (person.reads if person else None) or "en", "zone": workspace.zone}
