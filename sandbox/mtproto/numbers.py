"""The numbers of the cryptography: the server's RSA key, the Diffie-Hellman group, and the primes of the handshake."""

from __future__ import annotations

import secrets
from functools import cache
from hashlib import sha1

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.mtproto.tl import types

GENERATOR = 3
BLOCK = 256  # bytes of an RSA block and of a Diffie-Hellman value
# The prime that Telegram's servers use: clients know it and skip the slow test that it is a safe one.
PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DB"
    "FA336F6E0AC925139543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"
    "2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B41"
    "0DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"
    "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE2E4E15D04B2454BF"
    "6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)
PRIME_BYTES = PRIME.to_bytes(256)
_SECRET_BITS = 512  # twice the strength of the keys made from it, at a quarter of the cost of 2048
_SAFETY = 1 << (2048 - 64)
_PQ_BITS = 23  # Telegram has 31: these cost a client 5 ms to find, not 60, and keep the sign bit of p*q free


def is_safe_power(power: int) -> bool:
    """Check a public Diffie-Hellman value as both sides must."""
    return _SAFETY <= power <= PRIME - _SAFETY


def secret_exponent() -> int:
    """Draw a secret whose public value passes the check."""
    while True:
        secret = secrets.randbits(_SECRET_BITS)
        if is_safe_power(pow(GENERATOR, secret, PRIME)):
            return secret


def two_primes() -> tuple[int, int]:
    """Draw p < q for the client to find in their product."""
    p = q = _prime()
    while p == q:
        q = _prime()
    return min(p, q), max(p, q)


def _prime() -> int:
    while True:
        candidate = secrets.randbits(_PQ_BITS) | 1 | 1 << (_PQ_BITS - 1)
        if all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7, 11)):
            return candidate


def shortest_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


class ServerKey:
    """The RSA key by which a client knows the server."""

    def __init__(self) -> None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        numbers = private.private_numbers()
        self._private = numbers
        self.pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
        serialise = types.PeerUser.serialize_bytes  # any TL class has it
        digest = sha1(  # noqa: S324  the protocol's own
            serialise(shortest_bytes(numbers.public_numbers.n)) + serialise(shortest_bytes(numbers.public_numbers.e))
        ).digest()
        self.fingerprint = int.from_bytes(digest[-8:], "little", signed=True)

    def decrypt(self, block: bytes) -> bytes:
        """Undo the client's bare RSA: 255 bytes of SHA-1, data and padding."""
        number, key = int.from_bytes(block), self._private
        by_p, by_q = pow(number, key.dmp1, key.p), pow(number, key.dmq1, key.q)
        power = by_q + key.q * ((by_p - by_q) * key.iqmp % key.p)  # Chinese remainders: a quarter of the time
        return (power & ((1 << 2040) - 1)).to_bytes(255)


@cache
def server_key() -> ServerKey:
    """One key for the whole process: making one can cost a second."""
    return ServerKey()
