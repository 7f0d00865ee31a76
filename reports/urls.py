"""Addresses below /reports/."""

from django.urls import path

from reports.views import letters, periods, reports, schemes, scores

app_name = "reports"

# The closing desk.
period_urls = [
    path("periods/", periods.periods, name="periods"),
    path("periods/open/", periods.period_open, name="period-open"),
    path("periods/<int:pk>/", periods.period, name="period"),
    path("periods/<int:pk>/compute/", periods.period_compute, name="period-compute"),
    path("periods/<int:pk>/draft/", periods.period_draft, name="period-draft"),
    path("rankings/<int:pk>/", periods.ranking, name="ranking"),
]

scheme_urls = [
    path("schemes/", schemes.schemes, name="schemes"),
    path("schemes/new/", schemes.scheme_new, name="scheme-new"),
    path("schemes/<int:pk>/", schemes.scheme, name="scheme"),
    path("schemes/<int:pk>/edit/", schemes.scheme_edit, name="scheme-edit"),
    path("schemes/<int:pk>/copy/", schemes.scheme_copy, name="scheme-copy"),
]

# One address per step of the workflow: `report-<step>`.
report_urls = [
    path("", reports.reports, name="reports"),
    path("scoreboard/", reports.scoreboard, name="scoreboard"),
    path("scores/<int:pk>/", scores.score, name="score"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/issue/", reports.report_issue, name="report-issue"),
    path("<int:pk>/withdraw/", reports.report_withdraw, name="report-withdraw"),
    path("<int:pk>/make-file/", reports.report_make_file, name="report-make-file"),
    path("<int:pk>/progress/", reports.report_progress, name="report-progress"),
    path("<int:pk>/file/", reports.report_file, name="report-file"),
]

# The papers of responsibility letters: the letters have their pages below /tasks/.
letter_urls = [
    path("letters/<int:pk>/make-file/", letters.letter_make_file, name="letter-make-file"),
    path("letters/<int:pk>/progress/", letters.letter_progress, name="letter-progress"),
    path("letters/<int:pk>/file/", letters.letter_file, name="letter-file"),
]

urlpatterns = [*period_urls, *scheme_urls, *report_urls, *letter_urls]
