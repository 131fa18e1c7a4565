from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from aiogram import Router
from aiogram.filters import Command
from aiogram.types import BusinessMessagesDeleted, Chat, Message
from sqlmodel import col, select

from bot import routers, routing
from bot.checking import examine
from bot.routing import Place, Routing
from bot.strangers import AT_MOST
from handlers.buttons.accounts import AccountList
from handlers.buttons.contacts import ContactCard
from handlers.buttons.history import History
from handlers.buttons.home import Home
from handlers.buttons.notes import WriteNote
from sandbox.faults import FaultName
from sandbox.world import Message as WorldMessage
from sandbox.world import MessageEdited, MessageSent
from sandbox.world.events import Event
from storage.contacts import Contact
from storage.inbox import DEAD, DONE, InboxUpdate, UnroutedUpdate
from storage.messages import Message as StoredMessage
from storage.notes import Note
from storage.searches import Search
from tests.people import Desk, Someone

WALL = "You are not on this team"


@pytest.mark.parametrize("trouble", ["bot_api_down", "bot_api_5xx", "bot_api_garbage", "bot_api_answer_lost"])
async def test_what_is_written_while_the_bot_api_is_in_trouble_arrives(
    desk: Desk, olga: Someone, anna: Someone, trouble: FaultName
) -> None:
    desk.world.faults.on(trouble, times=3)
    for number in range(5):
        desk.world.send(anna.id, olga.id, f"Question {number}")
    await desk.settled()
    assert await desk.mirrored() == [f"Question {number}" for number in range(5)]


@pytest.mark.parametrize("trouble", ["bot_api_down", "bot_api_5xx", "bot_api_garbage", "bot_api_answer_lost"])
async def test_a_screen_is_drawn_once_the_trouble_is_over(desk: Desk, olga: Someone, trouble: FaultName) -> None:
    await olga.writes("/start")
    desk.world.faults.on(trouble, times=2, method="editMessageText")
    await olga.presses("Accounts")
    assert "Connected accounts" in olga.screen


async def test_a_flood_wait_is_waited_out(desk: Desk, olga: Someone) -> None:
    desk.world.faults.on("bot_api_flood", seconds=1, times=1, method="sendMessage")
    await olga.writes("/help")
    assert "What would you like to know?" in olga.screen


async def test_updates_are_not_asked_for_while_telegram_wants_to_be_left_alone(
    desk: Desk, olga: Someone, anna: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    desk.world.faults.on("bot_api_flood", seconds=1, times=1, method="getUpdates")
    await anna.writes("Hello", to=olga)
    await anna.writes("Anybody there?", to=olga)
    assert await desk.mirrored() == ["Hello", "Anybody there?"]
    assert "TelegramRetryAfter; next try in 1.0 s" in caplog.text


async def test_a_slow_bot_api_holds_up_one_person_and_not_the_others(desk: Desk, olga: Someone, boris: Someone) -> None:
    await olga.writes("/start")
    happened: list[Event] = []
    desk.world.subscribe(happened.append)
    desk.world.faults.on("bot_api_slow", seconds=1, times=1, method="editMessageText")
    desk.world.press(olga.id, olga.newest.uid, AccountList().pack())
    desk.world.send(boris.id, desk.bot.id, "/help")
    await desk.settled()
    kinds = [type(event) for event in happened if desk.bot.id in event.accounts]
    assert kinds.index(MessageEdited) > kinds.index(MessageSent) + 1  # what Boris wrote, his answer, Olga's screen
    assert "Connected accounts" in olga.screen


async def test_a_double_press_is_one_press(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Hello", to=olga)
    await olga.writes("/start")
    screen, data = olga.newest, Home().pack()
    screen.markup = {"inline_keyboard": [[{"text": "Home", "callback_data": data}]]}
    answers = [desk.world.press(olga.id, screen.uid, data) for _ in range(2)]
    await desk.settled()
    assert all(answer.done() and answer.result() for answer in answers)
    assert [message for message in olga.chat if message.sender_id == desk.bot.id] == [screen]


@pytest.mark.parametrize("address", ["cc:999999", "cc:x", "xx", "cl:-1:0:0", "cc", "hi:9:9:9:9:9:9"])
async def test_a_stale_or_forged_button_is_answered_and_leads_on(olga: Someone, address: str) -> None:
    await olga.writes("/help")
    answer = await olga.presses_address(address)
    assert answer is not None
    assert olga.alert or any("Home" in label for label in olga.buttons)


async def test_a_stranger_with_a_members_button_learns_nothing(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await anna.writes("My address is 5 Rose Lane", to=olga)
    await mallory.writes("/start")
    await mallory.presses_address(ContactCard(id=1).pack())
    assert "You are not on this team" in mallory.alert
    assert not any("Rose" in message.text or "Anna" in message.text for message in mallory.chat)


async def test_a_message_past_the_limit_is_mirrored_whole(desk: Desk, olga: Someone, anna: Someone) -> None:
    long = "rose " * 1600  # Premium lets people write more than bots may
    await anna.writes(long, to=olga)
    assert await desk.mirrored() == [long]
    await olga.writes("/start")
    await olga.presses_address(History(id=1).pack())
    assert "rose" in olga.screen
    assert len(olga.screen) <= 4096


async def test_what_raises_is_given_up_and_shown_and_the_queue_moves_on(
    desk: Desk, olga: Someone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.stop()
    _break_help(monkeypatch)
    await desk.start()
    await olga.writes("/help")
    assert "Something went wrong on our side" in olga.screen
    await olga.writes("/start")
    assert "Something went wrong" not in olga.screen
    async with desk.vault() as session:
        states = list(await session.exec(select(InboxUpdate.state, InboxUpdate.error)))
    assert [error for state, error in states if state == DEAD] == ["ZeroDivisionError"]
    assert all(state in {DONE, DEAD} for state, _ in states)
    (tmp_path / "config.toml").write_text("")
    said: list[str] = []
    assert await examine(tmp_path / "config.toml", say=said.append)
    assert any("was given up: ZeroDivisionError" in line for line in said)


def _break_help(monkeypatch: pytest.MonkeyPatch) -> None:
    async def burst(_message: Message) -> None:
        raise ZeroDivisionError

    def routes() -> Router:
        router = Router()
        router.message.register(burst, Command("help"))
        return router

    monkeypatch.setattr("handlers.help.routes", routes)
    monkeypatch.setattr(routers, "_made", routers._made.__wrapped__)  # noqa: SLF001  made anew


async def test_one_update_that_cannot_be_read_holds_up_none_of_those_that_piled_up_with_it(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await desk.stop()
    connection = desk.world.business_of(olga.id)
    assert connection is not None
    nonsense = BusinessMessagesDeleted(
        business_connection_id=connection.id, chat=Chat(id=anna.id, type="private"), message_ids=[]
    )
    said = [f"Number {number}" for number in range(20)]
    uids = [desk.world.send(anna.id, olga.id, text).uid for text in said]
    desk.api.served(desk.bot.id).queue.add("business_message", anna.id, lambda: nonsense)
    desk.world.delete([uids[3]], by=anna.id)
    for text in said:
        desk.world.send(anna.id, olga.id, text)
    await desk.start()
    await desk.settled()
    assert await desk.mirrored() == said + said
    async with desk.vault() as session:
        deleted = select(StoredMessage.text).where(col(StoredMessage.deleted_at).is_not(None))
        assert list(await session.exec(deleted)) == [said[3]]
        dead = select(InboxUpdate.error).where(InboxUpdate.state == DEAD)
        assert list(await session.exec(dead)) == ["ValidationError"]


async def test_a_restart_goes_on_where_it_stopped(desk: Desk, olga: Someone, anna: Someone) -> None:
    await desk.stop()
    desk.world.send(anna.id, olga.id, "Is anybody there?")
    desk.world.send(olga.id, desk.bot.id, "/help")
    await desk.start()
    await desk.settled()
    assert await desk.mirrored() == ["Is anybody there?"]
    assert "What would you like to know?" in olga.screen


async def test_a_vault_that_does_not_open_keeps_its_updates_until_it_does(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await desk.stop()
    vault = desk.config.storage.folder / "vaults" / "w1.vault"
    away = vault.rename(vault.with_suffix(".away"))
    await desk.start()
    message = desk.world.send(anna.id, olga.id, "Can you hear me?")
    while message.uid and not desk.app.inbox.newest >= _last_update(desk):
        await desk.app.inbox.moved.wait()
    away.rename(vault)
    await desk.settled()
    assert await desk.mirrored() == ["Can you hear me?"]


def _last_update(desk: Desk) -> int:
    return max((update.id for update in desk.api.served(desk.bot.id).queue), default=0)


async def test_an_update_that_comes_twice_counts_once(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Once", to=olga)
    async with desk.vault() as session:
        known = list(await session.exec(select(InboxUpdate.update_id)))
    again = {"update_id": known[-1], "message": {"from": {"id": olga.id}}}
    await desk.app.inbox.take([again])
    await desk.settled()
    async with desk.vault() as session:
        assert list(await session.exec(select(InboxUpdate.update_id))) == known
        assert len(list(await session.exec(select(Contact)))) == 1


async def test_what_was_done_is_not_done_again_because_its_screen_could_not_be_drawn(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    await olga.presses_address(WriteNote(contact=1).pack(), under=await started(olga))
    desk.world.faults.on("bot_api_5xx", times=6, method="sendMessage")  # once more than a call is repeated
    await olga.writes("Likes roses")
    desk.world.faults.off()
    async with desk.vault() as session:
        assert list(await session.exec(select(Note.text))) == ["Likes roses"]
        assert not list(await session.exec(select(Search)))
        assert set(await session.exec(select(InboxUpdate.state))) == {DONE}


async def started(somebody: Someone) -> WorldMessage:
    await somebody.writes("/start")
    return somebody.newest


async def test_a_stranger_who_floods_is_not_stored_and_holds_up_nobody(
    desk: Desk, olga: Someone, mallory: Someone
) -> None:
    for number in range(200):
        desk.world.send(mallory.id, desk.bot.id, f"Let me in {number}")
    await olga.writes("/help")
    assert "What would you like to know?" in olga.screen
    assert sum(WALL in message.text for message in mallory.chat) == AT_MOST
    async with desk.app.installation.registry.reading() as session:
        assert len(list(await session.exec(select(UnroutedUpdate.update_id)))) == AT_MOST
    desk.world.clock.advance(timedelta(minutes=1))
    await mallory.writes("Now?")
    assert sum(WALL in message.text for message in mallory.chat) == AT_MOST + 1


async def test_a_swarm_of_messages_under_a_connection_of_no_workspace_asks_telegram_once_a_minute(
    desk: Desk, olga: Someone, anna: Someone, mallory: Someone
) -> None:
    await mallory.connects_business()
    asked = desk.world.faults.on("bot_api_slow", times=1000, method="getBusinessConnection")  # by no second: it counts
    for _minute in range(2):
        for number in range(10):
            desk.world.send(anna.id, mallory.id, f"Hello {number}")
        await desk.settled()
        desk.world.clock.advance(timedelta(minutes=1))
    assert asked.left == 1000 - 2
    await anna.writes("For Olga", to=olga)
    assert await desk.mirrored() == ["For Olga"]


async def test_a_connection_that_telegram_did_not_know_is_heard_as_soon_as_it_appears(
    desk: Desk, olga: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "REMEMBERED", 8)
    asked: list[str] = []

    async def nobodys(connection_id: str) -> None:
        asked.append(connection_id)

    roads = Routing(desk.app.installation, nobodys)
    message = {"update_id": 1, "business_message": {"business_connection_id": "new"}}
    for _again in range(3):
        assert await roads.place(message) == Place(None, "connection:new")
    assert asked == ["new"]
    connected = {"update_id": 2, "business_connection": {"id": "new", "user": {"id": olga.id}}}
    place = await roads.place(connected)
    assert place is not None
    assert place.workspace_id == 1
    await roads.place(message)
    assert asked == ["new", "new"]
    for number in range(8):
        await roads.place({"update_id": 3, "business_message": {"business_connection_id": str(number)}})
    await roads.place(message)
    assert asked[-1] == "new"
