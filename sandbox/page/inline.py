"""Asking a bot from any chat: what it offers to @bot words, and sending what was chosen of it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from sandbox.page.reading import number
from sandbox.page.views import Views
from sandbox.world import INLINE_TIME, Refused, World


class InlineAsking:
    """Routes by which one person (`me` in the path) asks bots and sends what they offer."""

    def __init__(self, world: World, views: Views) -> None:
        self.world = world
        self.views = views

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(r"/api/{me:\d+}/inline", self.ask),
            web.post(r"/api/{me:\d+}/inline/{peer:-?\d+}", self.choose),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        """What the bot of this username offers; nothing where it stays silent, or where nobody is called so."""
        asked, me = await request.json(), number(request, "me")
        bot = self.world.by_username(str(asked["bot"]))
        if bot is None or not bot.is_bot:
            return web.json_response({"query": "", "results": []})
        query = self.world.ask_inline(me, bot.id, str(asked["words"]))
        try:
            results = await asyncio.wait_for(asyncio.shield(query.answered), INLINE_TIME.total_seconds())
        except TimeoutError:
            results = []
        shown = [{"id": one.id, "title": one.title, "description": one.description} for one in results]
        return web.json_response({"query": query.id, "results": shown})

    async def choose(self, request: web.Request) -> web.Response:
        """Send one of what was offered. Refuses what was not."""
        asked, me, peer = await request.json(), number(request, "me"), number(request, "peer")
        if not asked.get("query"):
            raise Refused.bad_request("RESULT_ID_INVALID")
        sent = self.world.choose_inline(str(asked["query"]), str(asked["result"]), by=me, peer_id=peer)
        return web.json_response(self.views.message(sent, me))
