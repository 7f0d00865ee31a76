"""Material: filed under many criteria, numbered for good, replaced by revisions that stay."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tasks.models import CatalogueNumber, Criterion, Material, MaterialRevision, RequiredPiece, Standard
from tasks.models.material import RevisionChanged
from units.roles import Role

pytestmark = pytest.mark.django_db


def numbers(material):
    return [str(number) for number in material.numbers.in_order()]


def test_one_file_proves_many_criteria(make_material, make_criterion):
    material = make_material(make_criterion("Ⅱ-1", "1)"), make_criterion("Ⅱ-3", "2)"))

    assert numbers(material) == ["Ⅱ-1-1)-①", "Ⅱ-3-2)-①"]


def test_each_material_under_a_criterion_has_the_next_number(make_material, criterion, other_bureau):
    made = [make_material(criterion), make_material(criterion, unit=other_bureau), make_material(criterion)]

    assert [numbers(one) for one in made] == [["Ⅱ-1-1)-①"], ["Ⅱ-1-1)-②"], ["Ⅱ-1-1)-③"]]


def test_a_number_taken_away_does_not_move_the_others(make_material, criterion, office):
    first, second, third = make_material(criterion), make_material(criterion), make_material(criterion)

    second.unlink(second.numbers.get(), by=office)

    assert (numbers(first), numbers(second), numbers(third)) == (["Ⅱ-1-1)-①"], [], ["Ⅱ-1-1)-③"])


def test_linking_twice_gives_one_number(make_material, criterion, office):
    material = make_material(criterion)

    material.link(criterion, by=office)

    assert numbers(material) == ["Ⅱ-1-1)-①"]


def test_what_was_filed_becomes_a_required_piece_under_its_number(make_material, criterion, office):
    material = make_material(criterion)
    piece = RequiredPiece.objects.add(criterion, name="实施方案")

    number = material.link(criterion, piece, by=office)

    assert (numbers(material), number.piece) == (["Ⅱ-1-1)-①"], piece)


def test_a_piece_of_another_criterion_is_refused(make_material, make_criterion, office):
    piece = RequiredPiece.objects.add(make_criterion("Ⅱ-9"), name="实施方案")

    with pytest.raises(ValidationError, match=r"another criterion|另一"):
        make_material().link(make_criterion(), piece, by=office)


def test_the_newest_revision_counts_and_the_older_stay_readable(make_material, make_attachment, staff):
    material = make_material(name="旧.txt")

    material.revise(make_attachment(name="新.txt"), by=staff, note="补盖章")

    assert (material.newest.number, str(material.newest.attachment), material.newest.note) == (2, "新.txt", "补盖章")
    assert [str(one.attachment) for one in material.revisions.all()] == ["新.txt", "旧.txt"]


def test_who_has_not_seen_the_newest_revision_does_not_replace_it(make_material, make_attachment, staff, lead):
    material = make_material()
    second = material.revise(make_attachment(), by=staff, read=1)

    with pytest.raises(RevisionChanged) as refused:
        material.revise(make_attachment(), by=lead, read=1)

    assert refused.value.now == second
    assert material.revisions.count() == 2


def test_a_file_of_another_unit_is_refused(make_material, make_attachment, other_bureau, office):
    with pytest.raises(ValidationError, match=r"another unit|其他单位"):
        make_material().revise(make_attachment(other_bureau), by=office)


@pytest.mark.parametrize(
    ("role", "at", "may"),
    [
        (Role.UNIT_STAFF, "own", True),
        (Role.UNIT_LEAD, "own", True),
        (Role.OFFICE, "city", True),
        (Role.LEADER, "city", False),
        (Role.INSPECTOR, "city", False),
        (Role.UNIT_LEAD, "other", False),
    ],
)
def test_who_files_and_changes(make_member, make_material, make_attachment, bureau, other_bureau, city, role, at, may):
    person = make_member({"own": bureau, "other": other_bureau, "city": city}[at], role)
    material = make_material()

    for act in (
        lambda: Material.objects.file(make_attachment(), title="方案", places=[], by=person),
        lambda: material.revise(make_attachment(), by=person),
    ):
        if may:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()


def test_filing_freezes_the_edition_whose_numbers_it_carries(make_material, criterion, standard):
    assert standard.frozen_at is None

    make_material(criterion)

    assert Standard.objects.get().frozen_at
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Criterion.objects.update(number="2)")


def test_a_new_version_of_a_standard_requires_the_same_pieces(criterion, standard):
    RequiredPiece.objects.add(criterion, name="实施方案", note="盖章", asked_of="each")

    new = standard.new_version(name=standard.name, edition="2027", level=standard.level)

    copy = RequiredPiece.objects.get(criterion__indicator__standard=new)
    assert (copy.name, copy.note, copy.asked_of) == ("实施方案", "盖章", "each")


@pytest.mark.parametrize(
    ("constraint", "break_it"),
    [
        ("tasks_material_has_a_title", lambda one: Material.objects.update(title="")),
        ("tasks_one_revision_counts", lambda one: again(one.newest, number=2)),
        ("tasks_revision_once", lambda one: again(one.newest, replaced_at=one.made_at)),
        ("tasks_revisions_count_from_one", lambda one: MaterialRevision.objects.update(number=0)),
        ("tasks_catalogue_place_once", lambda one: again(one.numbers.first())),
        ("tasks_catalogue_places_from_one", lambda one: CatalogueNumber.objects.update(place=0)),
        ("tasks_material_once_for_a_piece", lambda one: again(one.numbers.first(), place=9)),
        ("tasks_piece_has_a_name", lambda one: RequiredPiece.objects.update(name="")),
        ("tasks_piece_once_for_a_criterion", lambda one: again(RequiredPiece.objects.get())),
        ("tasks_piece_asked_of_somebody", lambda one: RequiredPiece.objects.update(asked_of="all")),
    ],
)
def test_the_database_refuses(make_material, criterion, constraint, break_it):
    material = make_material(criterion, piece=RequiredPiece.objects.add(criterion, name="实施方案"))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        break_it(material)


def again(row, **changes):
    """A second row like this one."""
    row.pk = None
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
