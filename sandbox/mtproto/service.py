"""The service messages of MTProto: pings, salts, and what became of a message."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.mtproto.tl import functions, types

if TYPE_CHECKING:
    from sandbox.mtproto.session import Session

_RECEIVED = 4  # in msgs_state_info: the message has come in


def handled(session: Session, message_id: int, message: Any) -> bool:
    """Deal with a service message; False for what is a request of the API."""
    deal = _SERVICES.get(type(message))
    if deal is None:
        return False
    deal(session, message_id, message)
    return True


def _pong(session: Session, message_id: int, message: Any) -> None:
    session.reply(types.Pong(message_id, message.ping_id))


def _pong_and_wait(session: Session, message_id: int, message: Any) -> None:
    _pong(session, message_id, message)
    session.hang_up_after(message.disconnect_delay)


def _salts(session: Session, message_id: int, _: Any) -> None:
    now = int(time.time())
    salt = types.FutureSalt(now, now + 3600, session.authorization.salt)
    session.reply(types.FutureSalts(message_id, now, [salt]))


def _state(session: Session, message_id: int, message: Any) -> None:
    session.reply(types.MsgsStateInfo(message_id, bytes((_RECEIVED,)) * len(message.msg_ids)))


def _destroy_session(session: Session, _: int, message: Any) -> None:
    known = session.authorization.sessions.pop(message.session_id, None)
    session.reply((types.DestroySessionOk if known else types.DestroySessionNone)(message.session_id))


def _drop_answer(session: Session, message_id: int, _: Any) -> None:
    session.answer(message_id, types.RpcAnswerUnknown())  # every answer is sent at once: there is none to drop


def _ignore(_session: Session, _message_id: int, _message: Any) -> None:
    """Take note: what was sent over TCP has come, or the connection is gone and with it the session."""


_SERVICES: dict[type, Callable[[Session, int, Any], None]] = {
    functions.PingRequest: _pong,
    functions.PingDelayDisconnectRequest: _pong_and_wait,
    functions.GetFutureSaltsRequest: _salts,
    functions.DestroySessionRequest: _destroy_session,
    functions.RpcDropAnswerRequest: _drop_answer,
    types.MsgsStateReq: _state,
    types.MsgResendReq: _state,
    types.MsgsAck: _ignore,
    types.MsgsStateInfo: _ignore,
    types.MsgsAllInfo: _ignore,
}
