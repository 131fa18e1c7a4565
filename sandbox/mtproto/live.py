"""Live updates: what happens in the world is pushed to every connected session of the accounts concerned."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sandbox.mtproto.chats import tl_peer
from sandbox.mtproto.tl import types
from sandbox.mtproto.updates import groups_in, people_in, supergroup_of, tl_update
from sandbox.mtproto.view import View, tl_reactions
from sandbox.world import (
    AccountEvent,
    Acting,
    Event,
    GroupChanged,
    MessageEdited,
    MessageReacted,
    MessagesDeleted,
    MessageSent,
    Person,
    PersonChanged,
)

if TYPE_CHECKING:
    from sandbox.mtproto.authorization import Authorization
    from sandbox.mtproto.calls import Call
    from sandbox.mtproto.server import MTProto
    from sandbox.mtproto.session import Session

Swallowed = MessageSent | MessageEdited | MessagesDeleted  # what a fault may keep from everybody
_ACTIONS = {
    "typing": types.SendMessageTypingAction,
    "record_voice": types.SendMessageRecordAudioAction,
    "choose_sticker": types.SendMessageChooseStickerAction,
}


class Live:
    """Knows who listens. A session that acts hears of its own doing in the answer to its call, as in Telegram."""

    def __init__(self, server: MTProto) -> None:
        self._server = server
        self._listening: dict[int, dict[Session, None]] = {}
        self._acting: Session | None = None
        self.swallowed: dict[
            tuple[int, int], Swallowed
        ] = {}  # what nobody is told, by its account or supergroup, and pts

    def listen(self, session: Session) -> None:
        """Push to this session from now on."""
        person_id = session.authorization.person_id
        if person_id is not None and not session.wants_updates:
            session.wants_updates = True
            session.pts = self._server.world.account(person_id).pts
            session.told = self._counts(person_id)
            self._listening.setdefault(person_id, {})[session] = None

    def hear(self, event: Event) -> None:
        """Take an event of the world to whom it concerns."""
        if isinstance(event, PersonChanged):
            self._tell_of_person(event.person)
        elif isinstance(event, Acting):
            self._tell_of_typing(event)
        elif isinstance(event, GroupChanged):
            self._tell_of_group(event)
        else:
            self._swallow(event)
            for account_id in event.accounts:
                for session in self._sessions(account_id):
                    if session is not self._acting:
                        self.tell(session)

    def events_since(self, account_id: int, pts: int) -> list[AccountEvent]:
        """What an account, or a supergroup's members, are told of all that happened since.

        What a fault has swallowed left its mark in the count.
        """
        since = self._server.world.account(account_id).events_since(pts)
        return [entry for entry in since if (account_id, entry.pts) not in self.swallowed]

    def _swallow(self, event: Event) -> None:
        if not isinstance(event, Swallowed):
            return
        linked = [account_id for account_id in event.accounts if self._server.sessions_of(account_id)]
        if linked and self._server.world.faults.take("mtproto_swallow"):
            group = supergroup_of(event)
            books = linked if group is None else [group.id]
            self.swallowed |= {(book, self._server.world.account(book).pts): event for book in books}

    def tell(self, session: Session) -> None:
        """Push what a session has not been told yet of its account's log."""
        person_id = session.authorization.person_id
        if person_id is None or not session.wants_updates:
            return
        account = self._server.world.account(person_id)
        if session.pts < account.pts:
            entries = self.events_since(person_id, session.pts)
            session.pts = account.pts
            if entries:
                self._push(session, bytes(self._updates(person_id, entries)))
        for channel_id, pts in self._counts(person_id).items():
            since = session.told.get(channel_id, self._server.world.account(person_id).boxes[channel_id].since)
            session.told[channel_id] = pts
            if since < pts and self._server.world.faults.take("mtproto_channel_too_long"):
                update = types.UpdateChannelTooLong(self._server.world.group(channel_id).number, pts)
                chats = [self._server.view(person_id).chat(self._server.world.group(channel_id))]
                self._push(session, bytes(types.Updates([update], [], chats, self._server.world.clock.now(), 0)))
            elif entries := self.events_since(channel_id, since):
                self._push(session, bytes(self._updates(person_id, entries)))

    def _counts(self, person_id: int) -> dict[int, int]:
        """How far each supergroup of an account is."""
        world = self._server.world
        return {group.id: world.account(group.id).pts for group in world.supergroups_of(person_id)}

    def _push(self, session: Session, updates: bytes) -> None:
        """Push once, in time: unless a fault withholds it, lets it come late, or twice."""
        faults = self._server.world.faults
        if faults.take("mtproto_withheld"):
            return
        if late := faults.take("mtproto_late"):
            asyncio.get_running_loop().call_later(late.seconds, session.push, updates)
            return
        session.push(updates)
        if faults.take("mtproto_twice"):
            session.push(updates)

    @contextmanager
    def acting(self, call: Call) -> Iterator[None]:
        """While a call is carried out, keep what it causes back from the session that made it."""
        person_id = call.authorization.person_id
        call.pts = 0 if person_id is None else self._server.world.account(person_id).pts
        call.channels = {} if person_id is None else self._counts(person_id)
        self._acting = call.session
        try:
            yield
        finally:
            self._acting = None

    def own_updates(self, call: Call, first: Any = None) -> Any:
        """Give what a call has caused, for its answer, with an update of its own in front."""
        account = self._server.world.account(call.me.id)
        call.session.pts = account.pts
        entries = self.events_since(call.me.id, call.pts)
        for channel_id, pts in self._counts(call.me.id).items():
            entries += self.events_since(channel_id, call.channels.get(channel_id, pts))
            call.session.told[channel_id] = pts
        return self._updates(call.me.id, entries, first)

    def tell_of_token(self, authorization: Authorization) -> None:
        """Let the client that shows a QR code know that it was scanned."""
        for session in list(authorization.sessions.values()):
            session.push(bytes(types.UpdateShort(types.UpdateLoginToken(), self._server.world.clock.now())))

    def tell_others(self, call: Call, update: Any) -> None:
        """Push an update that has no place in the log to the other sessions of the account."""
        pushed = bytes(types.UpdateShort(update, self._server.world.clock.now()))
        for session in self._sessions(call.me.id):
            if session is not call.session:
                session.push(pushed)

    def _updates(self, account_id: int, entries: list[AccountEvent], first: Any = None) -> Any:
        view = self._server.view(account_id)
        updates = [update for entry in entries for update in (*_beside(view, entry), tl_update(view, entry))]
        return types.Updates(
            updates=[first, *updates] if first else updates,
            users=people_in(view, entries),
            chats=groups_in(view, entries),
            date=self._server.world.clock.now(),
            seq=0,
        )

    def _sessions(self, account_id: int) -> list[Session]:
        """Give the sessions that listen for an account, and forget those that are gone or signed out."""
        listening = self._listening.get(account_id)
        if not listening:
            return []
        for session in list(listening):
            if session.connection is None or session.authorization.person_id != account_id:
                session.wants_updates = False
                del listening[session]
        return list(listening)

    def _tell_of_person(self, person: Person) -> None:
        for view in self._server.views():
            view.forget(person.id)
        names = [types.Username(person.username, active=True)] if person.username else []
        update = types.UpdateUserName(person.id, person.first_name, person.last_name or "", names)
        for account_id in list(self._listening):
            if account_id == person.id or person.id in self._server.world.account(account_id).boxes:
                users = self._server.view(account_id).users([person.id])
                pushed = bytes(types.Updates([update], users, [], self._server.world.clock.now(), 0))
                for session in self._sessions(account_id):
                    session.push(pushed)

    def _tell_of_group(self, event: GroupChanged) -> None:
        """Let whoever comes or goes, and in a supergroup all, look at the group anew."""
        group = event.group
        concerned = {*event.joined, *event.left, *(group.members if group.is_super else ())}
        for account_id in concerned:
            chat = self._server.view(account_id).chat(group)
            update = types.UpdateChannel(group.number) if group.is_super else types.UpdateChat(group.number)
            for session in self._sessions(account_id):
                session.push(bytes(types.Updates([update], [], [chat], self._server.world.clock.now(), 0)))

    def _tell_of_typing(self, event: Acting) -> None:
        action = _ACTIONS.get(event.action, types.SendMessageTypingAction)()
        update = types.UpdateUserTyping(event.sender_id, action)
        for session in self._sessions(event.peer_id):
            session.push(bytes(types.UpdateShort(update, self._server.world.clock.now())))


def _beside(view: View, entry: AccountEvent) -> Iterator[Any]:
    """A reaction is told twice: as what now stands under the message, outside the count, and as an edit within it."""
    if isinstance(entry.event, MessageReacted):
        message, me = entry.event.message, view.me.id
        reactions = tl_reactions(message, me) or types.MessageReactions([])
        yield types.UpdateMessageReactions(tl_peer(message.chat.peer_of(me)), message.number(me), reactions)
