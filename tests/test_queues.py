"""Olga and her team see what waits, and say what is to be done about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from crm import members
from crm.access import enter
from crm.moments import Moment, ahead
from handlers.buttons.queues import Assign, CloseConversation, PutOff, StandingCard
from storage.audit import AuditEntry
from storage.conversations import Conversation
from tests.people import OLGA, Desk, Someone


async def stands(olga: Someone) -> str:
    """What the card's button says of the only conversation."""
    await olga.writes("/contacts")
    await olga.presses("Anna")
    return next(label for label in olga.buttons if label[0] in "⏳☑💬💤✅" and "Conversation" not in label)


async def opens(somebody: Someone) -> None:
    """Go to what can be said about Anna's conversation."""
    await somebody.writes("/start")
    await somebody.presses_address(StandingCard(id=1).pack())


async def test_a_conversation_follows_what_is_said_in_it(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    assert await stands(olga) == "⏳ Waits"
    desk.world.clock.advance(timedelta(minutes=1))
    await olga.writes("Yes, red ones", to=anna)
    assert await stands(olga) == "☑️ Answered"
    desk.world.clock.advance(timedelta(minutes=1))
    await anna.writes("Lovely", to=olga)
    assert await stands(olga) == "⏳ Waits"


async def test_all_conversations_show_when_they_last_moved(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    desk.world.clock.advance(timedelta(hours=2))
    await anna.writes("Hello?", to=olga)
    await olga.writes("/waiting")
    first_asked = next(label for label in olga.buttons if "Anna" in label)
    await olga.presses("All 1")
    last_wrote = next(label for label in olga.buttons if "Anna" in label)
    assert first_asked != last_wrote


async def test_a_thank_you_needs_no_answer(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Thank you!", to=olga)
    await opens(olga)
    await olga.presses("Needs no answer")
    assert "Nothing needs an answer" in olga.screen
    await olga.writes("/waiting")
    assert "Nobody waits" in olga.screen
    desk.world.clock.advance(timedelta(hours=1))
    await anna.writes("One more thing", to=olga)
    await olga.writes("/waiting")
    assert "1 waits for an answer" in olga.screen


async def test_a_closed_conversation_opens_when_its_client_writes(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await opens(olga)
    await olga.presses("✅ Close")
    assert "✅ closed" in olga.screen
    await olga.writes("/waiting")
    assert "Closed 1" in olga.buttons
    await olga.presses("Closed 1")
    assert any(label.startswith("✅ Anna") for label in olga.buttons)
    desk.world.clock.advance(timedelta(minutes=1))
    await olga.writes("By the way, tulips too", to=anna)  # her own words do not open it
    assert await stands(olga) == "✅ Closed"
    await anna.writes("And peonies?", to=olga)
    assert await stands(olga) == "⏳ Waits"


async def test_what_was_closed_by_a_slip_is_opened_again_and_waits_as_before(olga: Someone, anna: Someone) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await opens(olga)
    waited = next(line for line in olga.screen.splitlines() if "waits since" in line)
    await olga.presses("✅ Close")
    await olga.presses("↩️ Open again")
    assert waited in olga.screen


async def test_what_is_put_off_comes_back_at_its_time_and_says_so_once(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Call me next week?", to=olga)
    await opens(olga)
    await olga.presses("💤 Put off")
    assert any(label.startswith("Tomorrow") for label in olga.buttons)
    await olga.presses("Tomorrow")
    assert "💤 rests until" in olga.screen
    await olga.writes("/waiting")
    assert "Nobody waits" in olga.screen
    await olga.presses("Resting 1")
    assert "1 rests" in olga.screen
    await desk.app.schedule.run("what rests")
    await desk.settled()
    assert "put off until now" not in olga.screen
    desk.world.clock.advance(timedelta(days=2))
    for _again in range(2):
        await desk.app.schedule.run("what rests")
        await desk.settled()
    said = [message.text for message in olga.chat if "was put off until now" in message.text]
    assert len(said) == 1
    await olga.presses("Who waits")
    assert "1 waits for an answer" in olga.screen


async def test_who_writes_before_the_time_wakes_it(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Call me next week?", to=olga)
    await opens(olga)
    await olga.presses("💤 Put off")
    await olga.presses("In a month")
    desk.world.clock.advance(timedelta(hours=1))
    await anna.writes("Or today?", to=olga)
    await olga.writes("/waiting")
    assert "1 waits for an answer" in olga.screen
    desk.world.clock.advance(timedelta(days=40))
    await desk.app.schedule.run("what rests")
    await desk.settled()
    assert "was put off until now" not in olga.screen


async def test_a_moment_that_has_passed_is_asked_for_again(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/start")
    past = int(desk.world.clock.now().timestamp()) - 60
    await olga.presses_address(PutOff(id=1, until=past).pack())
    assert "Until when may the conversation" in olga.screen


async def test_a_conversation_is_put_off_until_a_moment_in_words(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Call me when the peonies are in?", to=olga)
    await opens(olga)
    await olga.presses("💤 Put off")
    await olga.presses("Another time")
    await olga.writes("when the peonies are in")
    assert "I found no time in that" in olga.screen
    await olga.writes("in 10 days at 16:00")
    assert "Is this right?" in olga.screen
    assert "in 10 days" in olga.screen
    await olga.presses("Yes, until then")
    assert "💤 rests until" in olga.screen
    assert "4:00" in olga.screen
    desk.world.clock.advance(timedelta(days=11))
    await desk.app.schedule.run("what rests")
    await desk.settled()
    assert "was put off until now" in olga.screen


async def test_clocks_that_change_move_no_appointment() -> None:

    before = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the night in which summer time ends
    assert ahead(before, "Europe/Berlin")[Moment.TOMORROW] == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert ahead(before, "America/New_York")[Moment.TOMORROW] == datetime(2026, 10, 25, 13, tzinfo=UTC)
    late = ahead(datetime(2026, 10, 25, 17, 30, tzinfo=UTC), "UTC")
    assert Moment.EVENING not in late
    assert [*late] == [Moment.HOUR, Moment.TOMORROW, Moment.WEEK, Moment.MONTH]  # tomorrow is Monday


async def test_a_conversation_is_given_to_a_member_who_is_told(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await boris.writes("/start")
    await anna.writes("Have you got roses?", to=olga)
    await olga.writes("/waiting")
    assert "Nobody's 1" in olga.buttons
    await opens(olga)
    await olga.presses("Who answers")
    await olga.presses("Boris")
    await desk.settled()
    assert "is to answer" in olga.screen
    assert "gave you" in boris.screen
    await boris.presses("Who waits")
    await boris.presses("Mine 1")
    assert any(label.startswith("⏳ Anna") for label in boris.buttons)
    await olga.writes("/waiting")
    assert "Nobody's" in olga.buttons


async def test_who_leaves_the_team_lets_go_of_his_conversations(
    desk: Desk, olga: Someone, boris: Someone, anna: Someone
) -> None:
    await anna.writes("Have you got roses?", to=olga)
    await boris.writes("/start")
    await boris.presses_address(StandingCard(id=1).pack())
    await boris.presses("I answer")
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.remove(seat, boris.id)
    async with desk.vault() as session:
        assert list(await session.exec(select(Conversation.assignee_id))) == [None]


async def test_a_viewer_cannot_be_given_anything(desk: Desk, olga: Someone, boris: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, boris.id, "viewer")
    await opens(olga)
    await olga.presses("Who answers")
    assert "Boris" not in olga.buttons
    answer = await olga.presses_address(Assign(id=1, to=boris.id).pack())
    assert answer is not None
    assert "not on the team" in answer.text


async def test_a_strangers_press_changes_nothing(desk: Desk, olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await mallory.writes("/start")
    acts = (CloseConversation(id=1), PutOff(id=1, until=4_000_000_000), Assign(id=1, to=mallory.id))
    for act in acts:
        answer = await mallory.presses_address(act.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    async with desk.vault() as session:
        (row,) = await session.exec(select(Conversation))
        assert (row.closed_at, row.asleep_until, row.assignee_id) == (None, None, None)
        assert not [one for one in await session.exec(select(AuditEntry.act)) if one.startswith("conversation.")]
