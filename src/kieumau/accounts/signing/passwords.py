"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 64 MiB, three passes, four lanes: the second choice of RFC 9106, for small memory.

    Django's own 100 MiB a sign-in would leave a small server little room for four at once.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4
