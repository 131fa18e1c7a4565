"""The controls behind the chats: Telegram's own settings of a person, the world's time, and bad days by name."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Protocol, get_args

from aiohttp import web

from sandbox.faults import FaultName
from sandbox.page.reading import number
from sandbox.page.views import Views
from sandbox.world import Refused, World


class Devices(Protocol):
    """Who signs devices in: the MTProto server."""

    def newest_login_token(self) -> bytes | None:
        """Give the token of the QR code that was asked for last and still waits."""

    def accept_login_token(self, token: bytes, person_id: int, /) -> object:
        """Sign the device behind a token in as a person."""


class Running:
    """Routes of the settings panel and the drawer."""

    def __init__(self, world: World, views: Views, devices: Devices | None, past: bytes | None = None) -> None:
        self.world = world
        self.views = views
        self.devices = devices
        self.past = past

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(r"/api/{me:\d+}/settings", self.settings),
            web.post(r"/api/{me:\d+}/business", self.connect),
            web.post(r"/api/{me:\d+}/business/off", self.disconnect),
            web.post(r"/api/{me:\d+}/devices", self.link_device),
            web.get("/api/drawer", self.drawer),
            web.get("/api/result.json", self.save_past),
            web.post("/api/time", self.advance),
            web.post("/api/bad-day", self.bad_day),
            web.post("/api/faults/{name}", self.fault),
        ]

    async def save_past(self, _request: web.Request) -> web.Response:
        """Answer the export that may be brought along."""
        if self.past is None:
            raise web.HTTPNotFound
        return web.json_response(body=self.past)

    async def settings(self, request: web.Request) -> web.Response:
        """Answer a person's connected bot and linked devices."""
        me = number(request, "me")
        waiting = self.devices is not None and self.devices.newest_login_token() is not None
        return web.json_response(
            {
                "me": self.views.person(self.world.person(me)),
                "business": self._business(me),
                "devices": self._linked(me),
                "login_code": self._login_code(me),
                "linkable": self.devices is not None,
                "waiting": waiting,
            }
        )

    def _linked(self, me: int) -> list[str]:
        """How the devices call themselves on which a person is signed in; the server may keep no such list."""
        sessions_of = getattr(self.devices, "sessions_of", None)
        devices = [session.device for session in sessions_of(me)] if sessions_of else []
        return [" · ".join(filter(None, (device.app, device.model, device.system))) for device in devices]

    def _login_code(self, me: int) -> str | None:
        """The code that was last sent to a person's phone; the server may send none."""
        return getattr(self.devices, "codes", {}).get(self.world.person(me).phone)

    def _business(self, me: int) -> dict[str, Any] | None:
        connection = self.world.business_of(me)
        if connection is None:
            return None
        chats = None if connection.chats is None else sorted(connection.chats)
        return {
            "bot": self.views.person(self.world.person(connection.bot_id)),
            "rights": sorted(connection.rights),
            "chats": None if chats is None else [self.views.person(self.world.person(chat)) for chat in chats],
        }

    async def connect(self, request: web.Request) -> web.Response:
        """Connect a bot, or change the rights and chats of the one that is connected."""
        asked, me = await request.json(), number(request, "me")
        rights = frozenset(str(right) for right in asked["rights"])
        chats = None if asked.get("chats") is None else frozenset(int(chat) for chat in asked["chats"])
        self.world.connect_business(me, int(asked["bot"]), rights=rights, chats=chats)
        return web.json_response(self._business(me))

    async def disconnect(self, request: web.Request) -> web.Response:
        self.world.disconnect_business(number(request, "me"))
        return web.json_response({})

    async def link_device(self, request: web.Request) -> web.Response:
        """Approve the QR code that was shown last, as scanning it would."""
        token = self.devices.newest_login_token() if self.devices else None
        if self.devices is None or token is None:
            raise Refused.bad_request("no device shows a QR code right now")
        self.devices.accept_login_token(token, number(request, "me"))
        return web.json_response({})

    async def drawer(self, _: web.Request) -> web.Response:
        """Answer the time and every fault with its state."""
        broken = self.world.faults
        on = {fault.name: fault for fault in broken.active()}
        faults = [{"name": name, "on": asdict(on[name]) if name in on else None} for name in get_args(FaultName)]
        state = {
            "now": self.world.clock.now().timestamp(),
            "bad_day": broken.bad_day,
            "faults": faults,
            "past": self.past is not None,
        }
        return web.json_response(state)

    async def advance(self, request: web.Request) -> web.Response:
        """Move the world's time forward by `seconds`."""
        asked = await request.json()
        seconds = float(asked["seconds"])
        if seconds < 0:
            raise Refused.bad_request("time only goes forward")
        self.world.clock.advance(timedelta(seconds=seconds))
        return web.json_response({"now": self.world.clock.now().timestamp()})

    async def bad_day(self, request: web.Request) -> web.Response:
        """Let a little of everything go wrong, or no longer."""
        self.world.faults.bad_day = bool((await request.json())["on"])
        return await self.drawer(request)

    async def fault(self, request: web.Request) -> web.Response:
        """Switch a fault on or off by its name."""
        asked, name = await request.json(), request.match_info["name"]
        if name not in get_args(FaultName):
            raise Refused.bad_request("there is no such fault")
        self.world.faults.off(name)  # type: ignore[arg-type]  # checked against the same names just above
        if asked["on"]:
            self.world.faults.on(name, seconds=float(asked.get("seconds", 0)), times=asked.get("times"))  # type: ignore[arg-type]  # as above
        return await self.drawer(request)
