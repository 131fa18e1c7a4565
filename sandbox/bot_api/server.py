"""The Bot API's HTTP server: who calls, what he wants, and the answer."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from aiohttp import web

from sandbox.bot_api.answers import raw_result, refusal, result
from sandbox.bot_api.bot import ServedBot
from sandbox.bot_api.calls import MAX_UPLOAD, Caller, Upload, parse, read_request
from sandbox.bot_api.files import give
from sandbox.bot_api.methods import METHODS
from sandbox.bot_api.news import News
from sandbox.bot_api.postman import Postman
from sandbox.bot_api.queue import KEPT_FOR
from sandbox.bot_api.trouble import Trouble
from sandbox.world import Refused, World

logger = logging.getLogger(__name__)

_OTHER_FIELDS = 1 << 20  # bytes of a request beside its files
_LAST_ANSWERS = 0.5  # seconds for requests that are under way at the end


class BotApi:
    """Serves all bots of a world over HTTP.

    `limited`: whether the send budgets count. `echo_business_sends`: whether a bot hears of its own messages on an
    owner's behalf. `retry_after`: seconds before a webhook is tried again the first time. `kept_for`: how old an
    update gets that nobody fetches.
    """

    def __init__(
        self,
        world: World,
        *,
        limited: bool = True,
        echo_business_sends: bool = False,
        retry_after: float = 1.0,
        kept_for: timedelta = KEPT_FOR,
    ) -> None:
        self._world = world
        self._limited = limited
        self._kept_for = kept_for
        self._retry_after = retry_after
        self._bots: dict[int, ServedBot] = {}
        self._news = News(world, self.served, echo=echo_business_sends)
        self._postmen: asyncio.TaskGroup | None = None
        self._posting: list[asyncio.Task[None]] = []
        self._running = AsyncExitStack()
        self._trouble = Trouble(world.faults)
        self.base_url = ""
        world.subscribe(self._news.hear)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen, and begin to post to webhooks. `base_url` is then what aiogram's `TelegramAPIServer` wants."""
        app = web.Application(client_max_size=MAX_UPLOAD + _OTHER_FIELDS, middlewares=[self._trouble.middleware])
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._postmen = await self._running.enter_async_context(asyncio.TaskGroup())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_ANSWERS)
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, host, port).start()
        address, number = runner.addresses[0][:2]
        self.base_url = f"http://{address}:{number}"
        for bot in self._bots.values():
            self._send_postman(bot)

    async def stop(self) -> None:
        """Send long polls home, stop posting and listening, and hear of the world no more."""
        self._world.unsubscribe(self._news.hear)
        for bot in self._bots.values():
            bot.queue.interrupt("terminated by the server's end")
        for task in self._posting:
            task.cancel()
        await self._running.aclose()

    def served(self, bot_id: int) -> ServedBot:
        """Give what the server keeps about a bot, from the first time that it is needed."""
        if bot_id not in self._bots:
            person, clock = self._world.person(bot_id), self._world.clock
            bot = ServedBot.serve(person, clock, limited=self._limited, kept_for=self._kept_for)
            self._bots[bot_id] = bot
            if self._postmen:
                self._send_postman(bot)
        return self._bots[bot_id]

    def _send_postman(self, bot: ServedBot) -> None:
        if self._postmen:
            postman = Postman(bot, self._world, self._reply, first_wait=self._retry_after)
            self._posting.append(self._postmen.create_task(postman.run()))

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            bot = self._authorised(request)
            method = request.match_info["method"]
            values, uploads = await read_request(request)
            await self._trouble.delay(method)
            answer = await self._carry_out(bot, method, values, uploads)
        except Refused as refused:
            return refusal(refused)
        return raw_result(answer) if isinstance(answer, bytes) else result(answer)

    def _authorised(self, request: web.Request) -> ServedBot:
        person = self._world.by_token(request.match_info["token"])
        if person is None:
            raise Refused(401, "Unauthorized")
        return self.served(person.id)

    async def _carry_out(
        self, bot: ServedBot, method: str, values: Mapping[str, Any], uploads: Mapping[str, Upload]
    ) -> Any:
        known = METHODS.get(method.lower())
        if known is None:
            logger.warning("The sandbox's Bot API has no method %s", method)
            raise Refused(404, "Not Found")
        model, handler = known
        answer = handler(Caller(self._world, bot, uploads), parse(model, values))
        return await answer if inspect.isawaitable(answer) else answer

    async def _reply(
        self, bot: ServedBot, method: str, values: Mapping[str, Any], uploads: Mapping[str, Upload]
    ) -> None:
        try:
            await self._carry_out(bot, method, values, uploads)
        except Refused as refused:  # Bot API: "you will not know that such a request was successful"
            logger.info("A call in a webhook's answer was refused: %s", refused.description)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        person = self._world.by_token(request.match_info["token"])
        file = self.served(person.id).downloads.get(request.match_info["path"]) if person else None
        if file is None:
            return refusal(Refused(404, "Not Found"))
        return await give(request, file, self._world.faults)
