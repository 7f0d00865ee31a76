"""Who opens which door: every URL name of the site, what it is about, and the roles that are let in.

Roles by letter: A administrator, O office, I inspector, D leader, M monitor (all of the city); L unit lead and
S unit staff (of our bureau). A page about a row (`of`) answers 404 where the row is not visible to the person; a page
that is only not theirs to use answers 403.
"""

from dataclasses import dataclass

from units.roles import Role

LETTERS = {
    "A": Role.ADMIN,
    "O": Role.OFFICE,
    "I": Role.INSPECTOR,
    "D": Role.LEADER,
    "M": Role.MONITOR,
    "L": Role.UNIT_LEAD,
    "S": Role.UNIT_STAFF,
}
ALL = "AOIDMLS"


@dataclass(frozen=True)
class Door:
    """`of`: the kind of row in its address. `city`: the row belongs to the whole city, so a bureau does not see it;
    `hidden`: people who are not let in do not even learn that the row exists, but for those of `sees`; `nobody`: also
    without any role."""

    roles: str
    of: str = ""
    method: str = "GET"
    city: bool = False
    hidden: bool = False
    sees: str = ""
    nobody: bool = False


def page(roles, of="", **options):
    return Door(roles, of, **options)


def post(roles, of="", **options):
    return Door(roles, of, "POST", **options)


ACCOUNT = {
    "home": page(ALL, nobody=True),
    "logout": post(ALL, nobody=True),
    "password-change": page(ALL, nobody=True),
    "profile": page(ALL, nobody=True),
    "session-end": post("", "session", hidden=True),
}
UNITS = {
    "units:tree": page(ALL, nobody=True),
    "units:list": page(ALL, nobody=True),
    "units:export": page("AO"),
    "units:import": page("AO"),
    "units:import-preview": page("AO", "unit_upload"),
    "units:import-confirm": post("AO", "unit_upload"),
    "units:unit-create": page("AO"),
    "units:unit": page(ALL, "unit"),
    "units:people": page("AODL"),
    "units:invite": page("A"),
    "units:calendar": page(ALL, nobody=True),
    "units:inbox": page(ALL, nobody=True),
    "units:notices-read": post(ALL, nobody=True),
    "units:notice": page("", "notice", hidden=True),
    "units:kinds": page("AO"),
    "units:kind-create": page("AO"),
    "units:kind-edit": page("AO", "kind"),
    "units:kind-delete": post("AO", "kind"),
    "units:group-create": page("AO"),
    "units:group-edit": page("AO", "group"),
    "units:group-delete": post("AO", "group"),
    "units:working-hours": page("AO"),
    "units:calendar-day": page("AO", "day"),
    "units:calendar-day-delete": post("AO", "calendar_day"),
    "units:person": page("AODL", "user"),
    "units:person-reset": post("A", "user"),
    "units:person-deactivate": post("A", "user"),
    "units:person-reactivate": post("A", "user"),
    "units:role-create": page("A", "user"),
    "units:membership-edit": page("A", "membership"),
    "units:membership-end": post("A", "membership"),
    "units:filter-new": page(ALL, nobody=True),
    "units:filter-edit": page("", "saved_filter", hidden=True),
    "units:filter-delete": post("", "saved_filter", hidden=True),
    **{f"units:unit-{verb}": page("AO", "unit") for verb in ["edit", "rename", "move", "merge", "end"]},
    **{f"units:{thing}-create": page("AO", "unit") for thing in ["name", "person", "honour"]},
    **{f"units:{thing}-edit": page("AO", row) for thing, row in
       [("name", "unit_name"), ("person", "unit_person"), ("honour", "honour")]},
    **{f"units:{thing}-delete": post("AO", row) for thing, row in
       [("name", "unit_name"), ("person", "unit_person"), ("honour", "honour")]},
}  # fmt: skip
TASKS = {
    "tasks:my-tasks": page(ALL, nobody=True),
    "tasks:review-queue": page("OL"),
    "tasks:ledgers": page(ALL, nobody=True),
    "tasks:ledger-new": page("O"),
    "tasks:ledger": page(ALL, "ledger"),
    "tasks:ledger-edit": page("O", "ledger"),
    "tasks:ledger-export": page(ALL, "ledger"),
    "tasks:ledger-changes": page(ALL, "ledger"),
    "tasks:task-new": page("O", "ledger"),
    "tasks:task": page(ALL, "task"),
    "tasks:task-edit": page("O", "task"),
    "tasks:task-delete": post("O", "task"),
    "tasks:assignments": page(ALL, nobody=True),
    "tasks:assignments-export": page(ALL, nobody=True),
    "tasks:assignment": page(ALL, "assignment"),
    "tasks:assignment-write": post("LS", "assignment"),
    "tasks:assignment-submit": post("L", "assignment"),
    "tasks:assignment-withdraw": post("L", "assignment"),
    "tasks:assignment-approve": post("O", "assignment"),
    "tasks:assignment-return": post("O", "assignment"),
    "tasks:assignment-reopen": post("O", "assignment"),
    "tasks:evidence-file": page(ALL, "evidence"),
    "tasks:evidence-remove": post("LS", "evidence"),
    "tasks:import": page("O"),
    "tasks:import-preview": page("O", "ledger_import", city=True),
    "tasks:import-choose": post("O", "ledger_import", city=True),
    "tasks:import-confirm": post("O", "ledger_import", city=True),
    "tasks:import-discard": post("O", "ledger_import", city=True),
    "tasks:standards": page(ALL, nobody=True),
    "tasks:standard": page("AOIDM", "standard", city=True),
    "tasks:standard-add": page("O"),
    "tasks:standard-compare": page(ALL, nobody=True),
    "tasks:standard-changes": page("AOIDM", "standard", city=True),
    "tasks:standard-edit": page("O", "standard", city=True),
    "tasks:standard-copy": page("O", "standard", city=True),
    "tasks:standard-ledger": page("O", "standard", city=True),
    "tasks:indicator-add": page("O", "standard", city=True),
    "tasks:indicator-edit": page("O", "indicator", city=True),
    "tasks:standard-delete": post("O", "standard", city=True),
    "tasks:indicator-delete": post("O", "indicator", city=True),
    "tasks:criterion-add": page("O", "indicator", city=True),
    "tasks:criterion-edit": page("O", "criterion", city=True),
    "tasks:criterion-delete": post("O", "criterion", city=True),
    "tasks:ledger-carry": page("O", "ledger"),
    "tasks:heat": page(ALL, "ledger"),
    "tasks:digest": page("", "digest", hidden=True),
    "tasks:ladder": page("O"),
    "tasks:deadlines": page(ALL, nobody=True),
    "tasks:deadlines-file": page(ALL, nobody=True),
    "tasks:my-tasks-export": page(ALL, nobody=True),
    "tasks:review-queue-export": page("OL"),
    "tasks:ledger-workbook": page("O", "ledger"),
    "tasks:reimport": page("O", "ledger"),
    "tasks:reimport-preview": page("O", "reimport", city=True),
    "tasks:reimport-confirm": post("O", "reimport", city=True),
    "tasks:reimport-discard": post("O", "reimport", city=True),
    "tasks:assignment-autosave": post("LS", "assignment"),
    "tasks:assignment-ready": post("LS", "assignment"),
    "tasks:self-check": post("LS", "assignment"),
    "tasks:self-checks": page(ALL, "ledger"),
    "tasks:self-check-sheet": page(ALL, "ledger"),
    "tasks:assignment-postpone": post("L", "assignment"),
    "tasks:assignment-coordinate": post("LS", "assignment"),
    "tasks:review": page("O", "assignment"),
    "tasks:review-approve": post("O", "assignment"),
    "tasks:review-return": post("O", "assignment"),
    "tasks:review-bulk": post("OL"),
    "tasks:review-batch": page(ALL, "batch"),
    "tasks:postponements": page(ALL, nobody=True),
    "tasks:postponement": page(ALL, "postponement"),
    "tasks:postponement-grant": post("O", "postponement"),
    "tasks:postponement-refuse": post("O", "postponement"),
    "tasks:postponement-withdraw": post("L", "postponement"),
    "tasks:coordinations": page(ALL, nobody=True),
    "tasks:coordination": page(ALL, "coordination"),
    "tasks:coordination-decide": post("O", "coordination"),
    "tasks:coordination-finish": post("LS", "coordination"),
    "tasks:coordination-withdraw": post("L", "coordination"),
    "tasks:hand-down": page("L", "assignment"),
    "tasks:occurrences-make": post("O", "task"),
    **{f"tasks:{name}": post("O", "ledger") for name in ["bulk", "bulk-preview", "bulk-confirm", "by-rules-confirm"]},
    "tasks:by-rules": page("O", "ledger"),
    "tasks:rules-propose": page("O", "ledger"),
    "tasks:rules": page("O"),
    "tasks:rule-new": page("O"),
    "tasks:rule-edit": page("O", "duty_rule", city=True),
    "tasks:rule-delete": post("O", "duty_rule", city=True),
}
INSPECTIONS = {
    "inspections:my-round": page(ALL, nobody=True),
    "inspections:place-by-code": page(ALL, "place_code"),
    "inspections:capture": page("OI", "stop", city=True),
    "inspections:finding-save": post("OI", "stop", city=True),
    "inspections:item-aside": post("OI", "stop", city=True),
    "inspections:visit-finish": post("OI", "stop", city=True),
    "inspections:findings": page(ALL, nobody=True),
    "inspections:finding": page(ALL, "finding"),
    "inspections:finding-photo": post("", "finding"),
    "inspections:finding-photo-file": page(ALL, "finding_photo"),
    "inspections:fix-photo-file": page(ALL, "fix_photo"),
    "inspections:items": page(ALL, nobody=True),
    "inspections:verify-queue": page(ALL, nobody=True),
    "inspections:item": page(ALL, "item"),
    "inspections:item-sign": post("LS", "item"),
    "inspections:item-prepare": post("LS", "item"),
    "inspections:item-submit": post("L", "item"),
    "inspections:item-dispute": post("L", "item"),
    "inspections:item-verify": post("OI", "item"),
    "inspections:item-return": post("OI", "item"),
    "inspections:item-uphold": post("O", "item"),
    "inspections:item-reassign": post("O", "item"),
    "inspections:rounds": page(ALL, nobody=True),
    "inspections:round-add": page("O"),
    "inspections:round": page("AOIDM", "round", city=True),
    "inspections:round-changes": page("AOIDM", "round", city=True),
    "inspections:round-edit": page("O", "round", city=True),
    "inspections:round-drop": post("O", "round", city=True),
    "inspections:round-places": page("O", "round", city=True),
    "inspections:team-add": page("O", "round", city=True),
    "inspections:team-edit": page("O", "team", city=True),
    "inspections:visit": page("AOIDM", "visit", city=True),
    "inspections:places": page(ALL, nobody=True),
    "inspections:place-add": page("O"),
    "inspections:place": page(ALL, "place"),
    "inspections:place-edit": page("O", "place"),
    "inspections:place-qr": page(ALL, "place"),
    "inspections:checklists": page(ALL, nobody=True),
    "inspections:checklist-add": page("O"),
    "inspections:checklist": page("AOIDM", "checklist", city=True),
    "inspections:checklist-changes": page("AOIDM", "checklist", city=True),
    "inspections:checklist-copy": post("O", "checklist", city=True),
    "inspections:checklist-drop": post("O", "checklist", city=True),
    "inspections:checklist-item-add": page("O", "checklist", city=True),
    "inspections:checklist-item-edit": page("O", "checklist_item", city=True),
}
REPORTS = {
    "reports:periods": page("OD"),
    "reports:period-open": post("O"),
    "reports:period": page("OD", "period", city=True),
    "reports:period-compute": post("O", "period", city=True),
    "reports:period-draft": post("O", "period", city=True),
    "reports:ranking": page("OD", "ranking", city=True),
    "reports:schemes": page("OD"),
    "reports:scheme-new": post("O"),
    "reports:scheme": page("OD", "scheme", city=True),
    "reports:scheme-edit": page("O", "scheme", city=True),
    "reports:scheme-copy": post("O", "scheme", city=True),
    "reports:reports": page(ALL, nobody=True),
    "reports:scoreboard": page(ALL, nobody=True),
    "reports:score": page("OD", "score", hidden=True),
    "reports:report": page("OD", "report", city=True, hidden=True),
    "reports:report-issue": post("O", "report", city=True, hidden=True, sees="D"),
    "reports:report-withdraw": post("O", "report", city=True, hidden=True, sees="D"),
    "reports:report-make-file": post("OD", "report", city=True, hidden=True),
    "reports:report-progress": page("OD", "report", city=True, hidden=True),
    "reports:report-file": page("", "report", city=True, hidden=True),
    "reports:criterion": page("AOIDM", "criterion", city=True),
    "reports:criterion-items": page("O", "criterion", city=True),
    "reports:standard-items": page("AOIDM", "standard", city=True),
    "reports:standard-items-take": post("O", "standard", city=True),
    "reports:disclosures": page(ALL, nobody=True),
    "reports:disclosure-new": page("O", "ledger"),
    "reports:disclosure": page("OD", "disclosure", city=True, hidden=True),
    "reports:disclosure-publish": page("O", "disclosure", city=True, hidden=True, sees="D"),
    "reports:disclosure-withdraw": post("O", "disclosure", city=True, hidden=True, sees="D"),
    "reports:disclosure-make-file": post("OD", "disclosure", city=True, hidden=True),
    "reports:disclosure-progress": page("OD", "disclosure", city=True, hidden=True),
    "reports:disclosure-file": page("", "disclosure", city=True, hidden=True),
    "reports:disclosure-sheet": page("OD", "disclosure", city=True, hidden=True),
}
DOORS = ACCOUNT | UNITS | TASKS | INSPECTIONS | REPORTS
PUBLIC = {"login", "set-language", "public:disclosures", "public:disclosure"}
