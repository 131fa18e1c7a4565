"""What the page asks for: people, chats, history, files."""

from __future__ import annotations

from itertools import islice
from typing import Protocol

from aiohttp import web

from sandbox.page.views import Json, Views
from sandbox.world import Box, Message, Person, World

_PAGE = 60
_INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "video/mp4"})


class Drafts(Protocol):
    """Who keeps what an account's devices have begun to write: the MTProto server."""

    def text(self, account_id: int, peer_id: int, /) -> str:
        """Give what stands in the composer of a chat."""

    def drop(self, account_id: int, peer_id: int, /) -> None:
        """Forget it."""


class Reading:
    """Routes that change nothing."""

    def __init__(self, world: World, views: Views, bot_id: int | None, drafts: Drafts | None) -> None:
        self.world = world
        self.views = views
        self.bot_id = bot_id
        self.drafts = drafts

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/world", self.whole),
            web.get("/api/people", self.people),
            web.get("/api/resolve", self.resolve),
            web.get(r"/api/{me:\d+}/dialogs", self.dialogs),
            web.get(r"/api/{me:\d+}/chat/{peer:-?\d+}", self.chat),
            web.get(r"/api/{me:\d+}/history/{peer:-?\d+}", self.history),
            web.get(r"/api/file/{id:\d+}/{hash:\d+}/{name}", self.file),
        ]

    async def whole(self, _: web.Request) -> web.Response:
        """Answer who stands on the rail, which bot this is about, and what time it is."""
        people = [person for person in self.world.people.values() if not person.is_bot]
        on_rail = [person for person in people if person.id in self.views.roles] or people[:8]
        return web.json_response(
            {
                "people": [{**self.views.person(person), "unread": self.unread(person)} for person in on_rail],
                "bot": self.views.person(self.world.person(self.bot_id)) if self.bot_id else None,
                "now": self.world.clock.now().timestamp(),
            }
        )

    def unread(self, person: Person) -> int:
        return sum(box.unread > 0 for box in self.world.account(person.id).boxes.values())

    async def people(self, request: web.Request) -> web.Response:
        """Answer people (`bots=1`: bots instead) whose name or username holds `q`."""
        wanted = request.query.get("q", "").casefold().removeprefix("@")
        bots = "bots" in request.query
        everyone = self.world.people.values()
        found = [person for person in everyone if person.is_bot == bots and matches(person, wanted)]
        found.sort(key=lambda person: person.id not in self.views.roles)
        return web.json_response([self.views.person(person) for person in found[:_PAGE]])

    async def resolve(self, request: web.Request) -> web.Response:
        """Answer who has a username."""
        person = self.world.by_username(request.query.get("domain", ""))
        if person is None:
            raise web.HTTPNotFound(text="Nobody has this username.")
        return web.json_response(self.views.person(person))

    async def dialogs(self, request: web.Request) -> web.Response:
        """Answer one page of the chat list; with `q`, the chats and then others whose name holds it."""
        me, offset = number(request, "me"), int(request.query.get("offset", 0))
        wanted = request.query.get("q", "").casefold()
        boxes = [box for box in self.world.dialogs(me) if self._named(box, wanted)]
        rows = [self.views.dialog(box) for box in boxes[offset : offset + _PAGE]]
        known = set(self.world.account(me).boxes) | {me}
        others = (
            [self.views.person(person) for person in self._findable(wanted) if person.id not in known] if wanted else []
        )
        return web.json_response({"rows": rows, "total": len(boxes), "others": others[:8]})

    def _named(self, box: Box, wanted: str) -> bool:
        if not wanted or box.peer_id > 0:
            return not wanted or matches(self.world.person(box.peer_id), wanted)
        return wanted in self.world.group(box.peer_id).title.casefold()

    def _findable(self, wanted: str) -> list[Person]:
        bare = wanted.removeprefix("@")
        return [person for person in self.world.people.values() if bare in (person.username or "").casefold()]

    async def chat(self, request: web.Request) -> web.Response:
        """Answer what surrounds a conversation: who it is, commands, reply keyboard, the bar of a managing bot."""
        me, peer_id = number(request, "me"), number(request, "peer")
        if peer_id < 0:
            return web.json_response(self._group(me, peer_id, optional(request, "topic")))
        peer = self.world.person(peer_id)
        box = self.world.account(me).boxes.get(peer.id)
        business = self.world.business_of(me)
        managed = business is not None and not peer.is_bot and peer.id != me and business.covers(peer.id)
        return web.json_response(
            {
                "peer": self.views.person(peer),
                "started": not peer.is_bot or self.world.has_started(me, peer.id),
                "blocked": self.world.is_blocked(by=me, who=peer.id),
                "commands": [list(command) for command in peer.commands_for(self.world.person(me))],
                "keyboard": reply_keyboard(box) if box and peer.is_bot else None,
                "manager": self.views.person(self.world.person(business.bot_id)) if business and managed else None,
                "draft": self.drafts.text(me, peer.id) if self.drafts else "",
                "unread": box.unread if box else 0,
                "read": box.read_outbox if box else 0,
            }
        )

    def _group(self, me: int, group_id: int, topic_id: int | None) -> Json:
        """The same of a group, or of one topic of it; `closed` tells why nothing can be written there."""
        group, box = self.world.group(group_id), self.world.account(me).boxes.get(group_id)
        outside = "You are not in this group." if me not in group.members else None
        moved = "This group became a supergroup." if group.migrated_to else None
        quiet = {"started": True, "blocked": False, "commands": [], "keyboard": None, "manager": None}
        unread, read = (box.unread, box.read_outbox) if box else (0, 0)
        topic = self.views.topic_of(group, topic_id) if group.is_forum and topic_id is not None else None
        gone = "This topic was deleted." if topic_id and topic_id not in group.topics else None
        shut = "This topic is closed." if topic and topic["closed"] and not group.may(me, "manage_topics") else None
        return {
            "peer": self.views.peer(group_id),
            "topic": topic,
            "pinned": self.views.pinned(group, topic_id, me) if me in group.members else None,
            **quiet,
            "unread": unread,
            "read": read,
            "closed": moved or outside or gone or shut,
        }

    async def history(self, request: web.Request) -> web.Response:
        """Answer messages, oldest first: the newest, those `before` or `after` a number, or those `around` it."""
        me, peer = number(request, "me"), number(request, "peer")
        before, after, around = (optional(request, name) for name in ("before", "after", "around"))
        if peer < 0 and self.world.group(peer).is_forum:
            return self._of_topic(me, peer, optional(request, "topic") or 0, before=before, after=after)
        if around is not None:
            older = self._some(me, peer, before=around + 1)
            newer = self._some(me, peer, after=around)
            return self._answer(me, older + newer, older=len(older) == _PAGE, newer=len(newer) == _PAGE)
        found = self._some(me, peer, before=before, after=after)
        full = len(found) == _PAGE
        return self._answer(me, found, older=full and after is None, newer=full and after is not None)

    def _of_topic(self, me: int, peer: int, topic: int, *, before: int | None, after: int | None) -> web.Response:
        """The same of one topic, with what only this member is shown there."""
        here = [one for one in self.world.in_topic(self.world.group(peer), topic or None) if me in one.audience]
        found = [one for one in here if before is None or one.number(me) < before]
        found = [one for one in found if after is None or one.number(me) > after]
        page = found[:_PAGE] if after is not None else found[-_PAGE:]
        newest = after is None and before is None
        alone = [one for one in self.world.shown_to(peer, me) if (one.topic or 0) == topic] if newest else []
        full = len(found) > _PAGE
        return self._answer(me, [*page, *alone], older=full and after is None, newer=full and after is not None)

    def _some(self, me: int, peer: int, *, before: int | None = None, after: int | None = None) -> list[Message]:
        return self.world.history(me, peer, before_id=before, after_id=after, limit=_PAGE)[::-1]

    def _answer(self, me: int, messages: list[Message], *, older: bool, newer: bool) -> web.Response:
        drawn = [self.views.message(message, me) for message in messages]
        return web.json_response({"messages": drawn, "older": older, "newer": newer})

    async def file(self, request: web.Request) -> web.Response:
        """Answer a file: pictures and sound in place, anything else only as a download."""
        stored = self.world.file(number(request, "id"))
        if stored is None or str(stored.access_hash) != request.match_info["hash"]:
            raise web.HTTPNotFound(text="There is no such file.")
        inline = stored.mime in _INLINE
        headers = {"Cache-Control": "private, max-age=86400, immutable"}
        if not inline:
            headers["Content-Disposition"] = "attachment"
        kind = stored.mime if inline else "application/octet-stream"
        return web.Response(body=stored.data, content_type=kind, headers=headers)


def number(request: web.Request, name: str) -> int:
    return int(request.match_info[name])


def optional(request: web.Request, name: str) -> int | None:
    return int(request.query[name]) if name in request.query else None


def matches(person: Person, wanted: str) -> bool:
    return wanted in person.name.casefold() or wanted in (person.username or "").casefold()


def reply_keyboard(box: Box) -> Json | None:
    """The keyboard that the bot's last message with one put under the composer; None where it was taken away."""
    for message in islice(box.newest_first(), _PAGE):
        markup = message.markup or {}
        if markup.get("remove_keyboard"):
            return None
        if "keyboard" in markup:
            return dict(markup)
    return None
