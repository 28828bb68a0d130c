"""What is done to rounds and dossiers, for the log."""

from kieumau.audit.verbs import verb
from kieumau.rounds.rules import Act

SAY = verb(
    "rounds.say", vi="{actor} đã lưu kết quả tiêu chí, {object}", en="{actor} saved a finding, {object}"
)
ACTS = {
    Act.SUBMIT: verb("rounds.submit", vi="{actor} đã trình hồ sơ {object}", en="{actor} submitted {object}"),
    Act.SEND_BACK: verb(
        "rounds.send_back", vi="{actor} đã trả lại hồ sơ {object}", en="{actor} sent back {object}"
    ),
    Act.CONCLUDE: verb(
        "rounds.conclude",
        vi="{actor} đã kết luận giai đoạn của hồ sơ {object}",
        en="{actor} concluded a stage of {object}",
    ),
    Act.DECIDE: verb(
        "rounds.decide",
        vi="{actor} đã ghi quyết định về hồ sơ {object}",
        en="{actor} recorded a decision on {object}",
    ),
}
ADD_EVIDENCE = verb(
    "rounds.add_evidence", vi="{actor} đã thêm minh chứng, {object}", en="{actor} added evidence, {object}"
)
REMOVE_EVIDENCE = verb(
    "rounds.remove_evidence", vi="{actor} đã bỏ minh chứng, {object}", en="{actor} removed evidence, {object}"
)
LOOK_AT_EVIDENCE = verb(
    "rounds.look_at_evidence",
    vi="{actor} đã xem xét minh chứng, {object}",
    en="{actor} judged evidence, {object}",
)
VOTE = verb(
    "rounds.vote", vi="{actor} đã ghi biểu quyết về hồ sơ {object}", en="{actor} recorded a vote on {object}"
)
CORRECT_VOTE = verb(
    "rounds.correct_vote",
    vi="{actor} đã sửa biểu quyết về hồ sơ {object}",
    en="{actor} corrected a vote on {object}",
)
ASK_FOR_ROUND = verb(
    "rounds.ask_for_round", vi="{actor} đã tạo đợt đánh giá {object}", en="{actor} asked for round {object}"
)
OPEN = verb(
    "rounds.open", vi="Đợt đánh giá {object} đã mở ({actor})", en="Round {object} was opened ({actor})"
)
CANCEL = verb(
    "rounds.cancel", vi="{actor} đã hủy đợt đánh giá {object}", en="{actor} cancelled round {object}"
)
PREPARE_ANEW = verb(
    "rounds.prepare_anew",
    vi="{actor} đã cho chuẩn bị lại đợt đánh giá {object}",
    en="{actor} had round {object} prepared anew",
)
EXTEND = verb(
    "rounds.extend", vi="{actor} đã gia hạn đợt {object}", en="{actor} extended a deadline of {object}"
)
ASSIGN_TEAM = verb(
    "rounds.assign_team",
    vi="{actor} đã giao tiêu chí cho tổ, {object}",
    en="{actor} assigned a team, {object}",
)
CHANGE_TEAM = verb(
    "rounds.change_team", vi="{actor} đã sửa tổ, {object}", en="{actor} changed a team, {object}"
)
END_TEAM = verb("rounds.end_team", vi="{actor} đã kết thúc tổ, {object}", en="{actor} ended a team, {object}")
CLOSE = verb("rounds.close", vi="{actor} đã đóng đợt đánh giá {object}", en="{actor} closed round {object}")
