"""Small makers: what matters to a test is said in the test, the rest is filled in here."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inspections.models import (
    Checklist,
    ChecklistItem,
    Finding,
    Place,
    PlaceType,
    RectificationItem,
)
from tasks.models import Assignment, Criterion, Indicator, Ledger, Material, Standard, Task
from units.files import accept
from units.models import PeerGroup, Unit, UnitKind, User
from units.roles import Role

numbers = count(1)


def at(text):
    """`2026-09-30 10:00` in Shanghai."""
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture
def make_unit(db):
    """A unit of a kind (made when it is new), below `parent`; valid since 2020."""

    def make(name=None, parent=None, kind="政府部门", peer_group=None, **fields):
        kind, _ = UnitKind.objects.get_or_create(name=kind)
        if isinstance(peer_group, str):
            peer_group, _ = PeerGroup.objects.get_or_create(name=peer_group)
        fields.setdefault("valid_from", "2020-01-01")
        return Unit.objects.create(
            name=name or f"单位{next(numbers)}",
            parent=parent,
            kind=kind,
            peer_group=peer_group,
            **fields,
        )

    return make


@pytest.fixture
def make_member(db):
    """A person who holds `role` in `unit` since 2020; `client.force_login` knows them."""

    def make(unit, role, name=None, **fields):
        number = next(numbers)
        user = User.objects.create(username=f"user{number}", name=name or f"人员{number}", **fields)
        user.set_unusable_password()
        user.save(update_fields=["password"])  # a session holds a hash of it
        user.memberships.create(unit=unit, role=role, since="2020-01-01")
        return user

    return make


@pytest.fixture
def city(make_unit):
    return make_unit("安澜市", kind="市")


@pytest.fixture
def bureau(make_unit, city):
    """Our unit."""
    return make_unit("市城管局", parent=city, peer_group="市直部门组")


@pytest.fixture
def other_bureau(make_unit, city):
    """A unit whose rows our people must not see."""
    return make_unit("市教育局", parent=city, peer_group="市直部门组")


@pytest.fixture
def office(make_member, city):
    return make_member(city, Role.OFFICE, name="文明办小周")


@pytest.fixture
def inspector(make_member, city):
    return make_member(city, Role.INSPECTOR, name="督查员小吴")


@pytest.fixture
def lead(make_member, bureau):
    return make_member(bureau, Role.UNIT_LEAD, name="城管局联络员")


@pytest.fixture
def staff(make_member, bureau):
    return make_member(bureau, Role.UNIT_STAFF, name="城管局经办人")


@pytest.fixture
def other_lead(make_member, other_bureau):
    return make_member(other_bureau, Role.UNIT_LEAD, name="教育局联络员")


@pytest.fixture
def leader(make_member, city):
    return make_member(city, Role.LEADER, name="市领导")


@pytest.fixture
def make_assignment(city, bureau):
    def make(unit=None, title="清理占道经营", part="lead", **fields):
        ledger, _ = Ledger.objects.get_or_create(unit=city, year=2026, name="目标任务分解表")
        number = next(numbers)
        task = Task.objects.create(ledger=ledger, key=f"row{number}", order=number, title=title)
        return Assignment.objects.create(task=task, unit=unit or bureau, part=part, **fields)

    return make


@pytest.fixture
def assignment(make_assignment):
    return make_assignment()


@pytest.fixture
def standard(city):
    return Standard.objects.create(unit=city, name="文明城市测评体系", edition="2026")


@pytest.fixture
def make_criterion(standard):
    """A criterion of the standard: `make_criterion("Ⅱ-1", "1)")`."""

    def make(code="Ⅱ-1", number="1)", text="有实施方案", **fields):
        order = int(code.rpartition("-")[2] or 0) if code.rpartition("-")[2].isdigit() else 0
        top, _ = Indicator.objects.get_or_create(standard=standard, level=1, code="Ⅰ-1", name="组织领导")
        above, _ = Indicator.objects.get_or_create(
            standard=standard, level=2, code=code, name=f"指标{code}", parent=top, order=order
        )
        return Criterion.objects.create(indicator=above, number=number, text=text, order=next(numbers), **fields)

    return make


@pytest.fixture
def criterion(make_criterion):
    return make_criterion()


@pytest.fixture
def make_attachment(bureau, staff):
    """A file of a unit, as its people hand it in."""

    def make(unit=None, name="方案.txt", content=None, by=None):
        content = content or f"正文{next(numbers)}".encode()
        return accept(SimpleUploadedFile(name, content), unit=unit or bureau, by=by or staff)

    return make


@pytest.fixture
def make_material(make_attachment, office):
    """Material filed under criteria: `make_material(criterion, other, title="方案")`."""

    def make(*criteria, unit=None, title="工作方案", attachment=None, piece=None, **file):
        attachment = attachment or make_attachment(unit, **file)
        places = [(criterion, piece) for criterion in criteria]
        return Material.objects.file(attachment, title=title, places=places, by=office)

    return make


@pytest.fixture
def checklist(city):
    return Checklist.objects.create(unit=city, name="实地考察标准")


@pytest.fixture
def market(db):
    return PlaceType.objects.get_or_create(name="农贸市场")[0]


@pytest.fixture
def checklist_item(checklist, market):
    return ChecklistItem.objects.create(
        checklist=checklist,
        place_type=market,
        category="公共秩序",
        text="无占道经营现象",
    )


@pytest.fixture
def make_place(bureau, market):
    def make(unit=None, name=None, **fields):
        return Place.objects.create(
            unit=unit or bureau,
            place_type=market,
            name=name or f"人民路农贸市场{next(numbers)}",
            **fields,
        )

    return make


@pytest.fixture
def make_finding(make_place, inspector, bureau, checklist_item):
    def make(unit=None, place=None, **fields):
        unit = unit or bureau
        fields = {
            "text": "摊位外溢",
            "item": checklist_item,
            "found_by": inspector,
            "deduction": "0.5",
        } | fields
        return Finding.objects.create(unit=unit, place=place or make_place(unit), **fields)

    return make


@pytest.fixture
def make_item(make_finding):
    """A rectification item, issued yesterday and due in three days unless said otherwise."""

    def make(unit=None, finding=None, **fields):
        finding = finding or make_finding(unit)
        now = timezone.now()
        fields = {
            "issued_at": now - timedelta(days=1),
            "due_at": now + timedelta(days=3),
        } | fields
        return RectificationItem.objects.create(finding=finding, unit=finding.unit, **fields)

    return make


@pytest.fixture
def item(make_item):
    return make_item()
