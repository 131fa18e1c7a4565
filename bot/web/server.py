"""The login page as a small server: who may see which form, and what is taken from it."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from bot.config import ConfigError, Web
from bot.web import pages
from bot.web.links import LASTS, Link, Links, Visit, digest
from handlers.language import speaking

COOKIE = "wysper_login"
LARGEST = 4096  # bytes of a form
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LoginPage:
    """Serves the links that the bot gives out. Nothing is logged: what is typed here is nobody's business."""

    def __init__(self, links: Links, settings: Web) -> None:
        self._links = links
        self._settings = settings
        self._key = secrets.token_bytes(32)  # of the marks that tell our own forms from others
        parts = urlsplit(settings.address)
        self._origin, self._path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Serve until cancelled. Raises ConfigError where the address is taken."""
        app = web.Application(client_max_size=LARGEST, middlewares=[self._guard])
        steps, first = f"{self._path}/login", f"{self._path}/login/{{token}}"
        app.add_routes([web.get(first, self._arrive), web.post(first, self._begin)])
        app.add_routes([web.get(steps, self._look), web.post(steps, self._answer)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await self._listen(runner)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self._settings.listen_host, self._settings.listen_port
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ConfigError(f"web.listen_port: cannot listen at {host}:{port}: {error.strerror}") from None
        if port == 0:  # whichever is free, for the demo and the tests
            parts = urlsplit(self._settings.address)
            self._origin = f"{parts.scheme}://{parts.hostname}:{runner.addresses[0][1]}"
        self._links.address = f"{self._origin}{self._path}"
        self.listening.set()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let a form be sent from our own page alone, and put the strict headers on every answer."""
        with speaking(_preferred(request)):  # until the link says who reads
            try:
                if request.method == "POST" and not self._is_ours(request):
                    response: web.StreamResponse = _page(pages.closed("foreign"), HTTPStatus.FORBIDDEN)
                else:
                    response = await handler(request)
            except web.HTTPException as refusal:
                response = web.Response(status=refusal.status)
        response.headers.update(pages.HEADERS)
        return response

    def _is_ours(self, request: web.Request) -> bool:
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        return request.headers.get("Origin") == self._origin and site == "same-origin"

    # The link

    async def _arrive(self, request: web.Request) -> web.StreamResponse:
        """The first form. To look at it uses nothing up, for chats look at links on their own."""
        link = self._links.find(request.match_info["token"])
        visit = self._links.visit(request.cookies.get(COOKIE, ""))
        if link is not None and visit is not None and visit.link is link:
            return self._next()
        if refused := await self._refused(link):
            return refused
        assert link is not None  # noqa: S101  it would have been refused
        cookie = secrets.token_urlsafe(32)
        with speaking(link.language):
            response = _page(pages.question("phone", request.path, self._mark(cookie)))
        return self._known_by(cookie, response)

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        """The phone number: from here on the link belongs to this browser."""
        link = self._links.find(request.match_info["token"])
        if refused := await self._refused(link):
            return refused
        assert link is not None  # noqa: S101  it would have been refused
        form = await request.post()
        if not self._is_marked(request, form.get("csrf")):
            return _page(pages.closed("foreign"), HTTPStatus.FORBIDDEN)
        if link.used:  # another browser was quicker while the form was read
            return _page(pages.closed("used"), HTTPStatus.GONE)
        cookie, visit = await self._links.begin(link)
        await _taken(visit, "phone", str(form.get("answer", "")))
        return self._known_by(cookie, self._next())

    async def _refused(self, link: Link | None) -> web.Response | None:
        if link is None:
            return _page(pages.closed("unknown"), HTTPStatus.NOT_FOUND)
        with speaking(link.language):
            if link.used:
                return _page(pages.closed("used"), HTTPStatus.GONE)
            if self._links.is_over(link):
                return _page(pages.closed("old"), HTTPStatus.GONE)
            if not await self._links.is_welcome(link):
                return _page(pages.closed("barred"), HTTPStatus.FORBIDDEN)
        return None

    # The visit

    async def _look(self, request: web.Request) -> web.StreamResponse:
        """The form that is open, or how it ended."""
        cookie = request.cookies.get(COOKIE, "")
        visit = self._links.visit(cookie)
        if visit is None:
            return _page(pages.closed("old"), HTTPStatus.GONE)
        with speaking(visit.link.language):
            if visit.ended is not None:
                return _page(pages.ended(visit))
            return _page(pages.question(visit.asks, request.path, self._mark(cookie), visit))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """A code or a password."""
        visit = self._links.visit(request.cookies.get(COOKIE, ""))
        if visit is None:
            return _page(pages.closed("old"), HTTPStatus.GONE)
        form = await request.post()
        with speaking(visit.link.language):
            if not self._is_marked(request, form.get("csrf")):
                return _page(pages.closed("foreign"), HTTPStatus.FORBIDDEN)
            if not await self._links.is_welcome(visit.link):
                return _page(pages.closed("barred"), HTTPStatus.FORBIDDEN)
        await _taken(visit, str(form.get("asked")), str(form.get("answer", "")))
        return self._next()

    # What holds it together

    def _next(self) -> web.Response:
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{self._path}/login"})

    def _known_by(self, cookie: str, response: web.Response) -> web.Response:
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(LASTS.total_seconds()),
            path=f"{self._path}/login",
            secure=self._origin.startswith("https:"),
            httponly=True,
            samesite="Lax",  # a phone's browser comes back through the link in the chat
        )
        return response

    def _mark(self, cookie: str) -> str:
        return hmac.new(self._key, digest(cookie), "sha256").hexdigest()

    def _is_marked(self, request: web.Request, mark: object) -> bool:
        cookie = request.cookies.get(COOKIE, "")
        return (
            bool(cookie) and isinstance(mark, str) and hmac.compare_digest(self._mark(cookie).encode(), mark.encode())
        )


def _preferred(request: web.Request) -> str:
    """The language that the browser asks for first."""
    first = request.headers.get("Accept-Language", "").partition(",")[0].partition(";")[0]
    return first.partition("-")[0].strip().lower()


async def _taken(visit: Visit, asked: str, answer: str) -> None:
    try:
        await visit.answers(asked, answer)
    except TimeoutError:
        return  # the page shows what is asked, and Telegram's answer once it has come


def _page(text: str, status: int = HTTPStatus.OK) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")
