"""Signing in by code, by QR and with the second password; signing out."""

from __future__ import annotations

from typing import Any

from sandbox.mtproto.account import tl_authorization
from sandbox.mtproto.calls import BadRequest, Call, Unauthorized, answers
from sandbox.mtproto.codes import LENGTH, LIFETIME
from sandbox.mtproto.tl import functions, types
from sandbox.world import Person


def _signed_in(call: Call, person: Person) -> Any:
    call.authorization.sign_in(person.id, call.world.clock.now())
    return types.auth.Authorization(call.view.user(person.id))


def _sign_in_or_ask_password(call: Call, person: Person) -> Any:
    if person.password:
        call.authorization.password_of = person.id
        raise Unauthorized("SESSION_PASSWORD_NEEDED")
    return _signed_in(call, person)


@answers(functions.auth.SendCodeRequest, functions.auth.ResendCodeRequest, for_anyone=True)
def send_code(call: Call, request: Any) -> Any:
    sent = call.server.codes_sent().send(request.phone_number)
    timeout = int(LIFETIME.total_seconds())
    person = call.world.by_phone(sent.phone)
    elsewhere = person and call.server.sessions_of(person.id)
    way = types.auth.SentCodeTypeApp if elsewhere else types.auth.SentCodeTypeSms
    return types.auth.SentCode(way(LENGTH), sent.hash, timeout=timeout)


@answers(functions.auth.SignInRequest, for_anyone=True)
def sign_in(call: Call, request: Any) -> Any:
    call.server.codes_sent().check(request.phone_number, request.phone_code_hash, request.phone_code or "")
    person = call.world.by_phone(request.phone_number)
    if person is None:
        return types.auth.AuthorizationSignUpRequired()
    return _sign_in_or_ask_password(call, person)


@answers(functions.account.GetPasswordRequest, for_anyone=True)
def get_password(call: Call, _: Any) -> Any:
    return call.server.passwords.question(_who_has_password(call))


@answers(functions.auth.CheckPasswordRequest, for_anyone=True)
def check_password(call: Call, request: Any) -> Any:
    person = _who_has_password(call)
    call.server.passwords.check(person, request.password, call.world.clock.now())
    return _signed_in(call, person)


def _who_has_password(call: Call) -> Person:
    person_id = call.authorization.password_of or call.authorization.person_id
    if person_id is None:
        raise Unauthorized
    return call.world.person(person_id)


@answers(functions.auth.ExportLoginTokenRequest, for_anyone=True)
def export_login_token(call: Call, _: Any) -> Any:
    token = call.server.tokens.of(call.authorization)
    if token.accepted_by is None:
        return types.auth.LoginToken(token.expires, token.token)
    call.server.tokens.use_up(token)
    return types.auth.LoginTokenSuccess(_sign_in_or_ask_password(call, call.world.person(token.accepted_by)))


@answers(functions.auth.ImportLoginTokenRequest, for_anyone=True)
def import_login_token(call: Call, _: Any) -> Any:
    del call
    raise BadRequest("AUTH_TOKEN_INVALID")  # it moves a login between data centres, and there is one


@answers(functions.auth.AcceptLoginTokenRequest)
def accept_login_token(call: Call, request: Any) -> Any:
    return tl_authorization(call.server.accept_login_token(request.token, call.me.id))


@answers(functions.auth.LogOutRequest, for_anyone=True)
def log_out(call: Call, _: Any) -> Any:
    call.authorization.sign_out()
    return types.auth.LoggedOut()
