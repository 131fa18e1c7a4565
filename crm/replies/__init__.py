"""Answering a client from the desk: what a member writes, looks at, and lets go or takes back.

An answer stands in the vault from its first word on, so that no refusal and no crash loses it. `crm.replies.delivery`
brings it to the client.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import accounts, audit, people
from crm.access import Desk, Power, Room, conversation_for, enter_room, reply_for
from crm.errors import NotFound, NotNow
from crm.installation import Installation
from crm.ports import Devices
from crm.replies.leaving import KIND as KIND
from crm.replies.leaving import ask
from crm.replies.ways import Choice, Way, bars_of, choose
from crm.replies.words import LONGEST as LONGEST
from crm.replies.words import LONGEST_CAPTION, Words, proper
from crm.seen import File
from storage import messages, outbox, replies, saved_replies, topics
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.outbox import Delivery
from storage.replies import Reply

BARE = frozenset({"video_note"})  # Telegram puts no words under them


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer, between whom it is, and how it stands: `delivery` is None while it has not left the desk."""

    reply: Reply
    conversation: Conversation
    contact: Contact
    account: Account
    answered: Message | None
    words: Words
    file: File | None
    delivery: Delivery | None
    choice: Choice  # the way that it would take now

    @property
    def state(self) -> str | None:
        """One of the outbox's states; None while it has not left the desk."""
        return self.delivery.state if self.delivery is not None else None


async def answer(
    desk: Desk,
    conversation_id: int,
    words: Words,
    reply_to: int | None = None,
    *,
    saved: int | None = None,
    file: File | None = None,
    with_it: Callable[[AsyncSession, Reply], Awaitable[None]] | None = None,
) -> Reply:
    """Write an answer down, perhaps to one message, perhaps a saved reply; it leaves with `send`.

    `with_it` writes what is to be committed with it. Raises Invalid (empty, too_long), NotFound, NotNow("group").
    """
    desk.need(Power.WRITE)
    said = _fitting(words, file)
    async with desk.transaction() as session:
        await _with_a_person(desk, session, conversation_id)
        now = desk.installation.clock.now()
        reply = Reply(
            conversation_id=conversation_id,
            author_id=desk.person.id,
            text=said.text,
            entities=said.entities,
            file=asdict(file) if file is not None else None,
            reply_to_id=reply_to,
            written_at=now,
        )
        session.add(reply)
        if saved is not None:
            await saved_replies.note_use(session, saved)
        await session.flush()
        if with_it is not None:
            await with_it(session, reply)
        return reply


async def rewrite(desk: Desk, reply_id: int, words: Words, file: File | None = None) -> None:
    """Give an answer that has not gone another text, or another file.

    Raises Invalid (empty, too_long), NotFound.
    """
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        reply, delivery = await _at_the_desk(desk, session, reply_id)
        if delivery is not None and delivery.state != outbox.REFUSED:
            raise NotFound("reply")
        file = file or carried(reply)
        said = _fitting(words, file)
        reply.file = asdict(file) if file is not None else None
        reply.text, reply.entities, reply.written_at = said.text, said.entities, desk.installation.clock.now()
        reply.author_id, reply.delivery, reply.refusals = desk.person.id, None, {}
        session.add(reply)


async def send(desk: Desk, reply_id: int, *, asked: int) -> None:
    """Let it go. `asked`: how often it had been when the button was drawn, so that two presses are one. NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        reply, delivery = await _at_the_desk(desk, session, reply_id)
        fit = delivery is None or delivery.state in {outbox.REFUSED, outbox.UNCERTAIN}
        if not fit or reply.asked != asked:
            return
        reply.author_id, reply.put_off_at = desk.person.id, None
        await ask(desk, session, reply, desk.installation.clock.now())
        audit.record(desk, session, "reply.sent", f"reply:{reply_id}")


async def take_back(desk: Desk, reply_id: int) -> None:
    """Keep back what waits to leave, and was not given to Telegram for all we know. Raises NotFound."""
    async with desk.transaction() as session:
        reply, delivery = await _at_the_desk(desk, session, reply_id)
        if reply.leaves_at is not None:
            reply.leaves_at = reply.put_off_at = None
            session.add(reply)
            audit.record(desk, session, "reply.taken_back", f"reply:{reply_id}")
        elif delivery is not None and delivery.state == outbox.DUE and reply.way is None:
            reply.delivery = None
            session.add(reply)
            await session.flush()
            await session.delete(delivery)
            audit.record(desk, session, "reply.taken_back", f"reply:{reply_id}")


async def discard(desk: Desk, reply_id: int) -> None:
    """Drop an answer that is not on its way. Raises NotFound."""
    async with desk.transaction() as session:
        reply, delivery = await _at_the_desk(desk, session, reply_id)
        if delivery is None or delivery.state in {outbox.REFUSED, outbox.UNCERTAIN}:
            await session.delete(reply)


async def settle(desk: Desk, reply_id: int) -> None:
    """A member has looked: what was uncertain did arrive. Raises NotFound."""
    async with desk.transaction() as session:
        _reply, delivery = await _at_the_desk(desk, session, reply_id)
        if delivery is not None and delivery.state == outbox.UNCERTAIN:
            delivery.state, delivery.reason = outbox.SENT, None
            session.add(delivery)
            audit.record(desk, session, "reply.settled", f"reply:{reply_id}")


async def shown_at(desk: Desk, reply_id: int, chat_id: int, message_id: int) -> None:
    """Remember the screen that shows how it stands. Raises NotFound."""
    async with desk.vault.transaction() as session:
        reply = await reply_for(desk, session, reply_id)
        reply.chat_id, reply.screen_id = chat_id, message_id
        session.add(reply)


async def one(desk: Desk, devices: Devices, reply_id: int) -> Standing:
    """An answer as it stands. Raises NotFound."""
    async with desk.reading() as session:
        return await standing(desk, session, devices, await reply_for(desk, session, reply_id))


async def begin(desk: Desk, devices: Devices, conversation_id: int, reply_to: int | None) -> Standing:
    """What is known before the first word. Raises NotFound, NotNow("group")."""
    desk.need(Power.WRITE)
    async with desk.reading() as session:
        await _with_a_person(desk, session, conversation_id)
        now, me = desk.installation.clock.now(), desk.person.id
        blank = Reply(conversation_id=conversation_id, author_id=me, text="", reply_to_id=reply_to, written_at=now)
        return await standing(desk, session, devices, blank)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose answer it is, and where its screen stands."""

    author_id: int
    chat_id: int | None
    screen_id: int | None
    anew: bool  # it left by itself and lies as a draft now: nobody looks at its screen
    in_topic: bool  # it was written in a group, where its fate is shown


async def place(installation: Installation, workspace_id: int, reply_id: int) -> Place:
    """Where an answer is shown. Raises NotFound."""
    async with enter_room(installation, workspace_id) as room, room.reading() as session:
        reply = await session.get(Reply, reply_id)
        post = await topics.of_reply(session, reply_id)
    if reply is None:
        raise NotFound("reply")
    anew = reply.put_off_at is not None and reply.way == Way.DRAFT
    return Place(reply.author_id, reply.chat_id, reply.screen_id, anew, post is not None)


async def standing(room: Room, session: AsyncSession, devices: Devices, reply: Reply) -> Standing:
    """An answer with all that its screen and its delivery need."""
    conversation = await session.get_one(Conversation, reply.conversation_id)
    contact = await session.get_one(Contact, conversation.contact_id)
    roads = await accounts.roads_within(room, session, devices, conversation.account_id)
    sent = await session.get(Message, reply.message) if reply.message is not None else None
    now = room.installation.clock.now()
    return Standing(
        reply,
        conversation,
        contact,
        roads.account,
        await _answered(session, reply),
        Words(sent.text, sent.entities) if sent is not None else Words(reply.text, list(reply.entities)),
        carried(reply),
        await replies.state(session, reply),
        choose(roads, conversation.last_inbound_at, now, {**bars_of(carried(reply)), **reply.refusals}),
    )


async def unsettled(session: AsyncSession, conversations: Sequence[int]) -> Sequence[tuple[Reply, str | None]]:
    """The answers that a member still has to look at or wait for, with their states, the newest first."""
    rows = await replies.unsettled(session, conversations)
    return [(reply, delivery.state if delivery is not None else None) for reply, delivery in rows]


async def author(desk: Desk, message: int) -> str | None:
    """Which member wrote this message from a desk; None where it was written in Telegram."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        reply = await replies.of_message(session, message)
    return (await people.names(desk.installation, [reply.author_id]))[reply.author_id] if reply is not None else None


def carried(reply: Reply) -> File | None:
    """The file of an answer that is no message yet."""
    return File(**reply.file) if reply.file is not None else None


def _fitting(words: Words, file: File | None) -> Words:
    longest = LONGEST if file is None else LONGEST_CAPTION if file.kind not in BARE else 0
    return proper(words, longest=longest, needed=file is None)


async def _at_the_desk(desk: Desk, session: AsyncSession, reply_id: int) -> tuple[Reply, Delivery | None]:
    reply = await reply_for(desk, session, reply_id)
    return reply, await replies.state(session, reply)


async def _with_a_person(desk: Desk, session: AsyncSession, conversation_id: int) -> None:
    conversation = await conversation_for(desk, session, conversation_id)
    if (await session.get_one(Contact, conversation.contact_id)).is_group:
        raise NotNow("group")


async def _answered(session: AsyncSession, reply: Reply) -> Message | None:
    if reply.reply_to_id is None:
        return None
    found = await messages.numbered(session, reply.conversation_id, [reply.reply_to_id])
    return found.get(reply.reply_to_id)
