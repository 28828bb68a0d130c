"""Addresses of the criteria sets."""

from django.urls import path, register_converter

from kieumau.criteria import builder_views, draft_views, views
from kieumau.criteria.live import views as live


class CodeConverter:
    """The code of a set or a criterion in an address: what `rules.Code` allows."""

    regex = r"[a-z0-9][a-z0-9.-]{0,39}"

    def to_python(self, value: str) -> str:
        """The code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it stands."""
        return value


register_converter(CodeConverter, "code")

_DRAFT = "bo-tieu-chi/ban-thao/<int:draft_id>/"

# The drafts stand before the sets, whose codes would fit their addresses too.
urlpatterns = [
    path("bo-tieu-chi/ban-thao/", draft_views.drafts, name="drafts"),
    path("bo-tieu-chi/ban-thao/moi/", draft_views.draft_new, name="draft_new"),
    path("bo-tieu-chi/ban-thao/tai-len/", draft_views.draft_upload, name="draft_upload"),
    path(_DRAFT, builder_views.draft, name="draft"),
    path(f"{_DRAFT}chung/", builder_views.draft_head, name="draft_head"),
    path(f"{_DRAFT}tieu-chi/moi/", builder_views.draft_criterion_new, name="draft_criterion_new"),
    path(f"{_DRAFT}tieu-chi/<int:position>/", builder_views.draft_criterion, name="draft_criterion"),
    path(f"{_DRAFT}chi-tieu/", builder_views.draft_indicators, name="draft_indicators"),
    path(f"{_DRAFT}yaml/", draft_views.draft_yaml, name="draft_yaml"),
    path(f"{_DRAFT}tai-ve/", draft_views.draft_download, name="draft_download"),
    path(f"{_DRAFT}xoa/", draft_views.draft_delete, name="draft_delete"),
    path(f"{_DRAFT}khoi-phuc/", draft_views.draft_restore, name="draft_restore"),
    path("bo-tieu-chi/", views.criteria_sets, name="criteria_sets"),
    path("bo-tieu-chi/tu-vung/", live.words_to_write, name="criteria_words"),
    path("bo-tieu-chi/kiem-tra/", live.check_written, name="criteria_check"),
    path("bo-tieu-chi/<code:code>/<int:version>/", views.criteria_set, name="criteria_set"),
]
