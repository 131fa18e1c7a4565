"""Giving an account its linked device, and taking it away: by its owner, or by Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto

from crm import gaps
from crm.access import enter_room
from crm.accounts import ACCOUNT
from crm.errors import Leaving
from crm.gaps import Why
from crm.installation import Installation
from crm.notices import tell_owner
from crm.seen import Peer as Person
from crm.seen import Source
from crm.userbots import EDIT_WINDOW, Book, Key, Met
from storage import accounts, userbots, workspaces
from storage.accounts import Account, BusinessConnection, UserbotSession
from storage.audit import AuditEntry
from storage.routes import Route

REVOKED = "userbot_revoked"  # what the outbox calls this notice


class Linking(Enum):
    """What came of linking an account: done, known (it has a device that is of use), or taken by another workspace."""

    DONE = auto()
    KNOWN = auto()
    TAKEN = auto()


async def link(
    installation: Installation, workspace_id: int, owner: Person, key: Key, met: Sequence[Met], *, anew: bool = False
) -> Linking:
    """Give an account its userbot, unless it belongs to another workspace or has one that is not to be made `anew`.

    Raises Leaving, NotFound.
    """
    now = installation.clock.now()
    async with enter_room(installation, workspace_id) as room:
        if room.workspace.state != workspaces.ACTIVE:
            raise Leaving
        if not await _claim(installation, workspace_id, owner.id):
            return Linking.TAKEN
        async with room.transaction() as session:
            earlier = await session.get(UserbotSession, owner.id)
            if earlier is not None and earlier.state == userbots.LINKED and not anew:
                earlier.paused_at = earlier.reason = None
                return Linking.KNOWN
            await accounts.touch(session, _account(owner, now))
            await session.flush()
            if earlier is not None and earlier.date is not None:  # linked again: nothing told what came in between
                gaps.missed(session, owner.id, Source.USERBOT, Why.UNLINKED, since=earlier.date, until=now)
                await userbots.read_again(session, owner.id, until=earlier.date - EDIT_WINDOW)
            await session.merge(_session(owner.id, key, now))
            await userbots.keep_peers(session, Book(installation, workspace_id, owner.id).rows_of(met))
            subject = f"account:{owner.id}"
            session.add(AuditEntry(at=now, actor_id=owner.id, act="account.linked", subject=subject))
    return Linking.DONE


async def revoked(book: Book, reason: str) -> None:
    """Take note that Telegram ended a session, and tell the owner of the workspace once."""
    now = book.installation.clock.now()
    async with enter_room(book.installation, book.workspace_id) as room, room.transaction() as session:
        row = await userbots.linked(session, book.account_id)
        if row is None:
            return
        key = f"{book.account_id}:{row.linked_at.isoformat()}"
        account = await session.get_one(Account, book.account_id)
        await accounts.forget_session(session, book.account_id, reason=reason, at=now)
        business = await session.get(BusinessConnection, book.account_id)
        carried = business is not None and business.enabled
        await tell_owner(room, session, REVOKED, key, name=account.name, reason=reason, business=carried)


async def unlinked(book: Book) -> None:
    """Forget a session that the owner ended; what it mirrored stays."""
    now = book.installation.clock.now()
    async with enter_room(book.installation, book.workspace_id) as room:
        async with room.transaction() as session:
            await accounts.forget_session(session, book.account_id, reason=userbots.UNLINKED, at=now)
            still_connected = await session.get(BusinessConnection, book.account_id)
        if still_connected is None:
            await _release(book)


async def _claim(installation: Installation, workspace_id: int, account_id: int) -> bool:
    async with installation.registry.transaction() as session:
        route = await session.get(Route, (ACCOUNT, str(account_id)))
        if route is None:
            session.add(Route(kind=ACCOUNT, key=str(account_id), workspace_id=workspace_id, account_id=account_id))
        return route is None or route.workspace_id == workspace_id


async def _release(book: Book) -> None:
    async with book.installation.registry.transaction() as session:
        route = await session.get(Route, (ACCOUNT, str(book.account_id)))
        if route is not None and route.workspace_id == book.workspace_id:
            await session.delete(route)


def _account(owner: Person, now: datetime) -> Account:
    return Account(
        id=owner.id,
        first_name=owner.first_name,
        last_name=owner.last_name,
        username=owner.username,
        phone=owner.phone,
        connected_at=now,
    )


def _session(account_id: int, key: Key, now: datetime) -> UserbotSession:
    return UserbotSession(
        account_id=account_id,
        dc_id=key.dc_id,
        server_address=key.address,
        port=key.port,
        auth_key=key.auth_key,
        linked_at=now,
        changed_at=now,
    )
