"""Connecting Telegram accounts to a workspace, and the state of each road to them."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects.sqlite import insert as upsert
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, gaps
from crm.access import Desk, Power, Room, account_for
from crm.errors import NotAllowed
from crm.installation import Installation
from crm.notices import tell_owner
from crm.ports import Devices
from crm.roads import NEEDED_RIGHTS, Health, Roads
from crm.seen import Peer
from storage import accounts as stored
from storage import consents, userbots, workspaces
from storage.accounts import Account, BusinessConnection, UserbotSession
from storage.audit import AuditEntry
from storage.consents import Consent
from storage.inbox import InboxUpdate, finish
from storage.memberships import Invitation, Membership
from storage.routes import Route
from storage.workspaces import Workspace

BUSINESS, ACCOUNT = "business", "account"  # kinds of routes
CONNECTED = "account_connected"  # what the outbox calls this notice
SILENT = "account_silent"  # and this one
LONG = timedelta(hours=1)
DOWN = frozenset({Health.CONNECTING, Health.OFFLINE})
INVITED = "account"  # the role of an invitation that lets in a Telegram account, not a member
INVITATION_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Connection:
    """A Business connection as Telegram told of it."""

    id: str
    user: Peer
    user_chat_id: int
    enabled: bool
    connected_at: datetime
    rights: dict[str, Any] = field(default_factory=dict)


async def connect_business(room: Room, connection: Connection, *, marks_updates: bool = True) -> None:
    """Take a connection in, or what became of it.

    Whoever connects his account must be let in here: a member who may manage, or an account that was asked for by one;
    and none is while the workspace is leaving.
    Raises NotAllowed otherwise; nothing is stored then.
    """
    await _may_connect(room, connection.user.id)
    now = room.installation.clock.now()
    # The route first: an update that finds a route to a vault that does not know it yet asks Telegram once more.
    await _route(room.installation, room.workspace.id or 0, connection)
    async with room.vault.transaction() as session:
        await stored.touch(session, _account(connection.user, now))
        known = await session.get(BusinessConnection, connection.user.id)
        row = known or BusinessConnection(
            account_id=connection.user.id,
            connection_id=connection.id,
            user_chat_id=connection.user_chat_id,
            connected_at=connection.connected_at,
            changed_at=now,
        )
        if not row.enabled and connection.enabled:  # taken off, and now there again: in between, nothing was heard
            off_since, row.connected_at = row.changed_at, connection.connected_at
            await gaps.connected_again(session, row.account_id, off_since=off_since, now=now)
        row.connection_id, row.user_chat_id = connection.id, connection.user_chat_id
        row.enabled, row.rights, row.changed_at = connection.enabled, connection.rights, now
        session.add(row)
        act = "account.connected" if connection.enabled else "account.disconnected"
        subject = f"account:{connection.user.id}"
        session.add(AuditEntry(at=now, actor_id=connection.user.id, act=act, subject=subject))
        missing = [right for right in NEEDED_RIGHTS if right not in connection.rights]
        key = f"{connection.id}:{connection.enabled}"
        device = await userbots.linked(session, connection.user.id)
        facts = {
            "enabled": connection.enabled,
            "missing": missing,
            "device": device is not None and not device.paused_at,
        }
        await tell_owner(room, session, CONNECTED, key, name=connection.user.name, **facts)
        if marks_updates:
            await finish(session, InboxUpdate, room.update_ids)


async def workspace_for(installation: Installation, account_id: int) -> int | None:
    """The workspace that this Telegram account is connected to, or may be."""
    route = await installation.registry.recall(Route, (ACCOUNT, str(account_id)))
    return route.workspace_id if route is not None else None


async def connected_as(room: Room, connection_id: str) -> int | None:
    """The account behind a connection's id."""
    route = await room.installation.registry.recall(Route, (BUSINESS, connection_id))
    return route.account_id if route is not None and route.workspace_id == room.workspace.id else None


async def mirrored(room: Room, session: AsyncSession, account_id: int) -> bool:
    """Whether messages of this account are to be kept: not of an unknown one, nor while the workspace is leaving."""
    return room.workspace.state == workspaces.ACTIVE and await session.get(Account, account_id) is not None


async def overview(desk: Desk, devices: Devices) -> list[Roads]:
    """Every account of the workspace with its roads, the first connected first."""
    async with desk.reading() as session:
        return await all_roads(desk, session, devices)


async def all_roads(desk: Desk, session: AsyncSession, devices: Devices) -> list[Roads]:
    """The same within a view of the vault that shows more than that."""
    desk.need(Power.READ)
    return [_roads(desk, devices, *one) for one in await stored.with_roads(session)]


async def roads(desk: Desk, devices: Devices, account_id: int) -> Roads:
    """One account with its roads. Raises NotFound."""
    async with desk.reading() as session:
        await account_for(desk, session, account_id)
        return await roads_within(desk, session, devices, account_id)


async def roads_within(room: Room, session: AsyncSession, devices: Devices, account_id: int) -> Roads:
    """The same for an account that is known to be there, within a view of the vault that shows more than that."""
    (one,) = await stored.with_roads(session, account_id)
    return _roads(room, devices, *one)


async def warn_of_silence(room: Room, devices: Devices) -> bool:
    """Tell the owner where an account's only road has been down for long, once for each time; True where he is told.

    What he or Telegram has switched off is said when it happens, and never here.
    """
    now = room.installation.clock.now()
    async with room.reading() as session:
        found = [_roads(room, devices, *one) for one in await stored.with_roads(session)]
    silent = [one for one in found if one.health in DOWN and one.userbot_since and now - one.userbot_since >= LONG]
    if silent:
        async with room.transaction() as session:
            for one in silent:
                since = one.since.isoformat()
                await tell_owner(room, session, SILENT, f"{one.account.id}:{since}", name=one.account.name, since=since)
    return bool(silent)


async def invite_account(desk: Desk) -> str:
    """A one-time code that lets another Telegram account (the shop's own, say) be connected to this workspace."""
    desk.need(Power.MANAGE)
    code, now = secrets.token_urlsafe(12), desk.installation.clock.now()
    async with desk.installation.registry.transaction() as session:
        session.add(
            Invitation(
                digest=_digest(code),
                workspace_id=desk.workspace.id,
                role=INVITED,
                made_by=desk.person.id,
                made_at=now,
                expires_at=now + INVITATION_LASTS,
            )
        )
    async with desk.transaction() as session:
        audit.record(desk, session, "account.invited")
    return code


async def accept_account(installation: Installation, account_id: int, code: str) -> bool:
    """Let this Telegram account be connected where the code says. False where the code is unknown, used or too old."""
    now = installation.clock.now()
    async with installation.registry.transaction() as session:
        invitation = await session.get(Invitation, _digest(code))
        if invitation is None or invitation.role != INVITED or invitation.used_at or invitation.expires_at < now:
            return False
        workspace = await session.get(Workspace, invitation.workspace_id)
        if workspace is None or workspace.state != workspaces.ACTIVE:
            return False
        invitation.used_at, invitation.used_by = now, account_id
        session.add(invitation)
        taken = await session.get(Route, (ACCOUNT, str(account_id)))
        if taken is not None:
            return taken.workspace_id == invitation.workspace_id
        session.add(
            Route(kind=ACCOUNT, key=str(account_id), workspace_id=invitation.workspace_id or 0, account_id=account_id)
        )
    return True


async def agree_to_device(desk: Desk) -> None:
    """Keep that this member has read what linking a device means, and wants it (policy, clause 14)."""
    desk.need(Power.MANAGE)
    now, version = desk.installation.clock.now(), desk.installation.rules.policy_version
    async with desk.installation.registry.transaction() as session:
        given = await consents.standing(session, desk.person.id, consents.USERBOT)
        if given is None or given.version != version:
            session.add(Consent(person_id=desk.person.id, what=consents.USERBOT, version=version, given_at=now))


async def unlink_userbot(desk: Desk, devices: Devices, account_id: int) -> None:
    """Log the userbot out of an account; what it mirrored stays. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.reading() as session:
        await account_for(desk, session, account_id)
    await devices.unlink(desk.workspace.id or 0, account_id)
    async with desk.transaction() as session:
        audit.record(desk, session, "account.unlinked", f"account:{account_id}")


async def _may_connect(room: Room, account_id: int) -> None:
    async with room.installation.registry.reading() as session:
        route = await session.get(Route, (ACCOUNT, str(account_id)))
        seat = await session.get(Membership, (room.workspace.id, account_id))
    if route is not None:
        allowed = route.workspace_id == room.workspace.id
    else:
        allowed = seat is not None and seat.role in {"owner", "admin"} and room.workspace.state == workspaces.ACTIVE
    if not allowed:
        raise NotAllowed(Power.MANAGE)


async def _route(installation: Installation, workspace_id: int, connection: Connection) -> None:
    """The connection's new id leads here; earlier ones stay, for updates that are still on their way under them."""
    rows = [
        {"kind": kind, "key": key, "workspace_id": workspace_id, "account_id": connection.user.id}
        for kind, key in ((BUSINESS, connection.id), (ACCOUNT, str(connection.user.id)))
    ]
    async with installation.registry.transaction() as session:
        await session.exec(upsert(Route).on_conflict_do_nothing(), params=rows)


def _roads(
    room: Room, devices: Devices, account: Account, business: BusinessConnection | None, userbot: UserbotSession | None
) -> Roads:
    paused = room.workspace.state != workspaces.ACTIVE
    place = (room.workspace.id or 0, account.id)
    return Roads(account, business, userbot, devices.state(*place), paused, devices.since(*place))


def _account(user: Peer, now: datetime) -> Account:
    return Account(
        id=user.id, first_name=user.first_name, last_name=user.last_name, username=user.username, connected_at=now
    )


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
