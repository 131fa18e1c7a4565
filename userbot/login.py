"""Becoming a device of an account: by a code that its phone scans, or by what is typed in the operator's terminal.

A login code that is typed into any Telegram chat is void at once, and bots may not ask for passwords: so neither is
ever asked for in a chat. Nothing of a login is kept but the key that it ends with.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from telethon.password import compute_check

from crm import linking
from crm.errors import NotFound
from crm.installation import Installation
from crm.linking import Linking
from crm.ports import GivenUp, LoginCode, LoginEnded, Terminal
from crm.userbots import Book
from userbot.client import Cut, Flooded, Frozen, Line, Refused, Revoked, Settings
from userbot.people import People
from userbot.session import VaultSession
from userbot.tl import functions, types

logger = logging.getLogger(__name__)
PATIENCE = 5 * 60.0  # seconds for which a code is shown, renewed again and again
SHORTEST, LONGEST = 0.05, 60.0  # seconds until the next is asked for, whatever the clocks say
PASSWORD = "SESSION_PASSWORD_NEEDED"  # noqa: S105  Telegram's name of an error
TYPING = 10 * 60.0  # seconds for all that is typed on the page
ATTEMPTS = 3
TRIES = 5  # wrong answers to one question; Telegram itself takes no more


@asynccontextmanager
async def line_for_login(settings: Settings, installation: Installation) -> AsyncIterator[Line]:
    """A connection as nobody yet. Raises Cut, Revoked.

    One exchange of keys in 256 fails by itself, where the server answers dh_gen_retry: so it is begun anew.
    """
    async with AsyncExitStack() as stack:
        left = ATTEMPTS
        while True:
            line = Line(settings, VaultSession(settings.fresh_key(), People(0, {})), installation.clock)
            try:
                await stack.enter_async_context(line)
            except Cut:
                left -= 1
                if not left:
                    raise
            else:
                break
        yield line


async def in_chat(
    installation: Installation, settings: Settings, workspace_id: int, show: Callable[[LoginCode], Awaitable[None]]
) -> LoginEnded:
    """Link an account to a workspace by QR code; an account with a second password must go to the terminal."""
    try:
        async with asyncio.timeout(PATIENCE):
            for _ in range(ATTEMPTS):
                with suppress(Cut):  # a code belongs to its connection: with another begins another code
                    async with line_for_login(settings, installation) as line:
                        user = await scanned(line, show, installation.clock.now)
                        return await _finish(installation, workspace_id, line, user)
    except TimeoutError:
        return LoginEnded("expired")
    except Refused as refusal:
        return LoginEnded("password_needed" if refusal.reason == PASSWORD else "failed")
    except (Flooded, Frozen, Revoked):
        pass
    return LoginEnded("failed")


async def in_terminal(
    installation: Installation, settings: Settings, workspace_id: int, terminal: Terminal
) -> LoginEnded:
    """Link an account to a workspace at the keyboard, by QR code or by phone, code and second password.

    The data folder must belong to this process: the application is stopped meanwhile.
    """
    try:
        async with line_for_login(settings, installation) as line:
            user = await _typed(line, terminal, installation.clock.now)
            stale = not await _answers(settings, Book(installation, workspace_id, user.id))
            return await _finish(installation, workspace_id, line, user, anew=stale)
    except TimeoutError:
        return LoginEnded("expired")
    except (Cut, Flooded, Frozen, Refused, Revoked, GivenUp):
        return LoginEnded("failed")


async def on_page(installation: Installation, settings: Settings, workspace_id: int, terminal: Terminal) -> LoginEnded:
    """Link an account to a workspace by what is typed on the one-time page: phone, code and second password."""
    try:
        async with asyncio.timeout(TYPING), line_for_login(settings, installation) as line:
            user = await _typed(line, terminal, installation.clock.now)
            return await _finish(installation, workspace_id, line, user)
    except TimeoutError:
        return LoginEnded("expired")
    except (Cut, Flooded, Frozen, Refused, Revoked, GivenUp):
        return LoginEnded("failed")


async def log_out(settings: Settings, book: Book) -> None:
    """End a session at Telegram. Where that cannot be done now, it stays in the account's own list of devices."""
    try:
        memory = await book.memory()
        session = VaultSession(memory.key, People(book.account_id, {}))
        async with Line(settings, session, book.installation.clock) as line:
            await line.call(functions.auth.LogOutRequest())
    except (NotFound, Revoked):
        return
    except (Cut, Flooded, Frozen, Refused) as error:
        logger.warning("a userbot could not log out: %s", type(error).__name__)


async def scanned(line: Line, show: Callable[[LoginCode], Awaitable[None]], now: Callable[[], datetime]) -> Any:
    """Show codes until one is scanned; the user who did. Raises Refused(PASSWORD) where the account has one."""
    export = functions.auth.ExportLoginTokenRequest(line.settings.api_id, line.settings.api_hash, [])
    shown = b""
    while True:
        answer = await line.call(export)
        if isinstance(answer, types.auth.LoginTokenMigrateTo):
            await line.move(answer.dc_id)
            answer = await line.call(functions.auth.ImportLoginTokenRequest(answer.token))
        if isinstance(answer, types.auth.LoginTokenSuccess):
            return answer.authorization.user
        if answer.token != shown:
            shown = answer.token
            code = base64.urlsafe_b64encode(shown).decode().rstrip("=")
            await show(LoginCode(f"tg://login?token={code}", answer.expires))
        stands = min(max((answer.expires - now()).total_seconds(), SHORTEST), LONGEST)
        await line.pushed(within=stands)  # Telegram tells when it was scanned; asking once too often harms nothing


async def _typed(line: Line, terminal: Terminal, now: Callable[[], datetime]) -> Any:
    try:
        phone = await terminal.phone()
        if phone:
            return await _by_phone(line, terminal, phone)
        async with asyncio.timeout(PATIENCE):
            return await scanned(line, terminal.show, now)
    except Refused as refusal:
        if refusal.reason != PASSWORD:
            raise
    return await _by_password(line, terminal)


async def _by_phone(line: Line, terminal: Terminal, phone: str) -> Any:
    phone, code_hash = await _send_code(line, terminal, phone)
    for _ in range(TRIES):
        code = await terminal.code()
        try:
            answer = await line.call(functions.auth.SignInRequest(phone, code_hash, code))
        except Refused as refusal:
            if not refusal.reason.startswith("PHONE_CODE"):
                raise
            await terminal.wrong("code")
        else:
            return _user(answer)
    raise GivenUp


async def _send_code(line: Line, terminal: Terminal, phone: str) -> tuple[str, str]:
    """Let Telegram send a code: the number that is right, and what the code belongs to."""
    api = line.settings
    for _ in range(TRIES):
        try:
            request = functions.auth.SendCodeRequest(phone, api.api_id, api.api_hash, types.CodeSettings())
            return phone, (await line.call(request)).phone_code_hash
        except Refused as refusal:
            if not refusal.reason.startswith("PHONE_NUMBER"):
                raise
            await terminal.wrong("phone")
            phone = await terminal.phone()
    raise GivenUp


async def _by_password(line: Line, terminal: Terminal) -> Any:
    for _ in range(TRIES):
        question = await line.call(functions.account.GetPasswordRequest())
        password = await terminal.password(question.hint)
        check = await asyncio.to_thread(compute_check, question, password)
        try:
            return _user(await line.call(functions.auth.CheckPasswordRequest(check)))
        except Refused as refusal:
            if refusal.reason != "PASSWORD_HASH_INVALID":
                raise
            await terminal.wrong("password")
    raise GivenUp


def _user(answer: Any) -> Any:
    if not isinstance(answer, types.auth.Authorization):
        raise GivenUp  # the number has no account
    return answer.user


async def _answers(settings: Settings, book: Book) -> bool:
    """Whether the account's earlier device still lives: it may have been signed out while nothing ran to hear of it."""
    try:
        memory = await book.memory()
        async with Line(
            settings, VaultSession(memory.key, People(book.account_id, {})), book.installation.clock
        ) as line:
            await line.call(functions.updates.GetStateRequest())
    except (NotFound, Revoked):
        return False
    return True


async def _finish(
    installation: Installation, workspace_id: int, line: Line, user: Any, *, anew: bool = False
) -> LoginEnded:
    """Keep the key, or log out again where the account has a device already, or belongs to another workspace."""
    people = People(user.id, {})
    people.meet([user])
    owner = people.known(user.id)
    assert owner is not None  # noqa: S101  it has just been met
    try:
        key, met = line.session.key(), people.take_fresh()
        outcome = await linking.link(installation, workspace_id, owner, key, met, anew=anew)
    except BaseException:
        await line.call(functions.auth.LogOutRequest())
        raise
    if outcome is not Linking.DONE:
        await line.call(functions.auth.LogOutRequest())
    return LoginEnded("taken" if outcome is Linking.TAKEN else "linked", user.id)
