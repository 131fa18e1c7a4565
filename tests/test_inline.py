"""@bot words in any chat: members are offered what they may see, nobody else is offered anything."""

from __future__ import annotations

import pytest

from crm import members
from crm.access import enter
from sandbox.world import InlineQuery, Refused
from tests.people import OLGA, Desk, Someone

VERA = 5_200_000_003


def titles(query: InlineQuery) -> list[str]:
    return [one.title for one in query.answered.result()]


async def test_contacts_and_messages_are_offered_and_sent_where_they_are_chosen(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone
) -> None:
    await anna.writes("Do you have yellow tulips?", to=olga)
    found = await olga.asks_inline("anna")
    (card,) = found.answered.result()
    assert card.title == "Anna"
    found = await olga.asks_inline("tulip from:anna")
    (message,) = found.answered.result()
    assert "Anna" in message.title
    assert message.description == "Do you have yellow tulips?"
    sent = desk.world.choose_inline(found.id, message.id, by=olga.id, peer_id=boris.id)
    assert "Do you have yellow tulips?" in sent.text
    with pytest.raises(Refused):
        desk.world.choose_inline(found.id, message.id, by=boris.id, peer_id=olga.id)


async def test_telegram_keeps_no_answer_and_gives_it_to_nobody_else(olga: Someone, anna: Someone) -> None:
    await anna.writes("tulips", to=olga)
    for words in ("tulips", "nothing of the kind", ""):
        found = await olga.asks_inline(words)
        assert found.answered.done()
        assert (found.kept, found.personal) == (0, True)


async def test_a_stranger_is_offered_nothing(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("a secret tulip", to=olga)
    for words in ("tulip", "anna", ""):
        found = await mallory.asks_inline(words)
        assert titles(found) == []
        assert (found.kept, found.personal) == (0, True)


async def test_who_has_left_the_team_is_offered_nothing_any_more(
    desk: Desk, olga: Someone, anna: Someone, vera: Someone
) -> None:
    await anna.writes("a secret tulip", to=olga)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, VERA, "viewer")
    await vera.writes("/start")
    assert titles(await vera.asks_inline("tulip"))
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.remove(seat, VERA)
    assert titles(await vera.asks_inline("tulip")) == []


async def test_what_may_not_be_passed_on_is_not_offered(desk: Desk, olga: Someone, anna: Someone) -> None:
    desk.world.send(anna.id, olga.id, "a protected tulip", protected=True)
    await anna.writes("a tulip", to=olga)
    found = await olga.asks_inline("tulip")
    assert [one.description for one in found.answered.result()] == ["a tulip"]
