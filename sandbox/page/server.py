"""Serves the page: static files, JSON over HTTP for acts and reads, one WebSocket for each open window."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import web

from sandbox.page.acting import Acting
from sandbox.page.forums import Forums
from sandbox.page.groups import Groups
from sandbox.page.guard import add_headers, guard
from sandbox.page.inline import InlineAsking
from sandbox.page.live import Live
from sandbox.page.reading import Drafts, Reading
from sandbox.page.running import Devices, Running
from sandbox.page.views import Views
from sandbox.world import Refused, World

_STATIC = Path(__file__).parent / "static"
_LARGEST = 64 * 2**20  # bytes in one request: a few files at once


class Page:
    """The chat app of one world. `roles` names who stands on the rail and what is written under the name.

    `past` is an export of Telegram Desktop that a visitor may save and bring along.
    """

    def __init__(
        self,
        world: World,
        *,
        bot_id: int | None = None,
        devices: Devices | None = None,
        drafts: Drafts | None = None,
        roles: Mapping[int, str] | None = None,
        past: bytes | None = None,
    ) -> None:
        views = Views(world, roles or {})
        self._live = Live(world, views)
        self._app = web.Application(middlewares=[guard, refusals], client_max_size=_LARGEST)
        self._app.on_response_prepare.append(add_headers)
        self._app.router.add_get("/", index)
        self._app.router.add_static("/static", _STATIC)
        for part in (
            Reading(world, views, bot_id, drafts),
            Acting(world, views, drafts),
            Groups(world, views),
            Forums(world, views),
            InlineAsking(world, views),
            Running(world, views, devices, past),
            self._live,
        ):
            self._app.add_routes(part.routes())
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; `url` is where. Port 0 takes a free one."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self._live.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{bound[0]}:{bound[1]}"

    async def stop(self) -> None:
        """Close every window's line, then the server."""
        if self._runner is not None:
            self._live.stop()
            await self._runner.cleanup()
            self._runner = None


async def index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_STATIC / "index.html")


@web.middleware
async def refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turn what the world refuses, and a request that makes no sense, into words for the page."""
    try:
        return await handler(request)
    except Refused as refused:
        return web.json_response({"error": refused.description}, status=refused.code)
    except web.HTTPException as refused:
        if not request.path.startswith("/api/") or refused.status < web.HTTPBadRequest.status_code:
            raise
        return web.json_response({"error": refused.text}, status=refused.status)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        return web.json_response({"error": "The request could not be understood."}, status=400)
