"""Reading conversations: the history page by page, single messages, and search within a chat."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import Any

from sandbox.mtproto.calls import Call, answers
from sandbox.mtproto.tl import functions, types
from sandbox.world import Box, Message

PAGE = 100  # messages that one request may bring


@answers(functions.messages.GetHistoryRequest)
def get_history(call: Call, request: Any) -> Any:
    peer = call.view.person_at(request.peer)
    box = call.world.account(call.me.id).boxes.get(peer.id)
    if box is None:
        return _messages(call, [peer.id])
    found = _page(box, request.offset_id or _offset_at(box, request.offset_date), request.add_offset, request.limit)
    if request.min_id or request.max_id:
        highest = request.max_id or float("inf")
        found = [message for message in found if request.min_id < box.number(message) < highest]
    return _messages(call, [call.me.id, peer.id], found, call.server.index.count(box))


def _offset_at(box: Box, date: Any) -> int:
    """Give the number below which everything was sent before a date; 0 for no date."""
    if date is None or not date.timestamp():
        return 0
    at = bisect_left(box.messages, date, key=lambda message: message.date)
    return box.number(box.messages[at]) if at < len(box.messages) else 0


def _page(box: Box, offset_id: int, add_offset: int, limit: int) -> list[Message]:
    """Cut the page that starts `add_offset` messages after (before, if negative) the one just below `offset_id`.

    As Telegram does, a page that would begin before the newest message is shortened, not moved.
    """
    limit = max(0, min(limit, PAGE))
    older = box.newest_first(offset_id or None)
    if add_offset >= 0:
        return list(islice(older, add_offset, add_offset + limit))
    newer = islice(box.oldest_first(offset_id - 1), -add_offset) if offset_id else iter(())
    wanted = list(newer)[max(0, -add_offset - limit) :]
    return wanted[::-1] + list(islice(older, max(0, limit + add_offset)))


@answers(functions.messages.GetMessagesRequest)
def get_messages(call: Call, request: Any) -> Any:
    numbers = [wanted.id if isinstance(wanted, types.InputMessageID) else 0 for wanted in request.id[:PAGE]]
    found = {number: call.world.message_for(call.me.id, number) for number in numbers}
    standing = [message for message in found.values() if message]
    shown = [
        call.view.message(message) if (message := found[number]) else types.MessageEmpty(number, peer_id=None)
        for number in numbers
    ]
    return types.messages.Messages(messages=shown, topics=[], chats=[], users=call.view.people_of(standing))


@answers(functions.messages.SearchRequest)
def search(call: Call, request: Any) -> Any:
    peer = call.view.person_at(request.peer)
    box = call.world.account(call.me.id).boxes.get(peer.id)
    if box is None or not isinstance(request.filter, types.InputMessagesFilterEmpty):
        return _messages(call, [peer.id])
    wanted = request.q.casefold()
    hits = [message for message in box.newest_first() if wanted in message.text.casefold()]
    below = [message for message in hits if not request.offset_id or box.number(message) < request.offset_id]
    found = below[max(0, request.add_offset) :][: min(request.limit, PAGE)]
    return _messages(call, [call.me.id, peer.id], found, len(hits))


def _messages(call: Call, people: list[int], found: list[Message] | None = None, count: int = 0) -> Any:
    """Give messages.messages where they are all, messages.messagesSlice where there are more."""
    shown = call.view.messages(found or [])
    bots = [message.business_bot_id for message in found or [] if message.business_bot_id]
    users = call.view.users([*people, *bots])
    if len(shown) == count:
        return types.messages.Messages(messages=shown, topics=[], chats=[], users=users)
    return types.messages.MessagesSlice(count=count, messages=shown, topics=[], chats=[], users=users)
