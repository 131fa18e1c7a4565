"""What is asked of an import, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm.imports.beside import Beside
from crm.imports.carried import Size
from crm.imports.desktop import nothing_beside
from crm.imports.tally import Tally


@dataclass(slots=True)
class Report:
    """What became of an export. `place` is how many messages of it were worked off: a resumed import starts there."""

    place: int = 0
    new: int = 0
    edited: int = 0
    known: int = 0
    elsewhere: Tally = field(default_factory=Tally)  # messages by the type of a chat that is not mirrored
    strange: Tally = field(default_factory=Tally)  # what there is no place for, by Telegram Desktop's name
    torn: bool = False  # the file breaks off: what is before that is taken

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Report:
        """As it was kept."""
        return cls(
            place=facts.get("place", 0),
            new=facts.get("new", 0),
            edited=facts.get("edited", 0),
            known=facts.get("known", 0),
            elsewhere=Tally(facts.get("elsewhere", {})),
            strange=Tally(facts.get("strange", {})),
        )

    def facts(self) -> dict[str, Any]:
        """To be kept."""
        return {
            "place": self.place,
            "new": self.new,
            "edited": self.edited,
            "known": self.known,
            "elsewhere": dict(self.elsewhere),
            "strange": dict(self.strange),
            "torn": self.torn,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """Into which account an export is taken, who wants it (None: the operator), and what a run before this has done.

    `at_once`: how many bytes of the file go into one commit, for which whoever else writes has to wait.
    """

    account_id: int
    asked_by: int | None = None
    size: Size = nothing_beside
    beside: Beside | None = None  # where its files are to be kept, too
    at_once: int = 2**20
    before: Report = field(default_factory=Report)
