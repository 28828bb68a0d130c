"""The kinds of notices about assignments."""

from kieumau.notices.kinds import kind

GIVEN = kind("assignment.given", vi="Được giao nhiệm vụ", en="An assignment was given")
CHANGED = kind("assignment.changed", vi="Nhiệm vụ thay đổi, gia hạn, rút", en="An assignment changed")
SOON = kind("assignment.soon", vi="Nhiệm vụ sắp đến hạn", en="An assignment is due soon")
OVERDUE = kind("assignment.overdue", vi="Nhiệm vụ quá hạn", en="An assignment is overdue")
REPORTED = kind("assignment.reported", vi="Nhiệm vụ đã được báo cáo", en="An assignment was reported on")
SENT_BACK = kind("assignment.sent_back", vi="Nhiệm vụ bị trả lại", en="An assignment was sent back")
CLOSED = kind("assignment.closed", vi="Nhiệm vụ đã kết thúc", en="An assignment was closed")
