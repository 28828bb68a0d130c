"""What is done to the table of days off, for the log."""

from kieumau.audit.verbs import verb

LOAD_DAYS_OFF = verb(
    "calendars.load_days_off", vi="{actor} đã nạp ngày nghỉ {object}", en="{actor} loaded days off {object}"
)
SET_DAY = verb("calendars.set_day", vi="{actor} đã đặt ngày {object}", en="{actor} set the day {object}")
CLEAR_DAY = verb(
    "calendars.clear_day",
    vi="{actor} đã bỏ ngày nghỉ, ngày làm bù {object}",
    en="{actor} cleared the day {object}",
)
