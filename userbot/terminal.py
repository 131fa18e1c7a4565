"""The operator's keyboard and screen, for a login that no chat may carry."""

from __future__ import annotations

import asyncio
import io
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread

import segno

from crm.ports import LoginCode

WRONG = {
    "phone": "Telegram does not know this phone number.",
    "code": "This is not the code.",
    "password": "This is not the password.",
}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """`crm.ports.Terminal` over three plain functions: print a line, read a line, read a line unseen."""

    say: Callable[[str], None]
    read: Callable[[str], str]
    read_unseen: Callable[[str], str]

    async def phone(self) -> str:
        """The phone number as it was typed; empty for a QR code."""
        return await self._asked(self.read, "Phone number of the account (or Enter for a QR code): ")

    async def code(self) -> str:
        """The login code as it was typed."""
        return await self._asked(self.read, "Code that Telegram has sent (to your other devices, or by SMS): ")

    async def password(self, hint: str | None) -> str:
        """The second password; it is not trimmed."""
        prompt = f"Password of the account (hint: {hint}): " if hint else "Password of the account: "
        return await _answer(self.read_unseen, prompt)

    async def show(self, code: LoginCode) -> None:
        """Draw the code."""
        drawing = io.StringIO()
        segno.make(code.url, error="l").terminal(drawing, compact=True)
        self.say(drawing.getvalue())
        self.say("On the account's phone: Settings > Devices > Link Desktop Device, and scan this code.")

    async def wrong(self, what: str) -> None:
        """Say what was not right."""
        self.say(WRONG[what])

    @staticmethod
    async def _asked(ask: Callable[[str], str], prompt: str) -> str:
        return (await _answer(ask, prompt)).strip()


async def _answer(ask: Callable[[str], str], prompt: str) -> str:
    """What is typed. On a thread that nobody waits for: whoever breaks off with Ctrl+C need not press Enter, too."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def settle(line: str, error: Exception | None) -> None:
        if error is not None and not answer.done():
            answer.set_exception(error)
        elif not answer.done():
            answer.set_result(line)

    def wait() -> None:
        line, error = "", None
        try:
            line = ask(prompt)
        except Exception as problem:  # noqa: BLE001  it is raised where the answer is waited for
            error = problem
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, line, error)

    with _as_it_was():
        Thread(target=wait, name="keyboard", daemon=True).start()
        return await answer


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Leave a terminal that hides what is typed as it was found, even where the question is broken off."""
    if not sys.stdin.isatty():
        yield
        return
    settings = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, settings)
