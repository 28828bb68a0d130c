"""Which version follows another."""

from django.template import Context, Library
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.registry import offers

register = Library()


@register.simple_tag
def newer_version(version: CriteriaSet) -> CriteriaSet | None:
    """The newest version of the same set, where that is another; None where it is this one. One query."""
    later = CriteriaSet.objects.filter(code=version.code, version__gt=version.version)
    return later.order_by("-version").first()


@register.simple_tag(takes_context=True)
def version_offers(context: Context, version: CriteriaSet) -> SafeString:
    """What higher packages offer on the page of a version, such as judging by it."""
    request = context.get("request")
    return format_html_join("", "{}", ((offer(request, version),) for offer in offers if request is not None))
