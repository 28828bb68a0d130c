"""What bodies, roles, phases and stages are called on pages."""

from django.utils.translation import gettext_lazy as _

from kieumau.programmes.models import Member, Seat
from kieumau.programmes.rules import Progress
from kieumau.units.models import Level

BODIES = {Seat.Body.STEERING: _("Steering committee"), Seat.Body.HELPERS: _("Helper team")}
ROLES = {
    Seat.Role.HEAD: _("Head"),
    Seat.Role.DEPUTY: _("Deputy head"),
    Seat.Role.STANDING: _("Standing member"),
    Seat.Role.MEMBER: _("Member of the body"),
}
RANK = {role: rank for rank, role in enumerate(ROLES)}
LEVELS = {
    Level.COMMUNE: _("Communes and wards"),
    Level.DISTRICT: _("Districts"),
    Level.PROVINCE: _("Provinces"),
}
PHASES = {Member.Phase.PILOT: _("Pilot"), Member.Phase.ROLL_OUT: _("Roll-out")}
PROGRESS = {
    Progress.DONE: _("done"),
    Progress.NOW: _("under way"),
    Progress.LATE: _("overdue"),
    Progress.TO_COME: _("to come"),
}
