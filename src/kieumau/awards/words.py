"""What standings and grounds are called on pages."""

from django.utils.translation import gettext_lazy as _

from kieumau.awards.models import Paper
from kieumau.awards.rules import Ground, Standing

PAPERS = {Paper.Kind.CERTIFICATE.value: _("Certificate"), Paper.Kind.DECISION.value: _("Decision")}
STANDINGS = {
    Standing.TO_COME: _("not yet in force"),
    Standing.IN_FORCE: _("in force"),
    Standing.RENEWAL_DUE: _("to be renewed soon"),
    Standing.EXPIRED: _("run out"),
    Standing.WITHDRAWN: _("withdrawn"),
}
GROUNDS = {
    Ground.FALSE_DECLARATION: _("false declaration"),
    Ground.FORGED_DOSSIER: _("forged dossier"),
    Ground.UNLAWFUL_APPRAISAL: _("appraised against the law"),
    Ground.STANDARD_NOT_MET: _("the standard was found not met later"),
}
