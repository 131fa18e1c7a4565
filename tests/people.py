"""The cast: Olga the owner, Boris and Vera at work with her, Anna and Chen the clients, Mallory whom nobody asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import opening
from bot.app import App
from bot.budgets import Limits
from bot.clock import SystemClock
from bot.config import Config, Storage, Telegram
from crm import access, members, people, workspaces
from sandbox.bot_api import BotApi
from sandbox.world import (
    CallbackAnswer,
    Clock,
    File,
    InlineQuery,
    Message,
    MessageEdited,
    MessagesDeleted,
    MessageSent,
    World,
)
from sandbox.world import Person as Inhabitant
from sandbox.world.events import Event
from storage.messages import Message as StoredMessage
from storage.people import Person

TOKEN = "7200000000:AAdeskdeskdeskdeskdeskdeskdeskdesk"
OLGA = 5_200_000_001
CAST = {  # id, username, language
    "Olga": (OLGA, "olga_flowers", "en"),
    "Boris": (5_200_000_002, "boris", "en"),
    "Vera": (5_200_000_003, "vera", "en"),
    "Anna": (5_200_000_004, "anna_k", "en"),
    "Chen": (5_200_000_005, None, "zh"),
    "Mallory": (5_200_000_006, "mallory", "en"),
}
PATIENCE = 20.0  # seconds of real time until a test gives up waiting
QUICK = Limits(whole=(10_000, 1), chat=(10_000, 1), group=(10_000, 1), waits=(0.01, 0.02, 0.04, 0.08))


@dataclass
class Desk:
    """Wysper, and the world around it."""

    world: World
    api: BotApi
    bot: Inhabitant
    config: Config
    limits: Limits = QUICK
    people: dict[str, Someone] = field(default_factory=dict)
    app: App = field(init=False, repr=False)
    _run: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start Wysper, and wait until it takes updates in."""
        self.app = App(self.config, clock=self.world.clock, limits=self.limits)
        loop = asyncio.get_running_loop()
        self._run, ready = loop.create_task(self.app.run()), loop.create_task(self.app.ready.wait())
        await asyncio.wait({self._run, ready}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            failed, self._run = self._run, None
            await failed

    async def stop(self) -> None:
        """Stop it as the system does."""
        if self._run is not None:
            self.app.stop()
            run, self._run = self._run, None
            await run

    async def settled(self, patience: float = PATIENCE) -> None:
        """Wait until Wysper has taken in all that happened in the world and done all that follows from it."""
        try:
            async with asyncio.timeout(patience):
                while not self._is_quiet():
                    await self._next_movement()
        except TimeoutError:
            raise AssertionError("Wysper did not come to rest") from None

    def _is_quiet(self) -> bool:
        return not self._untaken() and all(part.is_set() for part in self.app.rest)

    def _untaken(self) -> bool:
        return any(update.id > self.app.inbox.newest for update in self.api.served(self.bot.id).queue)

    async def _next_movement(self) -> None:
        if self._untaken():
            await self.app.inbox.moved.wait()
        for part in self.app.rest:
            await part.wait()

    @asynccontextmanager
    async def vault(self, workspace_id: int = 1) -> AsyncIterator[AsyncSession]:
        """A look into a workspace's vault, for what no screen shows."""
        async with self.app.installation.vaults.open(workspace_id) as vault, vault.reading() as session:
            yield session

    async def mirrored(self) -> list[str]:
        """The text of every message in Olga's vault, in their order."""
        async with self.vault() as session:
            return list(await session.exec(select(StoredMessage.text).order_by(col(StoredMessage.message_id))))

    def newcomer(self, first_name: str, **facts: Any) -> Someone:
        """Another person of this world, who has done nothing yet."""
        return Someone(self, self.world.add_person(first_name, **facts))


@dataclass(eq=False)
class Someone:
    """One person with a Telegram client in his hand. What he does is done when Wysper has come to rest after it."""

    desk: Desk
    who: Inhabitant
    notices: list[CallbackAnswer] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.who.id

    # what a person does

    async def writes(
        self, text: str = "", *, to: Someone | None = None, file: File | None = None, **more: Any
    ) -> Message:
        """Write to someone, or to the bot."""
        peer_id = to.id if to else self.desk.bot.id
        message = self.desk.world.send(self.id, peer_id, text, file=file, **more)
        await self.desk.settled()
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Change what he has written."""
        self.desk.world.edit(message.uid, text=text, by=self.id)
        await self.desk.settled()

    async def deletes(self, *messages: Message) -> None:
        """Delete messages for both sides."""
        self.desk.world.delete([message.uid for message in messages], by=self.id)
        await self.desk.settled()

    async def presses(self, label: str, *, under: Message | None = None) -> CallbackAnswer | None:
        """Press the button whose label holds these words, under the bot's newest screen; gives the answer."""
        message = under or self.newest
        data = self._data(label, message)
        answer = self.desk.world.press(self.id, message.uid, data)
        await self.desk.settled()
        if not answer.done():
            return None
        if (notice := answer.result()) and notice.text:
            self.notices.append(notice)
        return answer.result()

    async def presses_address(self, data: str, *, under: Message | None = None) -> CallbackAnswer | None:
        """Press a button that is not there (any more), as a forged client can: this address under the newest screen."""
        message = under or self.newest
        message.markup = {"inline_keyboard": [[{"text": "forged", "callback_data": data}]]}
        return await self.presses("forged", under=message)

    async def asks_inline(self, words: str) -> InlineQuery:
        """Write @bot and words in some chat, and wait for what is offered."""
        query = self.desk.world.ask_inline(self.id, self.desk.bot.id, words)
        await self.desk.settled()
        return query

    async def connects_business(self, **choices: Any) -> None:
        """Connect the bot under Settings → Telegram Business → Chatbots."""
        self.desk.world.connect_business(self.id, self.desk.bot.id, **choices)
        await self.desk.settled()

    # what a person sees

    @property
    def chat(self) -> list[Message]:
        """His chat with the bot, oldest first."""
        return self.desk.world.history(self.id, self.desk.bot.id, limit=1000)[::-1]

    @property
    def newest(self) -> Message:
        """The bot's newest message."""
        return next(message for message in reversed(self.chat) if message.sender_id == self.desk.bot.id)

    @property
    def screen(self) -> str:
        """The text of the bot's newest message; empty before the first."""
        return next((message.text for message in reversed(self.chat) if message.sender_id == self.desk.bot.id), "")

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message, row by row."""
        return [button["text"] for button in _buttons(self.newest)]

    @property
    def alert(self) -> str:
        """What the last press showed above the chat; empty where there was nothing."""
        return self.notices[-1].text if self.notices else ""

    @property
    def documents(self) -> list[File]:
        """Every file that the bot has sent, oldest first."""
        return [message.file for message in self.chat if message.file and message.sender_id == self.desk.bot.id]

    async def sees(self, words: str) -> bool:
        """Wait until a message of the bot shows these words."""
        return await self.until(lambda: any(words in message.text for message in self.chat))

    async def receives_document(self) -> File:
        """Wait for the bot's next file, or take the last that came."""
        await self.until(lambda: bool(self.documents))
        return self.documents[-1]

    async def until(self, holds: Callable[[], bool]) -> bool:
        """Wait for the world to change until this holds; False when patience ends."""
        changed = asyncio.Event()

        def listener(event: Event) -> None:
            if isinstance(event, MessageSent | MessageEdited | MessagesDeleted) and self.id in event.accounts:
                changed.set()

        self.desk.world.subscribe(listener)
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            return False
        finally:
            self.desk.world.unsubscribe(listener)
        return True

    def _data(self, label: str, message: Message) -> str:
        for button in _buttons(message):
            if label in button["text"]:
                return str(button.get("callback_data", ""))
        shown = ", ".join(button["text"] for button in _buttons(message))
        raise AssertionError(f"no button “{label}” under “{message.text}”, only: {shown}")


def _buttons(message: Message) -> list[dict[str, Any]]:
    return [button for row in (message.markup or {}).get("inline_keyboard", ()) for button in row]


def configured(folder: Path) -> Config:
    """The configuration of a test: everything in one folder, and no word from the environment."""
    return Config.model_construct(
        telegram=Telegram(token=SecretStr(TOKEN)),
        storage=Storage(folder=folder / "data", key_file=folder / "master.key"),
    )


@asynccontextmanager
async def world_around(config: Config, clock: Clock | None = None) -> AsyncIterator[Desk]:
    """A world with the cast in it, and its Bot API listening; Wysper is stopped at the end."""
    world = World(clock)
    bot = world.add_bot("Wysper", "wysper_bot", token=TOKEN)
    api = BotApi(world, limited=False)
    await api.start()
    config = config.model_copy(update={"telegram": config.telegram.model_copy(update={"api": api.base_url})})
    desk = Desk(world, api, bot, config)
    for name, (number, username, language) in CAST.items():
        desk.people[name] = desk.newcomer(name, id=number, username=username, language=language)
    try:
        yield desk
    finally:
        await desk.stop()
        await api.stop()


async def furnish(config: Config) -> None:
    """An installation with Olga's workspace, where Boris and Vera are agents."""
    await opening.make(config.storage)
    async with opening.opened(config, SystemClock()) as installation:
        claim = await members.claim_code(installation)
        await people.admit(installation, _visitor("Olga"), claim)
        await workspaces.found(installation, OLGA, "Olga's Flowers")
        async with access.enter(installation, OLGA, 1) as olga:
            for name in ("Boris", "Vera"):
                await people.admit(installation, _visitor(name), await members.invite(olga, "agent"))


def _visitor(name: str) -> Person:
    number, username, language = CAST[name]
    now = SystemClock().now()
    return Person(id=number, first_name=name, username=username, language=language, first_seen_at=now)
