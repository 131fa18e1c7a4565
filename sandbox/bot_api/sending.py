"""A bot sends: texts, files and albums, in its own chats or for the owner of a business connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.formatting import Formatted, formatted
from sandbox.bot_api.markups import checked_markup
from sandbox.bot_api.media import resolve_media
from sandbox.bot_api.rendering import View
from sandbox.world import File, Message, Refused, utf16_length

MAX_TEXT = 4096  # counted in UTF-16 units after parsing, the stricter reading of "characters"
MAX_CAPTION = 1024
MAX_ALBUM = 10
_ALONE_IN_ALBUM = frozenset({"document", "audio"})

MediaCall = (
    methods.SendPhoto
    | methods.SendDocument
    | methods.SendVoice
    | methods.SendVideo
    | methods.SendVideoNote
    | methods.SendAudio
    | methods.SendAnimation
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: who speaks, to whom, and what the caller sees of it."""

    view: View
    sender_id: int
    peer_id: int

    @property
    def business_bot_id(self) -> int | None:
        return self.view.bot_id if self.view.connection else None


def find_target(caller: Caller, chat_id: int | str | None, connection_id: str | None) -> Target:
    """Find the chat of a call. Refuses a chat or a business connection that the bot does not know."""
    world = caller.world
    if connection_id is None:
        return Target(View(world, caller.bot_id), caller.bot_id, peer_of(caller, chat_id))
    connection = world.business(connection_id)
    if connection is None or connection.bot_id != caller.bot_id:
        raise Refused.bad_request("business connection not found")
    return Target(View(world, caller.bot_id, connection), connection.user_id, peer_of(caller, chat_id))


def peer_of(caller: Caller, chat_id: int | str | None) -> int:
    """Give the id behind `chat_id`, a number or an @username. Refuses what nobody is called."""
    word = str(chat_id or "").strip()
    if not word:
        raise Refused.bad_request("chat_id is empty")
    if word.removeprefix("-").isdecimal():
        return caller.world.group(int(word)).id if int(word) < 0 else caller.world.person(int(word)).id
    found = caller.world.by_username(word) if word.startswith("@") else None
    if found is None or not found.is_bot:  # Bot API: usernames name channels and groups, never a private chat
        raise Refused.bad_request("chat not found")
    return found.id


def send_message(caller: Caller, call: methods.SendMessage) -> types.Message:
    """Send a text."""
    text = checked_text(formatted(call.text, plain(call.parse_mode), call.entities))
    return _send(caller, call, text)


def checked_text(text: Formatted) -> Formatted:
    """Let a text pass. Refuses an empty one and one past 4096."""
    if not text[0]:
        raise Refused.bad_request("message text is empty")
    if utf16_length(text[0]) > MAX_TEXT:
        raise Refused.bad_request("message is too long")
    return text


def checked_caption(call: Any) -> Formatted:
    """Parse the caption of a call or of an album's item. Refuses one past 1024."""
    caption = formatted(call.caption, plain(call.parse_mode), call.caption_entities)
    if utf16_length(caption[0]) > MAX_CAPTION:
        raise Refused.bad_request("message caption is too long")
    return caption


def plain(parse_mode: object) -> str | None:
    """Give a parse mode as it came over the wire, where aiogram's models leave a mark for "the default"."""
    return parse_mode if isinstance(parse_mode, str) else None


def send_media(caller: Caller, call: MediaCall) -> types.Message:
    """Send one file of the kind that the method is named for."""
    kind = call.__api_method__.removeprefix("send")
    name = "video_note" if kind == "VideoNote" else kind.lower()
    caption = ("", ()) if isinstance(call, methods.SendVideoNote) else checked_caption(call)
    file = resolve_media(caller, name, getattr(call, name), call)
    return _send(caller, call, caption, file=file)


def send_sticker(caller: Caller, call: methods.SendSticker) -> types.Message:
    return _send(caller, call, ("", ()), file=resolve_media(caller, "sticker", call.sticker, call))


def send_contact(caller: Caller, call: methods.SendContact) -> types.Message:
    fields = {"phone_number": call.phone_number, "first_name": call.first_name, "last_name": call.last_name}
    known = caller.world.by_phone(call.phone_number)
    service = {"type": "contact", **fields, "user_id": known and known.id}
    return _send(caller, call, ("", ()), service={name: value for name, value in service.items() if value})


def send_location(caller: Caller, call: methods.SendLocation) -> types.Message:
    service = {"type": "location", "latitude": call.latitude, "longitude": call.longitude}
    return _send(caller, call, ("", ()), service=service)


def copy_message(caller: Caller, call: methods.CopyMessage) -> types.MessageId:
    """Send again what stands in a chat of the bot, as its own; files may get another caption."""
    message = caller.world.message_in(caller.bot_id, peer_of(caller, call.from_chat_id), call.message_id)
    if message is None:
        raise Refused.bad_request("message to copy not found")
    if message.service or message.protected or message.ttl:
        raise Refused.bad_request("message can't be copied")
    anew = message.file is not None and call.caption is not None
    text = checked_caption(call) if anew else (message.text, message.entities)
    return types.MessageId(message_id=_send(caller, call, text, file=message.file).message_id)


def _send(
    caller: Caller, call: Any, text: Formatted, *, file: File | None = None, service: dict[str, Any] | None = None
) -> types.Message:
    target = find_target(caller, call.chat_id, getattr(call, "business_connection_id", None))
    markup = checked_markup(call.reply_markup)
    reply_to = _replied(target, call)
    caller.bot.spend(target.peer_id)
    topic = call.message_thread_id if target.peer_id < 0 else None
    said: dict[str, Any] = {
        "entities": text[1], "file": file, "reply_to": reply_to, "topic": topic, "markup": markup, "service": service,
    }  # fmt: skip
    alone: types.EphemeralMessageParameters | None = getattr(call, "ephemeral_message_parameters", None)
    if alone:
        receiver, asked = alone.receiver_user_id, alone.callback_query_id
        shown = caller.world.send_ephemeral(caller.bot_id, target.peer_id, receiver, text[0], query_id=asked, **said)
        return target.view.message(shown)
    message = caller.world.send(
        target.sender_id,
        target.peer_id,
        text[0],
        business_bot_id=target.business_bot_id,
        protected=call.protect_content is True,
        silent=call.disable_notification is True,
        **said,
    )
    return target.view.message(message)


def _replied(target: Target, call: Any) -> int | None:
    asked: types.ReplyParameters | None = call.reply_parameters
    number = asked.message_id if asked else call.reply_to_message_id
    if not number:
        return None
    message = target.view.world.message_in(target.view.account_id, target.peer_id, number)
    if message:
        return message.uid
    if (asked.allow_sending_without_reply if asked else call.allow_sending_without_reply) is True:
        return None
    raise Refused.bad_request("message to be replied not found")


def send_media_group(caller: Caller, call: methods.SendMediaGroup) -> list[types.Message]:
    """Send an album of two to ten files."""
    if not call.media or len(call.media) > MAX_ALBUM:
        reason = "too many messages to send as an album" if call.media else "there are no messages to send"
        raise Refused.bad_request(reason)
    kinds = {str(item.type) for item in call.media}
    if len(kinds) > 1 and kinds & _ALONE_IN_ALBUM:
        alone = "document" if "document" in kinds else "audio"
        raise Refused.bad_request(f"{alone} can't be mixed with other media types")
    target = find_target(caller, call.chat_id, call.business_connection_id)
    items = [(checked_caption(item), resolve_media(caller, str(item.type), item.media, item)) for item in call.media]
    reply_to = _replied(target, call)
    caller.bot.spend(target.peer_id, len(items))
    album_id = caller.world.new_album() if len(items) > 1 else None
    topic = call.message_thread_id if target.peer_id < 0 else None
    where: dict[str, Any] = {"reply_to": reply_to, "album_id": album_id, "topic": topic}
    return [target.view.message(_send_item(target, *item, where)) for item in items]


def _send_item(target: Target, caption: Formatted, file: File, where: dict[str, Any]) -> Message:
    return target.view.world.send(
        target.sender_id,
        target.peer_id,
        caption[0],
        entities=caption[1],
        file=file,
        business_bot_id=target.business_bot_id,
        **where,
    )


def send_chat_action(caller: Caller, call: methods.SendChatAction) -> bool:
    """Show that the bot is typing, uploading, recording or choosing."""
    if call.action not in _ACTIONS:
        raise Refused.bad_request("wrong parameter action in request")
    target = find_target(caller, call.chat_id, call.business_connection_id)
    if target.peer_id > 0:
        caller.world.act(target.sender_id, target.peer_id, call.action)
    return True


_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
