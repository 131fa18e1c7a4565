"""Whom a device has met: how to speak of them to Telegram, and what their names are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crm.ports import GroupFacts
from crm.seen import SERVICES, Peer
from crm.userbots import Met
from storage.messages import CHANNELS
from userbot.tl import types


class People:
    """Users, groups and channels, by the Bot API's ids: negative for what is not a user.

    Who is new is handed out once, to be kept in the vault: those alone whose private chat is mirrored.
    """

    def __init__(self, account_id: int, access_hashes: Mapping[int, int]) -> None:
        self._account_id = account_id
        self._access_hashes = dict(access_hashes)
        self._users: dict[int, Peer] = {}
        self._chats: dict[int, Any] = {}
        self._fresh: dict[int, Met] = {}
        self._talking: set[int] = set()  # whose private chat is mirrored
        self._picked: dict[int, int | None] = {}  # the groups that are mirrored, with their access hashes
        self._moved: dict[int, tuple[int, int]] = {}
        self._lost: set[int] = set()

    def meet(self, users: Iterable[Any], chats: Iterable[Any] = ()) -> None:
        """Take in the people and chats that came with an answer or an update."""
        for user in users:
            if isinstance(user, types.User):
                self._meet(user)
        for chat in chats:
            if hasattr(chat, "title"):  # Telethon hides other things among them
                self._chats[_number(chat)] = chat
                if _number(chat) in self._picked:
                    self._look_at(_number(chat), chat)

    def known(self, user_id: int) -> Peer | None:
        """The person, where this connection has seen who it is."""
        return self._users.get(user_id)

    def mirrored(self, user_id: int) -> bool:
        """Whether what is said with this user is kept: a person, not oneself, not a bot, not Telegram itself."""
        person = self._users.get(user_id)
        return user_id != self._account_id and user_id not in SERVICES and not (person and person.is_bot)

    def of_chat(self, peer: Any) -> Peer | None:
        """With whom a message was exchanged, or in which group; None where that is not mirrored."""
        if not isinstance(peer, types.PeerUser):
            number = marked(peer)
            return Peer(number, self.name(peer) or "") if number in self._picked else None
        if not self.mirrored(peer.user_id):
            return None
        self._talking.add(peer.user_id)
        return self._users.get(peer.user_id) or Peer(peer.user_id)

    def sender(self, message: Any) -> Peer:
        """Who wrote a message of a group: a person, or a chat in whose name it stands."""
        peer = message.from_id or message.peer_id
        if isinstance(peer, types.PeerUser):
            return self._users.get(peer.user_id) or Peer(peer.user_id)
        return Peer(marked(peer), self.name(peer) or "")

    def knows_sender(self, message: Any) -> bool:
        """Whether this connection has seen who wrote a message of a group."""
        return not isinstance(message.from_id, types.PeerUser) or message.from_id.user_id in self._users

    # Groups

    def pick(self, groups: Mapping[int, int | None]) -> None:
        """These groups are mirrored from now on, and no others."""
        self._picked = dict(groups)
        for number in self._picked.keys() & self._chats.keys():
            self._look_at(number, self._chats[number])

    def groups(self) -> list[GroupFacts]:
        """Every group that was met and in which the account is."""
        return [
            GroupFacts(number, chat.title, chat.participants_count, getattr(chat, "access_hash", None))
            for number, chat in self._chats.items()
            if _is_group(chat)
        ]

    def take_moved(self) -> list[tuple[int, int, int]]:
        """Picked basic groups that have become supergroups: old id, new id, and how to speak of it."""
        moved, self._moved = self._moved, {}
        return [(old, new, access_hash) for old, (new, access_hash) in moved.items()]

    def take_lost(self) -> set[int]:
        """Picked groups in which the account is no more."""
        lost, self._lost = self._lost, set()
        return lost

    def _look_at(self, number: int, chat: Any) -> None:
        """See what became of a picked group."""
        moved_to = getattr(chat, "migrated_to", None)
        if moved_to is not None:
            if CHANNELS - moved_to.channel_id not in self._picked:
                self._moved[number] = (CHANNELS - moved_to.channel_id, moved_to.access_hash)
        elif getattr(chat, "left", True):  # one that is forbidden has no such mark
            self._lost.add(number)

    # How to name them

    def input(self, peer_id: int) -> Any:
        """How to speak of a user or a picked group in a request; None for one who was never met in full."""
        if CHANNELS < peer_id < 0:
            return types.InputPeerChat(-peer_id) if peer_id in self._picked else None
        access_hash = self._access_hashes.get(peer_id) if peer_id > 0 else self._picked.get(peer_id)
        if access_hash is None:
            return None
        if peer_id > 0:
            return types.InputPeerUser(peer_id, access_hash)
        return types.InputPeerChannel(CHANNELS - peer_id, access_hash)

    def place(self, peer: Any) -> Any:
        """How to name a user, group or channel as a place in a list."""
        if isinstance(peer, types.PeerUser):
            return self.input(peer.user_id) or types.InputPeerEmpty()
        chat = self._chats.get(marked(peer))
        if isinstance(peer, types.PeerChat):
            return types.InputPeerChat(peer.chat_id)
        access_hash = getattr(chat, "access_hash", None)
        return types.InputPeerEmpty() if access_hash is None else types.InputPeerChannel(peer.channel_id, access_hash)

    def name(self, peer: Any) -> str | None:
        """What a user, chat or channel is called; None for one never met."""
        if isinstance(peer, types.PeerUser):
            person = self._users.get(peer.user_id)
            return _full_name(person) if person else None
        return getattr(self._chats.get(marked(peer)), "title", None)

    def take_fresh(self) -> list[Met]:
        """Whoever is new or changed since the last time, among those whose private chat is mirrored."""
        return [self._fresh.pop(number) for number in self._talking & self._fresh.keys()]

    def _meet(self, user: Any) -> None:
        if user.min and user.id in self._users:
            return  # a shortened user knows less than we do
        person = Peer(
            id=user.id,
            first_name=user.first_name or "",
            last_name=user.last_name or None,
            username=_username(user),
            phone=f"+{user.phone}" if user.phone else None,
            is_bot=bool(user.bot),
        )
        access_hash = None if user.min else user.access_hash
        if self._users.get(user.id) == person and self._access_hashes.get(user.id) == access_hash:
            return
        self._users[user.id] = person
        if access_hash is not None:
            self._access_hashes[user.id] = access_hash
            self._fresh[user.id] = Met(
                peer_id=user.id,
                access_hash=access_hash,
                username=person.username,
                phone=person.phone,
                name=_full_name(person) or None,
            )


def _username(user: Any) -> str | None:
    """The name by which anybody finds the user; who has several bought ones has the plain one empty."""
    return user.username or next((name.username for name in user.usernames or () if name.active), None)


def marked(peer: Any) -> int:
    """The id of a group or channel as the Bot API has it."""
    number: int = CHANNELS - peer.channel_id if isinstance(peer, types.PeerChannel) else -peer.chat_id
    return number


def _number(chat: Any) -> int:
    """The same of its description."""
    number: int = CHANNELS - chat.id if isinstance(chat, types.Channel | types.ChannelForbidden) else -chat.id
    return number


def _is_group(chat: Any) -> bool:
    """Whether many people talk there, and the account among them: not a channel, not a group that was left."""
    if isinstance(chat, types.Channel):
        return bool(chat.megagroup or chat.gigagroup) and not chat.left
    return isinstance(chat, types.Chat) and not chat.left and not chat.deactivated


def _full_name(person: Peer) -> str:
    return f"{person.first_name} {person.last_name}" if person.last_name else person.first_name
