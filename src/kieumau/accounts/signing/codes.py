"""A one-time code is good once, whichever process is asked, and no code before the last one that was used.

The library remembers used codes in a cache, which is one process's memory, and for a shorter time than they
are good.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import transaction

_LAST = "last_counter"


@transaction.atomic
def use(factor: Authenticator, code: str) -> bool:
    """Use up a code that was found right; False where it, or a later one, was used before.

    Of other factors than one-time codes everything is True: they look after themselves.
    """
    if factor.type != Authenticator.Type.TOTP:
        return True
    kept = Authenticator.objects.select_for_update().get(pk=factor.pk)
    secret = get_adapter().decrypt(kept.data["secret"])
    fitting = [
        counter
        for counter in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))
    ]
    fresh = [counter for counter in fitting if counter > kept.data.get(_LAST, -1)]
    if not fresh:
        return False
    factor.data = {**kept.data, _LAST: max(fresh)}
    factor.save(update_fields=["data"])
    return True
