"""The official road of the mirror: what Telegram's Business connection tells, in the mirror's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiogram import Bot, types
from aiogram.enums import ContentType

from crm import accounts, mirror
from crm.access import Room
from crm.errors import CrmError
from crm.seen import Gone, Peer, Seen, Source
from handlers.business.told import TOLD
from handlers.screens.typed import FILES, entity, file

SPOKEN = frozenset({*FILES, ContentType.TEXT, ContentType.PHOTO})


async def connection_changed(connection: types.BusinessConnection, room: Room) -> None:
    """The owner connected the bot, changed what it may do, or took it off. Raises NotAllowed."""
    await accounts.connect_business(room, connection_facts(connection))


async def take(updates: Sequence[types.Update], room: Room, bot: Bot) -> None:
    """What was written, changed and deleted in private chats, in one transaction; its order makes no difference.

    Of an account that may not be connected here nothing is kept.
    """
    now = room.installation.clock.now()
    owners = {one: await _account(room, bot, one) for one in {_connection(update) for update in updates}}
    async with room.transaction() as session:
        for account_id in {one for one in owners.values() if one is not None}:
            if await accounts.mirrored(room, session, account_id):
                mine = [update for update in updates if owners[_connection(update)] == account_id]
                written = [one for update in mine if (one := _written(update, account_id)) is not None]
                await mirror.record(session, written, heard_at=now)
                gone = [number for update in mine for number in _gone(update)]
                if gone:
                    await mirror.record_gone(session, Gone(Source.BUSINESS, account_id, tuple(gone), now))


def _connection(update: types.Update) -> str:
    """Under which connection something was told of messages."""
    what = update.business_message or update.edited_business_message or update.deleted_business_messages
    return (what and what.business_connection_id) or ""


def _written(update: types.Update, account_id: int) -> Seen | None:
    """A message, or a later text of one, from either side of a private chat."""
    if update.business_message is not None:
        return seen(update.business_message, account_id)
    edited = update.edited_business_message
    if edited is None:
        return None
    # One that tells no time is no other text: somebody reacted, or buttons changed.
    return seen(edited, account_id, touched=edited.edit_date is None)


def _gone(update: types.Update) -> Sequence[int]:
    """The numbers of messages that somebody deleted; the text is what we stored before."""
    return update.deleted_business_messages.message_ids if update.deleted_business_messages is not None else ()


async def _account(room: Room, bot: Bot, connection_id: str) -> int | None:
    """Whose connection this is; asked of Telegram where its own update has not come, or was lost.

    None where the account may not be connected here.
    """
    known = await accounts.connected_as(room, connection_id)
    if known is not None:
        return known
    connection = await bot.get_business_connection(connection_id)
    try:
        await accounts.connect_business(room, connection_facts(connection), marks_updates=False)
    except CrmError:
        return None
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
