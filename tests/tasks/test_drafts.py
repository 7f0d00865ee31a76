"""A draft that keeps itself, goes from hand to hand, and loses nobody's words."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from tasks.models import Assignment, HandOver, ReplacedDraft
from tasks.models.assignment import NO_DRAFT
from units.models import Notice
from units.roles import Role
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
WORDS = {"percent": "60", "narrative": "已清理42处"}


@pytest.fixture
def send(client):
    """What the script of the page sends while somebody types."""

    def send(user, assignment, **data):
        client.force_login(user)
        address = reverse("tasks:assignment-autosave", args=[assignment.pk])
        return client.post(address, data, headers={"Accept": "application/json"})

    return send


def test_what_is_typed_is_kept_and_its_version_named(send, assignment, staff):
    answer = send(staff, assignment, **WORDS, read=NO_DRAFT)

    assert answer.status_code == 200
    assert answer.json()["version"] == assignment.draft.draft_version
    assert answer.json()["words"].startswith("已自动保存 ")
    assert assignment.draft.narrative == "已清理42处"


def test_the_named_version_is_what_the_next_words_follow(send, assignment, staff):
    version = send(staff, assignment, **WORDS, read=NO_DRAFT).json()["version"]

    answer = send(staff, assignment, percent="70", narrative="已清理50处", read=version)

    assert answer.status_code == 200
    assert assignment.draft.percent == 70


def test_words_whose_answer_was_lost_may_be_sent_once_more(send, assignment, staff):
    send(staff, assignment, **WORDS, read=NO_DRAFT)

    assert send(staff, assignment, **WORDS, read=NO_DRAFT).status_code == 200


@pytest.mark.parametrize("read", ["", NO_DRAFT, "1-20260101000000000000"])
def test_stale_words_never_overwrite(send, assignment, staff, lead, read):
    assignment.write(by=lead, percent=10, narrative="负责人的稿子")

    answer = send(staff, assignment, **WORDS, read=read)

    assert answer.status_code == 409
    assert answer.json()["theirs"] == "负责人的稿子"
    assert "城管局联络员" in answer.json()["words"]
    assert assignment.draft.narrative == "负责人的稿子"


def test_what_was_handed_in_meanwhile_is_not_written_on(send, assignment, staff, lead):
    assignment.write(by=lead, percent=10, narrative="负责人的稿子")
    assignment.submit(by=lead)

    assert send(staff, assignment, **WORDS, read=NO_DRAFT).status_code == 409
    assert assignment.under_review.narrative == "负责人的稿子"


@pytest.mark.parametrize("wrong", [{"percent": "101"}, {"percent": ""}, {"narrative": " "}])
def test_half_a_report_is_not_kept_and_the_page_says_why(send, assignment, staff, wrong):
    answer = send(staff, assignment, **(WORDS | wrong), read=NO_DRAFT)

    assert answer.status_code == 422
    assert answer.json()["words"].startswith("未保存：")
    assert assignment.draft is None


def test_a_reload_shows_the_draft(client, send, assignment, staff):
    send(staff, assignment, **WORDS, read=NO_DRAFT)

    page = client.get(assignment.get_absolute_url()).content.decode()

    assert "已清理42处</textarea>" in page


def test_the_words_of_another_are_kept_when_they_are_replaced(assignment, staff, lead):
    assignment.write(by=staff, percent=10, narrative="经办人的稿子")

    assignment.write(by=lead, percent=20, narrative="负责人的稿子")

    kept = ReplacedDraft.objects.get()
    assert (kept.by, kept.narrative, kept.replaced_by) == (staff, "经办人的稿子", lead)


def test_ones_own_words_and_the_same_words_are_not_kept_twice(assignment, staff, lead):
    assignment.write(by=staff, percent=10, narrative="一稿")
    assignment.write(by=staff, percent=10, narrative="二稿")
    assignment.write(by=lead, percent=10, narrative="二稿")

    assert not ReplacedDraft.objects.exists()


def test_replaced_words_are_read_by_the_unit_only(client, assignment, staff, lead, office):
    assignment.write(by=staff, percent=10, narrative="经办人的稿子")
    assignment.write(by=lead, percent=20, narrative="负责人的稿子")
    pages = []
    for user in (staff, office):
        client.force_login(user)
        pages.append("经办人的稿子" in client.get(assignment.get_absolute_url()).content.decode())

    assert pages == [True, False]


def test_the_database_keeps_no_draft_as_replaced_by_its_own_writer(assignment, staff):
    words = {"percent": 1, "narrative": "稿", "written_at": "2026-01-01T00:00Z"}

    with pytest.raises(IntegrityError, match="tasks_draft_replaced_by_another"), transaction.atomic():
        ReplacedDraft.objects.create(assignment=assignment, by=staff, replaced_by=staff, **words)


@pytest.fixture
def ready(assignment, staff):
    """A draft whose writer asks the lead to hand it in."""
    assignment.write(by=staff, percent=10, narrative="写好了")
    HandOver.objects.ask(assignment, by=staff)
    return assignment


def test_staff_keep_the_draft_and_ask_the_lead_with_one_press(client, assignment, staff):
    client.force_login(staff)

    answer = client.post(reverse("tasks:assignment-ready", args=[assignment.pk]), WORDS)

    assert answer.status_code == 302
    assert assignment.draft.hand_over.by == staff


def test_the_lead_is_told_once_and_the_office_is_not(ready, staff, lead, office):
    HandOver.objects.ask(ready, by=staff)
    event = ready.events.get()

    Notice.objects.tell(event)

    assert [notice.user for notice in Notice.objects.all()] == [lead]
    assert Notice.objects.get().subject.startswith("请负责人提交")


def test_the_lead_finds_it_first_among_the_tasks_and_on_the_home_page(client, ready, make_assignment, lead):
    make_assignment(title="别的", state="doing")
    client.force_login(lead)

    tasks = client.get(reverse("tasks:my-tasks")).content.decode()
    tab = client.get(f"{reverse('tasks:my-tasks')}?tab=ready").context["listing"].rows
    home = client.get(reverse("home")).context["overview"].waiting

    assert tasks.index("待负责人提交") < tasks.index("别的")
    assert tab == [ready]
    assert ("份草稿待提交", 1) in [(str(line.label), line.count) for line in home]


def test_words_changed_by_staff_are_no_longer_ready(ready, staff):
    ready.write(by=staff, percent=10, narrative="还要改")

    assert not HandOver.objects.exists()


def test_words_changed_by_the_lead_stay_ready(ready, lead):
    ready.write(by=lead, percent=10, narrative="负责人改过")

    assert Assignment.objects.ready_for(lead).get() == ready


def test_what_is_handed_in_is_not_waiting_for_the_lead_any_more(ready, lead):
    ready.submit(by=lead)
    ready.withdraw(by=lead)

    assert not Assignment.objects.ready_for(lead).exists()


def test_nothing_can_be_ready_without_a_draft(assignment, staff):
    with pytest.raises(NotInThisState):
        HandOver.objects.ask(assignment, by=staff)


def test_another_unit_says_nothing_of_the_draft(ready, other_lead):
    with pytest.raises(PermissionDenied):
        HandOver.objects.ask(ready, by=other_lead)


def test_a_lead_of_another_unit_is_not_asked(ready, make_member, other_bureau):
    assert not Assignment.objects.ready_for(make_member(other_bureau, Role.UNIT_LEAD)).exists()
