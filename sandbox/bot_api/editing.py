"""A bot changes what it sent, or takes it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.formatting import formatted
from sandbox.bot_api.markups import checked_markup
from sandbox.bot_api.media import resolve_media
from sandbox.bot_api.sending import Target, checked_caption, checked_text, find_target, peer_of, plain
from sandbox.world import Message, Refused

DELETE_WINDOW = timedelta(hours=48)  # Bot API, deleteMessage
MAX_DELETED_AT_ONCE = 100


def edit_message_text(caller: Caller, call: methods.EditMessageText) -> types.Message:
    target, message = _find(caller, call)
    if message.file or message.service:
        raise Refused.bad_request("there is no text in the message to edit")
    text, entities = checked_text(formatted(call.text, plain(call.parse_mode), call.entities))
    return _edit(caller, call, target, message, text=text, entities=entities)


def edit_message_caption(caller: Caller, call: methods.EditMessageCaption) -> types.Message:
    target, message = _find(caller, call)
    if message.file is None:
        raise Refused.bad_request("there is no caption in the message to edit")
    text, entities = checked_caption(call)
    return _edit(caller, call, target, message, text=text, entities=entities)


def edit_message_media(caller: Caller, call: methods.EditMessageMedia) -> types.Message:
    target, message = _find(caller, call)
    if message.service:
        raise Refused.bad_request("message can't be edited")
    text, entities = checked_caption(call.media)
    file = resolve_media(caller, str(call.media.type), call.media.media, call.media)
    return _edit(caller, call, target, message, text=text, entities=entities, file=file)


def edit_message_reply_markup(caller: Caller, call: methods.EditMessageReplyMarkup) -> types.Message:
    target, message = _find(caller, call)
    return _edit(caller, call, target, message)


def _find(caller: Caller, call: Any) -> tuple[Target, Message]:
    if call.inline_message_id is not None:
        raise Refused.bad_request("MESSAGE_ID_INVALID")
    if not call.message_id:
        raise Refused.bad_request("message identifier is not specified")
    target = find_target(caller, call.chat_id, call.business_connection_id)
    message = _in_chat(target, call.message_id)
    if message is None:
        raise Refused.bad_request("message to edit not found")
    if message.markup and "inline_keyboard" not in message.markup:
        raise Refused.bad_request("message can't be edited")
    return target, message


def _in_chat(target: Target, number: int) -> Message | None:
    return target.view.world.message_in(target.view.account_id, target.peer_id, number)


def _edit(caller: Caller, call: Any, target: Target, message: Message, **changes: Any) -> types.Message:
    markup = checked_markup(call.reply_markup) or {}  # an edit without a keyboard takes it off
    if target.view.connection:
        caller.world.check_business_send(target.sender_id, caller.bot_id, target.peer_id)
    caller.bot.spend(target.peer_id)
    by = caller.bot_id if message.business_bot_id == caller.bot_id else target.sender_id
    return target.view.message(caller.world.edit(message.uid, **changes, markup=markup, by=by))


def delete_message(caller: Caller, call: methods.DeleteMessage) -> bool:
    """Delete one message of a chat with the bot."""
    target = find_target(caller, call.chat_id, None)
    message = _in_chat(target, call.message_id)
    if message is None:
        raise Refused.bad_request("message to delete not found")
    if not _may_delete(caller, message):
        raise Refused.bad_request("message can't be deleted for everyone")
    caller.world.delete([message.uid], by=caller.bot_id)
    return True


def delete_messages(caller: Caller, call: methods.DeleteMessages) -> bool:
    """Delete up to a hundred messages; those that cannot be found or deleted are passed over."""
    if len(call.message_ids) > MAX_DELETED_AT_ONCE:
        raise Refused.bad_request("too many message identifiers specified")
    target = find_target(caller, peer_of(caller, call.chat_id), None)
    found = (_in_chat(target, number) for number in call.message_ids)
    uids = [message.uid for message in found if message and _may_delete(caller, message)]
    caller.world.delete(uids, by=caller.bot_id)
    return True


def _may_delete(caller: Caller, message: Message) -> bool:
    return caller.world.clock.now() - message.date < DELETE_WINDOW
