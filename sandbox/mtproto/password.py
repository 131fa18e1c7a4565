"""The second password, proven without being sent: SRP as https://core.telegram.org/api/srp describes it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import pbkdf2_hmac, sha256
from typing import Any

from sandbox.mtproto.calls import BadRequest, FloodWait
from sandbox.mtproto.limits import Rate
from sandbox.mtproto.numbers import GENERATOR, PRIME, PRIME_BYTES, is_safe_power, secret_exponent
from sandbox.mtproto.tl import types
from sandbox.world import Person

_G_BYTES = GENERATOR.to_bytes(256)
_TRIES, _REST = 5, 3600
_ROUNDS = 100_000


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked of a person: the proof must fit these numbers and no others."""

    id: int
    secret: int = field(repr=False)
    public: bytes


@dataclass(frozen=True, slots=True)
class _Verifier:
    """What a server keeps in place of the password."""

    password: str = field(repr=False)
    salt1: bytes
    salt2: bytes
    power: int = field(repr=False)


class Passwords:
    """Asks for passwords and checks the proofs."""

    def __init__(self) -> None:
        self._verifiers: dict[int, _Verifier] = {}
        self._questions: dict[int, _Question] = {}
        self._wrong = Rate(_TRIES, _REST)

    def question(self, person: Person) -> Any:
        """Give account.password for a person, with numbers to prove the password against if there is one."""
        asked: dict[str, Any] = {}
        if person.password:
            verifier = self._verifier(person)
            secret = secret_exponent()
            public = (_multiplier() * verifier.power + pow(GENERATOR, secret, PRIME)) % PRIME
            question = _Question(secrets.randbits(63), secret, public.to_bytes(256))
            self._questions[person.id] = question
            asked = {
                "current_algo": _algorithm(verifier.salt1, verifier.salt2),
                "srp_B": question.public,
                "srp_id": question.id,
            }
        return types.account.Password(
            has_password=bool(asked),
            new_algo=_algorithm(secrets.token_bytes(8), secrets.token_bytes(16)),
            new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
            secure_random=secrets.token_bytes(256),
            **asked,
        )

    def check(self, person: Person, proof: Any, now: datetime) -> None:
        """Accept a proof of the password. Refuses a wrong one, and after too many asks to wait."""
        question = self._questions.pop(person.id, None)
        if question is None or getattr(proof, "srp_id", None) != question.id:
            raise BadRequest("SRP_ID_INVALID")
        if not secrets.compare_digest(self._expected(person, question, proof.A), proof.M1):
            if wait := self._wrong.wait(person.id, now.timestamp()):
                raise FloodWait(wait)
            raise BadRequest("PASSWORD_HASH_INVALID")

    def _expected(self, person: Person, question: _Question, public: bytes) -> bytes:
        a = int.from_bytes(public)
        if not is_safe_power(a):
            raise BadRequest("PASSWORD_HASH_INVALID")
        verifier = self._verifier(person)
        a_bytes = a.to_bytes(256)
        u = int.from_bytes(_hash(a_bytes, question.public))
        shared = pow(a * pow(verifier.power, u, PRIME), question.secret, PRIME).to_bytes(256)
        mixed = bytes(x ^ y for x, y in zip(_hash(PRIME_BYTES), _hash(_G_BYTES), strict=True))
        return _hash(mixed, _hash(verifier.salt1), _hash(verifier.salt2), a_bytes, question.public, _hash(shared))

    def _verifier(self, person: Person) -> _Verifier:
        known = self._verifiers.get(person.id)
        if known is None or known.password != person.password:
            salt1, salt2 = secrets.token_bytes(8), secrets.token_bytes(16)
            password = person.password or ""
            power = pow(GENERATOR, _stretched(password, salt1, salt2), PRIME)
            known = self._verifiers[person.id] = _Verifier(password, salt1, salt2, power)
        return known


def _algorithm(salt1: bytes, salt2: bytes) -> Any:
    return types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(salt1, salt2, GENERATOR, PRIME_BYTES)


def _multiplier() -> int:
    return int.from_bytes(_hash(PRIME_BYTES, _G_BYTES))


def _stretched(password: str, salt1: bytes, salt2: bytes) -> int:
    inner = _hash(salt2, _hash(salt1, password.encode(), salt1), salt2)
    slow = pbkdf2_hmac("sha512", inner, salt1, _ROUNDS)
    return int.from_bytes(_hash(salt2, slow, salt2))


def _hash(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()
