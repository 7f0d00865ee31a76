from django.urls import include, path

from tasks.views import (
    assignments,
    bulk,
    hand_down,
    imports,
    ledgers,
    progress,
    recurrence,
    rules,
    standards,
    task_form,
)

app_name = "tasks"

ledger_urls = [  # tasks/ledgers/
    path("", ledgers.ledgers, name="ledgers"),
    path("new/", ledgers.ledger_new, name="ledger-new"),
    path("<int:pk>/", ledgers.ledger, name="ledger"),
    path("<int:pk>/edit/", ledgers.ledger_edit, name="ledger-edit"),
    path("<int:pk>/export/", ledgers.ledger_export, name="ledger-export"),
    path("<int:pk>/changes/", ledgers.ledger_changes, name="ledger-changes"),
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
    path("<int:pk>/", standards.standard, name="standard"),
]

urlpatterns = [
    path("my/", assignments.my_tasks, name="my-tasks"),
    path("review/", assignments.review_queue, name="review-queue"),
    path("ledgers/", include(ledger_urls)),
    path("ledgers/", include(division_urls)),
    path("rules/", include(rule_urls)),
    path("task/", include(task_urls)),
    path("assignments/", include(assignment_urls)),
    path("evidence/", include(evidence_urls)),
    path("import/", include(import_urls)),
    path("standards/", include(standard_urls)),
]
