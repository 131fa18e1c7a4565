"""What the tests of the userbot hold in their hands, and how they wait for what it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import Owner
from crm import workspaces
from crm.installation import Installation
from crm.ports import LoginCode, LoginEnded, LoginStep
from crm.userbots import Book, Memory
from sandbox.mtproto import MTProto
from sandbox.world import Message as Said
from sandbox.world import Person, World
from storage import groups as groups_table
from storage import userbots
from storage.contacts import Contact
from storage.media import Media
from storage.messages import Message, Version
from tests.people import CAST, OLGA
from tests.userbot import likeness
from userbot.client import Settings
from userbot.devices import Userbots
from userbot.terminal import Keyboard

WORKSPACE = 1
BORIS = CAST["Boris"][0]
PATIENCE = 30.0  # seconds until a test gives up waiting
PULSE = 0.02  # seconds between two looks at what announces no change


class Shop:
    """Olga, her clients Anna and Chen, and the userbots of her installation."""

    def __init__(self, world: World, server: MTProto, installation: Installation) -> None:
        self.world, self.server, self.installation = world, server, installation
        self.olga = world.add_person("Olga", "Petrova", id=OLGA, phone="+49151000001", username="olga_flowers")
        self.anna = world.add_person("Anna", "Ilyina", phone="+49151000002", username="anna_k")
        self.chen = world.add_person("Chen", phone="+49151000003")
        self.settings = Settings(
            api_id=1,
            api_hash="hash",
            dc_id=server.dc_id,
            address=server.host,
            port=server.port,
            public_keys=(server.public_key,),
        )
        self.userbots: Userbots
        self._owner: Owner

    # the process

    async def opens(self) -> None:
        """Start the userbots, as the application does."""
        self._owner = Owner()
        await self._owner.group.__aenter__()
        self.userbots = Userbots(self.installation, self.settings, self._owner)
        await self.userbots.start()

    async def closes(self) -> None:
        """Stop them, as the application does."""
        async with asyncio.timeout(PATIENCE):
            await self.userbots.close()
            self._owner.cancel()
            await self._owner.group.__aexit__(None, None, None)

    async def crashes(self) -> None:
        """Let everything end where it stands, as a killed process does."""
        self._owner.cancel()
        await self._owner.group.__aexit__(None, None, None)

    async def second_workspace(self) -> int:
        """Boris opens a shop of his own."""
        return (await workspaces.found(self.installation, BORIS, "Boris's Tea")).id or 0

    # the people

    def writes(self, sender: Person, *texts: str, to: Person | None = None, **more: Any) -> list[Said]:
        """Somebody writes to Olga, or to whom it says."""
        return [self.world.send(sender.id, (to or self.olga).id, text, **more) for text in texts]

    def answers(self, *texts: str, to: Person | None = None) -> list[Said]:
        """Olga writes to Anna, or to whom it says, from her own phone."""
        return [self.world.send(self.olga.id, (to or self.anna).id, text) for text in texts]

    async def begins_to_link(self, workspace_id: int = WORKSPACE) -> asyncio.Queue[LoginStep]:
        """Somebody asks for a code; the steps that the chat shows."""
        steps: asyncio.Queue[LoginStep] = asyncio.Queue()
        await self.userbots.link(workspace_id, steps.put)
        return steps

    async def links(self, person: Person | None = None, workspace_id: int = WORKSPACE) -> LoginEnded:
        """Somebody scans the code that the chat shows, Olga unless it says another; how it ended."""
        steps = await self.begins_to_link(workspace_id)
        async with asyncio.timeout(PATIENCE):
            while isinstance(step := await steps.get(), LoginCode):
                if self.server.newest_login_token():
                    self.server.accept_login_token(step.url, (person or self.olga).id)
        return step

    async def restarts(self) -> None:
        """Stop the userbots and start them again."""
        await self.closes()
        await self.opens()

    async def is_mirrored(self) -> None:
        """Olga links her account, and its whole past is read."""
        assert await self.links() == LoginEnded("linked", OLGA)
        await self.until(lambda: self.state == "live")
        await self.past_is_read()

    @property
    def state(self) -> str:
        """How the userbot of Olga's account stands."""
        return self.userbots.state(WORKSPACE, OLGA)

    # the vault

    @asynccontextmanager
    async def vault(self) -> AsyncIterator[AsyncSession]:
        async with self.installation.vaults.open(WORKSPACE) as vault, vault.reading() as session:
            yield session

    async def messages(self) -> list[Message]:
        """All that is in the vault, in the order of the account's own numbers."""
        async with self.vault() as session:
            return list(await session.exec(select(Message).order_by(col(Message.message_id))))

    async def differences(self) -> list[likeness.Difference]:
        """Where the vault is not Olga's account, field by field."""
        async with self.vault() as session:
            here = await likeness.in_the_vault(session, OLGA)
            groups = {row.peer_id for row in await groups_table.followed(session, OLGA)}
        kept = {place: facts for place, facts in here.items() if facts.peer_id > 0 or facts.peer_id in groups}
        return likeness.differences(likeness.in_the_world(self.world, OLGA, groups), kept)

    async def reads_differ(self) -> bool:
        """Whether the vault has another idea of what was read than Olga's account."""
        async with self.vault() as session:
            here = await likeness.read_in_the_vault(session, OLGA)
        return here != likeness.read_in_the_world(self.world, OLGA)

    async def is_like_the_world(self) -> None:
        """Wait until the vault is Olga's account, field by field, and as far read."""

        async def alike() -> bool:
            return not await self.differences() and not await self.reads_differ()

        try:
            await self.eventually(alike)
        except TimeoutError:
            raise AssertionError(f"{await self.differences()}, reads differ: {await self.reads_differ()}") from None

    async def texts(self) -> list[str]:
        return [message.text for message in await self.messages()]

    async def contacts(self) -> list[Contact]:
        async with self.vault() as session:
            return list(await session.exec(select(Contact).order_by(col(Contact.id))))

    async def media(self) -> list[Media]:
        async with self.vault() as session:
            return list(await session.exec(select(Media).order_by(col(Media.message))))

    async def memory(self) -> Memory:
        """What Olga's device remembers."""
        return await Book(self.installation, WORKSPACE, OLGA).memory()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[userbots.Reading]:
        """How far the past of her account has been read."""
        async with self.vault() as session:
            yield await userbots.reading(session, OLGA)

    async def versions(self) -> list[str]:
        """The earlier texts of all messages, oldest first."""
        async with self.vault() as session:
            return list(await session.exec(select(Version.text).order_by(col(Version.written_at))))

    async def past_is_read(self) -> None:
        """Wait until every chat has been read to its end."""

        async def read() -> bool:
            async with self.vault() as session:
                reading = await userbots.reading(session, OLGA)
                return reading.listed and reading.chats == reading.chats_done

        await self.eventually(read)

    async def holds(self, *texts: str) -> list[Message]:
        """Wait until the vault holds exactly these texts; the messages."""

        async def held() -> bool:
            return await self.texts() == list(texts)

        try:
            await self.eventually(held)
        except TimeoutError:
            raise AssertionError(f"the vault holds {await self.texts()}") from None
        return await self.messages()

    async def eventually_holds(self, count: int) -> None:
        """Wait until the vault holds so many messages."""

        async def held() -> bool:
            return len(await self.messages()) == count

        await self.eventually(held)

    # waiting

    async def eventually(self, happened: Callable[[], Awaitable[bool]]) -> None:
        """Look again after each commit until something is true of the vault."""
        async with asyncio.timeout(PATIENCE):
            with commits() as committed:
                while not await happened():
                    await committed.wait()
                    committed.clear()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait until something is true that announces itself to nobody."""
        async with asyncio.timeout(PATIENCE):
            while not happened():  # noqa: ASYNC110  how a connection stands tells nobody when it changes
                await asyncio.sleep(PULSE)


@contextmanager
def commits() -> Iterator[asyncio.Event]:
    committed = asyncio.Event()

    def heard(_: Session) -> None:
        committed.set()

    event.listen(Session, "after_commit", heard)
    try:
        yield committed
    finally:
        event.remove(Session, "after_commit", heard)


class Typist:
    """Whoever sits at the operator's keyboard: types these lines, and these passwords, in their order."""

    def __init__(self, shop: Shop, lines: list[str], passwords: list[str], *, scans: bool = False) -> None:
        self.shown: list[str] = []
        self._shop, self._scans = shop, scans
        self._lines, self._passwords = iter(lines), iter(passwords)
        self.keyboard = Keyboard(self._show, self._type, lambda _: next(self._passwords))

    def _type(self, _: str) -> str:
        return next(self._lines).format(code=self._shop.server.codes.get(self._shop.olga.phone or ""))

    def _show(self, line: str) -> None:
        self.shown.append(line)
        token = self._shop.server.newest_login_token()
        if self._scans and token:
            self._shop.server.accept_login_token(token, OLGA)
