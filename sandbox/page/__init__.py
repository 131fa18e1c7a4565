"""The sandbox's chat app: a web page on loopback where a newcomer is the owner, a member and a client in one window."""

from __future__ import annotations

from sandbox.page.running import Devices
from sandbox.page.server import Page

__all__ = ["Devices", "Page"]
