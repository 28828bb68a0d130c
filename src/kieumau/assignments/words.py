"""What origins, standings and acts are called on pages."""

from django.utils.translation import gettext_lazy as _

from kieumau.assignments.models import Directive
from kieumau.assignments.queries import View
from kieumau.assignments.rules import Act, Origin, Standing, State

ORIGINS = {
    Origin.CONCLUSION: _("conclusion of a visit"),
    Origin.DIRECTIVE: _("directive"),
    Origin.CRITERION: _("criterion not met"),
    Origin.OWN: _("no document or visit"),
}
STANDINGS = {
    Standing.RUNNING: _("in progress"),
    Standing.DUE_SOON: _("due soon"),
    Standing.OVERDUE: _("overdue"),
    Standing.SENT_BACK: _("sent back"),
    Standing.REPORTED: _("reported, to be closed"),
    Standing.REPORTED_LATE: _("reported late, to be closed"),
    Standing.CLOSED: _("done and closed"),
    Standing.WITHDRAWN: _("withdrawn"),
}
STATES = {
    State.GIVEN: _("in progress"),
    State.REPORTED: _("reported, to be closed"),
    State.SENT_BACK: _("sent back"),
    State.CLOSED: _("done and closed"),
    State.WITHDRAWN: _("withdrawn"),
}
ACTS = {
    Act.GIVE: _("Given"),
    Act.CHANGE: _("Changed"),
    Act.PROGRESS: _("Progress reported"),
    Act.REPORT: _("Reported as done"),
    Act.SEND_BACK: _("Sent back"),
    Act.CLOSE: _("Closed"),
    Act.WITHDRAW: _("Withdrawn"),
    Act.ASK: _("More time asked for"),
    Act.GRANT: _("More time granted"),
    Act.REFUSE: _("More time refused"),
}
VIEWS = {
    View.TO_DO: _("For us to do"),
    View.HELPED: _("We help with"),
    View.GIVEN: _("Given by us"),
    View.OVERDUE: _("Overdue"),
    View.ALL: _("All"),
}
SOURCES = {
    Directive.Source.CONFERENCE: _("conference"),
    Directive.Source.DOCUMENT: _("document"),
}
