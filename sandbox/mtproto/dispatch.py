"""Carries out requests: takes off their wrappings, asks the faults and limits, finds the answer and sends it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sandbox.mtproto.authorization import Device
from sandbox.mtproto.calls import ANSWERS, Answer, BadRequest, Call, FloodWait, RpcRefusal, Unauthorized
from sandbox.mtproto.tl import functions, types
from sandbox.world import Refused

if TYPE_CHECKING:
    from sandbox.mtproto.session import Session

_log = logging.getLogger(__name__)
_AFTER = (functions.InvokeAfterMsgRequest, functions.InvokeAfterMsgsRequest)
# What the world refuses in the Bot API's words, in the words of MTProto
_WORDS = {
    "message is not modified": "MESSAGE_NOT_MODIFIED",
    "message can't be edited": "MESSAGE_AUTHOR_REQUIRED",
    "message to edit not found": "MESSAGE_ID_INVALID",
    "chat not found": "PEER_ID_INVALID",
    "message can't be forwarded": "CHAT_FORWARDS_RESTRICTED",
}


class _CutError(Exception):
    """A fault closes the connection in place of an answer."""


def refuse_unknown(session: Session, message_id: int) -> None:
    """Answer a request that is not of this layer."""
    session.answer(message_id, types.RpcError(400, "INPUT_METHOD_INVALID"))


def carry_out(session: Session, message_id: int, request: Any) -> None:
    """Answer a request with its result or with an `rpc_error`."""
    try:
        result = _result(session, request)
    except RpcRefusal as refusal:
        session.failed.add(message_id)
        result = types.RpcError(refusal.code, refusal.reason)
    except Refused as refused:
        session.failed.add(message_id)
        result = types.RpcError(refused.code, _in_words_of_mtproto(refused))
    except _CutError:
        if session.connection:
            session.connection.cut()
        return
    except Exception:  # noqa: BLE001  one call that fails must not end the connection of the others
        _log.exception("%s failed", type(request).__name__)
        result = types.RpcError(500, "INTERNAL_SERVER_ERROR")
    session.answer(message_id, result)
    session.server.live.tell(session)


def _result(session: Session, request: Any) -> Any:
    call = Call(session.server, session)
    request, updates = _unwrapped(call, request)
    answer = ANSWERS.get(type(request))
    if answer is None:
        raise BadRequest("METHOD_INVALID")
    _strike(call, answer, request)
    if not answer.for_anyone:
        session.server.limit(call, answer)
    if call.authorization.person_id is not None and updates:
        session.server.live.listen(session)
    call.authorization.active = call.world.clock.now()
    with session.server.live.acting(call):
        result = answer.handler(call, request)
    if session.connection and call.world.faults.take("mtproto_answer_cut", answer.name):
        session.connection.break_off()
    return result


def _unwrapped(call: Call, request: Any) -> tuple[Any, bool]:
    """Take off the wrappings of a request; also tell whether it lets updates come over this connection."""
    updates = True
    while hasattr(request, "query"):
        match request:
            case functions.InitConnectionRequest():
                _introduce(call, request)
            case functions.InvokeWithoutUpdatesRequest():
                updates = False
            case functions.InvokeWithTakeoutRequest():
                _check_takeout(call, request.takeout_id)
            case functions.InvokeAfterMsgRequest():
                _check_done(call, [request.msg_id])
            case functions.InvokeAfterMsgsRequest():
                _check_done(call, request.msg_ids)
            case functions.InvokeWithLayerRequest():
                pass
            case _:
                break
        request = request.query
    return request, updates


def _introduce(call: Call, request: Any) -> None:
    call.authorization.device = Device(
        request.api_id, request.device_model, request.system_version, request.app_version, request.lang_code
    )


def _check_takeout(call: Call, takeout_id: int) -> None:
    if takeout_id != call.authorization.takeout_id:
        raise BadRequest("TAKEOUT_INVALID")
    call.takeout = True


def _check_done(call: Call, message_ids: list[int]) -> None:
    if not call.session.failed.isdisjoint(message_ids):
        raise BadRequest("MSG_WAIT_FAILED")


def _strike(call: Call, answer: Answer, request: Any) -> None:
    """Let the faults that are switched on strike before anything is carried out."""
    faults = call.world.faults
    if faults.take("mtproto_cut", answer.name):
        raise _CutError
    if call.authorization.person_id is not None and faults.take("session_revoked", answer.name):
        call.authorization.sign_out()
    if call.authorization.person_id is not None and faults.take("session_duplicated", answer.name):
        call.authorization.sign_out()
        raise RpcRefusal(406, "AUTH_KEY_DUPLICATED")
    if call.authorization.person_id is not None and faults.take("account_frozen", answer.name):
        raise RpcRefusal(420, "FROZEN_METHOD_INVALID")
    if not answer.for_anyone and call.authorization.person_id is None:
        raise Unauthorized
    if fault := faults.take("mtproto_flood", answer.name):
        raise FloodWait(int(fault.seconds))
    if answer.name == "messages.sendMessage" and faults.take("mtproto_peer_flood", answer.name):
        raise BadRequest("PEER_FLOOD")
    if hasattr(request, "peer") and faults.take("mtproto_peer_refused", answer.name):
        raise BadRequest("PEER_ID_INVALID")


def _in_words_of_mtproto(refused: Refused) -> str:
    reason = refused.description.partition(": ")[2]
    known = next((word for start, word in _WORDS.items() if reason.startswith(start)), None)
    return known or reason.upper().replace(" ", "_")
