"""The connection to the Bot API: where it is, what may be repeated, and how fast we may talk."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import LinkPreviewOptions
from aiohttp import ClientConnectorError
from aiolimiter import AsyncLimiter

from bot.config import Telegram

TROUBLE = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, ClientDecodeError)
REPEATABLE = ("get", "edit", "delete", "answer", "set", "pin", "unpin")  # twice is the same as once
COUNTED = ("send", "edit", "copy", "forward", "create")  # what Telegram's budgets are about
LONGEST_WAIT = 120.0  # seconds; what must wait longer is not worth holding a handler for


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls per seconds (TELEGRAM.md's table), and the seconds between repetitions."""

    whole: tuple[float, float] = (25, 1)  # under the thirty that Telegram takes: what leaves evenly arrives in bunches
    chat: tuple[float, float] = (10, 10)  # one a second with a short burst
    group: tuple[float, float] = (20, 60)
    waits: tuple[float, ...] = (0.5, 1, 2, 4, 8)


class FetchUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, with each update as Telegram wrote it: that is what the inbox keeps."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


def is_temporary(error: BaseException) -> bool:
    """Whether the same call may succeed later."""
    return isinstance(error, TROUBLE)


def may_have_arrived(error: BaseException) -> bool:
    """Whether Telegram may have carried the call out all the same."""
    if isinstance(error, TelegramRetryAfter):
        return False
    return is_temporary(error) and not isinstance(error.__cause__, ClientConnectorError)


def connect(settings: Telegram, limits: Limits) -> Bot:
    """The bot, with its budgets. Nothing is sent yet."""
    session = Session(api=TelegramAPIServer.from_base(settings.api))
    session.middleware(Budgets(limits))
    defaults = DefaultBotProperties(
        parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True), protect_content=False
    )
    return Bot(settings.token.get_secret_value(), session=session, default=defaults)


class Session(AiohttpSession):
    """aiogram's session, which waits at its end for TLS alone, and learns each kind of answer only once.

    `Response[…]` makes a class; pydantic forgets it when nobody holds it, and then takes milliseconds to make it again.
    """

    def __init__(self, api: TelegramAPIServer) -> None:
        super().__init__(api=api)
        self._answers: dict[str, type[Response[Any]]] = {}

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        if method.__api_method__ not in self._answers:
            self._answers[method.__api_method__] = Response[method.__returning__]  # type: ignore[name-defined]  # as aiogram does
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        if self.api.base.startswith("https"):
            await super().close()
        elif self._session is not None:
            await self._session.close()


class Budgets(BaseRequestMiddleware):
    """Keeps every call within Telegram's limits, and repeats what met trouble where repeating harms nobody."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._whole = AsyncLimiter(*limits.whole)
        self._chats: OrderedDict[int | str, AsyncLimiter] = OrderedDict()

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        if method.__api_method__ == FetchUpdates.__api_method__:
            return await make_request(bot, method)  # the intake has a rhythm of its own
        for wait in (*self._limits.waits, None):
            await self._spend(method)
            try:
                return await make_request(bot, method)
            except TROUBLE as trouble:
                pause = _pause(method, trouble, wait)
                if pause is None:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last round returns or raises")

    async def _spend(self, method: TelegramMethod[Any]) -> None:
        if not method.__api_method__.startswith(COUNTED) or method.__api_method__ == "sendChatAction":
            return
        chat = getattr(method, "chat_id", None)
        if chat is not None:
            await self._chat(chat).acquire()
        await self._whole.acquire()

    def _chat(self, chat: int | str) -> AsyncLimiter:
        if chat not in self._chats:
            is_group = isinstance(chat, str) or chat < 0
            self._chats[chat] = AsyncLimiter(*(self._limits.group if is_group else self._limits.chat))
            if len(self._chats) > 4096:  # noqa: PLR2004  a bound; the longest silent has its whole budget again
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat)
        return self._chats[chat]


def _pause(method: TelegramMethod[Any], trouble: Exception, wait: float | None) -> float | None:
    """The seconds until the call is made again; None where it must not be, or not for now."""
    if wait is None:
        return None
    if isinstance(trouble, TelegramRetryAfter):
        return trouble.retry_after if trouble.retry_after <= LONGEST_WAIT else None
    if may_have_arrived(trouble) and not method.__api_method__.startswith(REPEATABLE):
        return None
    return wait
