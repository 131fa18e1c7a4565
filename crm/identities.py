"""Who clients are, where the workspace hides it: from whom, and how somebody is shown once for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm import audit, members, phones
from crm.access import Desk, Power, contact_for
from crm.errors import Invalid
from crm.notices import tell, tell_owner
from storage import topics
from storage.contacts import Contact
from storage.workspaces import Workspace

REVEALED, SEES = "identity_revealed", "sees_identities"  # what the outbox calls these notices
SHORTEST, LONGEST = 3, 300  # characters of a reason


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a contact is, said once: it goes to the screen and nowhere else."""

    name: str
    username: str | None
    phones: Sequence[str]
    telegram_id: int | None  # None: a group, or somebody whom Telegram has not told us of


async def hide(desk: Desk, *, hides: bool) -> None:
    """Hide who clients are from agents and viewers, or let everybody see it. The owner alone decides that."""
    desk.need(Power.OWN)
    async with desk.installation.registry.transaction() as session:
        workspace = await session.get_one(Workspace, desk.workspace.id)
        workspace.hides_identities = hides
        session.add(workspace)
    async with desk.transaction() as session:
        await topics.redraw_all(session)  # what stands in groups that the team reads
        audit.record(desk, session, "identities.hidden" if hides else "identities.shown")


async def let_see(desk: Desk, person_id: int, *, sees: bool) -> None:
    """Let a member see who clients are, or not, and tell him.

    Raises NotFound, NotAllowed, which who does not see it himself is, too.
    """
    desk.need(Power.MANAGE)
    desk.need_identities()
    async with desk.installation.registry.transaction() as session:
        seat = await members.other_seat(desk, session, person_id)
        seat.sees_identities = sees
        session.add(seat)
    async with desk.transaction() as session:
        audit.record(desk, session, "member.sees_identities", f"person:{person_id}", sees=sees)
        key = f"{person_id}:{desk.installation.clock.now().isoformat()}"
        await tell(desk, session, person_id, SEES, key=key, workspace=desk.workspace.name, sees=sees)


async def reveal(desk: Desk, contact_id: int, reason: str) -> Identity:
    """Say who a contact is, write down why it was asked, and tell the owner: in one commit.

    Raises NotFound, NotAllowed, Invalid (too_short, too_long).
    """
    why = proper(desk, reason)
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        identity = _of(contact, await phones.on_card(session, contact))
        if not desk.sees_identities:
            audit.record(desk, session, "identity.revealed", f"contact:{contact.id}", reason=why)
            now = desk.installation.clock.now()
            await tell_owner(
                desk,
                session,
                REVEALED,
                f"{contact.id}:{desk.person.id}:{desk.update_id or now.isoformat()}",
                about=contact,
                by=desk.person.name,
                contact=contact.id,
                reason=why,
                at=now.isoformat(),
            )
        return identity


def proper(desk: Desk, reason: str) -> str:
    """A reason as it is kept. Raises NotAllowed for who may not ask, Invalid (too_short, too_long)."""
    desk.need(Power.WRITE)
    why = " ".join(reason.split())
    if len(why) < SHORTEST:
        raise Invalid("reason", "too_short", SHORTEST)
    if len(why) > LONGEST:
        raise Invalid("reason", "too_long", LONGEST)
    return why


def _of(contact: Contact, numbers: Sequence[str]) -> Identity:
    there = contact.at_telegram and not contact.is_group
    return Identity(contact.name, contact.username, numbers, contact.telegram_id if there else None)
