"""Olga's desk in a world whose accounts can be linked: the real app beside a real MTProto server."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.config import Userbot, Web
from sandbox.mtproto import MTProto
from sandbox.world import Clock
from tests.people import OLGA, Desk, Someone, configured, world_around

PHONE = "+49151000001"


@dataclass
class Linkable:
    """The desk, and the server of the accounts."""

    desk: Desk
    server: MTProto

    @property
    def olga(self) -> Someone:
        return self.desk.people["Olga"]

    async def asks_for_a_code(self) -> None:
        """Olga agrees to the device and sees a code to scan."""
        await self.olga.writes("/accounts")
        await self.olga.presses("Link as a device")
        await self.olga.presses("I understand")
        assert await self.olga.sees("The code is renewed by itself")

    async def links(self) -> None:
        """Olga scans the code with her phone."""
        await self.asks_for_a_code()
        token = self.server.newest_login_token()
        assert token is not None
        self.server.accept_login_token(token, OLGA)
        assert await self.olga.sees("Linked. Your history")

    async def asks_for_a_link(self) -> str:
        """Olga agrees to the device and gets the address of the page."""
        await self.olga.writes("/accounts")
        await self.olga.presses("Link as a device")
        await self.olga.presses("no camera")
        return link_under(self.olga)

    async def opens_safety(self) -> None:
        """The page of the linked device."""
        await self.olga.writes("/accounts")
        await self.olga.presses(self.olga.who.name)
        await self.olga.presses("safety")


def link_under(person: Someone) -> str:
    """Where the newest screen's button leads that opens a page."""
    rows = (person.newest.markup or {}).get("inline_keyboard", ())
    return next(str(button["url"]) for row in rows for button in row if "url" in button)


@asynccontextmanager
async def linkable(furnished: Path, folder: Path, clock: Clock | None = None) -> AsyncIterator[Linkable]:
    """Olga's furnished workspace, running, with nothing connected yet."""
    shutil.copytree(furnished, folder, dirs_exist_ok=True)
    async with world_around(configured(folder), clock) as desk:
        desk.world.change_person(OLGA, phone=PHONE)
        server = MTProto(desk.world)
        await server.start()
        userbot = Userbot(
            api_id=1,
            api_hash=SecretStr("hash"),
            dc_id=server.dc_id,
            address=server.host,
            port=server.port,
            public_keys=(server.public_key,),
        )
        web = Web(address="http://127.0.0.1", listen_port=0)
        desk.config = desk.config.model_copy(update={"userbot": userbot, "web": web})
        await desk.start()
        try:
            yield Linkable(desk, server)
        finally:
            await desk.stop()
            await server.stop()
