"""Bringing an answer to its client: by the way that is chosen, and by the next one where Telegram refuses it for good.

Only what cannot have arrived is tried by another way. What the linked device sends, Telegram knows again by its random
id, so a device that was cut off sends it once more; of what the Business connection sends, nobody knows after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import blake2b

from sqlalchemy import null
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import mirror, replies
from crm.access import POWERS, Power, Room, enter_room
from crm.installation import Installation
from crm.ports import Devices, Later, Outgoing, Sent, Unknown, Unsent, Voice
from crm.replies import Standing
from crm.replies.ways import REACHING, Bar, Way
from crm.seen import Peer, Seen, Source
from storage import messages, outbox, userbots, workspaces
from storage import replies as stored
from storage.accounts import BusinessConnection
from storage.contacts import Contact
from storage.memberships import Membership
from storage.outbox import Delivery, Outcome
from storage.replies import Reply

SOON = timedelta(seconds=30)
BARS = {  # Telegram's names of what we know by our own
    "BUSINESS_PEER_USAGE_MISSING": Bar.SILENT,
    "BUSINESS_PEER_INVALID": Bar.UNCOVERED,
    "BUSINESS_CONNECTION_INVALID": Bar.OFF,
    "business connection not found": Bar.OFF,
    "BOT_ACCESS_FORBIDDEN": Bar.NO_RIGHT,
    "PEER_FLOOD": Bar.LIMITED,
}
NO_WAY = frozenset(  # no road leads to this person, or the text itself is refused
    {"YOU_BLOCKED_USER", "USER_IS_BLOCKED", "INPUT_USER_DEACTIVATED", "USER_DEACTIVATED", "MESSAGE_TOO_LONG"}
)
AUTHOR, LEAVING, BY_HAND, LOST = "author", "leaving", "by_hand", "lost"  # our own reasons


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who knows the voices. One delivery after the other; each `deliver` is one attempt."""

    installation: Installation
    devices: Devices
    voices: Mapping[Way, Voice]

    async def deliver(self, workspace_id: int, reply_id: int) -> Outcome:
        """Try it now. Raises NotFound where the workspace is gone."""
        async with enter_room(self.installation, workspace_id) as room:
            while True:
                order = await self._order(room, reply_id)
                if order is None:
                    return Outcome(outbox.REFUSED, "NotFound")
                outcome = await self._not_at_all(room, order.reply) or await self._known(room, order)
                outcome = outcome or await self._by(room, order)
                if outcome is not None:
                    return outcome

    async def _order(self, room: Room, reply_id: int) -> Standing | None:
        async with room.vault.reading() as session:
            reply = await session.get(Reply, reply_id)
            return await replies.standing(room, session, self.devices, reply) if reply is not None else None

    async def _not_at_all(self, room: Room, reply: Reply) -> Outcome | None:
        """What forbids any sending: the author's seat is gone or may no longer write, or the workspace leaves."""
        seat = await self.installation.registry.recall(Membership, (room.workspace.id or 0, reply.author_id))
        if seat is None or Power.WRITE not in POWERS[seat.role]:
            return Outcome(outbox.REFUSED, AUTHOR)
        return Outcome(outbox.REFUSED, LEAVING) if room.workspace.state != workspaces.ACTIVE else None

    async def _known(self, room: Room, order: Standing) -> Outcome | None:
        """An attempt of the device that was cut off: it has arrived where the mirror has seen it since."""
        if order.reply.way != Way.USERBOT:
            return None
        if order.file is not None:  # captions repeat; under its random id Telegram knows it again
            return None if self._reachable(room, order) else Outcome(outbox.UNCERTAIN, LOST)
        async with room.vault.reading() as session:
            found = await messages.newest_outgoing(
                session, order.conversation.id or 0, order.reply.text, since=order.reply.written_at
            )
        if found is not None:
            return Outcome(outbox.SENT, sent_as=found.message_id, with_it=partial(_become, order.reply, found.id))
        return None if self._reachable(room, order) else Outcome(outbox.UNCERTAIN, LOST)

    def _reachable(self, room: Room, order: Standing) -> bool:
        return self.devices.state(room.workspace.id or 0, order.account.id) in REACHING

    async def _by(self, room: Room, order: Standing) -> Outcome | None:
        """One call to Telegram; None where another way is to be tried."""
        way = Way(order.reply.way) if order.reply.way else order.choice.way
        if way is Way.COPY:
            return Outcome(outbox.REFUSED, BY_HAND)
        outgoing = await self._begin(room, order, way)
        try:
            sent = await self.voices[way](outgoing)
        except Unsent as trouble:
            return await self._trouble(room, order, way, trouble)
        note = partial(_become, order.reply, None) if sent is None else partial(self._record, order, way, sent)
        return Outcome(outbox.SENT, sent_as=sent.message_id if sent else None, with_it=note)

    async def _trouble(self, room: Room, order: Standing, way: Way, trouble: Unsent) -> Outcome | None:
        now, tried_before = self.installation.clock.now(), order.reply.way is not None  # and that may have arrived
        match trouble:
            case Unknown() if way is not Way.BUSINESS:
                return Outcome(outbox.DUE, trouble.reason, now + SOON)
            case Later():
                if not tried_before:
                    await _note(room, order.reply, way=None)
                return Outcome(outbox.DUE, trouble.reason, now + timedelta(seconds=trouble.seconds))
            case Unknown():
                return Outcome(outbox.UNCERTAIN, trouble.reason)
            case _ if tried_before:
                return Outcome(outbox.UNCERTAIN, trouble.reason)
        return await self._refused(room, order, way, trouble.reason)

    async def _begin(self, room: Room, order: Standing, way: Way) -> Outgoing:
        """Write down what is about to be done, so that a crash leaves no doubt which way it was."""
        reply = order.reply
        async with room.vault.transaction() as session:
            await stored.change(session, reply.id, way=way)
            delivery = await session.get_one(Delivery, reply.delivery)
            delivery.repeatable = way is not Way.BUSINESS
            connection = await session.get(BusinessConnection, order.account.id)
        return Outgoing(
            workspace_id=room.workspace.id or 0,
            account_id=order.account.id,
            peer_id=order.contact.telegram_id,
            text=reply.text,
            entities=reply.entities,
            file=order.file,
            reply_to_id=reply.reply_to_id,
            random_id=_random_id(order),
            connection_id=connection.connection_id if connection is not None else None,
        )

    async def _refused(self, room: Room, order: Standing, way: Way, reason: str) -> Outcome | None:
        """Telegram's no is kept for the member; another way may still lead there."""
        bar = BARS.get(reason, reason)
        await _note(room, order.reply, way=None, refusals={**order.reply.refusals, way: bar})
        if bar == Bar.LIMITED:
            async with room.vault.transaction() as session:
                row = await userbots.linked(session, order.account.id)
                if row is not None:
                    row.limited_at = self.installation.clock.now()
        return Outcome(outbox.REFUSED, reason) if reason in NO_WAY else None

    async def _record(self, order: Standing, way: Way, sent: Sent, session: AsyncSession) -> None:
        """The answer becomes a message of the history, from what Telegram said of it."""
        contact, account_id = order.contact, order.account.id
        seen = Seen(
            source=Source.BUSINESS if way is Way.BUSINESS else Source.USERBOT,
            account_id=account_id,
            peer=peer_of(contact),
            message_id=sent.message_id,
            sender_id=account_id,
            outgoing=True,
            sent_at=sent.at,
            kind=sent.file.kind if sent.file is not None else "text",
            text=sent.text,
            file=sent.file,
            entities=sent.entities,
            reply_to_id=order.reply.reply_to_id,
            by_bot=sent.by_bot,
        )
        await mirror.record(session, [seen], heard_at=self.installation.clock.now())
        row = (await messages.of_account(session, account_id, [sent.message_id]))[sent.message_id]
        await _become(order.reply, row.id, session)


def peer_of(contact: Contact) -> Peer:
    """Whom an answer went to, as the mirror sees him."""
    return Peer(
        id=contact.telegram_id,
        first_name=contact.first_name,
        last_name=contact.last_name,
        username=contact.username,
        phone=contact.phone,
        is_bot=contact.is_bot,
    )


async def _become(reply: Reply, message: int | None, session: AsyncSession) -> None:
    """It has gone; as a message its text stands in the history alone."""
    left = {} if message is None else {"text": "", "entities": [], "file": null()}
    await stored.change(session, reply.id, message=message, **left)


async def _note(room: Room, reply: Reply, **facts: object) -> None:
    async with room.vault.transaction() as session:
        await stored.change(session, reply.id, **facts)


def _random_id(order: Standing) -> int:
    """The same for each attempt to send the same words: so Telegram sees which it has taken already."""
    reply = order.reply
    name = f"{order.account.id}:{reply.id}:{reply.written_at.isoformat()}:{reply.text}"
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
