"""Telethon's messages as the mirror's own values, in the Bot API's words: both sources say the same of one message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.seen import File, Peer, Seen, Source
from userbot.carried import carried
from userbot.people import People
from userbot.tl import types

MESSAGES = (types.Message, types.MessageService)  # a tuple: a union would be made anew for each message
ENTITIES: dict[type, str] = {
    types.MessageEntityMention: "mention",
    types.MessageEntityHashtag: "hashtag",
    types.MessageEntityCashtag: "cashtag",
    types.MessageEntityBotCommand: "bot_command",
    types.MessageEntityUrl: "url",
    types.MessageEntityEmail: "email",
    types.MessageEntityPhone: "phone_number",
    types.MessageEntityBold: "bold",
    types.MessageEntityItalic: "italic",
    types.MessageEntityUnderline: "underline",
    types.MessageEntityStrike: "strikethrough",
    types.MessageEntitySpoiler: "spoiler",
    types.MessageEntityBlockquote: "blockquote",
    types.MessageEntityCode: "code",
    types.MessageEntityPre: "pre",
    types.MessageEntityTextUrl: "text_link",
    types.MessageEntityMentionName: "text_mention",
    types.MessageEntityCustomEmoji: "custom_emoji",
    types.MessageEntityFormattedDate: "date_time",
}  # the others have no name in the Bot API, which leaves them out


def is_private(message: Any) -> bool:
    """Whether it stands in a chat with one person, and is a message at all."""
    return isinstance(message, MESSAGES) and isinstance(message.peer_id, types.PeerUser)


def all_seen(messages: Iterable[Any], account_id: int, people: People) -> list[Seen]:
    """Those among many messages that the mirror keeps."""
    found = (seen(message, account_id, people) for message in messages)
    return [one for one in found if one is not None]


def seen(message: Any, account_id: int, people: People) -> Seen | None:
    """A message as the mirror keeps it; None for one that it does not keep: see `People.mirrored`.

    Telethon gives a service message every attribute of a message, empty.
    """
    if not is_private(message) or not people.mirrored(message.peer_id.user_id):
        return None
    peer = people.known(message.peer_id.user_id) or Peer(message.peer_id.user_id)
    outgoing = bool(message.out)
    kind, file, extra = _content(message)
    if message.reply_to is not None or message.fwd_from is not None:
        extra = extra | _context(message, people)
    return Seen(
        source=Source.USERBOT,
        account_id=account_id,
        peer=peer,
        message_id=message.id,
        sender_id=account_id if outgoing else peer.id,
        outgoing=outgoing,
        sent_at=message.date,
        kind=kind,
        text=message.message or "",
        entities=[fact for one in message.entities if (fact := entity(one))] if message.entities else [],
        edited_at=None if message.edit_hide else message.edit_date,
        reply_to_id=_reply_to(message.reply_to),
        album_id=str(message.grouped_id) if message.grouped_id else None,
        by_bot=bool(message.via_business_bot_id),
        file=file,
        extra=extra,
    )


def entity(one: Any) -> dict[str, Any] | None:
    """An entity in the Bot API's form; None for a kind that it does not have."""
    kind = ENTITIES.get(type(one))
    if kind is None:
        return None
    facts = {"type": kind, "offset": one.offset, "length": one.length}
    match kind:
        case "blockquote" if one.collapsed:
            facts["type"] = "expandable_blockquote"
        case "pre" if one.language:
            facts["language"] = one.language
        case "text_link":
            facts["url"] = one.url
        case "text_mention":
            facts["user_id"] = one.user_id
        case "custom_emoji":
            facts["custom_emoji_id"] = str(one.document_id)
    return facts


def _content(message: Any) -> tuple[str, File | None, dict[str, Any]]:
    if isinstance(message, types.MessageService):
        return "service", None, {"service": service_name(message.action)}
    return carried(message) if message.media is not None else ("text", None, {})


def _reply_to(reply: Any) -> int | None:
    """The message of the same chat that is answered; a story or a message of another chat has no number here."""
    if not isinstance(reply, types.MessageReplyHeader) or reply.reply_to_peer_id is not None:
        return None
    number: int | None = reply.reply_to_msg_id
    return number


def _context(message: Any, people: People) -> dict[str, Any]:
    """What is quoted, and where the message was forwarded from."""
    facts: dict[str, Any] = {}
    origin = message.fwd_from
    if origin is not None:
        name = people.name(origin.from_id) if origin.from_id is not None else None
        facts["forward"] = {"name": name or origin.from_name or "", "date": origin.date.isoformat()}
    if isinstance(message.reply_to, types.MessageReplyHeader) and message.reply_to.quote_text:
        facts["quote"] = message.reply_to.quote_text
    return facts


# What the Bot API calls by another name than TL does; the rest keeps TL's, in the same spelling.
_ACTIONS = {
    "pin_message": "pinned_message",
    "set_messages_ttl": "message_auto_delete_timer_changed",
    "set_chat_wall_paper": "chat_background_set",
    "star_gift": "gift",
    "star_gift_unique": "unique_gift",
    "payment_sent": "successful_payment",
    "payment_sent_me": "successful_payment",
    "payment_refunded": "refunded_payment",
    "bot_allowed": "write_access_allowed",
    "geo_proximity_reached": "proximity_alert_triggered",
    "todo_completions": "checklist_tasks_done",
    "todo_append_tasks": "checklist_tasks_added",
    "requested_peer": "users_shared",
    "requested_peer_sent_me": "users_shared",
    "web_view_data_sent": "web_app_data",
    "web_view_data_sent_me": "web_app_data",
    "secure_values_sent": "passport_data",
    "secure_values_sent_me": "passport_data",
    "giveaway_launch": "giveaway_created",
    "poll_append_answer": "poll_option_added",
    "poll_delete_answer": "poll_option_deleted",
    "suggested_post_success": "suggested_post_paid",
    "suggested_post_refund": "suggested_post_refunded",
    "paid_messages_price": "paid_message_price_changed",
}


def service_name(action: Any) -> str:
    """What happened in the chat, as the Bot API calls it."""
    name = snake(type(action).__name__.removeprefix("MessageAction"))
    return _ACTIONS.get(name, name)


def snake(name: str) -> str:
    """TL's spelling of a name in the Bot API's: PhoneCall → phone_call, SetMessagesTTL → set_messages_ttl."""
    last = len(name)
    return "".join(
        "_" + letter.lower()
        if letter.isupper() and at and (name[at - 1].islower() or (at + 1 < last and name[at + 1].islower()))
        else letter.lower()
        for at, letter in enumerate(name)
    )
