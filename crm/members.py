"""Who may come in, and as what: one-time codes, of which only digests are kept, and the seats behind them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages
from crm.access import POWERS, SWITCHED, SWITCHES, Desk, Power
from crm.errors import Invalid, NotAllowed, NotFound
from crm.installation import Installation
from crm.notices import tell
from crm.pages import Page
from storage import conversations, digests, duty, memberships, quiet, reminders
from storage.memberships import Invitation, Membership
from storage.people import Person
from storage.workspaces import ACTIVE, Workspace

ROLE_SET, POWER_SET = "role_set", "power_set"  # what the outbox calls these notices
INVITATION_LASTS = timedelta(days=7)
OPEN_AT_MOST = 20  # invitations that nobody has used yet: they stand on one screen
CLAIM_LASTS = timedelta(days=1)  # each start of an unclaimed installation prints a new one
ROLES = ("admin", "agent", "viewer")  # owner is who opened the workspace, and nobody else

Seat = tuple[Membership, Person]


@dataclass(frozen=True, slots=True)
class Team:
    """A page of those with a seat, and what was given out and may still be used."""

    seats: Page[Seat]
    invitations: Sequence[Invitation]


async def claim_code(installation: Installation) -> str:
    """A one-time code with which the first person opens a workspace here. Earlier unused ones are void."""
    async with installation.registry.transaction() as session:
        await memberships.withdraw_claims(session)
        return _make(session, None, "owner", by=None, now=installation.clock.now(), lasts=CLAIM_LASTS)


async def claimed(installation: Installation) -> bool:
    """Whether this installation has an owner already."""
    async with installation.registry.reading() as session:
        return await memberships.any_owner(session)


async def look(installation: Installation, code: str, person_id: int | None = None) -> Workspace | Invitation | None:
    """Where a code leads, without using it: a workspace, a claim of one's own, or None for no good code.

    Whoever has used it is led there once more.
    """
    async with installation.registry.reading() as session:
        invitation = await session.get(Invitation, digest(code))
        if invitation is None:
            return None
        his = person_id is not None and invitation.used_by == person_id and invitation.role in (*ROLES, "owner")
        meant = invitation.meant_for in {None, person_id}
        if not his and not (meant and _good(invitation, installation.clock.now())):
            return None
        if invitation.workspace_id is None:
            return invitation
        workspace = await session.get(Workspace, invitation.workspace_id)
        return workspace if workspace and workspace.state == ACTIVE else None


async def spend(session: AsyncSession, code: str, person_id: int, now: datetime) -> Invitation | None:
    """Use a code up; None where it is no good. Whoever used it may repeat that, and nobody else."""
    invitation = await session.get(Invitation, digest(code))
    if invitation is None:
        return None
    if invitation.used_by == person_id and invitation.role in (*ROLES, "owner"):
        return invitation
    if not _good(invitation, now) or invitation.meant_for not in {None, person_id}:
        return None
    invitation.used_at, invitation.used_by = now, person_id
    session.add(invitation)
    return invitation


async def seat(session: AsyncSession, invitation: Invitation, person: Person, now: datetime) -> Workspace:
    """Give the seat that the invitation promises; who has one keeps the role he has. Returns where it is."""
    workspace = await session.get(Workspace, invitation.workspace_id)
    if workspace is None or workspace.id is None or workspace.state != ACTIVE:
        raise NotFound("workspace")
    if await session.get(Membership, (workspace.id, person.id)) is None:
        session.add(Membership(workspace_id=workspace.id, person_id=person.id, role=invitation.role, joined_at=now))
    person.workspace_id = workspace.id
    session.add(person)
    return workspace


async def team(desk: Desk, page: int = 0) -> Team:
    """The team as a member sees it; invitations only where he may manage them."""
    desk.need(Power.READ)
    here = desk.workspace.id or 0
    async with desk.installation.registry.reading() as session:
        place: Page[Seat] = pages.place(page, await memberships.count_in(session, here))
        seats = await memberships.seats_in(session, here, offset=place.offset, limit=pages.SIZE)
    return Team(place.with_items(seats), await _invitations(desk) if desk.may(Power.MANAGE) else [])


async def member(desk: Desk, person_id: int) -> tuple[Seat, int]:
    """One member's seat, and the page of the team on which he stands. Raises NotFound."""
    desk.need(Power.READ)
    async with desk.installation.registry.reading() as session:
        membership = await session.get(Membership, (desk.workspace.id, person_id))
        person = await session.get(Person, person_id)
        if membership is None or person is None:
            raise NotFound("member")
        return (membership, person), await memberships.count_before(session, membership) // pages.SIZE


async def _invitations(desk: Desk) -> Sequence[Invitation]:
    now = desk.installation.clock.now()
    async with desk.installation.registry.reading() as session:
        given = await memberships.open_invitations(session, desk.workspace.id or 0, now=now)
    return [one for one in given if one.role in ROLES]


async def invite(desk: Desk, role: str, *, meant_for: int | None = None) -> str:
    """A code for one new member, perhaps for this person alone, good once and for seven days.

    Only the owner makes admins. Raises Invalid.
    """
    _need_for(desk, role)
    now = desk.installation.clock.now()
    async with desk.installation.registry.transaction() as session:
        if len(await memberships.open_invitations(session, desk.workspace.id or 0, now=now)) >= OPEN_AT_MOST:
            raise Invalid("invitation", "too_many", OPEN_AT_MOST)
        code = _make(
            session, desk.workspace.id, role, by=desk.person.id, now=now, lasts=INVITATION_LASTS, meant_for=meant_for
        )
    async with desk.transaction() as session:
        audit.record(desk, session, "member.invited", role=role)
    return code


async def revoke(desk: Desk, mark: str) -> None:
    """Make an unused invitation void; `mark` is the beginning of its digest. Raises NotFound."""
    desk.need(Power.MANAGE)
    for invitation in await _invitations(desk):
        if invitation.digest.startswith(mark):
            await audit.record_first(desk, "invitation.revoked", role=invitation.role)
            async with desk.installation.registry.transaction() as session:
                await memberships.withdraw(session, invitation)
            return
    raise NotFound("invitation")


async def set_role(desk: Desk, person_id: int, role: str) -> None:
    """Let a member be something else from now on. Raises NotFound, NotAllowed."""
    _need_for(desk, role)
    async with desk.installation.registry.transaction() as session:
        membership = await other_seat(desk, session, person_id)
        membership.role, membership.assigns, membership.exports = role, None, None
        session.add(membership)
        if Power.MANAGE not in POWERS[role]:
            await memberships.withdraw_links(session, membership)
    async with desk.transaction() as session:
        if Power.WRITE not in POWERS[role]:
            await conversations.release(session, person_id)  # he answers nobody any more
        audit.record(desk, session, "member.role_set", f"person:{person_id}", role=role)
        key = f"{person_id}:{desk.installation.clock.now().isoformat()}"
        await tell(desk, session, person_id, ROLE_SET, key=key, name=desk.workspace.name, role=role)


async def switch(desk: Desk, person_id: int, power: Power, *, on: bool) -> None:
    """Let a member do something otherwise than his role has it, or not; he is told.

    Nobody gives what he has not himself. Raises NotFound, NotAllowed, Invalid.
    """
    desk.need(Power.MANAGE)
    desk.need(power)
    if power not in SWITCHES:
        raise Invalid("power", "unknown")
    async with desk.installation.registry.transaction() as session:
        membership = await other_seat(desk, session, person_id)
        if membership.role not in SWITCHED:
            raise Invalid("power", "unknown")
        setattr(membership, SWITCHES[power], on)
        session.add(membership)
    async with desk.transaction() as session:
        audit.record(desk, session, "member.switched", f"person:{person_id}", power=power, on=on)
        key = f"{person_id}:{power}:{desk.installation.clock.now().isoformat()}"
        await tell(desk, session, person_id, POWER_SET, key=key, workspace=desk.workspace.name, power=power, on=on)


async def remove(desk: Desk, person_id: int) -> None:
    """Take a member's seat; who has no other is forgotten whole. Raises NotFound, NotAllowed."""
    desk.need(Power.MANAGE)
    async with desk.installation.registry.reading() as session:
        await other_seat(desk, session, person_id)
    await _step_back(desk, "member.removed", person_id)
    async with desk.installation.registry.transaction() as session:
        await memberships.vacate(session, await other_seat(desk, session, person_id))


async def leave(desk: Desk) -> None:
    """Give up one's own seat; the owner cannot, he deletes the workspace instead."""
    if desk.role == "owner":
        raise NotAllowed("leave")
    await _step_back(desk, "member.left", desk.person.id)
    async with desk.installation.registry.transaction() as session:
        membership = await session.get(Membership, (desk.workspace.id, desk.person.id))
        if membership is not None:
            await memberships.vacate(session, membership)


async def _step_back(desk: Desk, act: str, person_id: int) -> None:
    """Write down that a seat ends, let go of the conversations that this member was to answer, and hand on promises."""
    await audit.record_first(desk, act, f"person:{person_id}")
    async with desk.vault.transaction() as session:
        await conversations.release(session, person_id)
        await reminders.hand_over(session, person_id, desk.workspace.owner_id)
        await quiet.forget(session, person_id)
        await duty.forget(session, person_id)
        await digests.forget(session, person_id)


def digest(code: str) -> str:
    """What is kept of a code. Codes are 128 random bits: nothing slower than SHA-256 is needed."""
    return hashlib.sha256(code.encode()).hexdigest()


def _make(
    session: AsyncSession,
    workspace_id: int | None,
    role: str,
    *,
    by: int | None,
    now: datetime,
    lasts: timedelta,
    meant_for: int | None = None,
) -> str:
    code = secrets.token_urlsafe(16)
    session.add(
        Invitation(
            digest=digest(code),
            workspace_id=workspace_id,
            role=role,
            made_by=by,
            made_at=now,
            expires_at=now + lasts,
            meant_for=meant_for,
        )
    )
    return code


def _good(invitation: Invitation, now: datetime) -> bool:
    lets_in = invitation.role in ROLES or invitation.workspace_id is None
    return lets_in and invitation.used_at is None and invitation.expires_at > now


def _need_for(desk: Desk, role: str) -> None:
    desk.need(Power.MANAGE)
    if role not in ROLES:
        raise Invalid("role", "unknown")
    if role == "admin":
        desk.need(Power.OWN)


async def other_seat(desk: Desk, session: AsyncSession, person_id: int) -> Membership:
    """Another member's seat that this member may decide on: an admin's is the owner's to decide on."""
    membership = await session.get(Membership, (desk.workspace.id, person_id))
    if membership is None:
        raise NotFound("member")
    if membership.role == "owner" or person_id == desk.person.id:
        raise NotAllowed(Power.OWN)
    if membership.role == "admin":
        desk.need(Power.OWN)
    return membership
