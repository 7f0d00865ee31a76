"""Where a quantity is asked, units report quantities and the percent follows."""

from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tasks.lists.markup import reported_cell
from tasks.models import Assignment
from tasks.models.assignment import NO_DRAFT
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db
AMOUNT = st.decimals(Decimal("0.01"), Decimal(10_000), places=2)


@pytest.fixture
def bins(make_assignment):
    """120 bins are to be set up."""
    return make_assignment(quantity=120, quantity_unit="个")


@given(st.decimals(0, Decimal(20_000), places=2), AMOUNT)
def test_the_percent_is_that_of_the_quantity_and_full_only_when_it_is_reached(reached, wanted):
    percent = Assignment(quantity=wanted).percent_of(reached)

    assert abs(percent - min(Decimal(100), 100 * reached / wanted)) <= Decimal("0.01")
    assert (percent == 100) == (reached >= wanted)


def test_the_unit_reports_how_many_and_the_percent_follows(client, bins, lead):
    client.force_login(lead)

    client.post(reverse("tasks:assignment-submit", args=[bins.pk]), {"quantity": "50", "narrative": "已设50个"})

    report = bins.under_review
    assert (report.quantity, report.percent) == (50, Decimal("41.67"))


def test_without_a_quantity_the_form_says_what_is_missing(client, bins, lead):
    client.force_login(lead)

    answer = client.post(reverse("tasks:assignment-write", args=[bins.pk]), {"percent": "50", "narrative": "一半"})

    assert answer.status_code == 422
    assert "quantity" in answer.context["form"].errors


def report(assignment, lead, office, quantity):
    assignment.write(by=lead, quantity=Decimal(quantity), narrative="设置垃圾箱")
    assignment.submit(by=lead)
    assignment.approve(by=office)
    assignment.refresh_from_db()


def test_what_is_approved_counts(bins, lead, office):
    report(bins, lead, office, 60)

    assert (bins.quantity_done, bins.percent, bins.state) == (60, 50, "doing")


def test_the_whole_quantity_completes_it_and_reopening_takes_it_back(bins, lead, office):
    report(bins, lead, office, 60)
    report(bins, lead, office, 130)
    assert (bins.quantity_done, bins.state) == (130, "completed")

    bins.reopen(by=office, note="抽查发现缺损")

    bins.refresh_from_db()
    assert (bins.quantity_done, bins.percent) == (60, 50)


def test_a_returned_report_keeps_its_quantity_in_the_draft(bins, lead, office):
    bins.write(by=lead, quantity=Decimal(60), narrative="设置垃圾箱")
    bins.submit(by=lead)

    bins.send_back(by=office, note="请附照片")

    assert bins.draft.quantity == 60


def test_a_quantity_is_kept_while_somebody_types(client, bins, staff):
    client.force_login(staff)
    words = {"quantity": "50", "narrative": "已设50个"}

    answer = client.post(
        reverse("tasks:assignment-autosave", args=[bins.pk]), words, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 200
    assert (bins.draft.quantity, bins.draft.percent) == (50, Decimal("41.67"))


def test_the_quantity_of_another_is_shown_beside_ones_own_and_kept_when_it_is_replaced(client, bins, staff, lead):
    bins.write(by=staff, quantity=Decimal(50), narrative="已设50个")
    client.force_login(lead)
    address, mine = reverse("tasks:assignment-write", args=[bins.pk]), {"quantity": "60", "narrative": "已设60个"}

    told = client.post(address, mine | {"read": NO_DRAFT}).context["form"]
    client.post(address, mine | {"read": told["read"].value()})

    assert told.errors["quantity"] == ["期间已保存：“50”"]
    assert bins.replaced_drafts.get().quantity == 50
    assert bins.draft.quantity == 60


def test_the_office_reads_how_many_were_reported(client, bins, lead, office):
    bins.write(by=lead, quantity=Decimal(60), narrative="设置垃圾箱")
    bins.submit(by=lead)
    client.force_login(office)

    for address in (reverse("tasks:review", args=[bins.pk]), bins.get_absolute_url()):
        assert "60 / 120 个" in client.get(address).content.decode()


def test_a_quantity_asked_for_meanwhile_is_noticed(assignment, bins, lead):
    with pytest.raises(NotInThisState):
        bins.write(by=lead, percent=Decimal(50), narrative="一半")
    with pytest.raises(NotInThisState):
        assignment.write(by=lead, quantity=Decimal(5), narrative="五个")


def test_the_queue_shows_the_quantity_beside_the_percent(client, bins, put_in, lead, office):
    put_in("submitted", percent=40)
    bins.write(by=lead, quantity=Decimal(60), narrative="设置垃圾箱")
    bins.submit(by=lead)
    client.force_login(office)

    shown = {row.pk: reported_cell(row) for row in client.get(reverse("tasks:review-queue")).context["listing"].rows}

    assert "50%" in shown.pop(bins.pk) and "60/120 个" in client.get(reverse("tasks:review-queue")).content.decode()
    assert list(shown.values()) == ["40%"]
