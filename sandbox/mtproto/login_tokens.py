"""Login tokens: what stands in a QR code until someone who is signed in scans it (https://core.telegram.org/api/qr-login)."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.mtproto.authorization import Authorization
from sandbox.world import Person, Refused, World

LIFETIME = timedelta(seconds=30)
_ADDRESS = "tg://login?token="


@dataclass(slots=True, eq=False)
class LoginToken:
    token: bytes = field(repr=False)
    authorization: Authorization
    expires: datetime
    accepted_by: int | None = None


class LoginTokens:
    """The tokens that wait, one for each client that shows a code."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_client: dict[Authorization, LoginToken] = {}

    def of(self, client: Authorization) -> LoginToken:
        """Give the client's token as it stands, or a new one when the old one is out of time."""
        known = self._by_client.pop(client, None)
        if known is None or self._is_over(known):
            expires = (self._world.clock.now() + LIFETIME).replace(microsecond=0)
            known = LoginToken(secrets.token_bytes(32), client, expires)
        self._by_client[client] = known  # the last in the dict is the one that was shown last
        return known

    def newest(self) -> bytes | None:
        waiting = (known for known in reversed(self._by_client.values()) if not known.accepted_by)
        return next((known.token for known in waiting if not self._is_over(known)), None)

    def accept(self, token: bytes | str, person: Person) -> Authorization:
        """Say yes to a login. Refuses a token that nobody shows, that is out of time, or that was accepted before."""
        wanted = token if isinstance(token, bytes) else _from_address(token)
        known = next((known for known in self._by_client.values() if known.token == wanted), None)
        if known is None:
            raise Refused.bad_request("AUTH_TOKEN_INVALID")
        if self._is_over(known):
            raise Refused.bad_request("AUTH_TOKEN_EXPIRED")
        if known.accepted_by:
            raise Refused.bad_request("AUTH_TOKEN_ALREADY_ACCEPTED")
        known.accepted_by = person.id
        return known.authorization

    def use_up(self, token: LoginToken) -> None:
        self._by_client.pop(token.authorization, None)

    def _is_over(self, token: LoginToken) -> bool:
        return token.expires <= self._world.clock.now()


def _from_address(address: str) -> bytes:
    encoded = address.removeprefix(_ADDRESS)
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
