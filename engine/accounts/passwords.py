"""Password rules and hashes: argon2id, checked in a thread, a few at a time.

Rules after OWASP ASVS 5.0, 6.2: length counts, composition rules do not.
"""

from __future__ import annotations

import asyncio
import os
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from engine.errors import FieldProblem, InvalidInput

__all__ = ["Passwords", "check_password"]

SHORTEST, LONGEST = 8, 256
COMMON = frozenset(
    """
    password password1 password12 password123 passw0rd 12345678 123456789 1234567890 11111111 00000000
    qwertyui qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx iloveyou sunshine princess football baseball
    superman trustno1 welcome1 welcome123 letmein1 admin123 administrator abcd1234 abc12345 changeme
    secret123 storeclerk storeclerk1 87654321 asdfghjkl zxcvbnm1 monkey123 dragon123 michelle jennifer
    starwars computer
    """.split()  # noqa: SIM905 - one word after the other is easier to keep
)


def check_password(password: str, email: str) -> None:
    """Raise InvalidInput when a new password is too short, too long or among the first anybody tries."""
    if len(password) < SHORTEST:
        problem = f"it has fewer than {SHORTEST} characters; a few words you can remember are best"
    elif len(password) > LONGEST:
        problem = f"it has more than {LONGEST} characters"
    elif password.lower() in COMMON or password.lower() in {email.lower(), email.partition("@")[0].lower()}:
        problem = "it is among the first that others would try; choose another"
    else:
        return
    raise InvalidInput(
        f"The password cannot be used: {problem}.", code="weak_password", fields=[FieldProblem("password", problem)]
    )


class Passwords:
    """Hashes and checks passwords without holding up anybody else.

    Parameters are the floor of the OWASP password storage sheet: 19,456 KiB, two passes, one lane.
    """

    def __init__(self) -> None:
        self.hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self.at_once = asyncio.Semaphore(max(1, (os.cpu_count() or 1)))

    @cached_property
    def decoy(self) -> str:
        """A hash that no password matches, checked for unknown addresses so that they take as long."""
        return self.hasher.hash(os.urandom(16).hex())

    async def hash(self, password: str) -> str:
        """The password's hash, in PHC string form."""
        async with self.at_once:
            return await asyncio.to_thread(self.hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one behind `stored`; takes as long when nothing is stored."""

        def verify() -> bool:
            try:
                return self.hasher.verify(stored or self.decoy, password) and stored is not None
            except (VerifyMismatchError, InvalidHashError):
                return False

        async with self.at_once:
            return await asyncio.to_thread(verify)

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self.hasher.check_needs_rehash(stored)
