"""Addresses below /reports/."""

from django.urls import path

from reports.views import criteria, disclosures, letters, packages, periods, photo_sheets, reports, schemes, scores

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

hand_in_urls = [
    path("packages/", packages.packages, name="packages"),
    path("packages/new/", packages.package_new, name="package-new"),
    path("packages/<int:pk>/", packages.package, name="package"),
    path("packages/<int:pk>/make-file/", packages.package_make_file, name="package-make-file"),
    path("packages/<int:pk>/progress/", packages.package_progress, name="package-progress"),
    path("packages/<int:pk>/file/", packages.package_file, name="package-file"),
    path("photo-sheets/", photo_sheets.photo_sheets, name="photo-sheets"),
    path("photo-sheets/choose/", photo_sheets.photo_sheet_choose, name="photo-sheet-choose"),
    path("photo-sheets/chosen/", photo_sheets.photo_sheet_chosen, name="photo-sheet-chosen"),
    path("photo-sheets/new/", photo_sheets.photo_sheet_new, name="photo-sheet-new"),
    path("photo-sheets/<int:pk>/", photo_sheets.photo_sheet, name="photo-sheet"),
    path("photo-sheets/<int:pk>/make-file/", photo_sheets.photo_sheet_make_file, name="photo-sheet-make-file"),
    path("photo-sheets/<int:pk>/progress/", photo_sheets.photo_sheet_progress, name="photo-sheet-progress"),
    path("photo-sheets/<int:pk>/file/", photo_sheets.photo_sheet_file, name="photo-sheet-file"),
]

# What is asked and what is found, together.
criterion_urls = [
    path("criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("criteria/<int:pk>/items/", criteria.criterion_items, name="criterion-items"),
    path("standards/<int:pk>/items/", criteria.standard_items, name="standard-items"),
    path("standards/<int:pk>/items/take/", criteria.standard_items_take, name="standard-items-take"),
]

disclosure_urls = [
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/new/", disclosures.disclosure_choose, name="disclosure-choose"),
    path("disclosures/of-ledger/<int:pk>/", disclosures.disclosure_new, name="disclosure-new"),
    path("disclosures/<int:pk>/", disclosures.disclosure, name="disclosure"),
    path("disclosures/<int:pk>/publish/", disclosures.disclosure_publish, name="disclosure-publish"),
    path("disclosures/<int:pk>/withdraw/", disclosures.disclosure_withdraw, name="disclosure-withdraw"),
    path("disclosures/<int:pk>/make-file/", disclosures.disclosure_make_file, name="disclosure-make-file"),
    path("disclosures/<int:pk>/progress/", disclosures.disclosure_progress, name="disclosure-progress"),
    path("disclosures/<int:pk>/file/", disclosures.disclosure_file, name="disclosure-file"),
    path("disclosures/<int:pk>/sheet/", disclosures.disclosure_sheet, name="disclosure-sheet"),
]

# The papers of responsibility letters: the letters have their pages below /tasks/.
letter_urls = [
    path("letters/<int:pk>/make-file/", letters.letter_make_file, name="letter-make-file"),
    path("letters/<int:pk>/progress/", letters.letter_progress, name="letter-progress"),
    path("letters/<int:pk>/file/", letters.letter_file, name="letter-file"),
]

urlpatterns = [
    *period_urls,
    *scheme_urls,
    *report_urls,
    *criterion_urls,
    *disclosure_urls,
    *letter_urls,
    *hand_in_urls,
]
