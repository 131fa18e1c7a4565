"""Posts a bot's updates to its webhook: in order within a chat, side by side across chats, again until they arrive."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, MultipartReader

from sandbox.bot_api.bot import ServedBot, WebhookSettings
from sandbox.bot_api.calls import Upload, read_multipart
from sandbox.bot_api.queue import PendingUpdate
from sandbox.world import World

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 60.0  # seconds between two attempts
_PATIENCE = ClientTimeout(total=60)

Reply = Callable[[ServedBot, str, Mapping[str, Any], Mapping[str, Upload]], Awaitable[None]]


class Postman:
    """Delivers for one bot while it has a webhook; `reply` carries out the call that an answer may hold."""

    def __init__(self, bot: ServedBot, world: World, reply: Reply, *, first_wait: float) -> None:
        self._bot = bot
        self._world = world
        self._reply = reply
        self._first_wait = first_wait
        self._busy: set[int] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with ClientSession(timeout=_PATIENCE) as http, asyncio.TaskGroup() as lanes:
            while True:
                for lane in {update.lane for update in self._bot.queue} - self._busy if self._bot.webhook else ():
                    self._busy.add(lane)
                    lanes.create_task(self._deliver_lane(http, lane))
                await self._bot.queue.news()

    async def _deliver_lane(self, http: ClientSession, lane: int) -> None:
        wait = self._first_wait
        while (webhook := self._bot.webhook) and (update := self._first_in(lane)):
            if await self._deliver(http, webhook, update):
                if not self._world.faults.take("bot_api_again"):
                    self._bot.queue.drop(update.id)
                wait = self._first_wait
            else:
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
        self._busy.discard(lane)

    def _first_in(self, lane: int) -> PendingUpdate | None:
        return next((update for update in self._bot.queue if update.lane == lane), None)

    async def _deliver(self, http: ClientSession, webhook: WebhookSettings, update: PendingUpdate) -> bool:
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        try:
            async with (
                webhook.connections,
                http.post(webhook.url, data=update.body, headers=headers, allow_redirects=False) as response,
            ):
                if response.ok:
                    await self._carry_out_reply(response)
                    return True
                problem = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (ClientError, TimeoutError, OSError) as error:
            problem = "Read timeout expired" if isinstance(error, TimeoutError) else "Connection failed"
        webhook.last_error_date = self._world.clock.now()
        webhook.last_error_message = problem
        logger.info("The webhook of bot %d did not take an update: %s", self._bot.id, problem)
        return False

    async def _carry_out_reply(self, response: ClientResponse) -> None:
        values: dict[str, Any] = {}
        uploads: dict[str, Upload] = {}
        if response.content_type == "application/json":
            body = await response.read()
            values = json.loads(body) if body.startswith(b"{") else {}
        elif response.content_type.startswith("multipart/"):
            await read_multipart(MultipartReader.from_response(response).stream, values, uploads)
        if method := values.pop("method", None):
            await self._reply(self._bot, str(method), values, uploads)
