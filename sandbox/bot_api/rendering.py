"""The world in the Bot API's words: people, chats, messages and files as one bot is shown them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiogram import types
from aiogram.enums import ChatType

from sandbox.bot_api.file_ids import file_id, file_unique_id
from sandbox.bot_api.services import GROUP_SERVICES, told
from sandbox.world import RIGHTS, BusinessConnection, Entity, File, Group, Message, Person, Reaction, World

FOR_EVER = datetime.fromtimestamp(0, UTC)  # Bot API: "If 0, then the user is banned forever"


def user(person: Person) -> types.User:
    return types.User(
        id=person.id,
        is_bot=person.is_bot,
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
        language_code=None if person.is_bot else person.language,
        is_premium=person.is_premium or None,
    )


def private_chat(person: Person) -> types.Chat:
    return types.Chat(
        id=person.id,
        type=ChatType.PRIVATE,
        first_name=person.first_name,
        last_name=person.last_name,
        username=person.username,
    )


def group_chat(group: Group) -> types.Chat:
    kind = ChatType.SUPERGROUP if group.is_super else ChatType.GROUP
    return types.Chat(id=group.id, type=kind, title=group.title, is_forum=group.is_forum or None)


def group_member(world: World, group: Group, person_id: int) -> types.ResultChatMemberUnion:
    """Show what somebody is in a group."""
    someone = user(world.person(person_id))
    if person_id in group.kicked:
        return types.ChatMemberBanned(user=someone, until_date=FOR_EVER)
    if person_id not in group.members:
        return types.ChatMemberLeft(user=someone)
    if person_id == group.owner_id:
        return types.ChatMemberOwner(user=someone, is_anonymous=False)
    return (
        group_admin(someone, group.admins[person_id])
        if person_id in group.admins
        else types.ChatMemberMember(user=someone)
    )


_NOT_HERE: dict[str, Any] = dict.fromkeys(  # rights that nobody has in this world
    (
        "can_manage_video_chats",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_send_welcome_messages",
    ),
    False,
)


def group_admin(someone: types.User, rights: frozenset[str]) -> types.ChatMemberAdministrator:
    """Show an admin with his rights; an admin may always see the group as one."""
    mine: dict[str, Any] = {f"can_{right}": right in rights for right in sorted(RIGHTS)} | {"can_manage_chat": True}
    return types.ChatMemberAdministrator(user=someone, can_be_edited=False, is_anonymous=False, **_NOT_HERE, **mine)


def chat_with(world: World, peer_id: int) -> types.Chat:
    """Show the chat with a person, or the group."""
    return group_chat(world.group(peer_id)) if peer_id < 0 else private_chat(world.person(peer_id))


def business_connection(world: World, connection: BusinessConnection) -> types.BusinessConnection:
    rights = types.BusinessBotRights(**dict.fromkeys(sorted(connection.rights), True))
    return types.BusinessConnection(
        id=connection.id,
        user=user(world.person(connection.user_id)),
        user_chat_id=connection.user_chat_id,
        date=connection.date,
        is_enabled=connection.enabled,
        rights=rights if connection.enabled else None,
    )


@dataclass(frozen=True, slots=True)
class View:
    """Messages as a bot sees them: in its own chats, or through `connection` in those of its owner."""

    world: World
    bot_id: int
    connection: BusinessConnection | None = None

    @property
    def account_id(self) -> int:
        """Whose message numbers count here."""
        return self.connection.user_id if self.connection else self.bot_id

    def message(self, message: Message, *, with_reply: bool = True) -> types.Message:
        """Show a message, with the one that it answers."""
        person = self.world.person
        return types.Message(
            message_id=message.number(self.account_id),
            date=message.date,
            edit_date=None if message.edited_at is None else int(message.edited_at.timestamp()),
            chat=chat_with(self.world, message.chat.peer_of(self.account_id)),
            from_user=user(person(message.sender_id)),
            business_connection_id=self.connection.id if self.connection else None,
            sender_business_bot=user(person(message.business_bot_id)) if message.business_bot_id else None,
            message_thread_id=message.topic,
            is_topic_message=True if message.topic else None,
            receiver_user=user(person(message.receiver_id)) if message.receiver_id else None,
            ephemeral_message_id=message.ephemeral_id or None,
            media_group_id=str(message.album_id) if message.album_id else None,
            reply_to_message=self._replied(message) if with_reply else None,
            quote=_quote(message),
            forward_origin=self._origin(message),
            has_protected_content=message.protected or None,
            reply_markup=_inline_only(message.markup),
            **self._content(message),
        )

    def _content(self, message: Message) -> dict[str, Any]:
        text, entities = message.text or None, self._entities(message.entities)
        if message.service:
            captioned = message.service["type"] == "paid_media"
            shown = told(message) or self._became(message, message.service)
            return {**shown, **({"caption": text, "caption_entities": entities} if captioned else {})}
        if message.ttl:
            return {}
        if message.file:
            return {"caption": text, "caption_entities": entities, **self.media(message.file)}
        return {"text": text, "entities": entities}

    def _became(self, message: Message, service: dict[str, Any]) -> dict[str, Any]:
        """Show what became of a group; nothing for another service message."""
        match service["type"]:
            case "new_chat_members" | "left_chat_member" as what:
                people = [user(self.world.person(member)) for member in service["members"]]
                return {what: people if what == "new_chat_members" else people[0]}
            case "new_chat_title":
                return {"new_chat_title": service["title"]}
            case "migrate_to_chat_id" | "migrate_from_chat_id" as what:
                return {what: service["chat"]}
            case "forum_topic_created" | "forum_topic_edited" | "forum_topic_closed" | "forum_topic_reopened" as what:
                facts = {name: value for name, value in service.items() if name != "type"}
                return {what: _TOPICS[what](**facts)}
            case "pinned_message":
                pinned = self.world.messages.get(message.reply_to or 0)
                return {"pinned_message": self.message(pinned, with_reply=False)} if pinned else {}
            case what:
                return {what: True} if what in GROUP_SERVICES else {}

    def _origin(self, message: Message) -> types.MessageOriginUser | types.MessageOriginHiddenUser | None:
        origin = message.origin
        if origin is None:
            return None
        if origin.person_id is None:
            return types.MessageOriginHiddenUser(date=origin.date, sender_user_name=origin.name)
        return types.MessageOriginUser(date=origin.date, sender_user=user(self.world.person(origin.person_id)))

    def _replied(self, message: Message) -> types.Message | None:
        replied = self.world.messages.get(message.reply_to or 0)
        if replied is None or replied.deleted or self.account_id not in replied.audience:
            return None
        return self.message(replied, with_reply=False)

    def _entities(self, entities: tuple[Entity, ...]) -> list[types.MessageEntity] | None:
        return [
            types.MessageEntity(
                type=entity.type,
                offset=entity.offset,
                length=entity.length,
                url=entity.url,
                user=user(self.world.person(entity.user_id)) if entity.user_id else None,
                language=entity.language,
                custom_emoji_id=entity.custom_emoji_id,
            )
            for entity in entities
        ] or None

    def media(self, file: File) -> dict[str, Any]:
        """Give the field of a message that holds a file, and its value."""
        about = {
            "file_id": file_id(file, self.bot_id),
            "file_unique_id": file_unique_id(file),
            "file_size": len(file.data),
        }
        fields: dict[str, Any] = {file.kind: _MEDIA[file.kind](file, about)}
        if file.kind == "animation":  # Bot API: "for backward compatibility … the document field will also be set"
            fields["document"] = _document(file, about)
        return fields


_TOPICS = {
    "forum_topic_created": types.ForumTopicCreated,
    "forum_topic_edited": types.ForumTopicEdited,
    "forum_topic_closed": types.ForumTopicClosed,
    "forum_topic_reopened": types.ForumTopicReopened,
}


def reactions(put: Iterable[Reaction]) -> list[types.ReactionTypeUnion]:
    """Show what somebody put under a message."""
    return [
        types.ReactionTypeCustomEmoji(custom_emoji_id=str(one.custom_id))
        if one.custom_id
        else types.ReactionTypeEmoji(emoji=one.emoji)
        for one in put
    ]


def _inline_only(markup: dict[str, Any] | None) -> types.InlineKeyboardMarkup | None:
    return types.InlineKeyboardMarkup.model_validate(markup) if markup and "inline_keyboard" in markup else None


def _quote(message: Message) -> types.TextQuote | None:
    quote = message.quote
    return types.TextQuote(text=quote.text, position=quote.offset, is_manual=True) if quote else None


def _frame(file: File) -> dict[str, Any]:
    return {"width": file.width or 0, "height": file.height or 0}


def _photo(file: File, about: dict[str, Any]) -> list[types.PhotoSize]:
    return [types.PhotoSize(**about, **_frame(file))]


def _document(file: File, about: dict[str, Any]) -> types.Document:
    return types.Document(**about, file_name=file.name, mime_type=file.mime)


def _voice(file: File, about: dict[str, Any]) -> types.Voice:
    return types.Voice(**about, duration=file.duration or 0, mime_type=file.mime)


def _video(file: File, about: dict[str, Any]) -> types.Video:
    return types.Video(
        **about, **_frame(file), duration=file.duration or 0, file_name=file.name, mime_type=file.mime
    )  # fmt: skip


def _animation(file: File, about: dict[str, Any]) -> types.Animation:
    return types.Animation(
        **about, **_frame(file), duration=file.duration or 0, file_name=file.name, mime_type=file.mime
    )  # fmt: skip


def _video_note(file: File, about: dict[str, Any]) -> types.VideoNote:
    return types.VideoNote(**about, length=file.width or 240, duration=file.duration or 0)


def _audio(file: File, about: dict[str, Any]) -> types.Audio:
    return types.Audio(
        **about,
        duration=file.duration or 0,
        performer=file.performer,
        title=file.title,
        file_name=file.name,
        mime_type=file.mime,
    )


def _sticker(file: File, about: dict[str, Any]) -> types.Sticker:
    return types.Sticker(
        **about,
        **_frame(file),
        type="regular",
        is_animated=file.mime == "application/x-tgsticker",
        is_video=file.mime == "video/webm",
        emoji=file.emoji,
    )


_MEDIA: dict[str, Callable[[File, dict[str, Any]], Any]] = {
    "photo": _photo,
    "document": _document,
    "voice": _voice,
    "video": _video,
    "video_note": _video_note,
    "sticker": _sticker,
    "audio": _audio,
    "animation": _animation,
}
