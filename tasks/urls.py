from django.urls import include, path

from tasks.views import (
    assignments,
    bulk,
    carrying,
    completeness,
    coordination,
    deadlines,
    editions,
    hand_down,
    heat,
    imports,
    ledgers,
    letters,
    materials,
    meetings,
    postponements,
    progress,
    recurrence,
    reminders,
    review,
    rules,
    selfcheck,
    standards,
    task_form,
    workbook,
)

app_name = "tasks"

ledger_urls = [  # tasks/ledgers/
    path("", ledgers.ledgers, name="ledgers"),
    path("new/", ledgers.ledger_new, name="ledger-new"),
    path("<int:pk>/", ledgers.ledger, name="ledger"),
    path("<int:pk>/edit/", ledgers.ledger_edit, name="ledger-edit"),
    path("<int:pk>/export/", ledgers.ledger_export, name="ledger-export"),
    path("<int:pk>/changes/", ledgers.ledger_changes, name="ledger-changes"),
    path("<int:pk>/carry/", carrying.ledger_carry, name="ledger-carry"),
    path("<int:pk>/add/", task_form.task_new, name="task-new"),
]

division_urls = [  # tasks/ledgers/
    path("<int:pk>/bulk/", bulk.form, name="bulk"),
    path("<int:pk>/bulk/preview/", bulk.preview, name="bulk-preview"),
    path("<int:pk>/bulk/confirm/", bulk.confirm, name="bulk-confirm"),
    path("<int:pk>/by-rules/", bulk.by_rules, name="by-rules"),
    path("<int:pk>/by-rules/confirm/", bulk.by_rules_confirm, name="by-rules-confirm"),
    path("<int:pk>/propose-rules/", rules.propose, name="rules-propose"),
]

rule_urls = [  # tasks/rules/
    path("", rules.rules, name="rules"),
    path("new/", rules.rule_new, name="rule-new"),
    path("<int:pk>/", rules.rule_edit, name="rule-edit"),
    path("<int:pk>/delete/", rules.rule_delete, name="rule-delete"),
]

task_urls = [  # tasks/task/
    path("<int:pk>/", ledgers.task, name="task"),
    path("<int:pk>/edit/", task_form.task_edit, name="task-edit"),
    path("<int:pk>/delete/", ledgers.task_delete, name="task-delete"),
    path("<int:pk>/occurrences/", recurrence.make, name="occurrences-make"),
]

assignment_urls = [  # tasks/assignments/
    path("", assignments.assignments, name="assignments"),
    path("export/", assignments.assignments_export, name="assignments-export"),
    path("<int:pk>/", progress.assignment, name="assignment"),
    path("<int:pk>/reuse/", materials.assignment_reuse, name="assignment-reuse"),
    path("<int:pk>/hand-down/", hand_down.hand_down, name="hand-down"),
    path("<int:pk>/write/", progress.write, name="assignment-write"),
    path("<int:pk>/submit/", progress.submit, name="assignment-submit"),
    path("<int:pk>/withdraw/", progress.withdraw, name="assignment-withdraw"),
    path("<int:pk>/approve/", progress.approve, name="assignment-approve"),
    path("<int:pk>/return/", progress.send_back, name="assignment-return"),
    path("<int:pk>/reopen/", progress.reopen, name="assignment-reopen"),
]

evidence_urls = [  # tasks/evidence/
    path("<int:pk>/", progress.evidence_file, name="evidence-file"),
    path("<int:pk>/remove/", progress.evidence_remove, name="evidence-remove"),
]

import_urls = [  # tasks/import/
    path("", imports.upload, name="import"),
    path("<int:pk>/", imports.preview, name="import-preview"),
    path("<int:pk>/choose/", imports.choose, name="import-choose"),
    path("<int:pk>/confirm/", imports.confirm, name="import-confirm"),
    path("<int:pk>/discard/", imports.discard, name="import-discard"),
]

standard_urls = [  # tasks/standards/
    path("", standards.standards, name="standards"),
    path("new/", editions.standard_add, name="standard-add"),
    path("compare/", carrying.standard_compare, name="standard-compare"),
    path("<int:pk>/", standards.standard, name="standard"),
    path("<int:pk>/changes/", standards.standard_changes, name="standard-changes"),
    path("<int:pk>/edit/", editions.standard_edit, name="standard-edit"),
    path("<int:pk>/delete/", editions.standard_delete, name="standard-delete"),
    path("<int:pk>/copy/", editions.standard_copy, name="standard-copy"),
    path("<int:pk>/ledger/", carrying.standard_ledger, name="standard-ledger"),
    path("<int:pk>/add/", editions.indicator_add, name="indicator-add"),
    path("indicators/<int:pk>/edit/", editions.indicator_edit, name="indicator-edit"),
    path("indicators/<int:pk>/delete/", editions.indicator_delete, name="indicator-delete"),
    path("indicators/<int:pk>/add/", editions.criterion_add, name="criterion-add"),
    path("criteria/<int:pk>/edit/", editions.criterion_edit, name="criterion-edit"),
    path("criteria/<int:pk>/delete/", editions.criterion_delete, name="criterion-delete"),
]

view_urls = [  # tasks/
    path("ledgers/<int:pk>/heat/", heat.heat, name="heat"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/file/", deadlines.deadlines_file, name="deadlines-file"),
    path("digest/<int:pk>/", reminders.digest, name="digest"),
    path("ladder/", reminders.ladder, name="ladder"),
]

workbook_urls = [  # tasks/workbook/
    path("ledger/<int:pk>/", workbook.download, name="ledger-workbook"),
    path("ledger/<int:pk>/import/", workbook.upload, name="reimport"),
    path("<int:pk>/", workbook.preview, name="reimport-preview"),
    path("<int:pk>/confirm/", workbook.confirm, name="reimport-confirm"),
    path("<int:pk>/discard/", workbook.discard, name="reimport-discard"),
]

draft_urls = [  # tasks/assignments/
    path("<int:pk>/autosave/", progress.autosave, name="assignment-autosave"),
    path("<int:pk>/ready/", progress.ready, name="assignment-ready"),
    path("<int:pk>/check/", selfcheck.check, name="self-check"),
    path("<int:pk>/postpone/", postponements.ask, name="assignment-postpone"),
    path("<int:pk>/coordinate/", coordination.ask, name="assignment-coordinate"),
]

check_urls = [  # tasks/ledgers/
    path("<int:pk>/checks/", selfcheck.overview, name="self-checks"),
    path("<int:pk>/checks/sheet/", selfcheck.sheet, name="self-check-sheet"),
]

review_urls = [  # tasks/review/
    path("", review.review_queue, name="review-queue"),
    path("<int:pk>/", review.review, name="review"),
    path("<int:pk>/approve/", review.review_approve, name="review-approve"),
    path("<int:pk>/return/", review.review_return, name="review-return"),
    path("reuse/", materials.review_reuse, name="review-reuse"),
    path("together/", review.review_bulk, name="review-bulk"),
    path("together/<int:pk>/", review.review_batch, name="review-batch"),
]

postponement_urls = [  # tasks/postponements/
    path("", postponements.postponements, name="postponements"),
    path("<int:pk>/", postponements.postponement, name="postponement"),
    path("<int:pk>/grant/", postponements.grant, name="postponement-grant"),
    path("<int:pk>/refuse/", postponements.refuse, name="postponement-refuse"),
    path("<int:pk>/withdraw/", postponements.withdraw, name="postponement-withdraw"),
]

coordination_urls = [  # tasks/coordination/
    path("", coordination.coordinations, name="coordinations"),
    path("<int:pk>/", coordination.coordination, name="coordination"),
    path("<int:pk>/decide/", coordination.decide, name="coordination-decide"),
    path("<int:pk>/finish/", coordination.finish, name="coordination-finish"),
    path("<int:pk>/withdraw/", coordination.withdraw, name="coordination-withdraw"),
]

ledger_letter_urls = [  # tasks/ledgers/
    path("<int:pk>/letters/", letters.ledger_letters, name="ledger-letters"),
    path("<int:pk>/letters/preview/", letters.letters_preview, name="letters-preview"),
    path("<int:pk>/letters/make/", letters.letters_make, name="letters-make"),
    path("<int:pk>/letters/issue/", letters.letters_issue, name="letters-issue"),
]

letter_urls = [  # tasks/letters/
    path("<int:pk>/", letters.letter, name="letter"),
    path("<int:pk>/issue/", letters.letter_issue, name="letter-issue"),
    path("<int:pk>/discard/", letters.letter_discard, name="letter-discard"),
    path("<int:pk>/sign/", letters.letter_sign, name="letter-sign"),
    path("<int:pk>/record/", letters.letter_record, name="letter-record"),
    path("<int:pk>/withdraw/", letters.letter_withdraw, name="letter-withdraw"),
    path("<int:pk>/scan/", letters.letter_scan, name="letter-scan"),
    path("<int:pk>/scan/file/", letters.letter_scan_file, name="letter-scan-file"),
]

meeting_urls = [  # tasks/meetings/
    path("", meetings.meetings, name="meetings"),
    path("new/", meetings.meeting_new, name="meeting-new"),
    path("<int:pk>/", meetings.meeting, name="meeting"),
    path("<int:pk>/edit/", meetings.meeting_edit, name="meeting-edit"),
    path("<int:pk>/delete/", meetings.meeting_delete, name="meeting-delete"),
    path("<int:pk>/minutes/", meetings.minutes, name="meeting-minutes"),
    path("<int:pk>/minutes/file/", meetings.minutes_file, name="meeting-file"),
    path("<int:pk>/decide/", meetings.decision_new, name="decision-new"),
    path("<int:pk>/make-tasks/", meetings.make_tasks, name="meeting-make-tasks"),
]

decision_urls = [  # tasks/decisions/
    path("<int:pk>/edit/", meetings.decision_edit, name="decision-edit"),
    path("<int:pk>/delete/", meetings.decision_delete, name="decision-delete"),
]

material_urls = [  # tasks/material/
    path("", materials.materials, name="materials"),
    path("new/", materials.material_new, name="material-new"),
    path("<int:pk>/", materials.material, name="material"),
    path("<int:pk>/edit/", materials.material_edit, name="material-edit"),
    path("<int:pk>/revise/", materials.material_revise, name="material-revise"),
    path("<int:pk>/link/", materials.material_link, name="material-link"),
    path("number/<int:pk>/take-away/", materials.material_unlink, name="material-unlink"),
    path("file/<int:pk>/", materials.material_file, name="material-file"),
    path("take/<int:pk>/", materials.material_take, name="material-take"),
]

completeness_urls = [  # tasks/completeness/
    path("<int:pk>/", completeness.completeness, name="completeness"),
    path("<int:pk>/rows/", completeness.asked_pieces, name="asked-pieces"),
    path("required/<int:pk>/", completeness.pieces, name="pieces"),
    path("required/add/<int:pk>/", completeness.piece_new, name="piece-new"),
    path("required/piece/<int:pk>/edit/", completeness.piece_edit, name="piece-edit"),
    path("required/piece/<int:pk>/delete/", completeness.piece_delete, name="piece-delete"),
]

urlpatterns = [
    path("my/", assignments.my_tasks, name="my-tasks"),
    path("my/export/", assignments.my_tasks_export, name="my-tasks-export"),
    path("review/export/", review.review_queue_export, name="review-queue-export"),
    path("review/", include(review_urls)),
    path("ledgers/", include(ledger_urls)),
    path("ledgers/", include(ledger_letter_urls)),
    path("letters/", include(letter_urls)),
    path("meetings/", include(meeting_urls)),
    path("decisions/", include(decision_urls)),
    path("ledgers/", include(division_urls)),
    path("rules/", include(rule_urls)),
    path("task/", include(task_urls)),
    path("assignments/", include(assignment_urls)),
    path("assignments/", include(draft_urls)),
    path("ledgers/", include(check_urls)),
    path("postponements/", include(postponement_urls)),
    path("coordination/", include(coordination_urls)),
    path("evidence/", include(evidence_urls)),
    path("import/", include(import_urls)),
    path("standards/", include(standard_urls)),
    path("material/", include(material_urls)),
    path("completeness/", include(completeness_urls)),
    *view_urls,
    path("workbook/", include(workbook_urls)),
]
