"""The office at its reviews: one report after the other, two people at once, and several together."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from tasks.compare import marked
from tasks.models import Assignment, ReviewBatch
from units.files import accept
from units.roles import Role

pytestmark = pytest.mark.django_db


def url(name, *rows):
    return reverse(f"tasks:{name}", args=[row.pk for row in rows])


@pytest.fixture
def post(client, office):
    def post(name, *rows, user=None, **data):
        client.force_login(user or office)
        return client.post(url(name, *rows), data)

    return post


@pytest.fixture
def get(client, office):
    def get(name, *rows, user=None):
        client.force_login(user or office)
        return client.get(url(name, *rows))

    return get


def seen(assignment):
    return assignment.under_review.version


def approve(post, assignment, **more):
    return post("review-approve", assignment, seen=seen(assignment), **more)


def test_one_that_waits_without_a_report_does_not_break_the_queue(get, put_in):
    waiting = put_in("submitted")
    waiting.progress.all().delete()

    page = get("review-queue").content.decode()

    assert waiting.task.title in page


def test_the_queue_leads_to_one_report_after_the_other(get, put_in):
    first, second, third = (put_in("submitted") for _ in range(3))

    shown = get("review", second).context

    assert [shown["before"], shown["after"]] == [first, third]
    assert (shown["place"], shown["waiting"]) == (2, 3)


def test_after_a_verdict_the_next_report_follows(post, put_in):
    _first, second, third = (put_in("submitted") for _ in range(3))

    assert approve(post, second).url == url("review", third)


def test_after_the_last_of_the_queue_its_first_follows(post, put_in):
    first, second = put_in("submitted"), put_in("submitted")

    assert approve(post, second).url == url("review", first)


def test_after_the_last_verdict_the_empty_queue_is_shown(post, put_in):
    assert approve(post, put_in("submitted")).url == url("review-queue")


def test_a_return_needs_its_reason_and_stays_on_the_report(post, put_in):
    assignment = put_in("submitted")

    answer = post("review-return", assignment, seen=seen(assignment), note=" ")

    assert answer.status_code == 422
    assert assignment.under_review


def test_a_report_that_does_not_wait_leads_on_to_one_that_does(get, post, put_in):
    first, second = put_in("submitted"), put_in("submitted")
    approve(post, first)

    assert get("review", first).url == url("review", second)


def test_the_second_of_two_reviewers_is_told_who_was_faster(post, put_in, make_member, city):
    assignment, version = (row := put_in("submitted")), seen(row)
    faster = make_member(city, Role.OFFICE, name="文明办小李")
    assignment.send_back(by=faster, note="请补拍正面", seen=version)

    answer = post("review-approve", assignment, seen=version, note="很好")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert [words in page for words in ("文明办小李", "请补拍正面", "很好")] == [True] * 3
    assert assignment.progress.get(verdict="returned").reviewed_by == faster


@pytest.mark.parametrize("note", ["", "请补拍正面"])
def test_the_second_who_returns_is_told_too(post, put_in, make_member, city, note):
    assignment, version = (row := put_in("submitted")), seen(row)
    assignment.approve(by=make_member(city, Role.OFFICE), seen=version)

    assert post("review-return", assignment, seen=version, note=note).status_code == 409


def test_a_text_that_nobody_has_read_is_not_approved(post, put_in, lead):
    assignment, version = (row := put_in("submitted")), seen(row)
    assignment.withdraw(by=lead)
    assignment.submit(by=lead)

    assert post("review-approve", assignment, seen=version).status_code == 409
    assert assignment.under_review


@pytest.fixture
def second_report(put_in, lead, office, bureau):
    """An approved report with one photo, and the next one with that and another."""

    def file(name):
        return accept(SimpleUploadedFile(name, f"正文{name}".encode()), unit=bureau, by=lead)

    assignment = put_in("doing")
    assignment.write(by=lead, percent=40, narrative="已清理42处。", files=[file("一.txt")])
    assignment.submit(by=lead)
    assignment.approve(by=office)
    assignment.write(by=lead, percent=60, narrative="已清理42处。新增50处。", files=[file("一.txt"), file("二.txt")])
    assignment.submit(by=lead)
    return assignment


def test_what_is_new_since_the_last_approved_report_is_marked(get, second_report):
    shown = get("review", second_report).context

    assert shown["earlier"].percent == 40
    assert [(one.text, one.is_new) for one in shown["sentences"]] == [("已清理42处。", False), ("新增50处。", True)]
    assert [(one.attachment.name, one.is_new) for one in shown["evidence"]] == [("一.txt", False), ("二.txt", True)]


@pytest.mark.parametrize(
    ("text", "earlier", "new"),
    [
        ("甲。乙。", "乙。 甲。", []),
        ("甲 。乙！", "甲。", ["乙！"]),
        ("A is done. B is new.", "A is done.", ["B is new."]),
        ("第一行\n第二行", "第一行", ["第二行"]),
        ("甲。", "", ["甲。"]),
        ("", "甲。", []),
    ],
)
def test_sentences_said_before_are_not_new(text, earlier, new):
    assert [one.text for one in marked(text, earlier) if one.is_new] == new


def together(post, rows, **data):
    pairs = [f"{row.pk}:{seen(row)}" for row in rows]
    return post("review-bulk", selected=[row.pk for row in rows], seen=pairs, **data)


def test_several_are_approved_with_one_press_and_one_entry(post, put_in, office):
    rows = [put_in("submitted"), put_in("submitted", percent=100)]

    answer = together(post, rows, verdict="approved")

    batch = ReviewBatch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert (batch.by, batch.left_out, batch.reports.count()) == (office, [], 2)
    assert [Assignment.objects.get(pk=row.pk).state for row in rows] == ["doing", "completed"]


def test_several_are_returned_with_one_reason(post, put_in):
    rows = [put_in("submitted"), put_in("submitted")]

    together(post, rows, verdict="returned", note="缺少照片")

    assert [row.progress.get(verdict="returned").review_note for row in rows] == ["缺少照片"] * 2


def test_what_has_moved_on_is_left_out_and_named(post, get, put_in, lead):
    moved, stays = put_in("submitted"), put_in("submitted")
    pairs = [f"{row.pk}:{seen(row)}" for row in (moved, stays)]
    moved.withdraw(by=lead)
    moved.submit(by=lead)

    post("review-bulk", selected=[moved.pk, stays.pk], seen=pairs, verdict="approved")

    batch = ReviewBatch.objects.get()
    shown = get("review-batch", batch).context
    assert [row.assignment for row in shown["decided"]] == [stays]
    assert [assignment for assignment, _why in shown["left_out"]] == [moved]
    assert moved.under_review


def test_what_one_handed_in_oneself_is_left_out(post, put_in, office):
    own, other = put_in("submitted"), put_in("submitted")
    own.progress.update(submitted_by=office)

    together(post, [own, other], verdict="approved")

    assert ReviewBatch.objects.get().left_out == [[own.pk, "not_yours"]]
    assert own.under_review


def test_a_report_that_was_not_listed_is_not_decided(post, put_in):
    assignment = put_in("submitted")

    post("review-bulk", selected=[assignment.pk], verdict="approved")

    assert assignment.under_review


def test_reports_of_another_office_are_not_touched(post, put_in, make_member, make_unit, city):
    assignment = put_in("submitted")
    stranger = make_member(make_unit("宁川市"), Role.OFFICE)

    answer = together(post, [assignment], verdict="approved", user=stranger)

    assert answer.status_code == 422
    assert assignment.under_review


@pytest.mark.parametrize("data", [{"verdict": "returned"}, {"verdict": "good"}, {}])
def test_a_joint_verdict_without_what_it_needs_changes_nothing(post, put_in, data):
    assignment = put_in("submitted")

    assert together(post, [assignment], **data).status_code == 422
    assert assignment.under_review


def test_the_database_keeps_no_joint_return_without_a_reason(office):
    with pytest.raises(IntegrityError, match="tasks_joint_return_has_a_reason"), transaction.atomic():
        ReviewBatch.objects.create(by=office, verdict="returned")


def test_a_unit_sees_its_own_report_of_a_joint_verdict_only(post, get, put_in, lead, other_bureau, other_lead):
    mine, theirs = put_in("submitted"), put_in("submitted", unit=other_bureau)
    together(post, [mine, theirs], verdict="approved")

    shown = get("review-batch", ReviewBatch.objects.get(), user=lead).context["decided"]

    assert [report.assignment for report in shown] == [mine]
