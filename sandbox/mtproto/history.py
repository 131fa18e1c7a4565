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
    peer_id = call.view.peer_at(request.peer)
    box = call.world.account(call.me.id).boxes.get(peer_id)
    if box is None:
        return _messages(call, peer_id)
    found = _page(box, request.offset_id or _offset_at(box, request.offset_date), request.add_offset, request.limit)
    if request.min_id or request.max_id:
        highest = request.max_id or float("inf")
        found = [message for message in found if request.min_id < box.number(message) < highest]
    return _messages(call, peer_id, found, call.server.index.count(box))


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
    shown, parts = _numbered(call, request.id, call.me.id)
    return types.messages.Messages(messages=shown, topics=[], **parts)


@answers(functions.channels.GetMessagesRequest)
def get_channel_messages(call: Call, request: Any) -> Any:
    group = call.view.group_at(request.channel)
    shown, parts = _numbered(call, request.id, group.id)
    pts = call.world.account(group.id).pts
    return types.messages.ChannelMessages(pts, count=len(shown), messages=shown, topics=[], **parts)


def _numbered(call: Call, asked: list[Any], book: int) -> tuple[list[Any], dict[str, Any]]:
    """Give messages by their numbers in one account or supergroup, in order, and whom they speak of."""
    numbers = [wanted.id if isinstance(wanted, types.InputMessageID) else 0 for wanted in asked[:PAGE]]
    found = {number: call.world.message_for(book, number) for number in numbers}
    standing = [message for message in found.values() if message]
    shown = [
        call.view.message(message) if (message := found[number]) else types.MessageEmpty(number, peer_id=None)
        for number in numbers
    ]
    return shown, {"chats": call.view.chats_of(standing), "users": call.view.people_of(standing)}


@answers(functions.messages.SearchRequest)
def search(call: Call, request: Any) -> Any:
    peer_id = call.view.peer_at(request.peer)
    box = call.world.account(call.me.id).boxes.get(peer_id)
    if box is None or not isinstance(request.filter, types.InputMessagesFilterEmpty):
        return _messages(call, peer_id)
    wanted = request.q.casefold()
    hits = [message for message in box.newest_first() if wanted in message.text.casefold()]
    below = [message for message in hits if not request.offset_id or box.number(message) < request.offset_id]
    found = below[max(0, request.add_offset) :][: min(request.limit, PAGE)]
    return _messages(call, peer_id, found, len(hits))


def _messages(call: Call, peer_id: int, found: list[Message] | None = None, count: int = 0) -> Any:
    """Give messages.messages where they are all, messages.messagesSlice where there are more.

    Of a supergroup it is messages.channelMessages, with the group's count.
    """
    shown = call.view.messages(found or [])
    group = call.world.groups.get(peer_id)
    if group is not None:
        users, chats = call.view.people_of(found or []), call.view.chats_of(found or []) or [call.view.chat(group)]
    else:
        bots = [message.business_bot_id for message in found or [] if message.business_bot_id]
        users, chats = call.view.users([peer_id, *([call.me.id] if found is not None else []), *bots]), []
    parts = {"messages": shown, "topics": [], "chats": chats, "users": users}
    if group is not None and group.is_super:
        return types.messages.ChannelMessages(call.world.account(group.id).pts, count=count, **parts)
    if len(shown) == count:
        return types.messages.Messages(**parts)
    return types.messages.MessagesSlice(count=count, **parts)
