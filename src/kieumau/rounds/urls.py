"""Addresses of rounds and dossiers."""

from django.urls import path

from kieumau.rounds import (
    assigning,
    assigning_all,
    criterion_views,
    deciding_views,
    dossier_views,
    office_views,
    proof_views,
    views,
)

urlpatterns = [
    path("dot-danh-gia/", views.rounds, name="rounds"),
    path("dot-danh-gia/moi/", office_views.round_new, name="round_new"),
    path("dot-danh-gia/<int:round_id>/", views.round_, name="round"),
    path("dot-danh-gia/<int:round_id>/tai-ve/", views.round_csv, name="round_csv"),
    path("dot-danh-gia/<int:round_id>/gia-han/", office_views.round_extend, name="round_extend"),
    path("dot-danh-gia/<int:round_id>/to/", office_views.round_teams, name="round_teams"),
    path("dot-danh-gia/<int:round_id>/giao-nhiem-vu/", assigning_all.round_assign, name="round_assign"),
    path("dot-danh-gia/<int:round_id>/to/<int:team_id>/", office_views.round_team, name="round_team"),
    path("dot-danh-gia/<int:round_id>/dong/", office_views.round_close, name="round_close"),
    path("dot-danh-gia/<int:round_id>/huy/", office_views.round_cancel, name="round_cancel"),
    path("ho-so/<int:dossier_id>/", dossier_views.dossier, name="dossier"),
    path("ho-so/<int:dossier_id>/bieu-quyet/", deciding_views.dossier_vote, name="dossier_vote"),
    path("ho-so/<int:dossier_id>/giao-nhiem-vu/", assigning.dossier_assign, name="dossier_assign"),
    path("ho-so/<int:dossier_id>/chuyen/", deciding_views.dossier_move, name="dossier_move"),
    path(
        "ho-so/<int:dossier_id>/tieu-chi/<str:code>/",
        criterion_views.dossier_criterion,
        name="dossier_criterion",
    ),
    path(
        "ho-so/<int:dossier_id>/tieu-chi/<str:code>/minh-chung/",
        proof_views.dossier_evidence,
        name="dossier_evidence",
    ),
    path(
        "ho-so/<int:dossier_id>/tieu-chi/<str:code>/minh-chung/moi/",
        proof_views.dossier_evidence_new,
        name="dossier_evidence_new",
    ),
    path(
        "ho-so/<int:dossier_id>/van-ban/<int:document_id>/",
        proof_views.dossier_document,
        name="dossier_document",
    ),
    path("ho-so/<int:dossier_id>/tep/<int:file_id>/", proof_views.dossier_file, name="dossier_file"),
]
