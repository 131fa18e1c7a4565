"""A session as Telethon wants one, kept in the vault: nothing of it is ever written to a file of its own."""

from __future__ import annotations

from typing import Any

from telethon.crypto.authkey import AuthKey
from telethon.sessions.memory import MemorySession

from crm.userbots import Key
from userbot.people import People


class VaultSession(MemorySession):
    """Holds what the vault knew when the connection began. People whom Telethon meets go to `people`.

    Telethon saves a session without waiting for it, so nothing is written here: what is new in `people` is committed
    with the messages that brought it, and the key once, when the login is complete.
    """

    def __init__(self, key: Key, people: People) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Telethon has no types
        self.set_dc(key.dc_id, key.address, key.port)  # type: ignore[no-untyped-call]
        self.people = people
        if key.auth_key:
            self._auth_key = AuthKey(data=key.auth_key)  # type: ignore[no-untyped-call]

    def key(self) -> Key:
        """The key with which Telethon speaks now, and to which data centre."""
        held = self._auth_key.key if self._auth_key else None
        return Key(self.dc_id, self.server_address, self.port, held or b"")

    def process_entities(self, tlo: Any) -> None:
        """Telethon shows every answer here before it hands it out."""
        users = tlo if isinstance(tlo, list) else getattr(tlo, "users", None)
        if isinstance(users, list):
            self.people.meet(users, getattr(tlo, "chats", None) or ())

    def __repr__(self) -> str:
        return "<VaultSession>"
