"""Olga and her team write down what they promised, and are told when its time has come."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.clock import SystemClock
from crm import members, reminders, ringing, workspaces
from crm.access import enter
from handlers.buttons.reminders import (
    AgreeReminder,
    AskReminder,
    DeleteReminder,
    FinishReminder,
    GiveReminder,
    SnoozeReminder,
)
from sandbox.world import Message
from storage import outbox
from storage.audit import AuditEntry
from storage.contacts import Contact
from storage.memberships import Membership
from storage.messages import Message as Mirrored
from storage.outbox import Delivery
from storage.reminders import Reminder
from tests.lives import lives
from tests.people import OLGA, Desk, Someone

BERLIN = "Europe/Berlin"


@pytest.fixture
async def shop(desk: Desk, olga: Someone, anna: Someone) -> Desk:
    """Anna has written to Olga, whose shop is in Berlin, where it is ten on a Wednesday morning in winter."""
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await workspaces.set_zone(seat, BERLIN)
    await until(desk, "2027-01-13 10:00")
    await anna.writes("What would a bridal bouquet cost?", to=olga)
    return desk


async def until(desk: Desk, there: str) -> None:
    """Let the world's clock show this in Berlin, and all be told that has fallen due."""
    moment = datetime.fromisoformat(there).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    desk.world.clock.advance(moment - desk.world.clock.now())
    await look(desk)


async def look(desk: Desk) -> None:
    """As the schedule does every few seconds."""
    await desk.app.schedule.run("reminders")
    await desk.settled()


async def card(olga: Someone) -> None:
    await olga.writes("/contacts")
    await olga.presses("Anna")


async def promises(somebody: Someone, text: str) -> None:
    """Write it on Anna's card, and agree to what was understood."""
    await card(somebody)
    await somebody.presses("⏰ Remind me")
    await somebody.writes(text)
    await somebody.presses("Yes, remind me")


def notices(somebody: Someone, words: str) -> list[str]:
    """What the bot said unasked: a message that holds these words and asks nothing."""
    screens = (message.text for message in somebody.chat if message.sender_id == somebody.desk.bot.id)
    return [text for text in screens if text.startswith("⏰") and words in text]


def given(somebody: Someone) -> list[Message]:
    """The notices that another member wants him to be reminded."""
    return [message for message in somebody.chat if "gave you a reminder" in message.text]


async def test_who_is_given_a_reminder_hears_of_it_at_once_and_once(
    shop: Desk, olga: Someone, boris: Someone, vera: Someone, mallory: Someone
) -> None:
    for somebody in (boris, vera, mallory):
        await somebody.writes("/start")
    await promises(olga, "tomorrow at 9 call about the ribbon")
    for _ in range(2):
        await olga.presses_address(GiveReminder(id=1, to=boris.id).pack())
    await shop.settled()
    (notice,) = given(boris)
    assert "Olga" in notice.text
    assert "call about the ribbon" in notice.text
    await boris.presses("The reminder", under=notice)
    assert "You are told. Olga" in boris.screen.replace("\u2068", "")
    await boris.presses_address(GiveReminder(id=1, to=boris.id).pack())
    await boris.presses_address(FinishReminder(id=1).pack())
    await boris.presses_address(GiveReminder(id=1, to=vera.id).pack())
    answer = await mallory.presses_address(GiveReminder(id=1, to=mallory.id).pack())
    assert answer is not None
    assert "not on this team" in answer.text
    assert not given(vera)  # what is done is nobody's to do
    assert not given(mallory)


async def test_a_promise_is_kept(shop: Desk, olga: Someone) -> None:
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.writes("tomorrow at 9 call back about the quote")
    assert "Is this right?" in olga.screen
    assert "call back about the quote" in olga.screen
    assert "Thursday, January 14, 9:00" in olga.screen
    await until(shop, "2027-01-14 09:30")
    assert "Is this right?" in olga.screen  # nobody has agreed, so nothing counts
    await olga.writes("/cancel")
    await promises(olga, "tomorrow at 9 call back about the quote")
    assert "It is set" in olga.screen
    await until(shop, "2027-01-15 08:59")
    assert not notices(olga, "call back")
    await until(shop, "2027-01-15 09:00")
    await look(shop)
    assert len(notices(olga, "call back")) == 1
    assert "Anna" in olga.screen
    await olga.presses("💤 Later")
    await olga.presses("In an hour")
    assert "rests until then" in olga.screen
    await until(shop, "2027-01-15 10:01")
    assert len(notices(olga, "call back")) == 1  # of the first one became the screen that she pressed last
    await olga.presses("✅ Done")
    assert "✅ done" in olga.screen
    await olga.writes("/reminders")
    assert "Done 1" in olga.buttons
    told = [message.text for message in olga.chat]
    await until(shop, "2027-01-20 09:00")
    assert [message.text for message in olga.chat] == told


@pytest.mark.usefixtures("shop")
async def test_it_is_understood_in_whatever_language_it_is_written(olga: Someone) -> None:
    await promises(olga, "послезавтра в 10 утра позвонить Анне")
    assert "позвонить Анне" in olga.screen
    assert "Friday, January 15, 10:00" in olga.screen


@pytest.mark.usefixtures("shop")
async def test_what_is_no_time_is_asked_for_and_the_words_are_kept(olga: Someone) -> None:
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.writes("send the photos of the bouquet")
    assert "I found no time in that" in olga.screen
    assert "send the photos" in olga.screen
    assert any(label.startswith("Tomorrow") for label in olga.buttons)
    await olga.writes("31 February")
    assert "no such day" in olga.screen
    await olga.writes("yesterday")
    assert "has passed" in olga.screen
    await olga.writes("every 2 weeks")
    assert "nothing in between" in olga.screen
    await olga.writes("on Friday at 16:00")
    assert "Is this right?" in olga.screen
    assert "send the photos" in olga.screen
    assert "Friday, January 15, 4:00" in olga.screen


async def test_a_moment_that_is_offered_needs_one_press(shop: Desk, olga: Someone) -> None:
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.presses("This evening")
    assert "Get back to" in olga.screen
    await until(shop, "2027-01-13 18:00")
    assert len(notices(olga, "Get back to")) == 1


async def test_time_words_and_who_is_told_are_changed_before_it_counts_and_after(
    shop: Desk, olga: Someone, boris: Someone
) -> None:
    await boris.writes("/start")
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.writes("tomorrow at 9 call")
    await olga.presses("Another time")
    await olga.writes("tomorrow at 11")
    await olga.presses("Other words")
    await olga.writes("call about the ribbon")
    await olga.presses("Who is told")
    await olga.presses("Boris")
    assert "Boris" in olga.screen
    assert "call about the ribbon" in olga.screen
    assert "11:00" in olga.screen
    assert not given(boris)  # it does not count yet
    await olga.presses("Yes, remind me")
    assert len(given(boris)) == 1
    await olga.presses("Another time")
    await olga.writes("tomorrow at 12")
    assert "Is this right?" in olga.screen
    await until(shop, "2027-01-14 11:00")
    assert len(notices(boris, "ribbon")) == 1  # the other time was not agreed to
    assert not notices(olga, "Get back to")
    await boris.presses("✅ Done")
    assert "✅ done" in boris.screen


async def test_a_message_and_a_note_have_their_reminders(shop: Desk, olga: Someone) -> None:
    await card(olga)
    await olga.presses("💬 Conversation")
    await olga.presses("①")
    await olga.presses("⏰ Remind me")
    assert "bridal bouquet" in olga.screen
    await olga.writes("in 2 hours answer this")
    await olga.presses("Yes, remind me")
    await card(olga)
    await olga.presses("Write a note")
    await olga.writes("Wants white roses")
    await olga.presses("⏰ Remind me")
    await olga.writes("in 3 hours order them")
    await olga.presses("Yes, remind me")
    await until(shop, "2027-01-13 14:00")
    assert "bridal bouquet" in notices(olga, "answer this")[0]
    assert "white roses" in notices(olga, "order them")[0]
    await olga.presses("📝 Note")
    assert "Note on" in olga.screen


async def test_a_protected_message_is_not_quoted_where_it_could_be_forwarded(shop: Desk, olga: Someone) -> None:
    async with shop.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        row = await session.get_one(Mirrored, 1)
        row.protected = True
        session.add(row)
    await olga.writes("/start")
    await olga.presses_address(AskReminder(message=1).pack())
    assert "may be neither forwarded nor saved" in olga.screen
    assert "bridal bouquet" not in olga.screen


async def test_the_card_home_and_the_lists_say_what_is_overdue(shop: Desk, olga: Someone) -> None:
    await promises(olga, "in 1 hour first")
    await promises(olga, "at 18:00 second")
    await promises(olga, "on Friday third")
    await until(shop, "2027-01-13 12:00")
    await olga.writes("/start")
    assert "1 promise is overdue" in olga.screen
    assert "1 promise is due today" in olga.screen
    await olga.presses("🔴 Reminders (1)")
    assert "1 is overdue" in olga.screen
    assert any("first" in label for label in olga.buttons)
    await olga.presses("Today 1")
    assert any("second" in label for label in olga.buttons)
    await olga.presses("To come 1")
    assert any("third" in label for label in olga.buttons)
    await card(olga)
    assert "first" in olga.screen
    await olga.presses("⏰ Reminders · 3")
    await olga.presses("first")
    assert "overdue" in olga.screen
    await olga.presses("🗑 Delete")
    await olga.presses("Bring it back")
    assert "overdue" in olga.screen


async def test_every_monday_stays_at_ten_when_the_clocks_change(shop: Desk, olga: Someone) -> None:
    await until(shop, "2027-03-24 12:00")
    await promises(olga, "every Monday at 10 ask how the flowers last")
    assert "every week: Monday, 10:00" in olga.screen
    for monday in ("2027-03-29", "2027-04-05"):  # summer time begins on the 28th
        told = len(notices(olga, "flowers last"))
        await until(shop, f"{monday} 09:59")
        assert len(notices(olga, "flowers last")) == told
        await until(shop, f"{monday} 10:00")
        assert len(notices(olga, "flowers last")) == told + 1
    await olga.presses("✅ Done")
    assert "Done for this time" in olga.screen
    assert "Monday, April 12, 10:00" in olga.screen
    await olga.presses("Not done yet")
    assert "overdue" in olga.screen


async def test_several_days_of_the_week_are_said_or_pressed(shop: Desk, olga: Someone) -> None:
    await until(shop, "2027-03-24 12:00")  # a Wednesday
    await promises(olga, "every Monday and Thursday at 10 water the roses")
    assert "every week: Monday and Thursday, 10:00" in olga.screen
    assert "Thursday, March 25, 10:00" in olga.screen
    await olga.presses("🕘 Another time")
    await olga.writes("tomorrow at 8")
    await olga.presses("✅ Yes")
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.writes("on Friday at 9 sweep the shop")
    await olga.presses("🔁 Repeat")
    await olga.presses("on several days…")
    assert "every week: Friday, 9:00" in olga.screen
    for day in ("Monday", "✅ Friday", "Wednesday", "✅ Wednesday"):
        await olga.presses(day)
    await olga.presses("✅ Monday")  # the last one stays
    assert "every week: Monday, 9:00" in olga.screen
    await olga.presses("Thursday")
    await olga.presses("✅ Yes")
    assert "every week: Monday and Thursday, 9:00" in olga.screen
    for count, moment in enumerate(("2027-03-25 09:00", "2027-03-29 09:00"), 1):  # the clocks change between them
        await until(shop, moment)
        assert len(notices(olga, "sweep the shop")) == count


async def test_a_clock_that_is_set_back_tells_nothing_twice(
    shop: Desk, olga: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await promises(olga, "every day at 11 water the roses")
    await until(shop, "2027-01-13 11:00")
    assert len(notices(olga, "water")) == 1
    monkeypatch.setattr(shop.world.clock, "now", lambda: datetime(2027, 1, 13, 9, 30, tzinfo=UTC))  # half an hour ago
    await look(shop)
    monkeypatch.undo()
    await look(shop)
    assert len(notices(olga, "water")) == 1
    await until(shop, "2027-01-20 12:00")  # and one that jumps ahead tells once
    assert len(notices(olga, "water")) == 2


async def test_what_fell_due_while_nothing_ran_is_told_at_the_start_and_says_so(shop: Desk, olga: Someone) -> None:
    await promises(olga, "every day at 11 water the roses")
    await shop.stop()
    shop.world.clock.advance(timedelta(days=3))
    await shop.start()
    assert await olga.sees("could not tell you earlier")
    await shop.settled()
    (said,) = notices(olga, "water")
    assert "Wednesday, January 13, 11:00" in said
    assert "3 days ago" in said


async def test_who_has_left_hands_his_promises_to_the_owner(shop: Desk, olga: Someone, boris: Someone) -> None:
    await olga.writes("/start")
    await promises(boris, "tomorrow at 9 bring the vase")
    await promises(boris, "tomorrow at 10 fetch the vase")
    async with enter(shop.app.installation, OLGA, 1) as seat:
        await members.remove(seat, boris.id)
    await until(shop, "2027-01-14 10:00")
    assert len(notices(olga, "bring the vase")) == 1
    assert not notices(boris, "bring the vase")


async def test_a_seat_that_is_gone_at_the_moment_of_telling_lets_the_owner_hear(
    shop: Desk, olga: Someone, boris: Someone
) -> None:
    await olga.writes("/start")
    await promises(boris, "tomorrow at 9 bring the vase")
    async with shop.app.installation.registry.transaction() as session:
        await session.delete(await session.get_one(Membership, (1, boris.id)))
    await until(shop, "2027-01-14 09:00")
    assert "not on the team any more" in notices(olga, "bring the vase")[0]


async def test_kills_in_the_middle_of_telling_lose_no_promise_and_tell_none_twice(shop: Desk, olga: Someone) -> None:
    chance = random.Random(7)  # noqa: S311  the same days in each run
    await olga.writes("/start")
    async with enter(shop.app.installation, OLGA, 1) as seat:
        for hour in range(1, 26):
            made = await reminders.begin(seat, await reminders.about(seat, contact_id=1), f"Promise {hour}.")
            await reminders.agree(seat, made, seat.installation.clock.now() + timedelta(hours=hour))
    ahead = shop.world.clock.now() - SystemClock().now()
    await shop.stop()
    async with lives(shop.config) as wysper:
        for day in range(1, 9):
            wysper.set_clock(ahead + timedelta(hours=3 * day, minutes=1))
            await wysper.begin()
            await asyncio.sleep(chance.uniform(0, 0.5))  # any moment is as good as another to be killed in
            await wysper.end()
    shop.world.clock.advance(timedelta(hours=26))
    await shop.start()
    assert await olga.sees("Promise 25.")
    await shop.settled()
    said = [message.text for message in olga.chat if message.text.startswith("⏰")]
    async with shop.vault() as session:
        states = [row.state for row in await session.exec(select(Delivery).where(Delivery.what == ringing.KIND))]
        assert [row.rung for row in await session.exec(select(Reminder))] == [1] * 25
    assert len(states) == 25
    assert set(states) <= {outbox.SENT, outbox.UNCERTAIN}  # cut off in the sending itself: shown, and not repeated
    counts = [sum(f"Promise {hour}." in text for text in said) for hour in range(1, 26)]
    assert set(counts) <= {0, 1}
    assert counts.count(0) <= states.count(outbox.UNCERTAIN)


async def test_a_reminder_goes_with_its_contact(shop: Desk, olga: Someone) -> None:
    await promises(olga, "tomorrow at 9 call")
    async with shop.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        await session.delete(await session.get_one(Contact, 1))
    async with shop.vault() as session:
        assert not list(await session.exec(select(Reminder)))


async def test_what_was_thrown_away_is_told_to_nobody_and_purged(shop: Desk, olga: Someone) -> None:
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.writes("tomorrow at 9 call")
    await olga.presses("Throw away")
    assert "Deleted" in olga.screen
    await until(shop, "2027-01-15 10:00")
    assert not notices(olga, "call")
    await shop.app.schedule.run("deleted notes")
    async with shop.vault() as session:
        assert not list(await session.exec(select(Reminder)))


async def test_an_old_screen_sets_nothing_in_the_past(shop: Desk, olga: Someone) -> None:
    await card(olga)
    await olga.presses("⏰ Remind me")
    await olga.writes("in 1 hour call")
    await until(shop, "2027-01-13 12:00")
    await olga.presses("Yes, remind me")
    assert "That moment has passed" in olga.screen
    await olga.presses("Tomorrow")
    assert "It is set" in olga.screen


async def test_a_viewer_reads_promises_and_makes_none(shop: Desk, olga: Someone, boris: Someone) -> None:
    await promises(olga, "tomorrow at 9 call")
    async with enter(shop.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, boris.id, "viewer")
    await boris.writes("/start")  # he hears of it
    await boris.writes("/reminders")
    await boris.presses("Everybody's reminders")
    await boris.presses("To come 1")
    await boris.presses("call")
    assert "Thursday, January 14" in boris.screen
    assert not {"✅ Done", "🗑 Delete", "💤 Later"} & set(boris.buttons)
    answer = await boris.presses_address(FinishReminder(id=1).pack())
    assert answer is not None
    assert "role does not allow" in answer.text


async def test_a_strangers_press_promises_nothing(shop: Desk, olga: Someone, mallory: Someone) -> None:
    await promises(olga, "tomorrow at 9 call")
    await mallory.writes("/start")
    at = 4_000_000_000
    acts = (AskReminder(contact=1, at=at), AgreeReminder(id=1, at=at), SnoozeReminder(id=1, until=at))
    for act in (*acts, FinishReminder(id=1), DeleteReminder(id=1)):
        answer = await mallory.presses_address(act.pack())
        assert answer is not None
        assert "not on this team" in answer.text
    async with shop.vault() as session:
        (row,) = await session.exec(select(Reminder))
        assert (row.done_at, row.deleted_at, row.rung) == (None, None, 0)
        assert row.due_at == datetime(2027, 1, 14, 8, 0, tzinfo=UTC)
        acts_done = [one for one in await session.exec(select(AuditEntry.act)) if one.startswith("reminder.")]
        assert acts_done == ["reminder.set"]
        assert not list(await session.exec(select(Delivery).where(Delivery.what == "reminder")))
