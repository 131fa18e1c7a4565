"""Both translators over one world: whatever happened in it, whoever saw it, and in whichever order it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import mirror
from crm.seen import Reacted, Seen
from handlers import business
from sandbox.bot_api.rendering import View as BotView
from sandbox.bot_api.services import is_shown
from sandbox.mtproto import tl
from sandbox.mtproto.files import FileReferences
from sandbox.mtproto.view import View, tl_reactions
from sandbox.world import Message, Quote, Refused, World
from tests.test_any_order import contents, tell_one
from tests.test_mirror import OLGA, a_vault
from tests.userbot import likeness
from userbot.people import People
from userbot.reactions import reacted, uncounted
from userbot.tl import types
from userbot.translate import seen

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "answer", "file", "once", "quote", "forward", "poll", "protect"] + ["edit", "react"] * 3
        ),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=8,
)


class Chat:
    """Olga's chat with Anna, and each sight of it that her Business bot and her device are given."""

    def __init__(self) -> None:
        self.world = World()
        self.olga = self.world.add_person("Olga", id=OLGA)
        self.anna = self.world.add_person("Anna", "Ilyina", username="anna_k")
        bot = self.world.add_bot("Wysper", "wysper_bot", self.olga)
        self._bot = BotView(self.world, bot.id, self.world.connect_business(OLGA, bot.id))
        self._device = View(self.world, self.olga, FileReferences())
        self._people = People(OLGA, {})
        self.said: list[Message] = []
        self.sights: list[Seen | Reacted] = []

    def happens(self, act: str, number: int) -> None:
        """Let one thing happen, and everybody see it who may; a second passes."""
        self.world.clock.advance(timedelta(seconds=1))
        one = self._does(act, number)
        if one is None:
            return
        at = self.world.clock.now().replace(microsecond=0)
        self._people.meet(tl.read(bytes(user)) for user in self._device.people_of([one]))
        shown = seen(tl.read(bytes(self._device.message(one))), OLGA, self._people, at)
        assert shown is not None
        self.sights.append(shown)
        if act == "react":
            bare = tl_reactions(one, OLGA) or types.MessageReactions([])
            update = types.UpdateMessageReactions(types.PeerUser(self.anna.id), one.ids[OLGA], bare)
            self.sights += reacted(types.UpdateShort(update, at))
        elif is_shown(one):
            self.sights.append(business.seen(self._bot.message(one), OLGA))

    def _does(self, act: str, number: int) -> Message | None:
        world, anna, olga = self.world, self.anna.id, OLGA
        earlier = self.said[number % len(self.said)] if self.said else None
        more: dict[str, Any] = {}
        match act:
            case "protect":
                world.protect(anna, olga, on=number % 2 == 0)
                return None
            case "edit" | "react" | "quote" | "forward" if earlier is None:
                return None
            case "edit" | "react" | "forward" if earlier is not None:
                return self._changes(act, number, earlier)
            case "file" | "once":
                more["file"] = world.store_file(b"\xff\xd8" + bytes([number]) * 9, "photo", width=9, height=9 + number)
                more["ttl"] = 5 if act == "once" else None
            case "quote" if earlier is not None:
                more |= {"reply_to": earlier.uid, "quote": Quote("word")}
            case "poll":
                more["service"] = {"type": "poll", "question": "Which?", "options": ["blue", "red"]}
        sender, peer = (olga, anna) if act == "answer" else (anna, olga)
        self.said.append(world.send(sender, peer, "" if act == "poll" else f"word {number}", **more))
        return self.said[-1]

    def _changes(self, act: str, number: int, earlier: Message) -> Message | None:
        world, by = self.world, earlier.sender_id
        try:
            if act == "edit":
                return world.edit(earlier.uid, text=f"word {number} of {len(self.sights)}", by=by)
            if act == "react":
                return world.react(earlier.uid, *["👍", "🔥"][: number % 2], by=(OLGA, self.anna.id)[number % 3 == 0])
            self.said.append(world.forward(earlier.uid, by=self.anna.id, to=OLGA))
        except Refused:
            return None
        return self.said[-1]


async def tell(told: Sequence[Seen | Reacted], chat: Chat) -> tuple[dict[str, list[Any]], list[str]]:
    """Tell a fresh vault all of it; what it then holds, and where that is not the world."""
    async with a_vault() as vault:
        for sight in told:
            async with vault.transaction() as session:
                if isinstance(sight, Seen):
                    await mirror.record(session, [sight], heard_at=chat.world.clock.now())
                else:
                    await tell_one(session, sight)
        async with vault.reading() as session:
            here = await likeness.in_the_vault(session, OLGA)
        wrong = likeness.differences(likeness.in_the_world(chat.world, OLGA), here)
        return await contents(vault), [str(one) for one in wrong]


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(acts=ACTS, data=st.data())
async def test_what_both_translators_tell_in_any_order_is_the_world(
    acts: list[tuple[str, int]], data: st.DataObject
) -> None:
    chat = Chat()
    chat.happens("write", 0)
    for act in acts:
        chat.happens(*act)
    again = data.draw(st.lists(st.sampled_from(chat.sights), max_size=4))
    in_order, wrong = await tell(chat.sights, chat)
    assert not wrong
    assert await tell(data.draw(st.permutations([*chat.sights, *again])), chat) == (in_order, [])


def test_an_uncounted_word_yields_to_a_counted_one_of_the_same_second() -> None:
    moment = World().clock.now()
    assert uncounted(moment) < moment.replace(microsecond=0)
