"""Which version follows another."""

from django.template import Library

from kieumau.criteria.models import CriteriaSet

register = Library()


@register.simple_tag
def newer_version(version: CriteriaSet) -> CriteriaSet | None:
    """The newest version of the same set, where that is another; None where it is this one. One query."""
    later = CriteriaSet.objects.filter(code=version.code, version__gt=version.version)
    return later.order_by("-version").first()
