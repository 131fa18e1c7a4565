"""What can go wrong in the product: kinds and facts; the words are chosen at the edge."""

from __future__ import annotations


class CrmError(Exception):
    """The root of all that a person can be told. Attributes are facts, never sentences."""


class NotAllowed(CrmError):  # noqa: N818  a kind, named as people say it
    """The person's role does not allow this."""

    def __init__(self, power: str) -> None:
        super().__init__(power)
        self.power = power


class Outsider(NotAllowed):
    """The person has no seat here at all, and learns nothing more."""

    def __init__(self) -> None:
        super().__init__("enter")


class NotFound(CrmError):  # noqa: N818
    """It is not there, or not for this person: the two look the same."""

    def __init__(self, noun: str) -> None:
        super().__init__(noun)
        self.noun = noun


class Invalid(CrmError):  # noqa: N818
    """What was given does not fit. `reason` is a short key such as empty, too_long, taken, mismatch."""

    def __init__(self, field: str, reason: str, limit: int | None = None) -> None:
        super().__init__(field, reason, limit)
        self.field, self.reason, self.limit = field, reason, limit


class Leaving(CrmError):  # noqa: N818
    """The workspace is to be deleted: reading, export and the way back are all that is left."""


class NotNow(CrmError):  # noqa: N818
    """It cannot be done at this moment. `reason` is a short key such as running, no_account, unreachable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
