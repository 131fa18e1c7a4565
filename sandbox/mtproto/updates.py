"""What happened to an account, as updates: its state, and the difference since an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.mtproto.calls import BadRequest, Call, answers
from sandbox.mtproto.tl import Packed, functions, types
from sandbox.mtproto.view import View
from sandbox.world import AccountEvent, ChatRead, Message, MessageEdited, MessagesDeleted, MessageSent

SLICE = 100  # events in one answer


def tl_update(view: View, entry: AccountEvent) -> Any:
    """Give one entry of an account's log as the update that its clients are sent."""
    me, place = view.me.id, (entry.pts, entry.pts_count)
    match entry.event:
        case MessageSent(message=message):
            return types.UpdateNewMessage(view.message(message), *place)
        case MessageEdited(message=message):
            return types.UpdateEditMessage(view.message(message), *place)
        case MessagesDeleted(messages=messages):
            return types.UpdateDeleteMessages([message.ids[me] for message in messages], *place)
        case ChatRead(reader_id=reader_id, peer_id=peer_id, message=message) if reader_id == me:
            return types.UpdateReadHistoryInbox(types.PeerUser(peer_id), message.ids[me], view.unread(peer_id), *place)
        case ChatRead(reader_id=reader_id, message=message):
            return types.UpdateReadHistoryOutbox(types.PeerUser(reader_id), message.ids[me], *place)
        case _:
            raise TypeError(entry.event)


def people_in(view: View, entries: Iterable[AccountEvent]) -> list[Packed]:
    """Give everyone whom a client must know to understand these entries."""
    return view.people_of(
        entry.event.message for entry in entries if isinstance(entry.event, MessageSent | MessageEdited | ChatRead)
    )


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
            case MessageEdited(message=message):
                if not message.deleted:
                    other[message.uid] = tl_update(view, entry)
            case _:
                other[entry.pts, entry.pts_count] = tl_update(view, entry)
    return {
        "new_messages": view.messages(new),
        "new_encrypted_messages": [],
        "other_updates": list(other.values()),
        "chats": [],
        "users": people_in(view, entries),
    }
