"""An MTProto server for unmodified Telegram clients, over the sandbox's world."""

from __future__ import annotations

from sandbox.mtproto.authorization import Authorization
from sandbox.mtproto.limits import Rate
from sandbox.mtproto.server import MTProto

__all__ = ["Authorization", "MTProto", "Rate"]
