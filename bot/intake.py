"""Where updates come from: asked for again and again, or posted to us. Either way the inbox has them first."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from typing import Protocol
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiohttp import web

from bot.budgets import FetchUpdates
from bot.config import ConfigError, Telegram
from bot.inbox import Inbox
from storage.errors import StorageError

logger = logging.getLogger(__name__)
KINDS = [
    "message",
    "callback_query",
    "inline_query",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "my_chat_member",
    "chat_member",
    "edited_message",
]
POLL = 30  # seconds until an empty answer
LONGEST_WAIT = 30.0  # seconds between tries
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name
NOBODY = (TelegramUnauthorizedError, TelegramNotFound)


class Intake(Protocol):
    """A source of updates. `hearing` is set while Telegram answers, as far as that can be known."""

    hearing: asyncio.Event

    async def run(self) -> None:
        """Take updates in until cancelled. Raises ConfigError where Telegram does not know the token."""


class Polling:
    """Long polling. The offset, which tells Telegram what we have, moves only behind the inbox's commit."""

    def __init__(self, bot: Bot, inbox: Inbox, *, first_wait: float = 0.5) -> None:
        self._bot = bot
        self._inbox = inbox
        self._first_wait = first_wait
        self._offset: int | None = None
        self.hearing = asyncio.Event()

    async def run(self) -> None:
        wait = self._first_wait
        while True:
            try:
                await self._fetch()
                self.hearing.set()
                wait = self._first_wait
            except NOBODY:
                raise ConfigError("telegram.token: Telegram knows no bot with this token") from None
            except TelegramConflictError as conflict:
                await self._resolve(conflict)
                await asyncio.sleep(wait)
            except (TelegramAPIError, ClientDecodeError, StorageError) as trouble:
                if not isinstance(trouble, StorageError):
                    self.hearing.clear()
                pause = max(wait, trouble.retry_after if isinstance(trouble, TelegramRetryAfter) else 0)
                logger.warning("no updates for now: %s; next try in %.1f s", type(trouble).__name__, pause)
                await asyncio.sleep(pause)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _fetch(self) -> None:
        await self._inbox.lanes.has_room.wait()
        patience = POLL if self.hearing.is_set() else 0  # where it is not known, an answer is wanted at once
        call = FetchUpdates(offset=self._offset, timeout=patience, allowed_updates=KINDS)
        updates = await self._bot(call, request_timeout=POLL + 15)
        if updates:
            await self._inbox.take(updates)
            self._offset = updates[-1]["update_id"] + 1
            await asyncio.sleep(0)  # who waits for an answer goes first

    async def _resolve(self, conflict: TelegramConflictError) -> None:
        """A webhook that was set before is taken off; another program on the same token is the operator's to stop."""
        if "webhook" in conflict.message:
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            logger.error("another program asks for the updates of this bot; stop it")


class Webhook:
    """A small server that Telegram posts to. It hears 200 only when the update is on the disk, else it tries again."""

    def __init__(self, bot: Bot, inbox: Inbox, settings: Telegram) -> None:
        self._bot = bot
        self._inbox = inbox
        self._settings = settings
        self._secret = settings.webhook_secret.get_secret_value()
        self.hearing = asyncio.Event()
        self.address = ""

    async def run(self) -> None:
        app = web.Application()
        app.router.add_post(urlsplit(self._settings.webhook_url).path or "/", self._posted)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.listen_host, self._settings.listen_port).start()
            while not await self._is_registered():  # noqa: ASYNC110  it is Telegram that we wait for
                await asyncio.sleep(LONGEST_WAIT)
            self.hearing.set()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _is_registered(self) -> bool:
        """Tell Telegram where we are; False where it cannot be reached now."""
        try:
            await self._bot.set_webhook(self._settings.webhook_url, secret_token=self._secret, allowed_updates=KINDS)
        except NOBODY:
            raise ConfigError("telegram.token: Telegram knows no bot with this token") from None
        except TelegramBadRequest as refusal:
            raise ConfigError(f"telegram.webhook_url: {refusal.message}") from None
        except (TelegramAPIError, ClientDecodeError) as trouble:
            logger.warning("the webhook is not set yet: %s", type(trouble).__name__)
            return False
        return True

    async def _posted(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(SECRET, "").encode(), self._secret.encode()):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
            await self._inbox.take([update])
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        except StorageError as trouble:
            logger.warning("an update could not be stored: %s", type(trouble).__name__)
            return web.Response(status=503)
        return web.Response()
