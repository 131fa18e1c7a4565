"""Leaving: asked for, taken back, reminded of, and in the end carried out (policy, clause 5).

The purge is a row of steps that may each be repeated, and a crash between any two is finished by the next run: devices
are logged out; the workspace is closed for good and its receipt written; key and vault are shredded; names, seats,
routes and consents go from the registry; the owner is told. Nothing of it is undone.
"""

from __future__ import annotations

import logging
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power
from crm.errors import Invalid, NotNow
from crm.installation import Installation
from crm.ports import Devices
from storage import deletions, dialogs, inbox, memberships, outbox, people, totals, userbots, workspaces
from storage.deletions import Deletion, Receipt
from storage.errors import StorageError
from storage.outbox import Notice
from storage.people import Person
from storage.routes import Route
from storage.workspaces import Workspace

logger = logging.getLogger(__name__)
REMINDERS = (timedelta(days=7), timedelta(days=1))  # before the end; the nearer one wins where both are late
REMINDER, FAREWELL = "deletion.reminder", "deletion.done"  # what the notices are called


async def pending(desk: Desk) -> Deletion | None:
    """The deletion that this workspace is waiting for, if any."""
    desk.need(Power.READ)
    async with desk.installation.registry.reading() as session:
        return await deletions.pending_for(session, desk.workspace.id or 0)


def due_if_asked_now(desk: Desk) -> datetime:
    """When everything would be erased."""
    return desk.installation.clock.now() + desk.installation.rules.grace


async def ask(desk: Desk, devices: Devices, typed_name: str) -> Deletion:
    """The owner asks for the workspace to be deleted: mirroring stops now, the purge comes after the grace period.

    Asking twice gives the same deletion. Raises NotAllowed, Invalid("name", "mismatch").
    """
    desk.need(Power.OWN)
    if _plain(typed_name) != _plain(desk.workspace.name):
        raise Invalid("name", "mismatch")
    now = desk.installation.clock.now()
    async with desk.installation.registry.transaction() as session:
        workspace = await session.get_one(Workspace, desk.workspace.id)
        deletion = await deletions.pending_for(session, desk.workspace.id or 0)
        if deletion is None:
            due = now + desk.installation.rules.grace
            deletion = Deletion(workspace_id=workspace.id or 0, asked_by=desk.person.id, asked_at=now, due_at=due)
        workspace.state = workspaces.LEAVING
        session.add_all([workspace, deletion])
    await devices.halt(desk.workspace.id or 0)
    async with desk.transaction() as session:
        audit.record(desk, session, "deletion.asked", f"deletion:{deletion.id}")
    return deletion


async def take_back(desk: Desk, devices: Devices) -> None:
    """The owner stays after all: the workspace is as it was, and mirroring goes on. Raises NotNow once it is over."""
    desk.need(Power.OWN)
    now = desk.installation.clock.now()
    async with desk.installation.registry.transaction() as session:
        workspace = await session.get_one(Workspace, desk.workspace.id)
        if workspace.state == workspaces.GONE:
            raise NotNow("gone")
        deletion = await deletions.pending_for(session, desk.workspace.id or 0)
        if deletion is not None:
            deletion.state, deletion.ended_at = deletions.TAKEN_BACK, now
            session.add(deletion)
            await session.exec(delete(Notice).where(col(Notice.key).startswith(f"deletion:{deletion.id}:")))
        workspace.state = workspaces.ACTIVE
        session.add(workspace)
    await devices.resume(desk.workspace.id or 0)
    async with desk.transaction() as session:
        audit.record(desk, session, "deletion.taken_back")


async def remind_and_purge(installation: Installation, devices: Devices) -> None:
    """Remind owners whose time is near, and carry out what is due. One that fails is left to the next run."""
    now = installation.clock.now()
    async with installation.registry.reading() as session:
        waiting = await deletions.pending(session)
    for deletion in waiting:
        try:
            if deletion.due_at <= now:
                await _purge(installation, devices, deletion)
            else:
                await _remind(installation, deletion, now)
        except (StorageError, OSError) as error:
            reason = type(error).__name__
            logger.warning("deletion %s could not be carried on: %s; the next run tries again", deletion.id, reason)
    await _forget_told(installation)


async def _remind(installation: Installation, deletion: Deletion, now: datetime) -> None:
    late = [before for before in REMINDERS if deletion.asked_at < deletion.due_at - before <= now]
    if not late or deletion.asked_by is None:
        return
    before = min(late)
    async with installation.registry.transaction() as session:
        facts = {"workspace_id": deletion.workspace_id, "due_at": deletion.due_at.isoformat()}
        facts |= await _reader(session, deletion)
        key = f"deletion:{deletion.id}:{before.days}"
        await outbox.ask(session, Notice, key, deletion.asked_by, REMINDER, facts=facts, due_at=now)


async def _purge(installation: Installation, devices: Devices, deletion: Deletion) -> None:
    if deletion.receipt is None:
        await _log_out(installation, devices, deletion.workspace_id)
    if not await _close(installation, deletion.id or 0):
        return
    await installation.vaults.shred(deletion.workspace_id)
    await _clear(installation, deletion.id or 0)
    logger.info("workspace %s was purged", deletion.workspace_id)


async def _log_out(installation: Installation, devices: Devices, workspace_id: int) -> None:
    """Take our devices off the accounts while we still can; the purge does not wait for Telegram."""
    try:
        async with installation.vaults.open(workspace_id) as vault, vault.reading() as session:
            linked = [one.account_id for one in await userbots.all_sessions(session) if one.state == userbots.LINKED]
    except StorageError:
        return
    for account_id in linked:
        try:
            await devices.unlink(workspace_id, account_id)
        except Exception:  # noqa: BLE001  whatever is wrong with Telegram must not keep what was promised to be erased
            logger.warning("a device of workspace %s could not be logged out", workspace_id)
    await devices.halt(workspace_id)


async def _close(installation: Installation, deletion_id: int) -> bool:
    """The point of no return, in one commit. False where the owner has taken it back in the meantime."""
    now = installation.clock.now()
    async with installation.registry.reading() as session:
        deletion = await session.get_one(Deletion, deletion_id)
    counts = {} if deletion.receipt else await _count(installation, deletion.workspace_id)
    async with installation.registry.transaction() as session:
        deletion = await session.get_one(Deletion, deletion_id)
        if deletion.state != deletions.ASKED:
            return False
        if deletion.receipt is None:
            deletion.receipt = secrets.token_hex(6).upper()
            session.add(Receipt(code=deletion.receipt, what="workspace", erased_at=now, counts=counts))
        workspace = await session.get_one(Workspace, deletion.workspace_id)
        workspace.state = workspaces.GONE
        session.add_all([deletion, workspace])
    return True


async def _count(installation: Installation, workspace_id: int) -> dict[str, int]:
    """What is about to be erased; a vault that does not open any more is erased uncounted."""
    try:
        async with installation.vaults.open(workspace_id) as vault, vault.reading() as session:
            return await totals.held(session)
    except StorageError:
        logger.warning("workspace %s is purged without a count: its vault does not open", workspace_id)
        return {}


async def _clear(installation: Installation, deletion_id: int) -> None:
    """Take everything personal from the registry, and tell the owner, in one commit."""
    now = installation.clock.now()
    async with installation.registry.transaction() as session:
        deletion = await session.get_one(Deletion, deletion_id)
        workspace = await session.get_one(Workspace, deletion.workspace_id)
        facts = {"code": deletion.receipt, **await _reader(session, deletion)}
        if deletion.asked_by is not None:
            key = f"deletion:{deletion_id}:done"
            await outbox.ask(session, Notice, key, deletion.asked_by, FAREWELL, facts=facts, due_at=now)
        await session.exec(delete(Route).where(col(Route.workspace_id) == workspace.id))
        await inbox.withdraw(session, deletion.workspace_id)
        alone = await memberships.empty(session, deletion.workspace_id)
        await memberships.forget_traces(session, alone)
        await dialogs.forget(session, alone)
        await people.forget(session, alone)
        workspace.name, workspace.owner_id, workspace.zone, workspace.gone_at = "", None, "UTC", now
        deletion.asked_by, deletion.state, deletion.ended_at = None, deletions.DONE, now
        session.add_all([workspace, deletion])


async def _reader(session: AsyncSession, deletion: Deletion) -> dict[str, str]:
    """What the words of a notice need: by the time they are made, the person may be forgotten."""
    person = await session.get(Person, deletion.asked_by) if deletion.asked_by is not None else None
    workspace = await session.get_one(Workspace, deletion.workspace_id)
    return {"language": (person.reads if person else None) or "en", "zone": workspace.zone, "name": workspace.name}


async def _forget_told(installation: Installation) -> None:
    """A farewell that was said, or cannot be, is the last trace of its reader: it goes too."""
    over = (col(Notice.what) == FAREWELL, col(Notice.state).in_([outbox.SENT, outbox.REFUSED, outbox.UNCERTAIN]))
    async with installation.registry.transaction() as session:
        await session.exec(delete(Notice).where(*over))


def _plain(name: str) -> str:
    """Without what nobody sees: a name that was copied from our screen brings the marks that guard its direction."""
    seen = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split()).casefold()
