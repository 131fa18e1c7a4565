"""Telethon's messages as the mirror's own values, in the Bot API's words: both sources say the same of one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from crm.seen import VANISHES, File, Seen, Source
from storage.messages import CHANNELS
from userbot.actions import happened, said
from userbot.carried import carried
from userbot.people import People
from userbot.reactions import standing
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
KINDS = {name: kind for kind, name in ENTITIES.items()}


def all_seen(messages: Iterable[Any], account_id: int, people: People, at: datetime) -> list[Seen]:
    """Those among many messages that the mirror keeps, as they were shown at a moment."""
    found = (seen(message, account_id, people, at) for message in messages)
    return [one for one in found if one is not None]


def seen(message: Any, account_id: int, people: People, at: datetime) -> Seen | None:
    """A message as the mirror keeps it; None for one that it does not keep: see `People.of_chat`.

    Telethon gives a service message every attribute of a message, empty.
    """
    peer = people.of_chat(message.peer_id) if isinstance(message, MESSAGES) else None
    if peer is None:
        return None
    outgoing = bool(message.out)
    sender = people.sender(message) if peer.id < 0 and not outgoing else None
    kind, file, extra = _content(message)
    if file is not None and file.userbot is not None and peer.id < CHANNELS:
        file.userbot["channel"] = peer.id  # its message has a number there alone
    text, entities = _words(message, extra)
    if message.reply_to is not None or message.fwd_from is not None:
        extra = extra | _context(message, people)
    return Seen(
        source=Source.USERBOT,
        account_id=account_id,
        peer=peer,
        message_id=message.id,
        sender_id=account_id if outgoing else (sender or peer).id,
        outgoing=outgoing,
        sent_at=message.date,
        kind=kind,
        text=text,
        entities=[fact for one in entities if (fact := entity(one))] if entities else [],
        edited_at=None if message.edit_hide else message.edit_date,
        reply_to_id=_reply_to(message.reply_to),
        album_id=str(message.grouped_id) if message.grouped_id else None,
        by_bot=bool(message.via_business_bot_id),
        file=file,
        extra=extra,
        touched=bool(message.edit_hide),
        protected=bool(message.noforwards),
        reactions=standing(message.reactions, at),
        sender=sender,
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


def tl_entity(facts: Mapping[str, Any], people: People) -> Any:
    """The same the other way round; None for what cannot be sent."""
    kind = KINDS.get(facts["type"])
    place = (facts["offset"], facts["length"])
    match facts["type"]:
        case "expandable_blockquote":
            return types.MessageEntityBlockquote(*place, collapsed=True)
        case "pre":
            return types.MessageEntityPre(*place, facts.get("language", ""))
        case "text_link":
            return types.MessageEntityTextUrl(*place, facts["url"])
        case "text_mention":
            user = people.input(facts["user_id"])
            mentioned = types.InputUser(user.user_id, user.access_hash) if user is not None else None
            return types.InputMessageEntityMentionName(*place, mentioned) if mentioned is not None else None
        case "custom_emoji":
            return types.MessageEntityCustomEmoji(*place, int(facts["custom_emoji_id"]))
        case _:
            return kind(*place) if kind is not None else None


def _words(message: Any, extra: dict[str, Any]) -> tuple[str, Any]:
    """Text and entities; what stands beside media that destroys itself goes with it."""
    if VANISHES in extra:
        return "", None
    if isinstance(message, types.MessageService):
        return said(message.action)
    return message.message, message.entities


def _content(message: Any) -> tuple[str, File | None, dict[str, Any]]:
    if isinstance(message, types.MessageService):
        return "service", None, happened(message.action)
    return carried(message) if message.media is not None else ("text", None, {})


def _reply_to(reply: Any) -> int | None:
    """The message of the same chat that is answered; a story or a message of another chat has no number here."""
    if not isinstance(reply, types.MessageReplyHeader) or reply.reply_to_peer_id is not None:
        return None
    if reply.forum_topic and reply.reply_to_top_id is None:
        return None  # it only names the topic in which the message stands
    number: int | None = reply.reply_to_msg_id
    return number


def _context(message: Any, people: People) -> dict[str, Any]:
    """What is quoted, and where the message was forwarded from."""
    facts: dict[str, Any] = {}
    origin, reply = message.fwd_from, message.reply_to
    if origin is not None:
        facts["forward"] = {"name": _name(origin, people), "date": origin.date.isoformat()}
    if isinstance(reply, types.MessageReplyStoryHeader):
        facts["reply_to_story"] = reply.story_id
    elif reply is not None and reply.quote_text:
        facts["quote"] = reply.quote_text
    if isinstance(reply, types.MessageReplyHeader) and reply.reply_from is not None:
        facts["reply_from"] = _name(reply.reply_from, people)
    return facts


def _name(origin: Any, people: People) -> str:
    name = people.name(origin.from_id) if origin.from_id is not None else None
    return name or origin.from_name or ""
