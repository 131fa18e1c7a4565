"""What a person does with groups on the page: opens one, lets people in, renames it, makes it a supergroup, leaves."""

from __future__ import annotations

from aiohttp import web

from sandbox.page.reading import number
from sandbox.page.views import Views
from sandbox.world import Refused, World


class Groups:
    """Routes by which one person changes groups."""

    def __init__(self, world: World, views: Views) -> None:
        self.world = world
        self.views = views

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(r"/api/{me:\d+}/groups", self.open),
            web.post(r"/api/{me:\d+}/groups/{peer:-\d+}", self.change),
        ]

    async def open(self, request: web.Request) -> web.Response:
        """Open a group with these people; `super` makes it a supergroup from the start."""
        asked, me = await request.json(), number(request, "me")
        members = [int(member) for member in asked.get("members", ())]
        group = self.world.make_group(me, str(asked.get("title", "")), members, is_super=bool(asked.get("super")))
        return web.json_response(self.views.peer(group.id))

    async def change(self, request: web.Request) -> web.Response:
        """Do one of: add (`person`), rename (`title`), upgrade, leave. Answers the group as it is then."""
        asked, me, peer = await request.json(), number(request, "me"), number(request, "peer")
        match asked.get("act"):
            case "add":
                self.world.add_member(peer, int(asked["person"]), by=me)
            case "rename":
                self.world.rename_group(peer, str(asked["title"]), by=me)
            case "upgrade":
                peer = self.world.upgrade_group(peer, by=me).id
            case "leave":
                self.world.remove_member(peer, me)
            case _:
                raise Refused.bad_request("nothing is known by this name")
        return web.json_response(self.views.peer(peer))
