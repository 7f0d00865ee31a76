"""The doors of an assignment: who sees it, what a bad form says, and how a report goes its way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tasks.models import Assignment, Evidence
from units.roles import Role

pytestmark = pytest.mark.django_db
WORDS = {"percent": "60", "narrative": "已清理42处"}


def url(name, row):
    return reverse(f"tasks:{name}", args=[row.pk])


def text_file(name="方案.txt"):
    return SimpleUploadedFile(name, "方案正文".encode())


@pytest.fixture
def post(client):
    """Send a form as somebody."""

    def post(user, name, row, data=None, **more):
        client.force_login(user)
        return client.post(url(name, row), data or {}, **more)

    return post


@pytest.fixture
def get(client):
    def get(user, name, row, query=""):
        client.force_login(user)
        return client.get(url(name, row) + query)

    return get


def test_staff_keep_a_draft_with_evidence(post, assignment, staff):
    answer = post(staff, "assignment-write", assignment, {**WORDS, "files": [text_file(), text_file("二.txt")]})

    assert answer.status_code == 302
    assert assignment.draft.percent == 60
    assert assignment.draft.files.count() == 2


def test_the_lead_hands_it_in_with_one_form(post, assignment, lead):
    post(lead, "assignment-submit", assignment, WORDS)

    assignment.refresh_from_db()
    assert assignment.state == "submitted"
    assert assignment.under_review.submitted_by == lead


def test_staff_do_not_hand_in(post, assignment, staff):
    assert post(staff, "assignment-submit", assignment, WORDS).status_code == 403
    assert assignment.draft is None


@pytest.mark.parametrize("wrong", [{"percent": "101"}, {"percent": "-1"}, {"percent": "halb"}, {"narrative": " "}])
def test_a_bad_report_is_shown_again_with_what_was_typed(post, assignment, staff, wrong):
    answer = post(staff, "assignment-write", assignment, WORDS | wrong)

    assert answer.status_code == 422
    assert b'class="form-error"' in answer.content
    assert assignment.draft is None


def test_a_refused_file_keeps_nothing(post, assignment, staff):
    program = SimpleUploadedFile("方案.exe", b"MZ\x90\x00" + b"\x00" * 200)

    answer = post(staff, "assignment-write", assignment, {**WORDS, "files": [text_file(), program]})

    assert answer.status_code == 422
    assert assignment.draft is None
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "name", ["assignment", "assignment-write", "assignment-submit", "assignment-withdraw", "assignment-approve"]
)
def test_another_unit_does_not_see_it(client, put_in, other_lead, name):
    client.force_login(other_lead)
    assignment = put_in("submitted")

    answer = client.get(url(name, assignment)) if name == "assignment" else client.post(url(name, assignment), WORDS)

    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["write", "submit", "withdraw", "approve", "return", "reopen"])
def test_a_leader_changes_nothing(post, put_in, leader, name):
    assignment = put_in("submitted")

    assert post(leader, f"assignment-{name}", assignment, WORDS | {"note": "好"}).status_code == 403


def test_a_return_without_a_reason_says_what_is_missing(post, put_in, office):
    assignment = put_in("submitted")
    seen = assignment.under_review.version

    answer = post(office, "assignment-return", assignment, {"seen": seen, "note": ""})

    assert answer.status_code == 422
    assert "id_note_error" in answer.content.decode()


def test_reopening_without_a_reason_says_what_is_missing(post, put_in, office):
    assignment = put_in("completed")

    assert post(office, "assignment-reopen", assignment, {"note": ""}).status_code == 422


def test_a_report_that_was_taken_back_meanwhile_is_a_conflict(post, put_in, office, lead):
    assignment = put_in("submitted")
    seen = assignment.under_review.version
    assignment.withdraw(by=lead)

    assert post(office, "assignment-approve", assignment, {"seen": seen}).status_code == 409


def test_the_page_offers_approving_once(get, put_in, office):
    page = get(office, "assignment", put_in("submitted", percent=100)).content.decode()

    assert page.count('class="btn btn-primary"') == 1
    assert "通过，确认完成" in page


def test_the_office_does_not_read_a_draft(get, put_in, office):
    assert "已清理42处" not in get(office, "assignment", put_in("doing")).content.decode()


def test_the_unit_reads_why_it_was_returned(get, put_in, office, staff):
    assignment = put_in("submitted")
    assignment.send_back(by=office, note="照片看不出整改部位")

    page = get(staff, "assignment", assignment).content.decode()

    assert "照片看不出整改部位" in page
    assert "已清理42处</textarea>" in page


@pytest.fixture
def evidence(post, assignment, staff):
    post(staff, "assignment-write", assignment, {**WORDS, "files": [text_file()]})
    return Evidence.objects.get()


def test_a_draft_shows_its_files_to_its_unit_only(get, evidence, staff, office):
    assert get(staff, "evidence-file", evidence).status_code == 200
    assert get(office, "evidence-file", evidence).status_code == 404


def test_a_submitted_file_opens_for_the_office_but_not_for_another_unit(get, evidence, give, lead, office, other_lead):
    assignment = evidence.progress.assignment
    give(assignment.task, other_lead.home_unit)
    assignment.submit(by=lead)

    assert get(office, "evidence-file", evidence).status_code == 200
    assert get(other_lead, "evidence-file", evidence).status_code == 404


def test_an_unknown_size_of_a_file_does_not_exist(get, evidence, staff):
    assert get(staff, "evidence-file", evidence, "?size=huge").status_code == 404
    assert get(staff, "evidence-file", evidence, "?size=original").status_code == 200


def test_a_file_is_taken_out_of_the_draft(post, evidence, staff):
    assert post(staff, "evidence-remove", evidence).status_code == 302
    assert not Evidence.objects.exists()


def test_my_tasks_begin_with_what_was_returned(client, make_assignment, lead, bureau):
    make_assignment(title="还早", state="doing")
    make_assignment(title="已退回", state="returned")
    late = make_assignment(title="已逾期")
    late.task.deadline = "2026-01-01"
    late.task.save()
    client.force_login(lead)

    rows = client.get(reverse("tasks:my-tasks")).context["listing"].rows

    assert [row.task.title for row in rows] == ["已退回", "已逾期", "还早"]


def test_my_tasks_are_those_of_ones_own_unit(client, make_assignment, lead, other_bureau):
    make_assignment(title="我们的")
    make_assignment(other_bureau, title="别人的")
    client.force_login(lead)

    page = client.get(reverse("tasks:my-tasks")).content.decode()

    assert "我们的" in page
    assert "别人的" not in page


def test_the_queue_leaves_out_what_one_handed_in_oneself(client, put_in, make_member, city, bureau):
    both = make_member(city, Role.OFFICE)
    both.memberships.create(unit=bureau, role=Role.UNIT_LEAD)
    own, other = put_in("submitted"), put_in("submitted")
    own.progress.update(submitted_by=both)

    assert list(Assignment.objects.reviewable_by(both)) == [other]


def test_the_queue_of_a_district_does_not_hold_the_citys_ledger(put_in, make_member, make_unit, city):
    district = make_unit("东湖区", parent=city)
    put_in("submitted", unit=district)

    assert not Assignment.objects.reviewable_by(make_member(district, Role.OFFICE)).exists()
