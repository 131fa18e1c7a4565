"""The Bot API's bad days: what a fault that is switched on does to a request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from sandbox.bot_api.answers import refusal
from sandbox.world import Fault, Faults, Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Trouble:
    """Stands before every request; also cuts those that are under way when the server goes down."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._open: set[asyncio.Transport] = set()
        faults.subscribe(self._switched_on)

    def _switched_on(self, fault: Fault) -> None:
        if fault.name == "bot_api_down" and fault.left is None and fault.method is None:
            for transport in list(self._open):
                transport.abort()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a request through, or not."""
        if request.transport is None:  # hung up before it was heard
            return web.Response()
        self._open.add(request.transport)
        try:
            return await self._pass(request, handler, request.match_info.get("method"))
        finally:
            self._open.discard(request.transport)

    async def _pass(self, request: web.Request, handler: Handler, method: str | None) -> web.StreamResponse:
        if self._faults.take("bot_api_down", method):
            return _hang_up(request)
        if failed := self._failed(method):
            return failed
        answer = await handler(request)
        if self._faults.take("bot_api_answer_lost", method):
            return _hang_up(request)
        if self._faults.take("bot_api_answer_cut", method) and isinstance(answer, web.Response):
            return await break_off(request, bytes(answer.body))  # type: ignore[arg-type]  # only bytes are answered here
        return answer

    def _failed(self, method: str | None) -> web.Response | None:
        """An answer with which nothing is carried out."""
        if flood := self._faults.take("bot_api_flood", method):
            seconds = max(1, int(flood.seconds))
            return refusal(Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds))
        if self._faults.take("bot_api_5xx", method):
            return refusal(Refused(502, "Bad Gateway"))
        if self._faults.take("bot_api_garbage", method):
            return web.Response(text="<html><body>It works!</body></html>", content_type="text/html")
        return None

    async def delay(self, method: str) -> None:
        """Keep a call that was read waiting before it is carried out."""
        if slow := self._faults.take("bot_api_slow", method):
            await asyncio.sleep(slow.seconds)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def break_off(
    request: web.Request, data: bytes, *, status: int = 200, after: float | None = None
) -> web.StreamResponse:
    """Announce all of an answer, send half of it, and hang up; or send the rest `after` seconds."""
    answer = web.StreamResponse(status=status, headers={"Content-Length": str(len(data))})
    half = len(data) // 2
    with suppress(ConnectionError):  # the other side was faster
        await answer.prepare(request)
        await answer.write(data[:half])
        if after is not None:
            await asyncio.sleep(after)
            await answer.write(data[half:])
            return answer
    _hang_up(request)
    return answer
