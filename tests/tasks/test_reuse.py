"""A file that was used before is a hint for who decides, within what that person sees, and never for the unit."""

from datetime import timedelta

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from tasks.models import Evidence
from tests.tasks.test_page_costs import MOST
from tests.units.test_looks import as_file, scene
from units.models import Attachment
from units.reuse import MOST_TOLD, reuses
from units.roles import Role

pytestmark = pytest.mark.django_db
PHOTO = as_file(scene())
ALTERED = as_file(scene().resize((320, 240)), quality=60)


@pytest.fixture
def report_with(put_in, make_attachment, bureau):
    """A report under review with one file: `report_with(b"…", name="一.jpg", days_ago=3)`."""

    def make(content=PHOTO, *, unit=None, name="照片.jpg", days_ago=0, state="submitted"):
        assignment = put_in(state, unit=unit)
        file = make_attachment(unit or bureau, name, content)
        Evidence.objects.create(progress=assignment.progress.get(), attachment=file)
        with_time = Attachment.objects.filter(pk=file.pk)
        moment = timezone.now() - timedelta(days=days_ago)
        # The trigger seals when it came: only a test may pretend that it came earlier.
        from_the_past(with_time, moment)
        return assignment

    return make


def from_the_past(rows, moment):
    with pgtrigger.ignore("units.Attachment:original_is_sealed"):
        rows.update(uploaded_at=moment)


def hints(assignment, user):
    files = Evidence.objects.filter(progress__assignment=assignment).select_related("attachment")
    return [(hint.use.used_for, hint.is_same) for hint in reuses(files, user)]


def test_the_same_file_is_noticed(report_with, other_bureau, office):
    first = report_with(unit=other_bureau, days_ago=9)

    assert hints(report_with(), office) == [(first, True)]


def test_the_same_document_is_noticed(report_with, other_bureau, office):
    first = report_with("总结".encode(), name="甲.txt", unit=other_bureau, days_ago=9)

    assert hints(report_with("总结".encode(), name="乙.txt"), office) == [(first, True)]


def test_a_similar_photo_is_noticed(report_with, office):
    first = report_with(days_ago=9)

    assert hints(report_with(ALTERED), office) == [(first, False)]


def test_the_very_same_is_told_before_many_that_look_alike(report_with, office):
    first = report_with(days_ago=30)
    for days in range(1, 9):
        report_with(ALTERED, days_ago=days)

    told = hints(report_with(), office)

    assert told[0] == (first, True)
    assert len(told) == MOST_TOLD


def test_another_photo_is_no_hint(report_with, office):
    report_with(as_file(scene(7)), days_ago=9)

    assert hints(report_with(), office) == []


def test_blank_sheets_are_not_like_each_other(report_with, office):
    blank = scene().point(lambda _value: 255)
    report_with(as_file(blank, quality=80), days_ago=9)

    assert hints(report_with(as_file(blank, quality=60)), office) == []


def test_the_first_use_is_not_marked_by_a_later_one(report_with, office):
    first = report_with(days_ago=9)
    report_with()

    assert hints(first, office) == []


def test_a_file_of_a_returned_report_was_not_used(report_with, office):
    first = report_with(days_ago=9)
    first.send_back(by=office, note="看不清")

    assert hints(report_with(), office) == []


def test_a_file_in_a_draft_is_not_named(report_with, office):
    report_with(days_ago=9, state="doing")

    assert hints(report_with(), office) == []


def test_the_finding_that_a_photo_was_taken_for_is_named(report_with, make_finding, make_attachment, office):
    finding = make_finding()
    finding.finding_photos.create(attachment=make_attachment(name="现场.jpg", content=PHOTO))

    assert hints(report_with(), office) == [(finding, True)]


def test_what_the_reviewer_does_not_see_is_not_named(report_with, make_unit, make_member, other_bureau):
    """A bureau's lead decides on what the bureau handed down, and sees no other bureau."""
    report_with(unit=other_bureau, days_ago=9)
    district = make_unit("某区")
    stranger = make_member(district, Role.OFFICE)

    assert hints(report_with(), stranger) == []


@pytest.fixture
def asked(client):
    """The answer to who asks what was used before."""

    def get(user, row, **headers):
        client.force_login(user)
        return client.get(reverse("tasks:assignment-reuse", args=[row.pk]), headers=headers)

    return get


def test_the_reviewer_is_told_where(report_with, asked, office):
    first = report_with(days_ago=9)

    page = asked(office, report_with()).content.decode()

    assert first.get_absolute_url() in page
    assert f"{timezone.localdate() - timedelta(days=9):%Y-%m-%d}" in page


def test_the_page_of_the_reviewer_asks_by_itself_and_gets_the_piece(report_with, asked, client, office):
    report_with(days_ago=9)
    again = report_with()
    piece = asked(office, again, hx_request="true").content.decode()

    pages = [again.get_absolute_url(), reverse("tasks:review", args=[again.pk])]
    asking = [reverse("tasks:assignment-reuse", args=[again.pk]) in client.get(url).content.decode() for url in pages]

    assert asking == [True, True]
    assert "<html" not in piece and "reuse-pair" in piece


def test_the_unit_and_leaders_are_not_told(report_with, asked, client, lead, leader):
    report_with(days_ago=9)
    again = report_with()

    for user in (lead, leader):
        assert asked(user, again).status_code == 403
        assert "/reuse/" not in client.get(again.get_absolute_url()).content.decode()


def test_hints_cost_a_fixed_number_of_queries(report_with, asked, client, office, django_assert_max_num_queries):
    for days in range(1, 8):
        report_with(days_ago=days)
    again = report_with()
    asked(office, again)

    with django_assert_max_num_queries(MOST):
        client.get(reverse("tasks:assignment-reuse", args=[again.pk]))


@pytest.fixture
def asked_together(client):
    def get(user, *rows, **headers):
        client.force_login(user)
        return client.get(reverse("tasks:review-reuse"), {"selected": [row.pk for row in rows]}, headers=headers)

    return get


def test_who_reviews_several_together_is_told_of_which_report(report_with, asked_together, office, other_bureau):
    first = report_with(unit=other_bureau, days_ago=9)
    again, new = report_with(ALTERED), report_with("总结".encode(), name="总结.txt")

    hints = asked_together(office, again, new).context["reuses"]
    page = asked_together(office, again, new, hx_request="true").content.decode()

    assert [(hint.file.used_for, hint.use.used_for, hint.is_same) for hint in hints] == [(again, first, False)]
    assert f'<a href="{again.get_absolute_url()}"><strong>' in page and f'href="{first.get_absolute_url()}"' in page


def test_one_photo_in_two_reports_of_the_same_page_is_told(report_with, asked_together, office, other_bureau):
    both = [report_with(unit=other_bureau, days_ago=1), report_with()]

    hints = asked_together(office, *both).context["reuses"]

    assert [(hint.file.used_for, hint.use.used_for) for hint in hints] == [(both[1], both[0])]


def test_the_queue_asks_for_the_reports_that_it_lists(report_with, client, office):
    shown = report_with()
    client.force_login(office)

    page = client.get(reverse("tasks:review-queue")).content.decode()

    assert f'hx-get="{reverse("tasks:review-reuse")}?selected={shown.pk}&amp;"' in page


def test_only_reports_that_are_ones_own_to_decide_are_compared(report_with, asked_together, make_unit, make_member):
    report_with(days_ago=9)
    stranger = make_member(make_unit("另一个市"), Role.OFFICE)

    assert asked_together(stranger, report_with()).context["reuses"] == []


def test_files_that_were_not_compared_are_counted(report_with, asked_together, office, monkeypatch):
    monkeypatch.setattr("tasks.views.materials.MOST_COMPARED", 1)

    page = asked_together(office, report_with(), report_with(days_ago=1)).content.decode()

    assert "另有 1 个文件未比对" in page


def test_hints_on_many_reports_cost_a_fixed_number_of_queries(
    report_with, asked_together, office, django_assert_max_num_queries
):
    rows = [report_with(days_ago=days) for days in range(12)]
    asked_together(office, *rows)

    with django_assert_max_num_queries(MOST):
        assert len(asked_together(office, *rows).context["reuses"]) > MOST_TOLD
