"""`wysper login` as the operator has it before him: a process of its own in a terminal."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import shutil
import signal
import sys
import termios
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import select

from bot import opening
from sandbox.mtproto import MTProto
from sandbox.world import World
from storage.accounts import UserbotSession
from tests.people import OLGA, configured

PHONE = "+49151000001"
CTRL_C = b"\x03"
PATIENCE = 30.0  # seconds until a test gives up waiting


@dataclass
class Terminal:
    """A terminal in which a command runs: what it shows, and the keys that are pressed there."""

    master: int
    process: asyncio.subprocess.Process
    text: str = ""
    _grown: asyncio.Event = field(default_factory=asyncio.Event)
    _decoder: IncrementalDecoder = field(
        default_factory=getincrementaldecoder("utf-8")
    )  # a sign may come in two pieces

    async def shows(self, words: str) -> None:
        """Wait until these words stand there, below what was waited for before."""
        try:
            async with asyncio.timeout(PATIENCE):
                while words not in self.text:
                    await self._grown.wait()
                    self._grown.clear()
        except TimeoutError:
            raise AssertionError(f"“{words}” is not in the terminal: {self.text}") from None

    async def types(self, line: str, *, at: str) -> None:
        """Answer this prompt."""
        await self.shows(at)
        self.text = self.text.split(at)[-1]
        os.write(self.master, f"{line}\n".encode())

    async def ends(self) -> int:
        """Wait for the end of the command: its exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    def read(self) -> None:
        """Take what the command has written."""
        try:
            self.text += self._decoder.decode(os.read(self.master, 65536))
        except OSError:  # nobody is on the other side any more
            asyncio.get_running_loop().remove_reader(self.master)
        self._grown.set()


def at_its_own_keyboard() -> None:
    """Ctrl+C reaches the process, even where the tests themselves run in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@dataclass
class Place:
    """Olga's installation, which is not running, and a Telegram where she has an account."""

    folder: Path
    world: World
    server: MTProto

    @asynccontextmanager
    async def login(self) -> AsyncIterator[Terminal]:
        """The command in a terminal."""
        master, slave = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot", "login"),
            cwd=self.folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=at_its_own_keyboard,
        )
        os.close(slave)
        terminal = Terminal(master, process)
        loop = asyncio.get_running_loop()
        loop.add_reader(master, terminal.read)
        try:
            yield terminal
        finally:
            loop.remove_reader(master)
            if process.returncode is None:
                process.kill()
                await process.wait()
            os.close(master)

    async def state(self) -> str | None:
        """How the userbot of Olga's account stands in her vault."""
        async with (
            opening.opened(configured(self.folder), self.world.clock) as installation,
            installation.vaults.open(1) as vault,
            vault.reading() as session,
        ):
            return (await session.exec(select(UserbotSession.state))).first()


@pytest.fixture
async def place(furnished: Path, tmp_path: Path) -> AsyncIterator[Place]:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    world = World()
    world.add_person("Olga", "Petrova", id=OLGA, phone=PHONE, username="olga_flowers")
    server = MTProto(world)
    await server.start()
    (tmp_path / "config.toml").write_text(
        f'[userbot]\napi_id = 1\napi_hash = "hash"\ndc_id = {server.dc_id}\naddress = "{server.host}"\n'
        f"port = {server.port}\npublic_keys = [{json.dumps(server.public_key)}]\n"
    )
    yield Place(tmp_path, world, server)
    await server.stop()


async def test_phone_code_and_password_link_the_account_and_the_password_is_not_shown(place: Place) -> None:
    place.world.change_person(OLGA, password="tulips and roses")
    async with place.login() as terminal:
        await terminal.types("+49000", at="QR code): ")
        await terminal.shows("Telegram does not know this phone number.")
        await terminal.types(PHONE, at="QR code): ")
        await terminal.types("00000", at="by SMS): ")
        await terminal.shows("This is not the code.")
        await terminal.types(place.server.codes[PHONE], at="by SMS): ")
        await terminal.types("roses", at="Password of the account: ")
        await terminal.shows("This is not the password.")
        assert "roses" not in terminal.text
        await terminal.types("tulips and roses", at="Password of the account: ")
        assert await terminal.ends() == 0
        await terminal.shows("Linked. Start `wysper run`")
        assert "tulips" not in terminal.text
    assert await place.state() == "linked"
    assert [device.device.model for device in place.server.sessions_of(OLGA)] == ["Wysper"]


async def test_a_code_in_the_terminal_is_scanned(place: Place) -> None:
    async with place.login() as terminal:
        await terminal.types("", at="QR code): ")
        await terminal.shows("scan this code")
        assert "█" in terminal.text
        token = place.server.newest_login_token()
        assert token is not None
        place.server.accept_login_token(token, OLGA)
        assert await terminal.ends() == 0
    assert await place.state() == "linked"


async def test_who_does_not_know_the_code_changes_nothing(place: Place) -> None:
    async with place.login() as terminal:
        await terminal.types(PHONE, at="QR code): ")
        for guess in ("1", "2", "3", "4", "5"):
            await terminal.types(guess, at="by SMS): ")
        assert await terminal.ends() == 1
        await terminal.shows("Telegram refused it. Nothing was changed.")
    assert await place.state() is None
    assert place.server.sessions_of(OLGA) == []


async def test_a_device_that_was_signed_out_while_nothing_ran_is_linked_anew(place: Place) -> None:
    for _again in range(2):
        async with place.login() as terminal:
            await terminal.types(PHONE, at="QR code): ")
            await terminal.shows("by SMS): ")
            await terminal.types(place.server.codes[PHONE], at="by SMS): ")
            assert await terminal.ends() == 0
        assert len(place.server.sessions_of(OLGA)) == 1
        place.server.revoke(OLGA)


@pytest.mark.parametrize("prompt", ["QR code): ", "Password of the account: "])
async def test_a_login_that_is_broken_off_ends_at_once_and_leaves_all_as_it_was(place: Place, prompt: str) -> None:
    place.world.change_person(OLGA, password="tulips and roses")
    async with place.login() as terminal:
        before = termios.tcgetattr(terminal.master)
        if prompt.startswith("Password"):
            await terminal.types(PHONE, at="QR code): ")
            await terminal.shows("by SMS): ")
            await terminal.types(place.server.codes[PHONE], at="by SMS): ")
        await terminal.shows(prompt)
        os.write(terminal.master, CTRL_C)
        await terminal.shows("Aborted!")
        assert termios.tcgetattr(terminal.master) == before
        assert await terminal.ends() == 1
        assert "Traceback" not in terminal.text
        assert "Fatal" not in terminal.text
    assert await place.state() is None
    assert place.server.sessions_of(OLGA) == []
