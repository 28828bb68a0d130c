"""What is done to indicators and figures, for the log."""

from kieumau.audit.verbs import verb

LOAD_CATALOGUE = verb(
    "indicators.load_catalogue",
    vi="{actor} đã nạp danh mục chỉ tiêu {object}",
    en="{actor} loaded catalogue {object}",
)
RECORD_FIGURES = verb(
    "indicators.record_figures",
    vi="{actor} đã ghi số liệu: {object}",
    en="{actor} recorded figures: {object}",
)
REMOVE_FIGURES = verb(
    "indicators.remove_figures",
    vi="{actor} đã gỡ số liệu: {object}",
    en="{actor} removed figures: {object}",
)
EXPLAIN_FIGURES = verb(
    "indicators.explain_figures",
    vi="{actor} đã giải trình số liệu: {object}",
    en="{actor} explained figures: {object}",
)
