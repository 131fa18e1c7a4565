"""The address of every button: what a press says, in 64 bytes at the most. State is here and in the vault only."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]  # a forged one that no row can have is an old button
