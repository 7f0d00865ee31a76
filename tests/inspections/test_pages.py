"""Lists and pages of findings and rectification items."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.models import Finding, Place, RectificationItem, Visit
from tests.inspections.conftest import jpeg

pytestmark = pytest.mark.django_db
MOST = 20


@pytest.fixture
def desk(client, office):
    client.force_login(office)
    return client


@pytest.fixture
def fill(market, checklist_item, inspector, city, make_unit, running, lead):
    """`fill(n)`: n places in the round, each visited, with a finding and its item waiting for a check."""
    units = [make_unit(f"街道{n}", parent=city) for n in range(5)]
    now = timezone.now()

    def fill(n):
        names = [f"点位{uuid4()}" for _ in range(n)]
        places = Place.objects.bulk_create(
            Place(unit=units[i % 5], place_type=market, name=name) for i, name in enumerate(names)
        )
        running.add_places(places)
        visits = Visit.objects.bulk_create(Visit(round=running, place=place, by=inspector) for place in places)
        findings = Finding.objects.bulk_create(
            Finding(unit=visit.place.unit, place=visit.place, visit=visit, item=checklist_item, found_by=inspector)
            for visit in visits
        )
        due = {"due_at": now + timedelta(days=3), "state": "submitted", "submitted_at": now, "submitted_by": lead}
        RectificationItem.objects.bulk_create(
            RectificationItem(finding=finding, unit=finding.unit, **due) for finding in findings
        )

    return fill


LISTS = ["items", "findings", "verify-queue", "places", "rounds", "checklists"]


@pytest.mark.parametrize("page", LISTS)
def test_a_list_costs_the_same_queries_for_25_rows_and_250(desk, fill, page, django_assert_max_num_queries):
    url = f"{reverse(f'inspections:{page}')}?size=250"
    fill(25)
    desk.get(url)
    with django_assert_max_num_queries(MOST) as few:
        desk.get(url)
    fill(225)

    with django_assert_max_num_queries(len(few)):
        desk.get(url)


@pytest.mark.parametrize("page", ["round", "my_round", "place", "checklist"])
def test_a_page_with_rows_costs_the_same_queries_for_25_and_250(
    desk, fill, running, checklist, make_place, page, django_assert_max_num_queries
):
    pages = {"round": running, "checklist": checklist, "place": make_place()}
    url = f"{pages[page].get_absolute_url()}?size=250" if page in pages else reverse("inspections:my-round")
    fill(25)
    desk.get(url)
    with django_assert_max_num_queries(MOST) as few:
        desk.get(url)
    fill(225)

    with django_assert_max_num_queries(len(few)):
        desk.get(url)


def test_the_page_of_an_item_stays_within_its_queries(desk, put_in, django_assert_max_num_queries):
    item = put_in("submitted")

    with django_assert_max_num_queries(MOST):
        desk.get(item.get_absolute_url())


def listed(client, **asked):
    return set(client.get(reverse("inspections:items"), asked).context["listing"].rows)


def test_items_are_filtered_by_state(desk, put_in):
    closed, _open = put_in("closed"), put_in("issued")

    assert listed(desk, state="closed") == {closed}


def test_only_late_items(desk, make_item):
    now = timezone.now()
    late = make_item(issued_at=now - timedelta(days=5), due_at=now - timedelta(minutes=1))
    make_item()

    assert listed(desk, late="true") == {late}


def test_items_are_filtered_by_a_unit_and_all_below_it(desk, make_item, make_unit, bureau):
    below = make_item(make_unit("市容科", parent=bureau))
    make_item(make_unit("别局"))

    assert listed(desk, unit=bureau.pk) == {below}


def test_items_are_searched_by_problem_and_place(desk, make_item, make_finding, make_place):
    by_text = make_item(finding=make_finding(text="流动摊贩"))
    by_place = make_item(finding=make_finding(place=make_place(name="流动路市场")))
    make_item()

    assert listed(desk, q="流动") == {by_text, by_place}


def test_items_are_filtered_by_source_and_issue_day(desk, make_item, make_finding):
    hot, _other = make_item(finding=make_finding(source="hotline")), make_item()
    yesterday = timezone.localdate() - timedelta(days=1)

    assert listed(desk, source="hotline", issued_after=yesterday, issued_before=yesterday) == {hot}


def test_a_late_item_tells_how_many_working_days(desk, make_item):
    now = timezone.now()
    item = make_item(issued_at=now - timedelta(days=30), due_at=now - timedelta(days=14))

    assert "逾期" in desk.get(item.get_absolute_url()).content.decode()


def test_the_verify_queue_leaves_out_the_own_answers(desk, put_in, office):
    put_in("submitted", submitted_by=office)
    other = put_in("submitted")

    assert desk.get(reverse("inspections:verify-queue")).context["listing"].rows == [other]


@pytest.mark.parametrize(
    ("state", "who", "verbs"),
    [
        ("issued", "lead", ["签收", "整改反馈", "起草反馈", "非本单位职责"]),
        ("issued", "staff", ["签收", "起草反馈"]),
        ("submitted", "office", ["复核通过", "退回"]),
        ("submitted", "lead", []),
        ("disputed", "office", ["维持原交办", "改派"]),
        ("closed", "office", []),
    ],
)
def test_the_page_offers_exactly_the_steps_that_are_open(put_in, request, state, who, verbs):
    item = put_in(state)

    steps = item.steps_open_to(request.getfixturevalue(who))

    assert [str(item.steps[name].verb) for name in steps] == verbs


def test_a_unit_answers_with_photos(client, item, lead):
    client.force_login(lead)

    client.post(
        reverse("inspections:item-submit", args=[item.pk]), {"measure": "已清理", "photos": [jpeg("red"), jpeg("blue")]}
    )

    item.refresh_from_db()
    assert (item.state, item.fix_photos.count()) == ("submitted", 2)


def test_a_refused_photo_submits_nothing(client, item, lead):
    client.force_login(lead)
    bad = jpeg()
    bad.file.seek(0)
    bad.file.truncate(20)

    response = client.post(reverse("inspections:item-submit", args=[item.pk]), {"measure": "已清理", "photos": [bad]})

    item.refresh_from_db()
    assert (response.status_code, item.state) == (422, "issued")


def test_answering_twice_is_a_conflict(client, item, lead):
    client.force_login(lead)
    url = reverse("inspections:item-submit", args=[item.pk])

    codes = [client.post(url, {"measure": "已清理"}).status_code for _ in range(2)]

    assert codes == [302, 409]


def test_a_return_without_a_reason_asks_for_one(desk, put_in):
    item = put_in("submitted")

    response = desk.post(reverse("inspections:item-return", args=[item.pk]), {"note": ""})

    item.refresh_from_db()
    assert (response.status_code, item.state) == (422, "submitted")


def test_the_way_from_finding_to_closed(client, item, lead, office):
    client.force_login(lead)
    client.post(reverse("inspections:item-sign", args=[item.pk]))
    client.post(reverse("inspections:item-submit", args=[item.pk]), {"measure": "已清理"})
    client.force_login(office)
    client.post(reverse("inspections:item-return", args=[item.pk]), {"note": "照片看不出整改部位"})
    client.force_login(lead)
    client.post(reverse("inspections:item-submit", args=[item.pk]), {"measure": "已补拍"})
    client.force_login(office)
    client.post(reverse("inspections:item-verify", args=[item.pk]))

    item.refresh_from_db()
    steps = list(item.events.order_by("pk").values_list("step", flat=True))
    assert (item.state, item.closed_by) == ("closed", office)
    assert steps == ["sign", "submit", "return", "submit", "verify"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_timeline_tells_the_new_unit_and_deadline(desk, put_in, other_bureau, language):
    item = put_in("disputed")
    sent = {"unit": other_bureau.pk, "note": "属教育局"}
    desk.post(reverse("inspections:item-reassign", args=[item.pk]), sent)
    desk.cookies["django_language"] = language

    told = desk.get(item.get_absolute_url()).context["history"][0]

    assert told.note == "属教育局"
    assert ("市城管局", "市教育局") in [change[1:] for change in told.changes]
    assert len(told.changes) == 2


def test_what_bare_sql_changed_is_told_too(desk, item):
    RectificationItem.objects.filter(pk=item.pk).update(requirement="限三日内清理")

    history = desk.get(item.get_absolute_url()).context["history"]

    assert "限三日内清理" in str(history[0].changes)


def test_a_finding_and_a_checklist_tell_their_changes(desk, item, checklist_item):
    Finding.objects.filter(pk=item.finding_id).update(text="出店经营")
    checklist_item.deduction = Decimal("0.80")
    checklist_item.save()

    changes = reverse("inspections:checklist-changes", args=[checklist_item.checklist_id])
    for address, word in ((item.finding.get_absolute_url(), "出店经营"), (changes, "0.80")):
        page = desk.get(address)
        assert word in str(page.context["history"][0].changes)
        assert "变更记录" in page.content.decode()
