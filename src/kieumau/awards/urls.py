"""Addresses of titles."""

from django.urls import path

from kieumau.awards import decision_views, earlier_views, paper_views, register_file, views

urlpatterns = [
    path("danh-hieu/", views.titles, name="titles"),
    path("danh-hieu/tai-ve/", register_file.titles_file, name="titles_file"),
    path("danh-hieu/truoc-day/", earlier_views.title_earlier, name="title_earlier"),
    path("danh-hieu/<int:title_id>/", views.title, name="title"),
    path(
        "danh-hieu/<int:title_id>/giay-chung-nhan/", paper_views.title_certificate, name="title_certificate"
    ),
    path("danh-hieu/<int:title_id>/van-ban/", paper_views.title_paper, name="title_paper"),
    path("danh-hieu/<int:title_id>/dinh-chinh/", paper_views.title_put_right, name="title_put_right"),
    path("danh-hieu/<int:title_id>/thu-hoi/", views.title_withdraw, name="title_withdraw"),
    path("ho-so/<int:dossier_id>/quyet-dinh/", decision_views.dossier_decision, name="dossier_decision"),
]
