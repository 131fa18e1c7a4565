"""Which groups of an account are mirrored: none, until somebody who may manage picks one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, conversations, gaps, pages
from crm.access import Desk, Power, account_for
from crm.errors import NotFound, NotNow
from crm.gaps import Why
from crm.pages import Page
from crm.ports import GroupFacts, LinkedDevices
from crm.seen import Peer, Source
from crm.userbots import EDIT_WINDOW
from storage import groups as stored
from storage import senders, userbots
from storage.accounts import Account
from storage.contacts import Contact, name_key
from storage.groups import MIGRATED, UNPICKED, Group
from storage.messages import CHANNELS


@dataclass(frozen=True, slots=True)
class Choice:
    """One group: what Telegram says of it, where it is to be asked, and what the vault does."""

    peer_id: int
    title: str
    members: int | None
    contact_id: int | None  # where something of it is kept
    mirrored_since: datetime | None
    ended_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """The groups of an account; where its device is not connected, only those of which something is kept."""

    account: Account
    groups: Page[Choice]
    mirrored: int
    online: bool


async def choices(desk: Desk, devices: LinkedDevices, account_id: int, *, page: int = 0, anew: bool = False) -> Choices:
    """One page: first those that are mirrored or kept, then the others, by name. Raises NotAllowed, NotFound."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    async with desk.reading() as session:
        account = await account_for(desk, session, account_id)
        held = {row.peer_id: (row, contact) for row, contact in await stored.held(session, account_id)}
    try:
        there = {one.peer_id: one for one in await devices.groups(desk.workspace.id or 0, account_id, anew=anew)}
        online = True
    except NotNow:
        there, online = {}, False
    found = [_choice(number, there.get(number), *held.get(number, (None, None))) for number in held.keys() | there]
    found.sort(key=lambda one: (one.contact_id is None, name_key(one.title), one.peer_id))
    here: Page[Choice] = pages.place(page, len(found))
    shown = here.with_items(found[here.offset : here.offset + pages.SIZE])
    return Choices(account, shown, sum(one.mirrored_since is not None for one in found), online)


async def choice(desk: Desk, devices: LinkedDevices, account_id: int, peer_id: int) -> Choice:
    """One of them. Raises NotAllowed, NotFound."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    async with desk.reading() as session:
        await account_for(desk, session, account_id)
        kept = next((one for one in await stored.held(session, account_id) if one[0].peer_id == peer_id), (None, None))
    try:
        facts = await _facts(desk, devices, account_id, peer_id)
    except NotNow:
        facts = None
    if facts is None and kept[0] is None:
        raise NotFound("group")
    return _choice(peer_id, facts, *kept)


async def pick(desk: Desk, devices: LinkedDevices, account_id: int, peer_id: int) -> None:
    """Mirror a group from now on, its past first. Raises NotAllowed, NotFound, NotNow("offline")."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    async with desk.reading() as session:
        await account_for(desk, session, account_id)
    facts = await _facts(desk, devices, account_id, peer_id)
    if facts is None:
        raise NotFound("group")
    now = desk.installation.clock.now()
    async with desk.transaction() as session:
        row = await session.get(Group, (account_id, peer_id))
        if row is not None and row.ended_at is None:
            return
        peer = Peer(peer_id, facts.title)
        await conversations.open_for(session, account_id, {peer_id: (peer, now)}, heard_at=now)
        await userbots.add_chat(session, account_id, peer_id, at=now)
        if row is None:
            session.add(Group(account_id=account_id, peer_id=peer_id, access_hash=facts.access_hash, picked_at=now))
        else:
            await _resume(session, row, facts, now)
        audit.record(desk, session, "group.picked", f"account:{account_id}", peer=peer_id)
    devices.regroup(desk.workspace.id or 0, account_id)


async def unpick(desk: Desk, devices: LinkedDevices, account_id: int, peer_id: int, *, erase: bool) -> None:
    """Mirror a group no more; what is stored of it stays or is erased. Raises NotAllowed, NotFound."""
    desk.need(Power.MANAGE)
    desk.need_identities()
    now = desk.installation.clock.now()
    async with desk.transaction() as session:
        await account_for(desk, session, account_id)
        if await session.get(Group, (account_id, peer_id)) is None:
            raise NotFound("group")
        await stored.end(session, account_id, peer_id, reason=UNPICKED, at=now)
        await gaps.chats_read(session, account_id, at=now)
        if erase:
            await stored.erase(session, account_id, peer_id)
            await senders.sweep(session)
        act = "group.erased" if erase else "group.unpicked"
        audit.record(desk, session, act, f"account:{account_id}", peer=peer_id)
    devices.regroup(desk.workspace.id or 0, account_id)


async def _facts(desk: Desk, devices: LinkedDevices, account_id: int, peer_id: int) -> GroupFacts | None:
    found = await devices.groups(desk.workspace.id or 0, account_id)
    return next((one for one in found if one.peer_id == peer_id), None)


async def _resume(session: AsyncSession, row: Group, facts: GroupFacts, now: datetime) -> None:
    """Go on with a group that was mirrored before: a supergroup's own count tells all that came in between.

    A basic group has none: what came is read from its history, and what changed as far back as anything can have.
    """
    since = row.ended_at or now
    row.access_hash, row.picked_at, row.ended_at, row.reason = facts.access_hash, now, None, None
    session.add(row)
    if row.peer_id > CHANNELS:
        await userbots.read_chat_again(session, row.account_id, row.peer_id, until=since - EDIT_WINDOW)
        of = (session, row.account_id, Source.USERBOT, Why.UNPICKED)
        gaps.missed(*of, since=since, until=now, peer_id=row.peer_id)


def _choice(peer_id: int, facts: GroupFacts | None, row: Group | None, contact: Contact | None) -> Choice:
    mirrored = row is not None and row.ended_at is None
    return Choice(
        peer_id,
        facts.title if facts else contact.name if contact else "",
        facts.members if facts else None,
        contact.id if contact else None,
        row.picked_at if row and mirrored else None,
        row.ended_at if row else None,
        row.reason if row and row.reason != MIGRATED else None,
    )
