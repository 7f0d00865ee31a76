"""Responsibility letters: drawn up from what is asked, issued, signed, out of date, replaced; who may do it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from tasks import letters
from tasks.letter_facts import changes, duties_of
from tasks.models import ResponsibilityLetter, Task
from tasks.models.letters import OutOfDate
from units.files import accept
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
WORDS = {"title": "2026年目标责任书", "clauses": ["按时完成任务。"]}
State = ResponsibilityLetter.State


@pytest.fixture
def draw(ledger, office):
    def draw(*units, words=WORDS):
        return letters.draw_up(ledger, units, words, by=office).letters

    return draw


@pytest.fixture
def draft(draw, make_assignment, bureau):
    make_assignment(quantity="120.00", quantity_unit="个", deadline=date(2026, 9, 30))
    return draw(bureau)[0]


@pytest.fixture
def issued(draft, office):
    draft.issue(by=office)
    return draft


@pytest.fixture
def signed(issued, lead):
    issued.sign(by=lead, signer="张三", position="局长", on=timezone.localdate())
    return issued


def scan(unit, by):
    return accept(SimpleUploadedFile("责任书.pdf", b"%PDF-1.4\n%%EOF\n"), unit=unit, by=by)


def test_a_letter_says_what_the_ledger_asks_of_the_unit(draft):
    (duty,) = draft.data["duties"]

    assert (duty["title"], duty["part_name"], duty["quantity"], duty["due"]) == (
        "清理占道经营", "牵头", "120个", "2026-09-30"
    )  # fmt: skip
    assert draft.data["counts"] == {"all": 1, "key": 0, "lead": 1, "responsible": 0, "supporting": 0}
    assert (draft.data["kind"], draft.data["version"], draft.data["clauses"]) == ("letter", 1, WORDS["clauses"])


def test_what_is_handed_down_stands_in_no_letter(draft, draw, bureau, make_unit):
    section = make_unit("市容科", parent=bureau)
    above = bureau.assignments.get()
    above.handed_down.create(task=above.task, unit=section, part="lead")

    assert draw(section) == []


def test_a_recurring_task_is_one_duty_and_its_occurrences_are_none(draft, bureau):
    pattern = Task.objects.get()
    month = pattern.ledger.tasks.create(key="m1", title=pattern.title, repeat_of=pattern, occurs_on=date(2026, 3, 1))
    month.assignments.create(unit=bureau, part="lead")

    assert not draft.is_out_of_date()


def test_a_new_letter_is_up_to_date(draft):
    assert not draft.is_out_of_date()


@pytest.mark.parametrize(
    ("row", "change"),
    [
        ("assignment", {"part": "responsible"}),
        ("assignment", {"requirement": "每季度报送一次"}),
        ("assignment", {"quantity": "130"}),
        ("assignment", {"deadline": date(2026, 10, 31)}),
        ("task", {"title": "清理占道经营和乱停乱放"}),
        ("task", {"requirement": "不反弹"}),
        ("task", {"is_key": True}),
    ],
)
def test_a_letter_is_out_of_date_when_something_else_is_asked(draft, bureau, row, change):
    changed = bureau.assignments.get() if row == "assignment" else Task.objects.get()
    type(changed).objects.filter(pk=changed.pk).update(**change)

    assert draft.is_out_of_date()
    assert any(changes(draft.data, duties_of(draft.ledger, [bureau])[bureau.pk]))


@pytest.mark.parametrize("change", [{"order": 99}, {"number": "Ⅱ-9-9)"}, {"section": "其他"}])
def test_a_ledger_sorted_anew_asks_the_same(draft, change):
    Task.objects.update(**change)

    assert not draft.is_out_of_date()


def test_progress_makes_no_letter_out_of_date(draft, bureau, staff):
    asked = bureau.assignments.get()
    asked.write(by=staff, percent=40, quantity=asked.quantity / 2, narrative="已清理42处")

    assert not draft.is_out_of_date()


def test_what_was_taken_out_or_added_is_told(draft, make_assignment, bureau):
    bureau.assignments.get().delete()
    make_assignment(title="新增任务")

    added, removed, changed = changes(draft.data, duties_of(draft.ledger, [bureau])[bureau.pk])

    assert ([one["title"] for one in added], [one["title"] for one in removed], changed) == (
        ["新增任务"], ["清理占道经营"], []
    )  # fmt: skip


def test_issuing_gives_the_next_number_of_the_ledger(draw, make_assignment, bureau, other_bureau, office):
    make_assignment(bureau)
    make_assignment(other_bureau)
    for letter in draw(bureau, other_bureau):
        letter.issue(by=office)

    assert [letter.number for letter in ResponsibilityLetter.objects.order_by("serial")] == ["2026-001", "2026-002"]
    assert {letter.data["number"] for letter in ResponsibilityLetter.objects.all()} == {"2026-001", "2026-002"}


def test_a_draft_out_of_date_is_not_issued(draft, make_assignment, office):
    make_assignment(title="新增任务")

    with pytest.raises(OutOfDate):
        draft.issue(by=office)


def test_a_draft_that_was_drawn_up_anew_meanwhile_is_not_issued_unread(draft, draw, bureau, office):
    seen = draft.version
    draw(bureau, words=WORDS | {"title": "另一标题"})

    with pytest.raises(NotInThisState):
        draft.issue(by=office, seen=seen)


def test_drawing_up_anew_keeps_one_draft(draft, draw, bureau, make_assignment):
    make_assignment(title="新增任务")

    (again,) = draw(bureau)

    assert (again.pk, again.edition, len(again.data["duties"])) == (draft.pk, 1, 2)


def test_nothing_is_drawn_up_for_a_letter_that_says_what_is_asked(signed, ledger, office, bureau):
    drawn = letters.draw_up(ledger, [bureau], WORDS, by=office)

    assert (drawn.letters, drawn.idle) == ([], [bureau])


def test_a_new_edition_replaces_the_old_one_which_stays_readable(signed, draw, make_assignment, bureau, office, lead):
    make_assignment(title="新增任务")
    (second,) = draw(bureau)
    second.issue(by=office)

    signed.refresh_from_db()
    assert (signed.state, second.edition, second.data["replaces"]) == (State.REPLACED, 2, "2026-001")
    assert signed in ResponsibilityLetter.objects.visible_to(lead)
    assert list(ResponsibilityLetter.objects.standing()) == [second]


def test_many_are_issued_and_those_out_of_date_are_left(draw, make_assignment, bureau, other_bureau, office):
    make_assignment(bureau)
    make_assignment(other_bureau)
    drafts = draw(bureau, other_bureau)
    make_assignment(other_bureau, title="新增任务")

    issued, left = letters.issue_all(drafts, by=office)

    assert ([one.unit for one in issued], [one.unit for one in left]) == ([bureau], [other_bureau])


def test_of_many_the_one_drawn_up_anew_meanwhile_is_left_unread(draw, make_assignment, bureau, other_bureau, office):
    make_assignment(bureau)
    make_assignment(other_bureau)
    drafts = draw(bureau, other_bureau)
    seen = {one.pk: one.version for one in drafts}
    draw(other_bureau, words=WORDS | {"title": "另一标题"})

    issued, left = letters.issue_all(drafts, by=office, seen=seen)

    assert ([one.unit for one in issued], [one.unit for one in left]) == ([bureau], [other_bureau])


def test_the_lead_signs_with_the_own_account(issued, lead):
    event = issued.sign(by=lead, signer="张三", on=timezone.localdate())

    assert (issued.state, issued.signed_by, event.step, event.actor) == (State.SIGNED, lead, "sign", lead)


def test_the_office_records_who_signed_on_paper(issued, office, bureau):
    issued.sign(by=office, signer="张三", on=timezone.localdate(), scan=scan(bureau, office))

    assert (issued.state, issued.signed_by, issued.scan.name) == (State.SIGNED, None, "责任书.pdf")
    assert issued.events.first().step == "record"


def test_the_scanned_copy_may_follow(signed, lead, bureau):
    signed.file_scan(scan(bureau, lead), by=lead)

    assert signed.scan.name == "责任书.pdf"
    assert str(signed.events.first().text) == "上传扫描件"


def test_a_letter_not_signed_has_no_scanned_copy(issued, lead, bureau):
    with pytest.raises(NotInThisState):
        issued.file_scan(scan(bureau, lead), by=lead)


def test_a_withdrawn_letter_leaves_the_unit_without_one(signed, ledger, office):
    signed.withdraw(by=office, note="单位调整")

    assert [unit.standing for unit in letters.units_of(ledger, office)] == [letters.MISSING]


def test_only_a_draft_is_thrown_away(draft, office):
    draft.discard(by=office)
    assert not ResponsibilityLetter.objects.exists()


def test_an_issued_letter_is_not_thrown_away(issued, office):
    with pytest.raises(NotInThisState):
        issued.discard(by=office)


STEPS = {
    "issue": (Role.OFFICE, lambda letter, by: letter.issue(by=by)),
    "sign": (Role.UNIT_LEAD, lambda letter, by: letter.sign(by=by, signer="张三", on=date(2026, 3, 1))),
    "withdraw": (Role.OFFICE, lambda letter, by: letter.withdraw(by=by, note="有误")),
    "discard": (Role.OFFICE, lambda letter, by: letter.discard(by=by)),
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_its_roles_only(draft, office, make_member, city, bureau, step, role):
    if step in {"sign", "withdraw"}:
        draft.issue(by=office)
    by = make_member(bureau if role in {Role.UNIT_LEAD, Role.UNIT_STAFF} else city, role)
    may = role == STEPS[step][0] or (step == "sign" and role == Role.OFFICE)  # the office records it

    if may:
        STEPS[step][1](draft, by)
    else:
        with pytest.raises(PermissionDenied):
            STEPS[step][1](draft, by)


def test_another_units_lead_does_not_sign(issued, other_lead):
    with pytest.raises(PermissionDenied):
        issued.sign(by=other_lead, signer="李四", on=timezone.localdate())


def test_a_districts_office_does_not_issue_the_citys_letters(draft, bureau, make_member):
    with pytest.raises(PermissionDenied):
        draft.issue(by=make_member(bureau, Role.OFFICE))


def test_a_draft_is_hidden_from_the_unit(draft, lead, office, leader):
    seen = [bool(ResponsibilityLetter.objects.visible_to(user)) for user in (lead, office, leader)]

    assert seen == [False, True, True]


def test_the_unit_hears_of_it_and_the_office_of_the_signature(signed, lead, office):
    told = {event.step: set(event.readers()) for event in signed.events.all()}

    assert told == {"issue": {lead}, "sign": {office}}


@pytest.mark.parametrize(
    "change", [{"data": {}}, {"digest": "0" * 64}, {"title": "别的"}, {"serial": 9}, {"edition": 9}]
)
def test_the_database_refuses_to_change_an_issued_letter(issued, change):
    with pytest.raises(InternalError, match="letter_is_frozen"), transaction.atomic():
        ResponsibilityLetter.objects.filter(pk=issued.pk).update(**change)


def test_the_database_refuses_to_delete_an_issued_letter(issued):
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        ResponsibilityLetter.objects.filter(pk=issued.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "issued"}, "tasks_issued_letter_has_a_number"),
        ({"serial": 3}, "tasks_issued_letter_has_a_number"),
        ({"state": "lost", "serial": 3, "issued_at": "2026-01-01T00:00Z"}, "tasks_letter_state_is_known"),
        ({"signer": "张三"}, "tasks_signed_letter_has_a_signer"),
        ({"state": "signed", "serial": 3, "issued_at": "2026-01-01T00:00Z"}, "tasks_signed_letter_has_a_signer"),
    ],
)
def test_the_database_refuses(draft, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ResponsibilityLetter.objects.filter(pk=draft.pk).update(**change)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"edition": 2}, "tasks_one_draft_of_a_letter"),
        ({"edition": 1, "state": "withdrawn", "serial": 5}, "tasks_letter_edition_once"),
        ({"edition": 2, "state": "withdrawn", "serial": 1}, "tasks_letter_number_once"),
        ({"edition": 2, "state": "issued", "serial": 5}, "tasks_one_letter_stands"),
    ],
)
def test_the_database_refuses_twins(issued, draw, make_assignment, bureau, office, fields, constraint):
    make_assignment(title="新增任务")
    if fields["edition"] == 2 and "state" not in fields:
        draw(bureau)
        fields = {"edition": 3}
    at = {"issued_at": timezone.now()} if "state" in fields else {}
    twin = {"ledger": issued.ledger, "unit": bureau, "data": {}, "digest": "", "made_by": office, "title": "二"}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ResponsibilityLetter.objects.create(**twin, **fields, **at)


def test_a_letter_of_yesterday_knows_its_day(draft, office):
    yesterday = timezone.now() - timedelta(days=1)

    draft.issue(by=office, now=yesterday)

    assert draft.data["issued_on"] == timezone.localdate(yesterday).isoformat()


def test_a_draft_that_is_gone_is_neither_thrown_away_again_nor_issued(draft, office):
    same = ResponsibilityLetter.objects.get(pk=draft.pk)
    draft.discard(by=office)

    for step in (same.discard, same.issue):
        with pytest.raises(NotInThisState):
            step(by=office)
