"""The pages that look across domains, as a part of the installation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kieumau.web import navigation, synthetic


class HomeConfig(AppConfig):
    """The pages that look across domains; puts the entries into the header of every page."""

    name = "kieumau.home"
    label = "home"

    def ready(self) -> None:
        """Fill the header, and say when figures are made up; models may only be imported now."""
        from kieumau.criteria.access import may_draft  # noqa: PLC0415 (apps must be ready)
        from kieumau.home.periods import has_synthetic_figures  # noqa: PLC0415 (apps must be ready)

        synthetic.ask(has_synthetic_figures)
        navigation.add_own("my_work", _("My work"), lambda person: 0)
        navigation.add("home", _("Overview"), 10)
        navigation.add("criteria_sets", _("Criteria sets"), 20)
        navigation.add("drafts", _("Drafts"), 55, is_main=False, opens_to=may_draft)
        navigation.add("search", _("Find a unit"), 30)
