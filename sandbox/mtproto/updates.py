"""What happened to an account, as updates: its state, and the difference since an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.mtproto.calls import BadRequest, Call, answers
from sandbox.mtproto.chats import tl_peer
from sandbox.mtproto.tl import Packed, functions, types
from sandbox.mtproto.view import View
from sandbox.world import (
    AccountEvent,
    ChatRead,
    Event,
    Group,
    Message,
    MessageEdited,
    MessageReacted,
    MessagesDeleted,
    MessageSent,
)

SLICE = 100  # events in one answer
LULL = 30  # seconds until a client should ask again


def tl_update(view: View, entry: AccountEvent) -> Any:
    """Give one entry of an account's log, or a supergroup's, as the update that its clients are sent."""
    me, place = view.me.id, (entry.pts, entry.pts_count)
    match entry.event:
        case MessageSent(message=message):
            kind = types.UpdateNewChannelMessage if _in_supergroup(message) else types.UpdateNewMessage
            return kind(view.message(message), *place)
        case MessageEdited(message=message) | MessageReacted(message=message):
            kind = types.UpdateEditChannelMessage if _in_supergroup(message) else types.UpdateEditMessage
            return kind(view.message(message), *place)
        case MessagesDeleted(messages=messages, chat=chat):
            numbers = [message.number(me) for message in messages]
            if isinstance(chat, Group) and chat.is_super:
                return types.UpdateDeleteChannelMessages(chat.number, numbers, *place)
            return types.UpdateDeleteMessages(numbers, *place)
        case ChatRead(reader_id=reader_id, peer_id=peer_id, message=message) if reader_id == me:
            return types.UpdateReadHistoryInbox(tl_peer(peer_id), message.number(me), view.unread(peer_id), *place)
        case ChatRead(reader_id=reader_id, message=message):
            return types.UpdateReadHistoryOutbox(types.PeerUser(reader_id), message.number(me), *place)
        case _:
            raise TypeError(entry.event)


def people_in(view: View, entries: Iterable[AccountEvent]) -> list[Packed]:
    """Give everyone whom a client must know to understand these entries."""
    return view.people_of(_messages_in(entries))


def groups_in(view: View, entries: Iterable[AccountEvent]) -> list[Any]:
    """Give every group that a client must know to understand these entries."""
    return view.chats_of(_messages_in(entries))


def _messages_in(entries: Iterable[AccountEvent]) -> Iterator[Message]:
    for entry in entries:
        if isinstance(entry.event, MessageSent | MessageEdited | MessageReacted | ChatRead):
            yield entry.event.message


def _in_supergroup(message: Message) -> bool:
    return isinstance(message.chat, Group) and message.chat.is_super


def supergroup_of(event: Event) -> Group | None:
    """Give the supergroup in whose count an event stands; None for what stands in the accounts' own."""
    match event:
        case MessageSent(message=message) | MessageEdited(message=message) | MessageReacted(message=message):
            chat = message.chat
        case MessagesDeleted(chat=chat):
            pass
        case _:
            return None
    return chat if isinstance(chat, Group) and chat.is_super else None


def state_of(call: Call, pts: int | None = None) -> Any:
    account = call.world.account(call.me.id)
    unread = sum(box.unread for box in account.boxes.values())
    return types.updates.State(pts or account.pts, qts=0, date=call.world.clock.now(), seq=0, unread_count=unread)


@answers(functions.updates.GetStateRequest)
def get_state(call: Call, _: Any) -> Any:
    return state_of(call)


@answers(functions.updates.GetDifferenceRequest)
def get_difference(call: Call, request: Any) -> Any:
    account = call.world.account(call.me.id)
    if not 0 < request.pts <= account.pts:
        raise BadRequest("PERSISTENT_TIMESTAMP_EMPTY" if request.pts <= 0 else "PERSISTENT_TIMESTAMP_INVALID")
    missed = call.server.live.events_since(call.me.id, request.pts)
    too_many = request.pts_total_limit and len(missed) > request.pts_total_limit
    if too_many or call.world.faults.take("mtproto_too_long"):
        return types.updates.DifferenceTooLong(account.pts)
    if not missed:
        return types.updates.DifferenceEmpty(call.world.clock.now(), seq=0)
    part = missed[:SLICE]
    parts = _difference(call.view, part)
    if len(part) < len(missed):
        return types.updates.DifferenceSlice(intermediate_state=state_of(call, part[-1].pts), **parts)
    return types.updates.Difference(state=state_of(call), **parts)


def _difference(view: View, entries: list[AccountEvent]) -> dict[str, Any]:
    """Tell messages as they are now: the gone are left out, the edited come in their last form."""
    new: list[Message] = []
    other: dict[object, Any] = {}
    for entry in entries:
        match entry.event:
            case MessageSent(message=message):
                if not message.deleted:
                    new.append(message)
            case MessageEdited(message=message) | MessageReacted(message=message):
                if not message.deleted:
                    other[message.uid] = tl_update(view, entry)
            case _:
                other[entry.pts, entry.pts_count] = tl_update(view, entry)
    return {
        "new_messages": view.messages(new),
        "new_encrypted_messages": [],
        "other_updates": list(other.values()),
        "chats": groups_in(view, entries),
        "users": people_in(view, entries),
    }


@answers(functions.updates.GetChannelDifferenceRequest)
def get_channel_difference(call: Call, request: Any) -> Any:
    group = call.view.group_at(request.channel)
    pts = call.world.account(group.id).pts
    if not 0 < request.pts <= pts:
        raise BadRequest("PERSISTENT_TIMESTAMP_EMPTY" if request.pts <= 0 else "PERSISTENT_TIMESTAMP_INVALID")
    missed = call.server.live.events_since(group.id, request.pts)
    if call.world.faults.take("mtproto_too_long", "updates.getChannelDifference"):
        return _channel_too_long(call, group)
    if not missed:
        return types.updates.ChannelDifferenceEmpty(pts, final=True, timeout=LULL)
    part = missed[: max(1, min(request.limit, SLICE))]
    final = len(part) == len(missed)
    parts = _difference(call.view, part)
    del parts["new_encrypted_messages"]
    return types.updates.ChannelDifference(pts if final else part[-1].pts, final=final, timeout=LULL, **parts)


def _channel_too_long(call: Call, group: Group) -> Any:
    box = call.world.account(call.me.id).boxes[group.id]
    tops = [box.top] if box.top else []
    return types.updates.ChannelDifferenceTooLong(
        dialog=call.view.dialog(box, tops[0]) if tops else None,
        messages=call.view.messages(tops),
        chats=[call.view.chat(group)],
        users=call.view.people_of(tops),
        final=True,
        timeout=LULL,
    )
