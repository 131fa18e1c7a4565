"""The only way to an object is through the check that this person may have it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.errors import Leaving, NotAllowed, NotFound, Outsider
from crm.installation import Installation
from storage import inbox, masks, workspaces
from storage.accounts import Account
from storage.columns import VaultTable
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.fields import CustomField
from storage.inbox import InboxUpdate
from storage.masks import Mask, Who
from storage.memberships import Membership
from storage.messages import Message
from storage.notes import Note, NoteFile
from storage.people import Person
from storage.reminders import Reminder
from storage.replies import Reply
from storage.stages import Stage
from storage.tags import Tag
from storage.vault import Vault
from storage.workspaces import Workspace

Row = TypeVar("Row", bound=VaultTable)


class Power(StrEnum):
    """What a role may allow."""

    READ = "read"
    WRITE = "write"  # tags, notes, what is said to clients
    MANAGE = "manage"  # accounts, members, settings, the words of tags
    EXPORT = "export"
    ASSIGN = "assign"  # give conversations to others, and take theirs
    OWN = "own"  # delete the workspace


POWERS: dict[str, frozenset[Power]] = {
    "owner": frozenset(Power),
    "admin": frozenset({Power.READ, Power.WRITE, Power.MANAGE, Power.EXPORT, Power.ASSIGN}),
    "agent": frozenset({Power.READ, Power.WRITE, Power.ASSIGN}),
    "viewer": frozenset({Power.READ}),
}
IN_GRACE = frozenset({Power.READ, Power.EXPORT, Power.OWN})


SWITCHES = {Power.ASSIGN: "assigns", Power.EXPORT: "exports"}  # what a seat may say otherwise than its role
SWITCHED = frozenset({"admin", "agent"})  # for whom; the owner may do all, and a viewer only reads


def granted(seat: Membership) -> frozenset[Power]:
    """What a seat allows: as its role has it, or as its switches say."""
    found = set(POWERS[seat.role])
    for power, name in SWITCHES.items() if seat.role in SWITCHED else ():
        if (said := getattr(seat, name)) is not None:
            (found.add if said else found.discard)(power)
    return frozenset(found)


def powers(seat: Membership, workspace: Workspace) -> frozenset[Power]:
    """What a seat allows there, as long as the workspace still takes it."""
    return granted(seat) if workspace.state == workspaces.ACTIVE else granted(seat) & IN_GRACE


SEES = frozenset({"owner", "admin"})  # who clients are, where that is hidden and their seat does not say otherwise
IDENTITIES = "identities"  # what NotAllowed names then
MASKS = "masks"  # the use of the vault's key for codes


def sees_identities(seat: Membership, workspace: Workspace) -> bool:
    """Whether a member may see who clients are."""
    if not workspace.hides_identities or seat.role == "owner":
        return True
    return seat.role in SEES if seat.sees_identities is None else seat.sees_identities


@dataclass(frozen=True, slots=True)
class Room:
    """A workspace that is open for one update or one piece of work; nobody in person is acting."""

    installation: Installation
    workspace: Workspace
    vault: Vault
    update_ids: tuple[int, ...]  # the updates that are being worked off

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One commit for an act, its audit entry and the mark that its updates have had their effect.

        So a crash can neither lose the act nor let an update do it twice.
        """
        async with self.vault.transaction() as session:
            yield session
            if self.update_ids:
                await inbox.finish(session, InboxUpdate, self.update_ids)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One consistent view of the vault."""
        async with self.vault.reading() as session:
            yield session

    def mask_in_common(self, language: str) -> Mask | None:
        """What hides who clients are where a whole group reads along; None where the workspace hides it from nobody."""
        if not self.workspace.hides_identities:
            return None
        return Mask(self.vault.key(MASKS), self.installation.naming, language)

    async def mask_of(self, person_id: int) -> Mask | None:
        """What hides from this person who clients are; None where he sees it, or is nobody here."""
        registry = self.installation.registry
        seat = await registry.recall(Membership, (self.workspace.id or 0, person_id))
        person = await registry.recall(Person, person_id)
        if seat is None or person is None or sees_identities(seat, self.workspace):
            return None
        return Mask(self.vault.key(MASKS), self.installation.naming, person.reads)


@dataclass(frozen=True, slots=True)
class Desk(Room):
    """One member's seat in one workspace, for the length of one act.

    Where it is hidden from him who clients are, no row leaves his desk without its mask (storage/masks.py): what he
    reads wears it from the first, what he writes when it is written.
    """

    person: Person
    role: str
    granted: frozenset[Power]
    mask: Mask | None = None

    @property
    def sees_identities(self) -> bool:
        """Whether he sees who clients are."""
        return self.mask is None

    def need_identities(self) -> None:
        """Raise NotAllowed where it is hidden from him who clients are: what compares them would tell."""
        if not self.sees_identities:
            raise NotAllowed(IDENTITIES)

    def coded(self, typed: str) -> int | None:
        """The row number of the contact whose code this is, alone or as the last word of a name like Client 4F2."""
        *name, last = typed.split() or [""]
        if not self.workspace.hides_identities:
            return None
        language, naming = self.person.reads, self.installation.naming
        names = {naming(who, "", language).strip().casefold() for who in (Who.CLIENT, Who.GROUP)}
        named = not name or " ".join(name).casefold() in names
        return masks.number_of(self.vault.key(MASKS), last) if named else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """As in any room; inside, rows are as they stand, so that nothing masked is written."""
        rows: list[object] = []
        async with Room.transaction(self) as session:
            yield session
            rows += session.identity_map.values() if self.mask else ()
        masks.cover(self.mask, rows)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """One consistent view of the vault, as this member may see it."""
        async with Room.reading(self) as session:
            masks.wear(session, self.mask)
            yield session

    @property
    def update_id(self) -> int | None:
        """The update that asks for this act; None where nobody is there who waits."""
        return next(iter(self.update_ids), None)

    def may(self, power: Power) -> bool:
        """Whether the seat allows it, and the workspace still takes it."""
        return power in self.granted and (self.workspace.state == workspaces.ACTIVE or power in IN_GRACE)

    def need(self, power: Power) -> None:
        """Raise NotAllowed where the seat forbids it, Leaving where the workspace is on its way out."""
        if power not in self.granted:
            raise NotAllowed(power)
        if not self.may(power):
            raise Leaving


@asynccontextmanager
async def enter(
    installation: Installation, person_id: int, workspace_id: int, *, update_id: int | None = None
) -> AsyncIterator[Desk]:
    """Sit down at a desk. Raises Outsider where the person has no seat there, or the workspace is gone."""
    registry = installation.registry
    seat = await registry.recall(Membership, (workspace_id, person_id))
    person = await registry.recall(Person, person_id)
    workspace = await registry.recall(Workspace, workspace_id)
    if seat is None or person is None or workspace is None or workspace.state == workspaces.GONE:
        raise Outsider
    async with installation.vaults.open(workspace_id) as vault:
        updates = () if update_id is None else (update_id,)
        room = Room(installation, workspace, vault, updates)
        mask = await room.mask_of(person_id)
        yield Desk(installation, workspace, vault, updates, person, seat.role, granted(seat), mask)


@asynccontextmanager
async def enter_room(installation: Installation, workspace_id: int, *update_ids: int) -> AsyncIterator[Room]:
    """Open a workspace for work that no person acts in: mirror, job, purge. Raises NotFound when gone."""
    workspace = await installation.registry.recall(Workspace, workspace_id)
    if workspace is None or workspace.state == workspaces.GONE:
        raise NotFound("workspace")
    async with installation.vaults.open(workspace_id) as vault:
        yield Room(installation, workspace, vault, update_ids)


async def contact_for(desk: Desk, session: AsyncSession, contact_id: int) -> Contact:
    """The contact; of one that was merged into another, that other. Raises NotFound."""
    desk.need(Power.READ)
    contact = _found(await session.get(Contact, contact_id), "contact")
    return contact if contact.merged_into is None else await session.get_one(Contact, contact.merged_into)


async def conversation_for(desk: Desk, session: AsyncSession, conversation_id: int) -> Conversation:
    """The conversation. Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Conversation, conversation_id), "conversation")


async def message_for(desk: Desk, session: AsyncSession, message: int) -> Message:
    """The mirrored message with this row number. Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Message, message), "message")


async def note_for(desk: Desk, session: AsyncSession, note_id: int) -> Note:
    """The note, deleted ones included (their undo needs them). Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Note, note_id), "note")


async def note_file_for(desk: Desk, session: AsyncSession, file_id: int) -> NoteFile:
    """The file of a note, deleted ones included (their undo needs them). Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(NoteFile, file_id), "note_file")


async def tag_for(desk: Desk, session: AsyncSession, tag_id: int) -> Tag:
    """The tag. Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Tag, tag_id), "tag")


async def stage_for(desk: Desk, session: AsyncSession, stage_id: int) -> Stage:
    """The stage, removed ones included (their undo needs them). Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Stage, stage_id), "stage")


async def field_for(desk: Desk, session: AsyncSession, field_id: int) -> CustomField:
    """The field, removed ones included (their undo needs them). Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(CustomField, field_id), "field")


async def reply_for(desk: Desk, session: AsyncSession, reply_id: int) -> Reply:
    """The answer, whichever member began it. Raises NotFound."""
    desk.need(Power.WRITE)
    return _found(await session.get(Reply, reply_id), "reply")


async def reminder_for(desk: Desk, session: AsyncSession, reminder_id: int) -> Reminder:
    """The reminder, whoever is to be told; deleted ones and mere beginnings included. Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Reminder, reminder_id), "reminder")


async def account_for(desk: Desk, session: AsyncSession, account_id: int) -> Account:
    """The connected account. Raises NotFound."""
    desk.need(Power.READ)
    return _found(await session.get(Account, account_id), "account")


def _found(row: Row | None, noun: str) -> Row:
    if row is None:
        raise NotFound(noun)
    return row
