"""Whom a device has met: how to speak of them to Telegram, and what their names are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crm.seen import SERVICES, Peer
from crm.userbots import Met
from userbot.tl import types


class People:
    """Users and, for the names in forwards, chats. What is new is handed out once, to be kept in the vault."""

    def __init__(self, account_id: int, access_hashes: Mapping[int, int]) -> None:
        self._account_id = account_id
        self._access_hashes = dict(access_hashes)
        self._users: dict[int, Peer] = {}
        self._chats: dict[int, Any] = {}
        self._fresh: dict[int, Met] = {}

    def meet(self, users: Iterable[Any], chats: Iterable[Any] = ()) -> None:
        """Take in the people and chats that came with an answer or an update."""
        for user in users:
            if isinstance(user, types.User):
                self._meet(user)
        for chat in chats:
            if hasattr(chat, "title"):  # Telethon hides other things among them
                self._chats[chat.id] = chat

    def known(self, user_id: int) -> Peer | None:
        """The person, where this connection has seen who it is."""
        return self._users.get(user_id)

    def mirrored(self, user_id: int) -> bool:
        """Whether what is said with this user is kept: a person, not oneself, not a bot, not Telegram itself."""
        person = self._users.get(user_id)
        return user_id != self._account_id and user_id not in SERVICES and not (person and person.is_bot)

    def input(self, user_id: int) -> Any:
        """How to speak of a user in a request; None for one who was never met in full."""
        access_hash = self._access_hashes.get(user_id)
        return None if access_hash is None else types.InputPeerUser(user_id, access_hash)

    def place(self, peer: Any) -> Any:
        """How to name a user, group or channel as a place in a list."""
        if isinstance(peer, types.PeerUser):
            return self.input(peer.user_id) or types.InputPeerEmpty()
        chat = self._chats.get(_chat_id(peer))
        if isinstance(peer, types.PeerChat):
            return types.InputPeerChat(peer.chat_id)
        access_hash = getattr(chat, "access_hash", None)
        return types.InputPeerEmpty() if access_hash is None else types.InputPeerChannel(peer.channel_id, access_hash)

    def name(self, peer: Any) -> str | None:
        """What a user, chat or channel is called; None for one never met."""
        if isinstance(peer, types.PeerUser):
            person = self._users.get(peer.user_id)
            return _full_name(person) if person else None
        return getattr(self._chats.get(_chat_id(peer)), "title", None)

    def take_fresh(self) -> list[Met]:
        """Whoever is new or changed since the last time."""
        fresh, self._fresh = list(self._fresh.values()), {}
        return fresh

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


def _chat_id(peer: Any) -> int:
    number: int = peer.channel_id if isinstance(peer, types.PeerChannel) else peer.chat_id
    return number


def _full_name(person: Peer) -> str:
    return f"{person.first_name} {person.last_name}" if person.last_name else person.first_name
