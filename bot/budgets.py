"""How fast we may talk to Telegram, and what of it may be repeated."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, SendMediaGroup, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError
from aiolimiter import AsyncLimiter

from bot.clock import SystemClock
from crm.ports import Clock

TROUBLE = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, ClientDecodeError)
REPEATABLE = ("get", "edit", "delete", "answer", "set", "pin", "unpin")  # twice is the same as once
COUNTED = ("send", "edit", "copy", "forward", "create")  # what Telegram's budgets are about
NOTICED = (*COUNTED, "close", "reopen", "pin")  # in a group, what leaves a notice counts like a message
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


class Window:
    """At most so many in any stretch of so many seconds: for groups, where no burst is forgiven."""

    def __init__(self, most: float, seconds: float, clock: Clock) -> None:
        self._most, self._seconds, self._clock = int(most), timedelta(seconds=seconds), clock
        self._went: deque[datetime] = deque()
        self._paused_until = self._heard_at = datetime.min.replace(tzinfo=UTC)

    def hear(self) -> None:
        """Somebody there does something, and may be answered."""
        self._heard_at = self._clock.now()

    @property
    def is_lively(self) -> bool:
        """Whether somebody was heard within this stretch of time."""
        return self._clock.now() - self._heard_at < self._seconds

    @property
    def left(self) -> int:
        """How many may go at once."""
        now = self._clock.now()
        while self._went and now - self._went[0] >= self._seconds:
            self._went.popleft()
        return 0 if now < self._paused_until else self._most - len(self._went)

    def free_at(self, count: int = 1) -> datetime:
        """When so many may go."""
        over = len(self._went) + min(count, self._most) - self._most
        return max(self._paused_until, self._went[over - 1] + self._seconds if over > 0 else self._clock.now())

    def pause(self, seconds: float) -> None:
        """Telegram says that for so long nothing may go."""
        self._paused_until = self._clock.now() + timedelta(seconds=seconds)

    async def acquire(self, count: int = 1) -> None:
        """Wait until so many may go, and count them."""
        while self.left < min(count, self._most):  # noqa: ASYNC110  it is time that we wait for
            await asyncio.sleep((self.free_at(count) - self._clock.now()).total_seconds())
        self._went.extend([self._clock.now()] * count)


class Budgets(BaseRequestMiddleware):
    """Keeps every call within Telegram's limits, and repeats what met trouble where repeating harms nobody."""

    def __init__(self, limits: Limits, clock: Clock | None = None) -> None:
        self._limits = limits
        self._clock = clock or SystemClock()
        self._whole = AsyncLimiter(*limits.whole)
        self._chats: OrderedDict[int | str, AsyncLimiter] = OrderedDict()
        self._groups: dict[int, Window] = {}

    def group(self, chat_id: int) -> Window:
        """What may still be said in a group."""
        if chat_id not in self._groups:
            self._groups[chat_id] = Window(*self._limits.group, self._clock)
        return self._groups[chat_id]

    def left_in(self, chat_id: int) -> tuple[int, int]:
        """How many calls may go to a group now, and how many in any minute."""
        return self.group(chat_id).left, int(self._limits.group[0])

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
                chat = getattr(method, "chat_id", None)
                if isinstance(trouble, TelegramRetryAfter) and isinstance(chat, int) and _is_group(chat):
                    self.group(chat).pause(trouble.retry_after)
                pause = _pause(method, trouble, wait)
                if pause is None:
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last round returns or raises")

    async def _spend(self, method: TelegramMethod[Any]) -> None:
        chat, name = getattr(method, "chat_id", None), method.__api_method__
        if not name.startswith(NOTICED if _is_group(chat) else COUNTED) or name == "sendChatAction":
            return
        if isinstance(chat, int) and _is_group(chat):
            await self.group(chat).acquire(len(method.media) if isinstance(method, SendMediaGroup) else 1)
        elif chat is not None:
            await self._chat(chat).acquire()
        await self._whole.acquire()

    def _chat(self, chat: int | str) -> AsyncLimiter:
        if chat not in self._chats:
            self._chats[chat] = AsyncLimiter(*(self._limits.group if isinstance(chat, str) else self._limits.chat))
            if len(self._chats) > 4096:  # noqa: PLR2004  a bound; the longest silent has its whole budget again
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat)
        return self._chats[chat]


def _is_group(chat: object) -> bool:
    return isinstance(chat, int) and chat < 0


def _pause(method: TelegramMethod[Any], trouble: Exception, wait: float | None) -> float | None:
    """The seconds until the call is made again; None where it must not be, or not for now."""
    if wait is None:
        return None
    if isinstance(trouble, TelegramRetryAfter):
        return trouble.retry_after if trouble.retry_after <= LONGEST_WAIT else None
    if may_have_arrived(trouble) and not method.__api_method__.startswith(REPEATABLE):
        return None
    return wait
