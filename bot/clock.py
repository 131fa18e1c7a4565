"""The one place where the time of this machine is read."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """`crm.ports.Clock` in production; the demo and the tests use the sandbox's, which can be moved."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        return datetime.now(UTC)  # noqa: TID251  this is that clock port
