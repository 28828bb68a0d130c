"""Addresses of assignments, visits and directives."""

from django.urls import path

from kieumau.assignments import directive_views, giving_views, list_views, views, visit_views

urlpatterns = [
    path("nhiem-vu/", list_views.assignments, name="assignments"),
    path("nhiem-vu/csv/", list_views.assignments_csv, name="assignments_csv"),
    path("nhiem-vu/moi/", giving_views.assignment_new, name="assignment_new"),
    path("nhiem-vu/<int:assignment_id>/", views.assignment, name="assignment"),
    path("nhiem-vu/<int:assignment_id>/bao-cao/", views.assignment_report, name="assignment_report"),
    path("nhiem-vu/<int:assignment_id>/sua/", giving_views.assignment_edit, name="assignment_edit"),
    path("nhiem-vu/<int:assignment_id>/xu-ly/", views.assignment_act, name="assignment_act"),
    path("dot-kiem-tra/", visit_views.visits, name="visits"),
    path("dot-kiem-tra/moi/", visit_views.visit_new, name="visit_new"),
    path("dot-kiem-tra/<int:visit_id>/", visit_views.visit, name="visit"),
    path("dot-kiem-tra/<int:visit_id>/sua/", visit_views.visit_edit, name="visit_edit"),
    path("dot-kiem-tra/<int:visit_id>/giao/", visit_views.visit_assign, name="visit_assign"),
    path("chi-dao/", directive_views.directives, name="directives"),
    path("chi-dao/moi/", directive_views.directive_new, name="directive_new"),
    path("chi-dao/<int:directive_id>/", directive_views.directive, name="directive"),
    path("chi-dao/<int:directive_id>/sua/", directive_views.directive_edit, name="directive_edit"),
]
