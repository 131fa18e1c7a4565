"""The team's forum in the world: who is in it, what stands in its topics, and what members do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.world import CallbackAnswer, Group, Message, Topic
from tests.people import Desk, Someone


def plain(message: Message) -> str:
    """A text without the marks that guard the direction of names."""
    return message.text.replace("\u2068", "").replace("\u2069", "")


@dataclass
class Forum:
    """One group with topics, in which Wysper may or may not work."""

    desk: Desk
    group: Group

    @classmethod
    def opened(cls, desk: Desk, owner: Someone, *members: Someone, title: str = "Flower team") -> Forum:
        """A supergroup with topics; the bot is not there yet."""
        group = desk.world.make_group(owner.id, title, [one.id for one in members], is_super=True)
        desk.world.set_forum(group.id, on=True, by=owner.id)
        return cls(desk, group)

    async def adds_bot(self, by: Someone, rights: set[str] | None = None) -> None:
        """Add the bot, and make it an admin with these rights (or all)."""
        self.desk.world.add_member(self.group.id, self.desk.bot.id, by=by.id)
        if rights is None or rights:
            more = {} if rights is None else {"rights": rights}
            self.desk.world.promote(self.group.id, self.desk.bot.id, **more, by=by.id)
        await self.desk.settled()

    async def joined(self, owner: Someone) -> Forum:
        """The bot added and the question answered: the team works here."""
        await self.adds_bot(owner)
        await owner.presses("Yes, work here", under=self.newest)
        return self

    @property
    def everything(self) -> list[Message]:
        """What stands in the group, oldest first, without notices."""
        said = self.desk.world.account(self.group.id).box(self.group).oldest_first()
        return [message for message in said if not message.service]

    @property
    def newest(self) -> Message:
        """What the bot said last, pinned things of its own aside."""
        return [message for message in self.everything if message.sender_id == self.desk.bot.id][-1]

    @property
    def topics(self) -> dict[str, Topic]:
        """By the names that stand there."""
        return {topic.name: topic for topic in self.group.topics.values()}

    def topic(self, name: str) -> Topic:
        """The one whose name holds this."""
        found = [topic for shown, topic in self.topics.items() if name in shown]
        assert found, f"no topic of {name}, only {list(self.topics)}"
        return found[-1]

    def said(self, name: str) -> list[str]:
        """What stands in a topic, oldest first, the card aside, without the marks that guard directions."""
        topic = self.topic(name)
        return [plain(one) for one in self.messages(topic) if one.uid not in self.group.pinned]

    def messages(self, topic: Topic | None) -> list[Message]:
        """The same as messages, the card among them; of None, the general topic's."""
        here = topic.id if topic is not None else None
        return [one for one in self.everything if one.topic == here]

    def card(self, name: str) -> Message:
        """The pinned card of a topic."""
        topic = self.topic(name)
        return next(one for one in self.messages(topic) if one.uid in self.group.pinned)

    def post(self, name: str, words: str) -> Message:
        """The newest message in a topic that says this."""
        found = [one for one in self.messages(self.topic(name)) if words in one.text]
        assert found, f"{words} does not stand there: {self.said(name)}"
        return found[-1]

    def signs(self, message: Message) -> list[str]:
        """The reactions under a message."""
        return [str(one.emoji) for one in message.reactions]

    def alone(self, someone: Someone) -> list[Message]:
        """What somebody is shown alone, oldest first."""
        return self.desk.world.shown_to(self.group.id, someone.id)

    async def writes(
        self, who: Someone, name: str, text: str = "", *, to: Message | None = None, **more: Any
    ) -> Message:
        """Somebody writes in a topic, perhaps as a reply."""
        reply = to.uid if to is not None else None
        topic = self.topic(name).id
        message = self.desk.world.send(who.id, self.group.id, text, topic=topic, reply_to=reply, **more)
        await self.desk.settled()
        return message

    async def presses(self, who: Someone, label: str, *, under: Message) -> CallbackAnswer | None:
        """Somebody presses a button there."""
        return await who.presses(label, under=under)
