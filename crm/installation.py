"""What one running installation shares: the registry, the vaults, the clock and the operator's rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from crm.ports import Clock
from storage.masks import Naming, Who
from storage.registry import Registry
from storage.vault import Vaults


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator has decided for everybody here."""

    open_sign_up: bool = False  # may anybody open a workspace, or only who was invited
    grace: timedelta = timedelta(days=30)  # policy, clause 5
    policy_version: str = "1"
    operator: str = ""  # who runs this installation, as /privacy names him
    email: str = ""
    website: str = ""


def plainly(who: Who, code: str, language: str | None) -> str:
    """Names in place of those that are hidden, where nobody has better words for them."""
    del language
    return f"{who.capitalize()} {code}".rstrip()


@dataclass(frozen=True, slots=True)
class Installation:
    """One of these stands behind every operation that reaches past a single workspace."""

    registry: Registry
    vaults: Vaults
    clock: Clock
    rules: Rules = field(default_factory=Rules)
    naming: Naming = plainly  # of clients to whom does not see who they are
