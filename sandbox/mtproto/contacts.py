"""Finding people: oneself, those whose hash one has, those in the address book, and by username."""

from __future__ import annotations

from typing import Any

from sandbox.mtproto.calls import BadRequest, Call, answers
from sandbox.mtproto.media import tl_photo
from sandbox.mtproto.tl import functions, types


@answers(functions.users.GetUsersRequest)
def get_users(call: Call, request: Any) -> list[Any]:
    return [_user_or_empty(call, wanted) for wanted in request.id]


def _user_or_empty(call: Call, wanted: Any) -> Any:
    try:
        return call.view.user(call.view.person_at(wanted).id)
    except BadRequest:
        return types.UserEmpty(getattr(wanted, "user_id", 0))


@answers(functions.users.GetFullUserRequest)
def get_full_user(call: Call, request: Any) -> Any:
    person = call.view.person_at(request.id, refusal="USER_ID_INVALID")
    full = types.UserFull(
        person.id,
        settings=types.PeerSettings(),
        notify_settings=types.PeerNotifySettings(),
        common_chats_count=0,
        unofficial_security_risk=person.id in call.server.at_risk,
        blocked=call.world.is_blocked(by=call.me.id, who=person.id),
        profile_photo=tl_photo(person.photo, None, call.server.references) if person.photo else None,
    )
    return types.users.UserFull(full, [], call.view.users([person.id]))


@answers(functions.contacts.GetContactsRequest)
def get_contacts(call: Call, _: Any) -> Any:
    boxes = call.world.account(call.me.id).boxes
    people = [person for peer in boxes if peer > 0 and call.view.is_contact(person := call.world.person(peer))]
    found = [types.Contact(person.id, mutual=True) for person in people]
    return types.contacts.Contacts(found, len(found), call.view.users(person.id for person in people))


@answers(functions.contacts.ResolveUsernameRequest)
def resolve_username(call: Call, request: Any) -> Any:
    person = call.world.by_username(request.username)
    if person is None:
        raise BadRequest("USERNAME_NOT_OCCUPIED")
    return types.contacts.ResolvedPeer(types.PeerUser(person.id), [], call.view.users([person.id]))


@answers(functions.contacts.ResolvePhoneRequest)
def resolve_phone(call: Call, request: Any) -> Any:
    person = call.world.by_phone(request.phone)
    if person is None:
        raise BadRequest("PHONE_NOT_OCCUPIED")
    return types.contacts.ResolvedPeer(types.PeerUser(person.id), [], call.view.users([person.id]))
