"""Who works in which workspace, and the invitations by which they come in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, or_, tuple_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import dialogs
from storage.columns import RegistryTable, TelegramId
from storage.people import Person
from storage.workspaces import GONE, Workspace


class Membership(RegistryTable, table=True):
    """One person's seat in one workspace."""

    __tablename__ = "memberships"

    workspace_id: int = Field(primary_key=True, foreign_key="workspaces.id", ondelete="CASCADE")
    person_id: int = Field(
        sa_type=TelegramId, primary_key=True, foreign_key="people.id", ondelete="CASCADE", index=True
    )
    role: str  # owner, admin, agent, viewer
    joined_at: datetime
    sees_identities: bool | None = None  # where the workspace hides them; None: as the role has it
    assigns: bool | None = None  # may give conversations to others, and take theirs; None: the same
    exports: bool | None = None  # may take data out; None: the same


IN_ORDER = (col(Membership.joined_at), col(Membership.person_id))  # the first to come first


class Invitation(RegistryTable, table=True):
    """A one-time code; only its digest is kept. Without a workspace it lets a person open one of his own."""

    __tablename__ = "invitations"

    digest: str = Field(primary_key=True)
    workspace_id: int | None = Field(default=None, foreign_key="workspaces.id", ondelete="CASCADE")
    role: str = "owner"
    made_by: int | None = Field(default=None, sa_type=TelegramId)  # nobody: the installation itself
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, sa_type=TelegramId)
    meant_for: int | None = Field(default=None, sa_type=TelegramId)  # good for nobody else


async def seats_in(
    session: AsyncSession, workspace_id: int, *, offset: int = 0, limit: int | None = None
) -> list[tuple[Membership, Person]]:
    """Who works there, the first to come first."""
    query = (
        select(Membership, Person)
        .where(col(Membership.person_id) == col(Person.id), col(Membership.workspace_id) == workspace_id)
        .order_by(*IN_ORDER)
    )
    return list(await session.exec(query.offset(offset).limit(limit)))


async def count_in(session: AsyncSession, workspace_id: int) -> int:
    """How many work there."""
    query = select(func.count()).select_from(Membership).where(col(Membership.workspace_id) == workspace_id)
    return (await session.exec(query)).one()


async def count_before(session: AsyncSession, seat: Membership) -> int:
    """How many came before this member."""
    query = select(func.count()).select_from(Membership).where(
        col(Membership.workspace_id) == seat.workspace_id, tuple_(*IN_ORDER) < (seat.joined_at, seat.person_id)
    )  # fmt: skip
    return (await session.exec(query)).one()


async def seats_of(session: AsyncSession, person_id: int) -> list[tuple[Membership, Workspace]]:
    """Every workspace this person may enter, the first joined first."""
    query = select(Membership, Workspace).where(
        col(Membership.workspace_id) == col(Workspace.id),
        col(Membership.person_id) == person_id,
        col(Workspace.state) != GONE,
    )
    return list(await session.exec(query.order_by(col(Membership.joined_at))))


async def open_invitations(session: AsyncSession, workspace_id: int, *, now: datetime) -> list[Invitation]:
    """What was given out and may still be used, the newest first."""
    here = (
        col(Invitation.workspace_id) == workspace_id,
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > now,
    )
    return list(await session.exec(select(Invitation).where(*here).order_by(col(Invitation.made_at).desc())))


async def withdraw(session: AsyncSession, invitation: Invitation) -> None:
    """Make an unused invitation void; one that was used meanwhile stays with whom it let in."""
    here = (col(Invitation.digest) == invitation.digest, col(Invitation.used_at).is_(None))
    await session.exec(delete(Invitation).where(*here))


async def unspent_claim(session: AsyncSession, person_id: int) -> bool:
    """Whether this person came in by a code that lets him open a workspace of his own."""
    here = (col(Invitation.used_by) == person_id, col(Invitation.workspace_id).is_(None))
    return (await session.exec(select(Invitation.digest).where(*here))).first() is not None


async def any_owner(session: AsyncSession) -> bool:
    """Whether anybody has opened a workspace here."""
    return (await session.exec(select(Membership.person_id).where(col(Membership.role) == "owner"))).first() is not None


async def vacate(session: AsyncSession, membership: Membership) -> None:
    """Remove one seat; a person who has no other is forgotten with all that was kept of him."""
    person = await session.get(Person, membership.person_id)
    await session.delete(membership)
    await session.flush()
    await withdraw_links(session, membership)
    left = (await session.exec(select(Membership).where(col(Membership.person_id) == membership.person_id))).first()
    if person is None:
        return
    await dialogs.forget(session, [person.id])  # what was asked here must not be answered in another workspace
    if left is None:
        await forget_traces(session, [person.id])
        await session.delete(person)
    elif person.workspace_id == membership.workspace_id:
        person.workspace_id = left.workspace_id
        session.add(person)


async def withdraw_links(session: AsyncSession, membership: Membership) -> None:
    """Forget the links of this workspace that its member made or came in by: none may lead him back."""
    his = or_(col(Invitation.used_by) == membership.person_id, col(Invitation.made_by) == membership.person_id)
    await session.exec(delete(Invitation).where(col(Invitation.workspace_id) == membership.workspace_id, his))


async def use_up_claims(session: AsyncSession, person_id: int) -> None:
    """Forget the claims with which this person came in: each was good for one workspace."""
    here = (col(Invitation.used_by) == person_id, col(Invitation.workspace_id).is_(None))
    await session.exec(delete(Invitation).where(*here))


async def withdraw_claims(session: AsyncSession) -> None:
    """Make every unused claim of the installation void."""
    here = (
        col(Invitation.workspace_id).is_(None),
        col(Invitation.used_at).is_(None),
        col(Invitation.made_by).is_(None),
    )
    await session.exec(delete(Invitation).where(*here))


async def empty(session: AsyncSession, workspace_id: int) -> list[int]:
    """Remove all seats and invitations of a workspace; the people who have no seat left anywhere.

    Whoever has another seat and sat here is moved there.
    """
    people = list(await session.exec(select(Membership.person_id).where(col(Membership.workspace_id) == workspace_id)))
    await session.exec(delete(Membership).where(col(Membership.workspace_id) == workspace_id))
    await session.exec(delete(Invitation).where(col(Invitation.workspace_id) == workspace_id))
    elsewhere = await session.exec(select(Membership).where(col(Membership.person_id).in_(people)))
    seats = {seat.person_id: seat.workspace_id for seat in elsewhere}
    for person in await session.exec(select(Person).where(col(Person.id).in_(seats))):
        if person.workspace_id == workspace_id:
            await dialogs.forget(session, [person.id])
            person.workspace_id = seats[person.id]
            session.add(person)
    return [person for person in people if person not in seats]


async def forget_traces(session: AsyncSession, people: Collection[int]) -> None:
    """Remove the invitations that these people used or made."""
    traces = or_(col(Invitation.used_by).in_(people), col(Invitation.made_by).in_(people))
    await session.exec(delete(Invitation).where(traces))
