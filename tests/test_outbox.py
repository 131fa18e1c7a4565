from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import select

from crm import deletion
from storage import outbox
from storage.outbox import Notice
from tests.people import Desk, Someone


async def due(desk: Desk, person: Someone, *, key: str = "n", state: str = outbox.DUE, **facts: Any) -> None:
    """A reminder is put into the registry's outbox."""
    now = desk.world.clock.now()
    words = {"language": "en", "zone": "UTC", "name": "Olga's Flowers", "due_at": now.isoformat(), **facts}
    async with desk.app.installation.registry.transaction() as session:
        notice = Notice(key=key, chat_id=person.id, what=deletion.REMINDER, facts=words, due_at=now, state=state)
        session.add(notice)


async def states(desk: Desk) -> list[tuple[str, str | None]]:
    async with desk.app.installation.registry.reading() as session:
        return [(notice.state, notice.reason) for notice in await session.exec(select(Notice))]


async def sent_out(desk: Desk) -> None:
    desk.app.outbox.wake(None)
    await desk.settled()


async def test_what_is_due_is_sent_once_in_the_readers_language(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    await due(desk, olga, language="ru")
    await sent_out(desk)
    await sent_out(desk)
    assert await states(desk) == [(outbox.SENT, None)]
    assert sum("Olga's Flowers" in message.text for message in olga.chat if "⏳" in message.text) == 1
    assert "will be erased" not in olga.screen


async def test_who_has_blocked_the_bot_makes_it_refused_and_not_tried_again(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    desk.world.block(olga.id, desk.bot.id)
    await due(desk, olga)
    await sent_out(desk)
    assert await states(desk) == [(outbox.REFUSED, "Forbidden: bot was blocked by the user")]


async def test_an_answer_that_was_lost_leaves_it_uncertain_and_is_never_repeated(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    desk.world.faults.on("bot_api_answer_lost", times=1, method="sendMessage")
    await due(desk, olga)
    await sent_out(desk)
    desk.world.clock.advance(timedelta(hours=2))
    await desk.app.schedule.run("late deliveries")
    await desk.settled()
    assert await states(desk) == [(outbox.UNCERTAIN, "TelegramNetworkError")]
    assert sum("⏳" in message.text for message in olga.chat) == 1


async def test_a_long_flood_wait_postpones_it(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    desk.world.faults.on("bot_api_flood", seconds=500, times=1, method="sendMessage")
    await due(desk, olga)
    await sent_out(desk)
    assert await states(desk) == [(outbox.DUE, "TelegramRetryAfter")]
    desk.world.clock.advance(timedelta(minutes=10))
    await desk.app.schedule.run("late deliveries")
    await desk.settled()
    assert await states(desk) == [(outbox.SENT, None)]


async def test_what_a_crash_caught_in_sending_is_shown_as_uncertain(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    await due(desk, olga, state=outbox.SENDING)
    await desk.stop()
    await desk.start()
    await desk.settled()
    assert await states(desk) == [(outbox.UNCERTAIN, "the program ended while it was being sent")]
    assert not any("⏳" in message.text for message in olga.chat)
