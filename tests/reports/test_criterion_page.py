"""Where a criterion stands, from the roof: tasks and units, evidence, and what was found at its checklist items."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from inspections.models import ChecklistItem
from reports.models import CriterionItem, findings_of
from tasks.models import Assignment, Criterion, Evidence, RequiredPiece, Standard
from tasks.standards.editions import make_ledger
from tests.access.world import paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(city):
    standard = Standard.objects.create(unit=city, name="测评体系", edition="2025")
    top = standard.indicators.create(level=1, code="Ⅰ-1", name="公共环境")
    for number, text in enumerate(["无占道经营", "路面洁净"], start=1):
        top.criteria.create(number=str(number), text=text, order=number)
    return standard


@pytest.fixture
def criterion(edition):
    return Criterion.objects.get(text="无占道经营")


@pytest.fixture
def task(edition, city, criterion):
    return make_ledger(edition, unit=city, name="分解表", year=2026).tasks.get(criteria=criterion)


@pytest.fixture
def link(criterion, checklist_item):
    return CriterionItem.objects.create(criterion=criterion, item=checklist_item)


def look(client, user, criterion, **asked):
    client.force_login(user)
    return client.get(reverse("reports:criterion", args=[criterion.pk]), asked)


def test_it_shows_the_units_with_state_and_progress(client, office, criterion, task, bureau, other_bureau):
    for unit, state in ((bureau, "doing"), (other_bureau, "not_started")):
        Assignment.objects.create(task=task, unit=unit, part="responsible", state=state, percent=40)

    standing = look(client, office, criterion).context["standing"]

    assert [(one.unit, one.state) for one in standing.assignments] == [
        (bureau, "doing"), (other_bureau, "not_started"),
    ]  # fmt: skip
    assert [(one.title, one.asked) for one in standing.tasks] == [("无占道经营", 2)]


def test_what_is_handed_in_is_not_called_late(client, office, criterion, task, bureau, other_bureau):
    for unit, state in ((bureau, "submitted"), (other_bureau, "returned")):
        Assignment.objects.create(task=task, unit=unit, part="responsible", state=state, deadline="2026-01-05")

    standing = look(client, office, criterion).context["standing"]

    assert [(one.state, one.days_left is None) for one in standing.assignments] == [
        ("submitted", True), ("returned", False),
    ]  # fmt: skip


def handed_in(task, unit, by, *, is_draft=False):
    given, _ = Assignment.objects.get_or_create(task=task, unit=unit, part="responsible")
    when = {} if is_draft else {"submitted_at": timezone.now(), "submitted_by": by, "verdict": "approved"}
    when |= {} if is_draft else {"reviewed_at": timezone.now(), "reviewed_by": unit.memberships.get().user}
    return given.progress.create(by=by, percent=50, narrative="已做", **when)


def test_required_pieces_are_there_or_missing(client, office, edition, criterion, bureau, other_bureau, make_material):
    plan = RequiredPiece.objects.add(criterion, name="方案", asked_of="each")
    task = make_ledger(edition, unit=edition.unit, name="分解表", year=2026).tasks.get(criteria=criterion)
    for unit in (bureau, other_bureau):
        Assignment.objects.create(task=task, unit=unit, part="responsible")
    make_material(criterion, piece=plan, unit=bureau)

    standing = look(client, office, criterion).context["standing"]

    assert [(one.unit, one.state) for one in standing.pieces] == [(bureau, "done"), (other_bureau, "missing")]
    assert (standing.pieces_there, [str(one) for one in standing.filed]) == (1, ["Ⅰ-1-1)-①"])


def test_a_unit_sees_the_criterion_it_is_asked_and_no_other_unit(client, lead, criterion, task, bureau, other_bureau):
    for unit in (bureau, other_bureau):
        Assignment.objects.create(task=task, unit=unit, part="responsible")

    page = look(client, lead, criterion)

    assert [one.unit for one in page.context["standing"].assignments] == [bureau]
    assert criterion.indicator.standard.get_absolute_url() not in page.content.decode()


def test_evidence_is_shown_once_and_no_draft(client, office, criterion, task, bureau, lead, make_unit):
    file, hidden = paper(bureau, lead), paper(make_unit("另一局", parent=bureau.parent), lead)
    for _ in range(2):
        Evidence.objects.create(progress=handed_in(task, bureau, office), attachment=file)
    Evidence.objects.create(progress=handed_in(task, bureau, lead, is_draft=True), attachment=hidden)

    standing = look(client, office, criterion).context["standing"]

    assert [one.attachment for one in standing.evidence] == [file]


def test_findings_at_its_items_are_shown(client, office, criterion, link, make_finding, checklist, market):
    other = ChecklistItem.objects.create(checklist=checklist, place_type=market, category="环境", text="地面干净")
    found, _elsewhere = make_finding(), make_finding(item=other)

    page = look(client, office, criterion)

    assert page.context["listing"].rows == [found]
    assert page.context["figures"] == {"found": 1, "open": 1}


def test_findings_of_the_next_version_of_the_checklist_count_too(criterion, link, make_finding, checklist):
    found = make_finding(item=checklist.copy().items.get())

    assert list(findings_of(criterion)) == [found]


def test_the_same_words_for_another_type_of_place_are_another_item(criterion, link, make_finding, checklist, market):
    other = type(market).objects.create(name="主次干道")
    item = ChecklistItem.objects.create(checklist=checklist, place_type=other, category="秩序", text="无占道经营现象")
    make_finding(item=item)

    assert not findings_of(criterion).exists()


def test_an_item_belongs_to_a_criterion_once(link):
    with pytest.raises(IntegrityError, match="reports_item_once_in_a_criterion"), transaction.atomic():
        CriterionItem.objects.create(criterion=link.criterion, item=link.item)


def test_the_office_chooses_the_items_also_of_a_frozen_edition(client, office, criterion, task, checklist_item):
    client.force_login(office)
    address = reverse("reports:criterion-items", args=[criterion.pk])

    client.post(address, {"items": [checklist_item.pk]})
    assert [one.item for one in criterion.checklist_items.all()] == [checklist_item]
    client.post(address, {"items": []})
    assert not criterion.checklist_items.exists()


def test_only_the_newest_version_of_a_checklist_is_offered(client, office, criterion, checklist_item, checklist):
    newest = checklist.copy()
    client.force_login(office)

    form = client.get(reverse("reports:criterion-items", args=[criterion.pk])).context["form"]

    assert list(form.fields["items"].queryset) == list(newest.items.all())


def test_a_new_version_takes_the_items_over_once(client, office, edition, link):
    new = edition.new_version(name=edition.name, edition="2026", level="city")
    Criterion.objects.filter(indicator__standard=new, text="无占道经营").update(text="无占道经营现象")
    client.force_login(office)
    for _ in range(2):
        client.post(reverse("reports:standard-items-take", args=[new.pk]))

    [taken] = CriterionItem.objects.filter(criterion__indicator__standard=new)
    assert (taken.criterion.text, taken.item) == ("无占道经营现象", link.item)


def test_the_page_costs_the_same_for_one_and_for_many(
    queries_of, office, criterion, task, link, make_finding, make_unit, city
):
    def more(n):
        for _ in range(n):
            Assignment.objects.create(task=task, unit=make_unit(parent=city), part="responsible")
            make_finding()
        return queries_of(office, reverse("reports:criterion", args=[criterion.pk]))

    assert more(1) == more(30) <= 20
