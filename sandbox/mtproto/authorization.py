"""An authorisation: one key that a client holds, the device it describes, and who is signed in with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.mtproto.session import Session


@dataclass(slots=True)
class Device:
    """What a client says of itself in initConnection."""

    api_id: int = 0
    model: str = ""
    system: str = ""
    app: str = ""
    language: str = ""


@dataclass(slots=True, eq=False)
class Authorization:
    """Lives as long as the server, so that a client comes back with the session that it saved."""

    key: bytes = field(repr=False)
    salt: int = field(repr=False)
    created: datetime
    active: datetime
    device: Device = field(default_factory=Device)
    signed_in: datetime | None = None
    person_id: int | None = None
    password_of: int | None = None  # who is to give his second password now
    takeout_id: int | None = None
    hash: int = field(default_factory=lambda: secrets.randbits(63))
    sessions: dict[int, Session] = field(default_factory=dict, repr=False)

    @property
    def key_id(self) -> bytes:
        return key_id(self.key)

    @property
    def online(self) -> bool:
        """Whether a client is connected with it now."""
        return bool(self.sessions)

    def sign_in(self, person_id: int, now: datetime) -> None:
        self.signed_in = now
        self.person_id = person_id
        self.password_of = None

    def sign_out(self) -> None:
        self.person_id = self.password_of = self.takeout_id = None


def key_id(key: bytes) -> bytes:
    return sha1(key).digest()[-8:]  # noqa: S324  the protocol's own
