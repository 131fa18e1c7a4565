"""The world as one account sees it: its own numbers, its own access hashes, people and messages ready to be sent."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sandbox.mtproto.calls import BadRequest
from sandbox.mtproto.chats import happening, tl_chat, tl_peer
from sandbox.mtproto.formatting import tl_entities, tl_markup
from sandbox.mtproto.media import DC_ID, tl_media
from sandbox.mtproto.services import tl_action
from sandbox.mtproto.tl import Packed, types
from sandbox.world import CHANNELS, Box, Group, Message, Person, World, secret_number

if TYPE_CHECKING:
    from sandbox.mtproto.files import FileReferences

_MESSAGE = types.Message.CONSTRUCTOR_ID.to_bytes(4, "little")
_PEER = types.PeerUser.CONSTRUCTOR_ID.to_bytes(4, "little")
_PLAIN = struct.Struct("<4sIIi")
_PEER_AND_DATE = struct.Struct("<4sqi")
_OUT, _HAS_SENDER = 2, 256


class View:
    """What is sent to one account. People are kept serialised until they change."""

    def __init__(self, world: World, me: Person, references: FileReferences) -> None:
        self.me = me
        self._world = world
        self._references = references
        self._users: dict[int, Packed] = {}

    # People

    def access_hash(self, person: Person) -> int:
        """Give the number by which this account alone may speak of a person."""
        return secret_number("access", self.me.id, person.access_hash)

    def user(self, person_id: int) -> Packed:
        user = self._users.get(person_id)
        if user is None:
            user = self._users[person_id] = Packed(bytes(self._tl_user(self._world.person(person_id))))
        return user

    def users(self, person_ids: Iterable[int]) -> list[Packed]:
        return [self.user(person_id) for person_id in dict.fromkeys(person_ids)]

    def forget(self, person_id: int) -> None:
        """Let a person be described anew after a change."""
        self._users.pop(person_id, None)

    def _tl_user(self, person: Person) -> Any:
        is_me = person is self.me
        is_contact = self.is_contact(person)
        return types.User(
            person.id,
            is_self=is_me,
            contact=is_contact,
            mutual_contact=is_contact,
            bot=person.is_bot,
            bot_info_version=1 if person.is_bot else None,
            bot_business=person.secretary_mode,
            premium=person.is_premium,
            access_hash=self.access_hash(person),
            first_name=person.first_name,
            last_name=person.last_name,
            username=person.username,
            phone=self.phone(person),
            photo=types.UserProfilePhoto(person.photo.id, DC_ID) if person.photo else None,
            status=None if person.is_bot else types.UserStatusRecently(),
            lang_code=person.language if is_me else None,
        )

    @staticmethod
    def is_contact(person: Person) -> bool:
        """In the sandbox everyone whose number is known stands in everyone's address book."""
        return bool(person.phone) and not person.is_bot

    @staticmethod
    def phone(person: Person) -> str | None:
        return "".join(filter(str.isdigit, person.phone)) if person.phone else None

    def person_at(self, peer: Any, refusal: str = "PEER_ID_INVALID") -> Person:
        """Find whom an InputPeer or InputUser means. Refuses a wrong access hash as Telegram does."""
        if isinstance(peer, types.InputPeerSelf | types.InputUserSelf):
            return self.me
        if not isinstance(peer, types.InputPeerUser | types.InputUser):
            raise BadRequest(refusal)
        person = self._world.people.get(peer.user_id)
        if person is None or peer.access_hash != self.access_hash(person):
            raise BadRequest(refusal)
        return person

    # Groups

    def chat(self, group: Group) -> Any:
        """Describe a group to this account, with the hash by which it alone may speak of it."""
        moved = self._world.groups.get(group.migrated_to or 0)
        to = types.InputChannel(moved.number, self._hash_of(moved)) if moved else None
        return tl_chat(group, self.me.id, self._hash_of(group), to)

    def _hash_of(self, group: Group) -> int:
        return secret_number("access", self.me.id, group.access_hash)

    def chats_of(self, messages: Iterable[Message]) -> list[Any]:
        """Give every group that a client must know to show these messages."""
        groups = {message.chat.id: message.chat for message in messages if isinstance(message.chat, Group)}
        moved = (self._world.groups.get(group.migrated_to or group.migrated_from or 0) for group in groups.values())
        groups |= {group.id: group for group in moved if group}
        return [self.chat(group) for group in groups.values()]

    def group_at(self, peer: Any) -> Group:
        """Find the group that an InputPeer or InputChannel means. Refuses one in which the account is not."""
        if isinstance(peer, types.InputPeerChat):
            group = self._world.groups.get(-peer.chat_id)
            if group is None or group.id not in self._world.account(self.me.id).boxes:
                raise BadRequest("PEER_ID_INVALID")
            return group
        group = self._world.groups.get(CHANNELS - peer.channel_id)
        if group is None or peer.access_hash != self._hash_of(group):
            raise BadRequest("CHANNEL_INVALID")
        if self.me.id not in group.members:
            raise BadRequest("CHANNEL_PRIVATE")
        return group

    def peer_at(self, peer: Any) -> int:
        """Find whom or which group an InputPeer means: its id in the world's way. Refuses as Telegram does."""
        if isinstance(peer, types.InputPeerChat | types.InputPeerChannel):
            return self.group_at(peer).id
        return self.person_at(peer).id

    # Messages

    def people_of(self, messages: Iterable[Message]) -> list[Packed]:
        """Give everyone whom a client must know to show these messages."""
        ids: dict[int, None] = {}
        for message in messages:
            if isinstance(message.chat, Group):
                ids.update(dict.fromkeys((message.sender_id, *(message.service or {}).get("members", ()))))
            else:
                ids.update(dict.fromkeys(message.chat.members))
            if message.business_bot_id:
                ids[message.business_bot_id] = None
            if message.origin and message.origin.person_id:
                ids[message.origin.person_id] = None
        return self.users(ids)

    def messages(self, messages: Iterable[Message]) -> list[Packed]:
        return [self.message(message) for message in messages]

    def message(self, message: Message) -> Packed:
        """Serialise a message; most are plain text, which is packed here at a tenth of Telethon's cost."""
        if (
            message.entities or message.file or message.markup or message.edited_at or message.reply_to
            or message.album_id or message.service or message.business_bot_id or message.origin or message.protected
            or message.reacted_at or isinstance(message.chat, Group)
        ):  # fmt: skip
            return Packed(bytes(self._tl_message(message)))
        me = self.me.id
        peer = _PEER_AND_DATE.pack(_PEER, message.chat.peer_of(me), int(message.date.timestamp()))
        text = types.PeerUser.serialize_bytes(message.text)
        if message.sender_id != me:
            return Packed(_PLAIN.pack(_MESSAGE, 0, 0, message.ids[me]) + peer + text)
        sender = _PEER + me.to_bytes(8, "little")
        return Packed(_PLAIN.pack(_MESSAGE, _OUT | _HAS_SENDER, 0, message.ids[me]) + sender + peer + text)

    def _tl_message(self, message: Message) -> Any:
        me = self.me.id
        out = message.sender_id == me
        signed = out or isinstance(message.chat, Group)  # in a private chat, who else it was needs no word
        common = {
            "id": message.number(me),
            "peer_id": tl_peer(message.chat.peer_of(me)),
            "from_id": types.PeerUser(message.sender_id) if signed else None,
            "date": message.date,
            "out": out,
            "reply_to": self._reply_header(message),
        }
        if action := tl_action(message) or happening(message):
            return types.MessageService(action=action, **common)
        return types.Message(
            message=message.text,
            media=tl_media(message, self._references),
            entities=tl_entities(message.entities) or None,
            reply_markup=tl_markup(message.markup),
            edit_date=message.edited_at or message.reacted_at,
            edit_hide=_only_touched(message),
            fwd_from=_origin(message),
            noforwards=message.protected,
            reactions=tl_reactions(message, me),
            grouped_id=message.album_id,
            via_business_bot_id=message.business_bot_id,
            **common,
        )

    def _reply_header(self, message: Message) -> Any:
        original = self._world.messages.get(message.reply_to or 0)
        known = original and original.chat.book_of(self.me.id) in original.ids
        number = original.number(self.me.id) if original and known else None
        if not number:  # in a topic, what answers nothing counts as an answer to the notice that it was opened
            opened = message.topic == message.number(self.me.id)
            return (
                types.MessageReplyHeader(reply_to_msg_id=message.topic, forum_topic=True)
                if message.topic and not opened
                else None
            )
        quote = message.quote
        return types.MessageReplyHeader(
            reply_to_msg_id=number,
            reply_to_top_id=message.topic,
            forum_topic=message.topic is not None,
            quote=quote is not None,
            quote_text=quote and quote.text,
            quote_offset=quote and quote.offset,
        )

    # Chats

    def unread(self, peer_id: int) -> int:
        return self._world.account(self.me.id).boxes[peer_id].unread

    def dialog(self, box: Box, top: Message, draft: Any = None) -> Any:
        return types.Dialog(
            peer=tl_peer(box.peer_id),
            pts=self._world.account(box.peer_id).pts if box.peer_id < CHANNELS else None,
            top_message=box.number(top),
            read_inbox_max_id=box.read_inbox,
            read_outbox_max_id=box.read_outbox,
            unread_count=box.unread,
            unread_mentions_count=0,
            unread_reactions_count=0,
            unread_poll_votes_count=0,
            notify_settings=types.PeerNotifySettings(),
            draft=draft,
        )


def _only_touched(message: Message) -> bool:
    """Whether nothing changed since it was sent that a reader would call an edit: buttons, reactions."""
    return not message.versions and bool(message.markup if message.edited_at else message.reacted_at)


def _origin(message: Message) -> Any:
    origin = message.origin
    if origin is None:
        return None
    peer = types.PeerUser(origin.person_id) if origin.person_id else None
    return types.MessageFwdHeader(origin.date, from_id=peer, from_name=None if peer else origin.name)


def tl_reactions(message: Message, me: int) -> Any:
    """Give what stands under a message, with who put it there; None where nothing does."""
    if not message.reactions:
        return None
    counts = Counter((one.emoji, one.custom_id) for one in message.reactions)
    mine = {(one.emoji, one.custom_id) for one in message.reactions if one.by == me}
    return types.MessageReactions(
        results=[
            types.ReactionCount(_tl_reaction(*sign), count, chosen_order=0 if sign in mine else None)
            for sign, count in counts.items()
        ],
        can_see_list=True,
        recent_reactions=[
            types.MessagePeerReaction(
                types.PeerUser(one.by), one.date, _tl_reaction(one.emoji, one.custom_id), my=one.by == me
            )
            for one in message.reactions
        ],
    )


def _tl_reaction(emoji: str, custom_id: int | None) -> Any:
    return types.ReactionCustomEmoji(custom_id) if custom_id else types.ReactionEmoji(emoji)
