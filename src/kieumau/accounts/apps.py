"""Who signs in, and what each may do."""

from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from kieumau.audit.parts import PROGRAMME, ROLE
from kieumau.audit.registry import code_names, readable_units, seeing_all
from kieumau.units.registry import hanging


class AccountsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Connections begin and end working for nobody; the serving role may what it must; the log
        knows what roles and programmes are called."""
        from kieumau.accounts.acting import end, everywhere, opened  # noqa: PLC0415 (apps must be ready)
        from kieumau.accounts.hanging import roles_of_people  # noqa: PLC0415 (apps must be ready)
        from kieumau.accounts.registry import programme_names  # noqa: PLC0415 (apps must be ready)
        from kieumau.accounts.roles import names_of  # noqa: PLC0415 (apps must be ready)
        from kieumau.accounts.row_security import open_to_serving  # noqa: PLC0415 (apps must be ready)
        from kieumau.accounts.scopes import units_of_log  # noqa: PLC0415 (apps must be ready)

        hanging.append(roles_of_people)
        connection_created.connect(opened)
        request_finished.connect(end)
        post_migrate.connect(open_to_serving, sender=self)
        readable_units.append(units_of_log)
        seeing_all.append(everywhere)
        code_names[ROLE] = names_of
        code_names[PROGRAMME] = lambda codes: programme_names()
