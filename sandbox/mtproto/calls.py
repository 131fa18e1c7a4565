"""A call of the API: who makes it, and the table of what the server answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.mtproto.tl import method_name

if TYPE_CHECKING:
    from sandbox.mtproto.authorization import Authorization
    from sandbox.mtproto.server import MTProto
    from sandbox.mtproto.session import Session
    from sandbox.mtproto.view import View
    from sandbox.world import Person, World


class RpcRefusal(Exception):  # noqa: N818  an answer of the API, not a failure of the server
    """An `rpc_error`: Telegram's code and its name for the reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class BadRequest(RpcRefusal):
    def __init__(self, reason: str) -> None:
        super().__init__(400, reason)


class Unauthorized(RpcRefusal):
    def __init__(self, reason: str = "AUTH_KEY_UNREGISTERED") -> None:
        super().__init__(401, reason)


class FloodWait(RpcRefusal):
    def __init__(self, seconds: int) -> None:
        super().__init__(420, f"FLOOD_WAIT_{seconds}")


@dataclass(slots=True)
class Call:
    """One request on its way through the server."""

    server: MTProto
    session: Session
    takeout: bool = False
    pts: int = 0  # of the account before the call
    channels: dict[int, int] = field(default_factory=dict)  # the same of each of its supergroups

    @property
    def world(self) -> World:
        return self.server.world

    @property
    def authorization(self) -> Authorization:
        return self.session.authorization

    @property
    def me(self) -> Person:
        """Who is signed in. Refuses where nobody is."""
        if self.authorization.person_id is None:
            raise Unauthorized
        return self.world.person(self.authorization.person_id)

    @property
    def view(self) -> View:
        """The world as the account that is signed in sees it."""
        return self.server.view(self.me.id)


Handler = Callable[[Call, Any], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a method is answered, and whether one must be signed in for it."""

    handler: Handler
    name: str
    for_anyone: bool


ANSWERS: dict[type, Answer] = {}


def answers(*requests: type, for_anyone: bool = False) -> Callable[[Handler], Handler]:
    """Enter a function into the table as the answer to these requests."""

    def enter(handler: Handler) -> Handler:
        for request in requests:
            ANSWERS[request] = Answer(handler, method_name(request), for_anyone)
        return handler

    return enter
