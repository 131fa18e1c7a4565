"""Forums on the page: the list of topics, and what owners and admins do with topics, pins and each other."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.page.reading import number
from sandbox.page.views import Json, Views
from sandbox.world import Group, Message, Refused, World


class Forums:
    """Routes around topics and admins."""

    def __init__(self, world: World, views: Views) -> None:
        self.world = world
        self.views = views

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(r"/api/{me:\d+}/topics/{peer:-\d+}", self.topics),
            web.post(r"/api/{me:\d+}/topics/{peer:-\d+}", self.change),
            web.post(r"/api/{me:\d+}/admins/{peer:-\d+}", self.appoint),
            web.post(r"/api/{me:\d+}/startgroup/{peer:-\d+}", self.start_group),
        ]

    async def topics(self, request: web.Request) -> web.Response:
        """Answer a forum's topics: the general one first, then those where something was said last."""
        me, group = number(request, "me"), self.world.group(number(request, "peer"))
        rows = [self._row(me, group, topic) for topic in (None, *group.topics)]
        rows[1:] = sorted(rows[1:], key=lambda row: -(row["last"] or {"id": row["id"]})["id"])
        return web.json_response(rows)

    def _row(self, me: int, group: Group, topic_id: int | None) -> Json:
        said = self.world.in_topic(group, topic_id)
        box = self.world.account(me).boxes.get(group.id)
        read = box.read_inbox if box else 0
        unread = sum(one.number(me) > read and one.sender_id != me for one in said)
        return {
            **self.views.topic_of(group, topic_id or 0),
            "last": self.views.summary(said[-1], me) if said else None,
            "who": self._who(said[-1], me) if said else None,
            "unread": unread,
        }

    def _who(self, message: Message, me: int) -> str | None:
        if self.views.became(message):
            return None
        return "You" if message.sender_id == me else self.world.person(message.sender_id).name.split()[0]

    async def change(self, request: web.Request) -> web.Response:
        """Do one of: switch (`on`), create, rename (`name`), close, reopen, delete, pin, unpin (`message`)."""
        asked, me, peer = await request.json(), number(request, "me"), number(request, "peer")
        made = self._change(asked, me, peer)
        return web.json_response({"id": made})

    def _change(self, asked: dict[str, Any], me: int, peer: int) -> int | None:
        topic, world = int(asked.get("topic") or 0), self.world
        match asked.get("act"):
            case "switch":
                world.set_forum(peer, on=bool(asked["on"]), by=me)
            case "create":
                return world.create_topic(peer, str(asked["name"]), by=me).id
            case "rename":
                world.edit_topic(peer, topic, name=str(asked["name"]), by=me)
            case "close":
                world.close_topic(peer, topic, by=me)
            case "reopen":
                world.reopen_topic(peer, topic, by=me)
            case "delete":
                world.delete_topic(peer, topic, by=me)
            case "pin" | "unpin" as act:
                message = world.message_in(me, peer, int(asked["message"]))
                if message is None:
                    raise Refused.bad_request("message not found")
                (world.pin if act == "pin" else world.unpin)(message.uid, by=me)
            case _:
                raise Refused.bad_request("nothing is known by this name")
        return None

    async def appoint(self, request: web.Request) -> web.Response:
        """Do one of: promote (`rights`), demote, remove a `person`. Answers the group as it is then."""
        asked, me, peer = await request.json(), number(request, "me"), number(request, "peer")
        person = int(asked["person"])
        match asked.get("act"):
            case "promote":
                self.world.promote(peer, person, [str(right) for right in asked["rights"]], by=me)
            case "demote":
                self.world.demote(peer, person, by=me)
            case "remove":
                self.world.remove_member(peer, person, by=me)
            case "delete":
                self.world.delete_group(peer, by=me)
            case _:
                raise Refused.bad_request("nothing is known by this name")
        return web.json_response(self.views.peer(peer))

    async def start_group(self, request: web.Request) -> web.Response:
        """Follow a bot's link into a group: the bot is added with the rights that it asks for, and hears its word."""
        asked, me, peer = await request.json(), number(request, "me"), number(request, "peer")
        bot = self.world.person(int(asked["bot"]))
        if bot.id not in self.world.group(peer).members:
            self.world.add_member(peer, bot.id, by=me)
        rights = [str(right) for right in asked.get("rights", ()) if right]
        if rights and self.world.group(peer).is_super:
            self.world.promote(peer, bot.id, rights, by=me)
        word = f"/start@{bot.username} {asked.get('word', '')}".strip()
        self.world.send(me, peer, word)
        return web.json_response(self.views.peer(peer))
