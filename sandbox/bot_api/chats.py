"""What a bot may ask about others: a chat, a member of it, a business connection."""

from __future__ import annotations

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.file_ids import file_id, file_unique_id
from sandbox.bot_api.rendering import View, business_connection, group_chat, group_member, private_chat, user
from sandbox.bot_api.sending import peer_of
from sandbox.world import Group, Person, Refused

_NO_GIFTS = types.AcceptedGiftTypes(
    unlimited_gifts=False,
    limited_gifts=False,
    unique_gifts=False,
    premium_subscription=False,
    gifts_from_channels=False,
)


def get_chat(caller: Caller, call: methods.GetChat) -> types.ChatFullInfo:
    """Give a group in which the bot is, or the chat with a person whom it has met."""
    peer_id = peer_of(caller, call.chat_id)
    if peer_id < 0:
        return _group(caller, peer_id)
    person = _met(caller, peer_id)
    return types.ChatFullInfo(
        **private_chat(person).model_dump(exclude_none=True),
        active_usernames=[person.username] if person.username else None,
        accent_color_id=person.id % 7,
        max_reaction_count=11,
        accepted_gift_types=_NO_GIFTS,
        photo=_chat_photo(caller, person),
    )


def _group(caller: Caller, group_id: int) -> types.ChatFullInfo:
    group = _joined(caller, group_id)
    pinned = caller.world.messages[group.pinned[-1]] if group.pinned else None
    return types.ChatFullInfo(
        pinned_message=View(caller.world, caller.bot_id).message(pinned, with_reply=False) if pinned else None,
        **group_chat(group).model_dump(exclude_none=True),
        accent_color_id=group.number % 7,
        max_reaction_count=11,
        accepted_gift_types=_NO_GIFTS,
        permissions=types.ChatPermissions(
            can_send_messages="send_messages" in group.permissions,
            can_change_info="change_info" in group.permissions,
            can_invite_users="invite_users" in group.permissions,
        ),
    )


def _joined(caller: Caller, group_id: int) -> Group:
    """Refuse a group that has moved on, or in which the bot is not."""
    group = caller.world.group(group_id)
    if group.migrated_to:
        raise Refused.migrated(group.migrated_to)
    if caller.bot_id not in group.members:
        raise Refused.forbidden(group.stranger("bot", caller.bot_id))
    return group


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


def get_chat_member(caller: Caller, call: methods.GetChatMember) -> types.ResultChatMemberUnion:
    """Give a member of a group, or of a private chat: the person or the bot itself."""
    peer_id = peer_of(caller, call.chat_id)
    if peer_id < 0:
        return group_member(caller.world, _joined(caller, peer_id), call.user_id)
    person = _met(caller, peer_id)
    if call.user_id not in {person.id, caller.bot_id}:
        raise Refused.bad_request("user not found")
    return types.ChatMemberMember(user=user(caller.world.person(call.user_id)))


def get_chat_member_count(caller: Caller, call: methods.GetChatMemberCount) -> int:
    """Count who is in a group, bots too."""
    return len(_joined(caller, peer_of(caller, call.chat_id)).members)


def get_chat_administrators(caller: Caller, call: methods.GetChatAdministrators) -> list[types.ResultChatMemberUnion]:
    """Give a group's owner and admins, of bots only the caller itself."""
    group = _joined(caller, peer_of(caller, call.chat_id))
    everyone = (group.owner_id, *group.admins)
    shown = (one for one in everyone if one == caller.bot_id or not caller.world.person(one).is_bot)
    return [group_member(caller.world, group, one) for one in shown]


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
