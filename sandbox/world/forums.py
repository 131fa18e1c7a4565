"""Forums: admins with their rights, topics, and what is pinned in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.world.chats import COLOURS, RIGHTS, Group, Topic
from sandbox.world.events import AdminChanged, GroupChanged, TopicChanged
from sandbox.world.groups import Groups
from sandbox.world.messages import Message
from sandbox.world.refused import Refused

LONGEST_NAME = 128  # Bot API, createForumTopic
MOST_PINNED = 100


class Forums(Groups):
    """What owners and admins do with a group that the whole team works in."""

    def promote(self, group_id: int, person_id: int, rights: Iterable[str] = RIGHTS, *, by: int) -> None:
        """Make a member an admin with these rights, in place of others that he has."""
        self._set_rights(group_id, person_id, RIGHTS.intersection(rights), by)

    def demote(self, group_id: int, person_id: int, *, by: int) -> None:
        """Make a plain member of an admin."""
        self._set_rights(group_id, person_id, None, by)

    def _set_rights(self, group_id: int, person_id: int, rights: frozenset[str] | None, by: int) -> None:
        group = self.group(group_id)
        if by != group.owner_id and "promote_members" not in group.admins.get(by, ()):
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        if person_id not in group.members or person_id == group.owner_id:
            raise Refused.bad_request("USER_NOT_PARTICIPANT")
        before = group.admins.pop(person_id, None)
        if rights is not None:
            group.admins[person_id] = rights
        if rights != before:
            self.emit(AdminChanged(group.members, group, by, person_id, before))

    def delete_group(self, group_id: int, *, by: int) -> None:
        """End a group for all its members."""
        group = self.group(group_id)
        if by != group.owner_id:
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        everyone, group.members, group.is_deleted = group.members, (), True
        group.admins.clear()
        for member in everyone:
            self.account(member).boxes.pop(group.id, None)
        self.emit(GroupChanged(everyone, group, by, left=everyone))

    def set_forum(self, group_id: int, *, on: bool, by: int) -> None:
        """Switch topics on or off. Their messages stay when they are switched off, all in one."""
        group = self.group(group_id)
        if not group.is_super or (by != group.owner_id and "change_info" not in group.admins.get(by, ())):
            raise Refused.bad_request("CHAT_ADMIN_REQUIRED")
        if group.is_forum != on:
            group.is_forum = on
            self.emit(TopicChanged(group.members, group, None))

    def create_topic(
        self, group_id: int, name: str, *, by: int, colour: int | None = None, emoji_id: str | None = None
    ) -> Topic:
        """Open a topic; its number is that of the notice which says so."""
        group = self._forum(group_id, by, "create a topic")
        if colour is not None and colour not in COLOURS:
            raise Refused.bad_request("TOPIC_ICON_COLOR_INVALID")
        topic = Topic(self.account(group.id).last_id + 1, _proper(name), by, colour or COLOURS[0], emoji_id)
        group.topics[topic.id] = topic
        facts: dict[str, Any] = {"name": topic.name, "icon_color": topic.colour}
        if emoji_id:
            facts["icon_custom_emoji_id"] = emoji_id
        self._note(group, by, "forum_topic_created", topic=topic.id, **facts)
        self.emit(TopicChanged(group.members, group, topic))
        return topic

    def edit_topic(
        self, group_id: int, topic_id: int, *, by: int, name: str | None = None, emoji_id: str | None = None
    ) -> None:
        """Name it anew, or give it another picture. Refuses what changes nothing."""
        group, topic = self._topic(group_id, topic_id, by, "edit the topic")
        given = {"name": _proper(name) if name is not None else None, "emoji_id": emoji_id}
        changed = {key: value for key, value in given.items() if value is not None and value != getattr(topic, key)}
        if not changed:
            raise Refused.bad_request("TOPIC_NOT_MODIFIED")
        for key, value in changed.items():
            setattr(topic, key, value)
        told: dict[str, Any] = {
            {"emoji_id": "icon_custom_emoji_id"}.get(key, key): value for key, value in changed.items()
        }
        self._note(group, by, "forum_topic_edited", topic=topic.id, **told)
        self.emit(TopicChanged(group.members, group, topic))

    def close_topic(self, group_id: int, topic_id: int, *, by: int) -> None:
        """Let nobody write there but those who manage topics."""
        self._set_closed(group_id, topic_id, by, closed=True)

    def reopen_topic(self, group_id: int, topic_id: int, *, by: int) -> None:
        """Let everybody write there again."""
        self._set_closed(group_id, topic_id, by, closed=False)

    def _set_closed(self, group_id: int, topic_id: int, by: int, *, closed: bool) -> None:
        group, topic = self._topic(group_id, topic_id, by, "close or reopen the topic")
        if topic.closed == closed:
            raise Refused.bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        self._note(group, by, "forum_topic_closed" if closed else "forum_topic_reopened", topic=topic.id)
        self.emit(TopicChanged(group.members, group, topic))

    def delete_topic(self, group_id: int, topic_id: int, *, by: int) -> None:
        """Delete a topic with all that was said there."""
        group, topic = self._topic(group_id, topic_id, by, "delete the topic", right="delete_messages")
        said = self.in_topic(group, topic_id)
        del group.topics[topic_id]
        self.delete([message.uid for message in said], by=by)
        self.emit(TopicChanged(group.members, group, topic))

    def in_topic(self, group: Group, topic_id: int | None) -> list[Message]:
        """Give what stands in a topic (None: the general one), the oldest first."""
        everything = self.account(group.id).box(group).oldest_first()
        return [message for message in everything if message.topic == topic_id]

    def pin(self, uid: int, *, by: int) -> None:
        """Pin a message for everybody; the notice of it stands in the same topic."""
        message, group = self._to_pin(uid, by)
        if uid in group.pinned:
            return
        group.pinned = [*group.pinned, uid][-MOST_PINNED:]
        self._note(group, by, "pinned_message", topic=message.topic, reply_to=uid)

    def unpin(self, uid: int, *, by: int) -> None:
        """Take a pin out again; nothing where there is none."""
        _message, group = self._to_pin(uid, by)
        group.pinned = [one for one in group.pinned if one != uid]

    def _to_pin(self, uid: int, by: int) -> tuple[Message, Group]:
        message = self.messages.get(uid)
        if message is None or message.deleted or not isinstance(message.chat, Group) or message.service:
            raise Refused.bad_request("message to pin not found")
        if by not in message.chat.members or not message.chat.may(by, "pin_messages"):
            raise Refused.bad_request("not enough rights to manage pinned messages in the chat")
        return message, message.chat

    def _forum(self, group_id: int, by: int, act: str, *, right: str = "manage_topics") -> Group:
        group = self._group_to_write_in(self.person(by), group_id)
        if not group.is_forum:
            raise Refused.bad_request("the chat is not a forum")
        if not group.may(by, right):
            raise Refused.bad_request(f"not enough rights to {act}")
        return group

    def _topic(
        self, group_id: int, topic_id: int, by: int, act: str, *, right: str = "manage_topics"
    ) -> tuple[Group, Topic]:
        group = self._forum(group_id, by, act, right=right)
        if topic_id not in group.topics:
            raise Refused.bad_request("message thread not found")
        return group, group.topics[topic_id]


def _proper(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused.bad_request("TOPIC_TITLE_EMPTY")
    return name[:LONGEST_NAME]
