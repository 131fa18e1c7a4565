"""The connection to the Bot API: where it is, and how it is held."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import LinkPreviewOptions

from bot.budgets import Budgets
from bot.config import Telegram


def connect(settings: Telegram, budgets: Budgets) -> Bot:
    """The bot, with its budgets. Nothing is sent yet."""
    session = Session(api=TelegramAPIServer.from_base(settings.api))
    session.middleware(budgets)
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
