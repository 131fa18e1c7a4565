"""What a bot may ask about others: a chat, a member of it, a business connection."""

from __future__ import annotations

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.file_ids import file_id, file_unique_id
from sandbox.bot_api.rendering import View, business_connection, private_chat, user
from sandbox.bot_api.sending import peer_of
from sandbox.world import Person, Refused

_NO_GIFTS = types.AcceptedGiftTypes(
    unlimited_gifts=False,
    limited_gifts=False,
    unique_gifts=False,
    premium_subscription=False,
    gifts_from_channels=False,
)


def get_chat(caller: Caller, call: methods.GetChat) -> types.ChatFullInfo:
    """Give the chat with a person whom the bot has met."""
    person = _met(caller, peer_of(caller, call.chat_id))
    return types.ChatFullInfo(
        **private_chat(person).model_dump(exclude_none=True),
        active_usernames=[person.username] if person.username else None,
        accent_color_id=person.id % 7,
        max_reaction_count=11,
        accepted_gift_types=_NO_GIFTS,
        photo=_chat_photo(caller, person),
    )


def _met(caller: Caller, person_id: int) -> Person:
    """Let the bot ask about those who wrote to it or whose chats it manages. Refuses others as unknown."""
    world = caller.world
    connected = (world.business_of(owner) for owner in world.account(person_id).boxes)
    if person_id in world.account(caller.bot_id).boxes or any(
        connection and connection.bot_id == caller.bot_id and connection.covers(person_id) for connection in connected
    ):
        return world.person(person_id)
    raise Refused.bad_request("chat not found")


def _chat_photo(caller: Caller, person: Person) -> types.ChatPhoto | None:
    if person.photo is None:
        return None
    name, unique = file_id(person.photo, caller.bot_id), file_unique_id(person.photo)
    return types.ChatPhoto(small_file_id=name, small_file_unique_id=unique, big_file_id=name, big_file_unique_id=unique)


def get_chat_member(caller: Caller, call: methods.GetChatMember) -> types.ChatMemberMember:
    """Give a member of a private chat: the person or the bot itself."""
    person = _met(caller, peer_of(caller, call.chat_id))
    if call.user_id not in {person.id, caller.bot_id}:
        raise Refused.bad_request("user not found")
    return types.ChatMemberMember(user=user(caller.world.person(call.user_id)))


def get_user_profile_photos(caller: Caller, call: methods.GetUserProfilePhotos) -> types.UserProfilePhotos:
    person = _met(caller, call.user_id)
    if person.photo is None:
        return types.UserProfilePhotos(total_count=0, photos=[])
    sizes = View(caller.world, caller.bot_id).media(person.photo)["photo"]
    return types.UserProfilePhotos(total_count=1, photos=[sizes])


def get_business_connection(caller: Caller, call: methods.GetBusinessConnection) -> types.BusinessConnection:
    connection = caller.world.business(call.business_connection_id)
    if connection is None or connection.bot_id != caller.bot_id:
        raise Refused.bad_request("business connection not found")
    return business_connection(caller.world, connection)
