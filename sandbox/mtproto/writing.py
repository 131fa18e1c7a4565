"""Writing, editing, deleting, reading and drafting."""

from __future__ import annotations

from typing import Any

from sandbox.mtproto.attachments import attached_file
from sandbox.mtproto.calls import BadRequest, Call, answers
from sandbox.mtproto.chats import tl_peer
from sandbox.mtproto.formatting import world_entities
from sandbox.mtproto.tl import functions, types
from sandbox.world import Message, Quote

_TEXT, _CAPTION, _PREMIUM_CAPTION = 4096, 1024, 4096


class Drafts:
    """What accounts have begun to write, by account and peer."""

    def __init__(self) -> None:
        self._drafts: dict[int, dict[int, Any]] = {}

    def of(self, account_id: int) -> dict[int, Any]:
        return self._drafts.setdefault(account_id, {})

    def text(self, account_id: int, peer_id: int) -> str:
        """What stands in the composer of a chat; empty where nothing does."""
        draft = self.of(account_id).get(peer_id)
        return draft.message if draft is not None else ""

    def drop(self, account_id: int, peer_id: int) -> None:
        self.of(account_id).pop(peer_id, None)


@answers(functions.messages.SendMessageRequest)
def send_message(call: Call, request: Any) -> Any:
    if not request.message.strip():
        raise BadRequest("MESSAGE_EMPTY")
    if len(request.message) > _TEXT:
        raise BadRequest("MESSAGE_TOO_LONG")
    if sent := _sent_before(call, request.random_id):
        return _new_message(call, sent, request.random_id)
    message = _send(call, request)
    if request.clear_draft:
        _set_draft(call, message.chat.peer_of(call.me.id), types.DraftMessageEmpty())
    alone = len(call.world.account(call.me.id).events_since(call.pts)) == 1  # it never is there in a supergroup
    if message.entities or not alone:
        return _new_message(call, message, request.random_id)
    pts = call.session.pts = call.world.account(call.me.id).pts
    return types.UpdateShortSentMessage(message.ids[call.me.id], pts, 1, message.date, out=True)


@answers(functions.messages.SendMediaRequest)
def send_media(call: Call, request: Any) -> Any:
    if len(request.message) > (_PREMIUM_CAPTION if call.me.is_premium else _CAPTION):
        raise BadRequest("MEDIA_CAPTION_TOO_LONG")
    message = _sent_before(call, request.random_id) or _send(call, request, media=request.media)
    return _new_message(call, message, request.random_id)


def _sent_before(call: Call, random_id: int) -> Message | None:
    return call.server.sent.get((call.me.id, random_id))


def _send(call: Call, request: Any, media: Any = None) -> Message:
    reply = getattr(request.reply_to, "reply_to_msg_id", None)
    peer_id = call.view.peer_at(request.peer)
    original = call.world.message_in(call.me.id, peer_id, reply) if reply else None
    quoted = getattr(request.reply_to, "quote_text", None)
    message = call.world.send(
        call.me.id,
        peer_id,
        request.message,
        entities=world_entities(request.entities),
        file=attached_file(call, media) if media else None,
        reply_to=original.uid if original else None,
        topic=getattr(request.reply_to, "top_msg_id", None),
        quote=Quote(quoted, request.reply_to.quote_offset or 0) if quoted else None,
        ttl=getattr(media, "ttl_seconds", None),
    )
    call.server.sent[call.me.id, request.random_id] = message
    return message


def _new_message(call: Call, message: Message, random_id: int) -> Any:
    return call.server.live.own_updates(call, first=types.UpdateMessageID(message.number(call.me.id), random_id))


@answers(functions.messages.EditMessageRequest)
def edit_message(call: Call, request: Any) -> Any:
    message = _message(call, call.view.peer_at(request.peer), request.id)
    entities = None if request.entities is None else world_entities(request.entities)
    call.world.edit(message.uid, text=request.message, entities=entities, by=call.me.id)
    return call.server.live.own_updates(call)


@answers(functions.messages.DeleteMessagesRequest)
def delete_messages(call: Call, request: Any) -> Any:
    found = (call.world.message_for(call.me.id, number) for number in request.id)
    gone = call.world.delete([message.uid for message in found if message], by=call.me.id)
    return _affected(call, len(gone))


@answers(functions.channels.DeleteMessagesRequest)
def delete_channel_messages(call: Call, request: Any) -> Any:
    group = call.view.group_at(request.channel)
    found = (call.world.message_for(group.id, number) for number in request.id)
    gone = call.world.delete([message.uid for message in found if message], by=call.me.id)
    pts = call.session.told[group.id] = call.world.account(group.id).pts
    return types.messages.AffectedMessages(pts, len(gone))


@answers(functions.channels.ReadHistoryRequest)
def read_channel_history(call: Call, request: Any) -> bool:
    call.world.read(call.me.id, call.view.group_at(request.channel).id, request.max_id or None)
    return True


@answers(functions.messages.SendReactionRequest)
def send_reaction(call: Call, request: Any) -> Any:
    message = _message(call, call.view.peer_at(request.peer), request.msg_id)
    signs = [_sign(reaction) for reaction in request.reaction or ()]
    call.world.react(message.uid, *signs, by=call.me.id)
    return call.server.live.own_updates(call)


def _sign(reaction: Any) -> str | int:
    match reaction:
        case types.ReactionEmoji(emoticon=emoji):
            return str(emoji)
        case types.ReactionCustomEmoji(document_id=number):
            return int(number)
        case _:
            raise BadRequest("REACTION_INVALID")


@answers(functions.messages.ForwardMessagesRequest)
def forward_messages(call: Call, request: Any) -> Any:
    source, target = call.view.peer_at(request.from_peer), call.view.peer_at(request.to_peer)
    for message in [_message(call, source, number) for number in request.id]:
        call.world.forward(message.uid, by=call.me.id, to=target)
    return call.server.live.own_updates(call)


@answers(functions.messages.ReadHistoryRequest)
def read_history(call: Call, request: Any) -> Any:
    call.world.read(call.me.id, call.view.peer_at(request.peer), request.max_id or None)
    return _affected(call)


def _affected(call: Call, count: int | None = None) -> Any:
    pts = call.session.pts = call.world.account(call.me.id).pts
    return types.messages.AffectedMessages(pts, pts - call.pts if count is None else count)


@answers(functions.messages.SaveDraftRequest)
def save_draft(call: Call, request: Any) -> bool:
    peer_id = call.view.peer_at(request.peer)
    now = call.world.clock.now()
    text = request.message
    draft = (
        types.DraftMessage(text, now, entities=request.entities, reply_to=request.reply_to)
        if text
        else types.DraftMessageEmpty(date=now)
    )
    _set_draft(call, peer_id, draft)
    return True


@answers(functions.messages.GetAllDraftsRequest)
def get_all_drafts(call: Call, _: Any) -> Any:
    drafts = call.server.drafts.of(call.me.id)
    updates = [types.UpdateDraftMessage(tl_peer(peer_id), draft) for peer_id, draft in drafts.items()]
    return types.Updates(updates, call.view.users(peer for peer in drafts if peer > 0), [], call.world.clock.now(), 0)


def _set_draft(call: Call, peer_id: int, draft: Any) -> None:
    drafts = call.server.drafts.of(call.me.id)
    if isinstance(draft, types.DraftMessage):
        drafts[peer_id] = draft
    elif drafts.pop(peer_id, None) is None:
        return
    call.server.live.tell_others(call, types.UpdateDraftMessage(tl_peer(peer_id), draft))


@answers(functions.messages.SetTypingRequest)
def set_typing(call: Call, request: Any) -> bool:
    peer_id = call.view.peer_at(request.peer)
    if peer_id > 0:
        call.world.act(call.me.id, peer_id)
    return True


def _message(call: Call, peer_id: int, number: int) -> Message:
    message = call.world.message_in(call.me.id, peer_id, number)
    if message is None:
        raise BadRequest("MESSAGE_ID_INVALID")
    return message
