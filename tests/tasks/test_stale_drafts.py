"""Two people write the draft of one report: neither takes the other's words away unseen."""

import pytest
from django.urls import reverse

from tasks.models import Assignment

pytestmark = pytest.mark.django_db
MINE = {"percent": "10", "narrative": "经办人的稿子"}


@pytest.fixture
def opened(client, make_assignment, staff):
    """The page as the clerk opened it: `(assignment, what its form sends unseen)`."""
    assignment = make_assignment()
    client.force_login(staff)
    form = client.get(assignment.get_absolute_url()).context["form"]
    return assignment, {"read": form["read"].value()}


@pytest.fixture
def write(client, opened):
    assignment, hidden = opened
    return lambda data: client.post(reverse("tasks:assignment-write", args=[assignment.pk]), hidden | data)


def draft_of(assignment):
    return Assignment.objects.get(pk=assignment.pk).draft


def test_a_draft_kept_meanwhile_is_shown_and_not_overwritten(opened, write, lead):
    assignment, _hidden = opened
    assignment.write(by=lead, percent=40, narrative="负责人的稿子")

    answer = write(MINE)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "负责人的稿子" in page
    assert "经办人的稿子" in page
    assert draft_of(assignment).narrative == "负责人的稿子"


def test_who_has_seen_the_other_draft_may_keep_the_own(opened, write, lead):
    assignment, _hidden = opened
    assignment.write(by=lead, percent=40, narrative="负责人的稿子")
    form = write(MINE).context["form"]

    assert write(MINE | {"read": form["read"].value()}).status_code == 302
    assert draft_of(assignment).narrative == "经办人的稿子"


def test_the_same_words_sent_twice_are_no_conflict(opened, write):
    assert [write(MINE).status_code, write(MINE).status_code] == [302, 302]


def test_a_draft_that_was_handed_in_and_returned_is_looked_at_first(opened, write, lead, office):
    assignment, _hidden = opened
    assignment.write(by=lead, percent=40, narrative="负责人的稿子")
    assignment.submit(by=lead)
    assignment.send_back(by=office, note="不够具体")

    assert write(MINE).status_code == 422
