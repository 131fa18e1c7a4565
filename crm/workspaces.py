"""Workspaces: opened by a person who may, named, placed in a zone, and changed between."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import available_timezones

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, people
from crm.access import Desk, Power
from crm.errors import Invalid, NotAllowed, Outsider
from crm.installation import Installation
from storage import memberships, workspaces
from storage.memberships import Membership
from storage.people import Person
from storage.workspaces import Workspace

NAME_LIMIT = 64


async def found(installation: Installation, person_id: int, name: str) -> Workspace:
    """Open a workspace: its row, its key and vault, then the owner's seat.

    A crash in between leaves a workspace that nobody can enter; the next try takes it up. One person opens one, and
    whoever was let in by a claim has used it up then.
    """
    name = _clean(name)
    may = await people.may_found(installation, person_id)
    async with installation.registry.transaction() as session:
        workspace = await workspaces.owned_by(session, person_id)
        if workspace is None and not may:
            raise NotAllowed("found")
        if workspace is None:
            workspace = Workspace(name=name, owner_id=person_id, made_at=installation.clock.now())
            session.add(workspace)
            await session.flush()
    number = workspace.id or 0
    if not installation.vaults.path(number).exists():
        await installation.vaults.create(number)
    async with installation.registry.transaction() as session:
        await _give_to_owner(session, number, person_id, installation)
    return workspace


async def _give_to_owner(session: AsyncSession, number: int, person_id: int, installation: Installation) -> None:
    person = await session.get_one(Person, person_id)
    person.workspace_id = number
    session.add(person)
    if await session.get(Membership, (number, person_id)) is None:
        now = installation.clock.now()
        session.add(Membership(workspace_id=number, person_id=person_id, role="owner", joined_at=now))
    await memberships.use_up_claims(session, person_id)


async def seats(installation: Installation, person_id: int) -> Sequence[tuple[Membership, Workspace]]:
    """Every workspace that this person may enter, with his seat."""
    return await installation.registry.answer(memberships.seats_of, person_id)


async def switch(installation: Installation, person_id: int, workspace_id: int) -> None:
    """Put another of the person's workspaces on the desk. Raises Outsider where he has no seat there."""
    if workspace_id not in {seat.workspace_id for seat, _workspace in await seats(installation, person_id)}:
        raise Outsider
    async with installation.registry.transaction() as session:
        person = await session.get_one(Person, person_id)
        person.workspace_id = workspace_id
        session.add(person)


async def rename(desk: Desk, name: str) -> None:
    """Give the workspace another name. Raises Invalid."""
    await _change(desk, "workspace.renamed", name=_clean(name))


async def set_zone(desk: Desk, zone: str) -> None:
    """Show all times in another zone (an IANA name). Raises Invalid."""
    if zone not in available_timezones():
        raise Invalid("zone", "unknown")
    await _change(desk, "workspace.zone_set", zone=zone)


async def _change(desk: Desk, act: str, **values: str) -> None:
    desk.need(Power.MANAGE)
    async with desk.installation.registry.transaction() as session:
        workspace = await session.get_one(Workspace, desk.workspace.id)
        workspace.sqlmodel_update(values)
        session.add(workspace)
    async with desk.transaction() as session:
        audit.record(desk, session, act)


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("name", "empty")
    if len(name) > NAME_LIMIT:
        raise Invalid("name", "too_long", NAME_LIMIT)
    return name
