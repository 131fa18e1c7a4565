"""The official road of the mirror: what Telegram's Business connection tells, in the mirror's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, Router, types
from aiogram.enums import ContentType

from crm import accounts, mirror
from crm.access import Room
from crm.seen import File, Gone, Peer, Seen, Source
from handlers.business.told import TOLD

FILES = (
    ContentType.ANIMATION,  # before document: Telegram fills both for an animation
    ContentType.AUDIO,
    ContentType.DOCUMENT,
    ContentType.STICKER,
    ContentType.VIDEO,
    ContentType.VIDEO_NOTE,
    ContentType.VOICE,
)
SPOKEN = frozenset({*FILES, ContentType.TEXT, ContentType.PHOTO})


def routes() -> Router:
    """What this road listens to."""
    router = Router(name="business")
    router.business_connection.register(connection_changed)
    router.business_message.register(written)
    router.edited_business_message.register(rewritten)
    router.deleted_business_messages.register(deleted)
    return router


async def connection_changed(connection: types.BusinessConnection, room: Room) -> None:
    """The owner connected the bot, changed what it may do, or took it off."""
    await accounts.connect_business(room, connection_facts(connection))


async def written(message: types.Message, room: Room, bot: Bot, *, touched: bool = False) -> None:
    """A message, or a later text of one, from either side of a private chat."""
    account_id = await _account(room, bot, message.business_connection_id or "")
    async with room.transaction() as session:
        if await accounts.mirrored(room, session, account_id):
            one = seen(message, account_id, touched=touched)
            await mirror.record(session, [one], heard_at=room.installation.clock.now())


async def rewritten(message: types.Message, room: Room, bot: Bot) -> None:
    """An edit; one that tells no time is no other text: somebody reacted, or buttons changed."""
    await written(message, room, bot, touched=message.edit_date is None)


async def deleted(event: types.BusinessMessagesDeleted, room: Room, bot: Bot) -> None:
    """Messages that somebody deleted; the text is what we stored before."""
    account_id = await _account(room, bot, event.business_connection_id)
    gone = Gone(Source.BUSINESS, account_id, tuple(event.message_ids), room.installation.clock.now())
    async with room.transaction() as session:
        if await accounts.mirrored(room, session, account_id):
            await mirror.record_gone(session, gone)


async def _account(room: Room, bot: Bot, connection_id: str) -> int:
    """Whose connection this is; asked of Telegram where its own update has not come, or was lost."""
    known = await accounts.connected_as(room, connection_id)
    if known is not None:
        return known
    connection = await bot.get_business_connection(connection_id)
    await accounts.connect_business(room, connection_facts(connection), marks_update=False)
    return connection.user.id


def connection_facts(connection: types.BusinessConnection) -> accounts.Connection:
    """Telegram's connection in the product's words."""
    rights = connection.rights.model_dump(exclude_none=True) if connection.rights else {}
    return accounts.Connection(
        id=connection.id,
        user=peer(connection.user),
        user_chat_id=connection.user_chat_id,
        enabled=connection.is_enabled,
        rights={name: value for name, value in rights.items() if value},
        connected_at=_utc(connection.date),
    )


def seen(message: types.Message, account_id: int, *, touched: bool = False) -> Seen:
    """One message as this road shows it; reactions are not among what it tells."""
    sender = message.from_user
    sender_id = sender.id if sender else message.chat.id
    kind = ContentType(message.content_type).value
    kind = "photo" if kind == "live_photo" else kind  # its picture is what is kept of it
    text, entities = words(message)
    return Seen(
        source=Source.BUSINESS,
        account_id=account_id,
        peer=_other_side(message, account_id),
        message_id=message.message_id,
        sender_id=sender_id,
        outgoing=sender_id == account_id,
        sent_at=_utc(message.date),
        kind=kind if kind in SPOKEN or kind in TOLD else "service",
        text=text,
        entities=[entity(one) for one in entities],
        edited_at=_utc(message.edit_date) if message.edit_date else None,
        reply_to_id=message.reply_to_message.message_id if message.reply_to_message else None,
        album_id=message.media_group_id,
        by_bot=message.sender_business_bot is not None,
        file=file(message),
        extra=extra(message, kind),
        touched=touched,
        protected=message.has_protected_content is True,
    )


def peer(user: types.User) -> Peer:
    """A person, as the Bot API describes one."""
    return Peer(
        id=user.id,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language=user.language_code,
        is_bot=user.is_bot,
    )


def _other_side(message: types.Message, account_id: int) -> Peer:
    """Who the account is talking to: the sender knows his language, the chat knows only names."""
    if message.from_user is not None and message.from_user.id != account_id:
        return peer(message.from_user)
    chat = message.chat
    return Peer(id=chat.id, first_name=chat.first_name or "", last_name=chat.last_name, username=chat.username)


def entity(one: types.MessageEntity) -> dict[str, Any]:
    """An entity without the person's details that Telegram repeats in a mention."""
    facts = one.model_dump(
        exclude_none=True, include={"type", "offset", "length", "url", "language", "custom_emoji_id"}
    )
    return facts | ({"user_id": one.user.id} if one.user else {})


def file(message: types.Message) -> File | None:
    """What the message carries; of a photo, its largest size."""
    sizes = message.photo or (message.live_photo.photo if message.live_photo else None)
    if sizes:
        largest = sizes[-1]
        return File(
            kind="photo",
            mime="image/jpeg",
            size=largest.file_size,
            width=largest.width,
            height=largest.height,
            file_id=largest.file_id,
        )
    for kind in FILES:
        carried = getattr(message, kind.value)
        if carried is not None:
            return _described(kind.value, carried)
    return None


def _described(kind: str, carried: Any) -> File:
    square = getattr(carried, "length", None)  # a video note is as wide as it is high
    return File(
        kind=kind,
        mime=getattr(carried, "mime_type", None),
        name=getattr(carried, "file_name", None),
        size=carried.file_size,
        width=getattr(carried, "width", square),
        height=getattr(carried, "height", square),
        duration=getattr(carried, "duration", None),
        file_id=carried.file_id,
    )


def words(message: types.Message) -> tuple[str, Sequence[types.MessageEntity]]:
    """Text or caption; of what Telegram itself writes, the words that go with it."""
    if message.gift is not None:
        return message.gift.text or "", message.gift.entities or ()
    return message.text or message.caption or "", message.entities or message.caption_entities or ()


def extra(message: types.Message, kind: str) -> dict[str, Any]:
    """What the columns have no place for: where it was forwarded from, a contact, a place, the name of a service."""
    facts: dict[str, Any] = {}
    if message.forward_origin is not None:
        facts["forward"] = {
            "name": _origin(message.forward_origin),
            "date": _utc(message.forward_origin.date).isoformat(),
        }
    if kind in TOLD:
        facts |= {kind: told} if (told := TOLD[kind](getattr(message, kind))) else {}
    elif kind not in SPOKEN:
        facts["service"] = kind
    if message.quote is not None:
        facts["quote"] = message.quote.text
    if message.external_reply is not None:
        facts["reply_from"] = _origin(message.external_reply.origin)
    if message.reply_to_story is not None:
        facts["reply_to_story"] = message.reply_to_story.id
    return facts


def _origin(origin: types.MessageOriginUnion) -> str:
    match origin:
        case types.MessageOriginUser():
            return origin.sender_user.full_name
        case types.MessageOriginHiddenUser():
            return origin.sender_user_name
        case types.MessageOriginChat():
            return origin.sender_chat.title or origin.sender_chat.full_name
        case types.MessageOriginChannel():
            return origin.chat.title or origin.chat.full_name


def _utc(moment: datetime | int) -> datetime:
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else moment.astimezone(UTC)
