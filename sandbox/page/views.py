"""The world as one person's client shows it, in JSON: people, rows of the chat list, messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from sandbox.world import Box, Entity, File, Group, Message, Person, World

Json = dict[str, Any]
_HAPPENED = {
    "group_chat_created": "{who} opened the group “{title}”",
    "supergroup_chat_created": "{who} opened the group “{title}”",
    "new_chat_members": "{who} let {members} in",
    "left_chat_member": "{members} left",
    "new_chat_title": "{who} renamed the group to “{title}”",
    "migrate_to_chat_id": "The group became a supergroup",
    "migrate_from_chat_id": "The group became a supergroup",
    "forum_topic_created": "{who} opened the topic “{title}”",
    "forum_topic_edited": "{who} changed the topic “{title}”",
    "forum_topic_closed": "{who} closed the topic “{title}”",
    "forum_topic_reopened": "{who} opened the topic “{title}” again",
    "pinned_message": "{who} pinned a message",
}

ALONE = 10**9  # added to the world's number of what only one member is shown


@dataclass(frozen=True, slots=True)
class Views:
    """Draws from the world; `roles` are the words under a person's name in the switcher, by id."""

    world: World
    roles: Mapping[int, str]

    def person(self, person: Person) -> Json:
        return {
            "id": person.id,
            "name": person.name,
            "username": person.username,
            "phone": person.phone,
            "bot": person.is_bot,
            "photo": file_url(person.photo) if person.photo else None,
            "role": self.roles.get(person.id),
        }

    def peer(self, peer_id: int) -> Json:
        """The other side of a chat: a person, a bot, or a group."""
        if peer_id > 0:
            return self.person(self.world.person(peer_id))
        group = self.world.group(peer_id)
        members = [self.person(self.world.person(member)) for member in group.members]
        facts = {"group": True, "super": group.is_super, "owner": group.owner_id, "members": members}
        facts |= {"forum": group.is_forum, "admins": {one: sorted(rights) for one, rights in group.admins.items()}}
        nobody = {"username": None, "phone": None, "bot": False, "photo": None, "role": None}
        return {"id": group.id, "name": group.title, **nobody, **facts}

    def topic_of(self, group: Group, topic_id: int) -> Json:
        """A topic of a forum; 0 is the general one."""
        topic = group.topics.get(topic_id)
        if topic is None:
            return {"id": 0, "name": "General", "closed": False, "colour": None}
        return {"id": topic.id, "name": topic.name, "closed": topic.closed, "colour": f"#{topic.colour:06x}"}

    def pinned(self, group: Group, topic_id: int | None, viewer: int) -> Json | None:
        """What was pinned last in a topic of a forum, or in the whole of another group."""
        standing = [self.world.messages[uid] for uid in group.pinned if not self.world.messages[uid].deleted]
        here = [one for one in standing if topic_id is None or (one.topic or 0) == topic_id]
        return self.summary(here[-1], viewer) if here else None

    def number(self, message: Message, viewer: int) -> int:
        """The viewer's own number of a message; one that he is shown alone has none, and comes last."""
        return ALONE + message.uid if message.ephemeral_id else message.number(viewer)

    def sender(self, message: Message, viewer: int) -> Json | None:
        """Who wrote, where many could have."""
        if message.chat.peer_of(viewer) > 0 or message.sender_id == viewer:
            return None
        return {"id": message.sender_id, "name": self.world.person(message.sender_id).name}

    def service(self, message: Message) -> Json | None:
        """What a service message holds; what became of a group is put into words."""
        became = self.became(message)
        return {**(message.service or {}), "text": became} if became else message.service

    def became(self, message: Message) -> str | None:
        """What became of a group; None for whatever else is said."""
        facts = message.service or {}
        words = _HAPPENED.get(str(facts.get("type")))
        if words is None:
            return None
        members = ", ".join(self.world.person(member).name for member in facts.get("members", ()))
        who = self.world.person(message.sender_id).name
        return words.format(who=who, members=members, title=facts.get("title", self.topic(message)))

    def topic(self, message: Message) -> str:
        """What the topic is called in which a message stands; empty where it stands in none that is there."""
        chat = message.chat
        here = chat.topics.get(message.topic or 0) if isinstance(chat, Group) else None
        return here.name if here else ""

    def dialog(self, box: Box) -> Json:
        """One row of the chat list."""
        top = box.top
        return {
            "peer": self.peer(box.peer_id),
            "unread": box.unread,
            "last": self.summary(top, box.account_id) if top else None,
            "read": top is not None and top.number(box.account_id) <= box.read_outbox,
        }

    def summary(self, message: Message, viewer: int) -> Json:
        became = self.became(message)
        return {
            "id": message.number(viewer),
            "out": message.sender_id == viewer and not became,
            "text": became or message.text[:160],
            "kind": "text" if became else kind_of(message),
            "date": int(message.date.timestamp()),
        }

    def message(self, message: Message, viewer: int) -> Json:
        """One bubble; ids are the viewer's own numbers."""
        bot = message.business_bot_id
        return {
            "id": self.number(message, viewer),
            "topic": (message.topic or 0) if isinstance(message.chat, Group) and message.chat.is_forum else None,
            "pinned": isinstance(message.chat, Group) and message.uid in message.chat.pinned,
            "alone": bool(message.ephemeral_id),
            "out": message.sender_id == viewer and not self.became(message),
            "text": message.text,
            "entities": [entity(part) for part in message.entities],
            "date": int(message.date.timestamp()),
            "edited": self.edited(message),
            "file": file(message.file) if message.file and not message.ttl else None,
            "gone": message.file.kind if message.file and message.ttl else None,
            "album": str(message.album_id) if message.album_id else None,
            "reply": self.reply(message, viewer),
            "markup": message.markup,
            "via": self.world.person(bot).name if bot and message.sender_id == viewer else None,
            "service": self.service(message),
            "sender": self.sender(message, viewer),
            "forwarded": message.origin.name if message.origin else None,
            "protected": message.protected,
            "silent": message.silent,
            "reactions": self.reactions(message, viewer),
        }

    def reactions(self, message: Message, viewer: int) -> list[Json]:
        """Each sign that stands under a message, how often, and whether one of them is the viewer's."""
        signs = Counter(one.emoji or "✨" for one in message.reactions)  # pictures of one's own are not drawn
        mine = {one.emoji or "✨" for one in message.reactions if one.by == viewer}
        return [{"sign": sign, "count": count, "mine": sign in mine} for sign, count in signs.items()]

    def edited(self, message: Message) -> int | None:
        """When a person changed the message; a bot's screens change all the time, and clients do not mark them."""
        if message.edited_at is None or self.world.person(message.sender_id).is_bot:
            return None
        return int(message.edited_at.timestamp())

    def reply(self, message: Message, viewer: int) -> Json | None:
        """What a message answers, if it still stands."""
        original = self.world.messages.get(message.reply_to or 0)
        if original is None or original.deleted or viewer not in original.audience:
            return None
        words = {"text": message.quote.text} if message.quote else {}
        return {**self.summary(original, viewer), **words, "name": self.world.person(original.sender_id).name}


def kind_of(message: Message) -> str:
    """Say in one word what a message is beside its text."""
    if message.file:
        return message.file.kind
    return str(message.service.get("type", "service")) if message.service else "text"


def entity(part: Entity) -> Json:
    return {name: value for name, value in asdict(part).items() if value is not None}


def file_url(stored: File) -> str:
    """The address of a file; the hash keeps it from being guessed, the name is what a download is called."""
    name = quote(stored.name or f"{stored.kind}-{stored.id % 100_000}", safe="")
    return f"/api/file/{stored.id}/{stored.access_hash}/{name}"


def file(stored: File) -> Json:
    return {
        "kind": stored.kind,
        "url": file_url(stored),
        "name": stored.name,
        "mime": stored.mime,
        "size": len(stored.data),
        "width": stored.width,
        "height": stored.height,
        "duration": stored.duration,
    }
