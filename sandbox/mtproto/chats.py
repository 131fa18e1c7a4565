"""Groups in TL: who a peer is, what a group is called, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.mtproto.tl import types
from sandbox.world import CHANNELS, Group, Message
from sandbox.world.chats import PERMISSIONS


def tl_peer(peer_id: int) -> Any:
    """Name a peer by its id in the world's way, which is the Bot API's."""
    if peer_id > 0:
        return types.PeerUser(peer_id)
    return types.PeerChannel(CHANNELS - peer_id) if peer_id < CHANNELS else types.PeerChat(-peer_id)


def tl_chat(group: Group, account_id: int, access_hash: int, moved_to: Any = None) -> Any:
    """Describe a group to one account; whoever is not in a supergroup (any more) is told its name alone.

    `moved_to` is the InputChannel in whose favour a basic group was closed.
    """
    inside = account_id in group.members
    if group.is_super and not inside:
        return types.ChannelForbidden(group.number, access_hash, group.title, megagroup=True)
    shared: dict[str, Any] = {
        "id": group.number,
        "title": group.title,
        "photo": types.ChatPhotoEmpty(),
        "date": group.date,
        "creator": account_id == group.owner_id,
        "participants_count": len(group.members),
        "default_banned_rights": _banned(group),
    }
    if group.is_super:
        return types.Channel(**shared, access_hash=access_hash, megagroup=True, forum=group.is_forum)
    return types.Chat(**shared, version=1, left=not inside, deactivated=moved_to is not None, migrated_to=moved_to)


def _banned(group: Group) -> Any:
    return types.ChatBannedRights(until_date=None, **dict.fromkeys(PERMISSIONS - group.permissions, True))


def happening(message: Message) -> Any:
    """Give what became of a group as the action of a service message; None for whatever else there is."""
    make = _ACTIONS.get((message.service or {}).get("type", ""))
    return make(message, message.service) if make else None


_ACTIONS: dict[str, Callable[[Message, Any], Any]] = {
    "group_chat_created": lambda message, facts: types.MessageActionChatCreate(
        facts["title"], list(message.chat.members)
    ),
    "supergroup_chat_created": lambda _, facts: types.MessageActionChannelCreate(facts["title"]),
    "new_chat_members": lambda _, facts: types.MessageActionChatAddUser(facts["members"]),
    "left_chat_member": lambda _, facts: types.MessageActionChatDeleteUser(facts["members"][0]),
    "new_chat_title": lambda _, facts: types.MessageActionChatEditTitle(facts["title"]),
    "forum_topic_created": lambda _, facts: types.MessageActionTopicCreate(facts["name"], facts["icon_color"]),
    "forum_topic_edited": lambda _, facts: types.MessageActionTopicEdit(title=facts.get("name")),
    "forum_topic_closed": lambda _, __: types.MessageActionTopicEdit(closed=True),
    "forum_topic_reopened": lambda _, __: types.MessageActionTopicEdit(closed=False),
    "pinned_message": lambda _, __: types.MessageActionPinMessage(),
    "migrate_to_chat_id": lambda _, facts: types.MessageActionChatMigrateTo(CHANNELS - facts["chat"]),
    "migrate_from_chat_id": lambda _, facts: types.MessageActionChannelMigrateFrom(facts["title"], -facts["chat"]),
}
