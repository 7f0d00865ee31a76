"""The tree: its paths are kept by the database, whoever writes; moves, names, endings and mergers."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import InternalError

from units.models import Unit, UnitEvent, UnitKind
from units.roles import Role

TODAY = "2026-03-01"


def paths():
    return {unit.name: (unit.path, unit.depth) for unit in Unit.objects.all()}


def path_of(*units):
    return "/" + "".join(f"{unit.pk:07}/" for unit in units)


def test_a_new_unit_knows_its_place_at_once(city, bureau):
    assert (city.path, city.depth) == (path_of(city), 1)
    assert (bureau.path, bureau.depth) == (path_of(city, bureau), 2)


def test_many_units_made_at_once_know_their_places(city):
    kind = UnitKind.objects.get()
    many = [Unit(name=f"科室{n}", kind=kind, parent=city) for n in range(3)]

    made = Unit.objects.bulk_create(many)

    assert [unit.path for unit in made] == [path_of(city, unit) for unit in made]


def test_units_side_by_side_stand_in_the_order_in_which_they_were_made(city, make_unit):
    made = [make_unit(f"科室{pk}", parent=city, pk=pk) for pk in (99_999, 100_000, 9_999_999)]

    assert list(Unit.objects.filter(parent=city).in_tree_order()) == made


def test_a_move_takes_the_whole_branch_along(city, bureau, other_bureau, make_unit):
    section = make_unit("市容科", parent=bureau)
    team = make_unit("一中队", parent=section)

    section.move(other_bureau)

    assert paths()["一中队"] == (path_of(city, other_bureau, section, team), 4)
    assert section.path == path_of(city, other_bureau, section)


def test_a_move_by_bare_sql_keeps_the_paths_too(city, bureau, other_bureau, make_unit):
    section = make_unit("市容科", parent=bureau)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE units_unit SET parent_id = %s WHERE id = %s", [other_bureau.pk, bureau.pk])

    assert paths()["市容科"] == (path_of(city, other_bureau, bureau, section), 4)


def test_saving_a_stale_copy_does_not_bring_an_old_path_back(city, bureau, other_bureau):
    stale = Unit.objects.get(pk=bureau.pk)
    stale.path, stale.order = "/999/", 7

    stale.save()

    assert paths()["市城管局"] == (path_of(city, bureau), 2)


def test_the_database_refuses_a_circle(city, bureau):
    with pytest.raises(IntegrityError, match="cannot stand below itself"):
        Unit.objects.filter(pk=city.pk).update(parent=bureau)


def test_the_database_refuses_a_unit_below_itself(bureau):
    with pytest.raises(IntegrityError, match="cannot stand below itself"):
        Unit.objects.filter(pk=bureau.pk).update(parent=bureau)


def test_a_circle_is_refused_with_words(city, bureau):
    with pytest.raises(ValidationError):
        city.move(bureau)


class Mover(threading.Thread):
    """Somebody else on a connection of their own, who moves one unit by bare SQL."""

    def __init__(self, unit, parent):
        super().__init__()
        self.unit, self.parent, self.error = unit, parent, None

    def run(self):
        try:
            Unit.objects.filter(pk=self.unit.pk).update(parent=self.parent)
        except IntegrityError as error:
            self.error = error
        finally:
            connections.close_all()


def race(first, second):
    """Each under the other at the same time: ours holds its lock, the rival starts, ours commits."""
    rival = Mover(second, first)
    with transaction.atomic():
        Unit.objects.filter(pk=first.pk).update(parent=second)
        rival.start()
        rival.join(0.5)
        was_waiting = rival.is_alive()
    rival.join(10)
    return was_waiting, rival.error


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_cannot_make_a_circle(bureau, other_bureau):
    was_waiting, error = race(bureau, other_bureau)

    assert was_waiting
    assert "cannot stand below itself" in str(error)


@pytest.fixture
def without_the_lock(transactional_db):
    """The trigger that lets one move wait for the other, switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_one_move_at_a_time_%'")
        cursor.execute(f"ALTER TABLE units_unit DISABLE TRIGGER {cursor.fetchone()[0]}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE units_unit ENABLE TRIGGER USER")


def test_without_the_lock_two_moves_do_make_a_circle(without_the_lock, bureau, other_bureau):
    _was_waiting, error = race(bureau, other_bureau)

    assert error is None


@pytest.mark.django_db(transaction=True)
def test_a_unit_made_below_a_moving_one_gets_the_new_path(city, bureau, other_bureau):
    class Maker(Mover):
        def run(self):
            Unit.objects.create(name="新科室", parent=self.parent, kind=self.unit.kind)
            connections.close_all()

    maker = Maker(bureau, bureau)
    with transaction.atomic():
        bureau.move(other_bureau)
        maker.start()
        maker.join(0.5)
    maker.join(10)

    made = Unit.objects.get(name="新科室")
    assert made.path == path_of(city, other_bureau, bureau, made)


def test_a_renamed_unit_keeps_its_former_names(bureau, office):
    bureau.short_name = "城管局"

    event = bureau.rename("市城市管理局", short_name="城管局", on=TODAY, by=office, note="机构改革")

    bureau.refresh_from_db()
    assert (bureau.name, event.actor, event.note) == ("市城市管理局", office, "机构改革")
    assert [(name.name, name.kind) for name in bureau.names.all()] == [("市城管局", "former")]


def test_a_name_that_was_only_written_wrongly_is_not_kept(bureau):
    bureau.rename("市城市管理局", on=TODAY, keep=False)

    assert not bureau.names.exists()


def test_a_unit_with_units_below_it_does_not_end(city, bureau):
    with pytest.raises(ValidationError):
        city.end(on=TODAY)


def test_a_unit_that_has_ended_is_no_longer_current(bureau, office):
    bureau.end(on=TODAY, by=office)

    assert bureau not in Unit.objects.current()
    assert bureau in Unit.objects.current(on=TODAY)


def test_a_unit_ends_once(bureau):
    bureau.end(on=TODAY)

    with pytest.raises(ValidationError):
        Unit.objects.get(pk=bureau.pk).merge_into(bureau, on=TODAY)


def test_a_merged_unit_hands_over_its_names_its_branch_and_its_people(bureau, other_bureau, lead, make_unit):
    section = make_unit("市容科", parent=bureau)

    bureau.merge_into(other_bureau, on=TODAY)

    section.refresh_from_db()
    assert section.parent == other_bureau
    assert other_bureau.names.get().name == "市城管局"
    assert lead.has_role(Role.UNIT_LEAD, other_bureau)


def test_an_office_makes_no_administrator_by_merging(bureau, other_bureau, office, make_member):
    small_admin = make_member(bureau, Role.ADMIN)

    bureau.merge_into(other_bureau, on=TODAY, by=office)

    assert not other_bureau.memberships.filter(user=small_admin).exists()


def test_a_role_until_a_day_ends_on_that_day_also_after_a_merger(bureau, other_bureau, lead):
    lead.memberships.update(until="2099-12-31")

    bureau.merge_into(other_bureau, on=TODAY)

    assert str(other_bureau.memberships.get(user=lead).until) == "2099-12-31"


def test_a_merger_is_told_by_both_units(bureau, other_bureau, office):
    bureau.merge_into(other_bureau, on=TODAY, by=office)

    assert [(event.unit, event.step) for event in UnitEvent.objects.order_by("pk")] == [
        (other_bureau, "absorb"),
        (bureau, "merge"),
    ]


def test_a_unit_is_not_merged_into_one_below_it(city, bureau):
    with pytest.raises(ValidationError):
        city.merge_into(bureau, on=TODAY)


def test_units_of_the_same_name_are_not_thrown_together(bureau, other_bureau, make_unit):
    make_unit("办公室", parent=bureau)
    make_unit("办公室", parent=other_bureau)

    with pytest.raises(ValidationError, match="办公室"):
        bureau.merge_into(other_bureau, on=TODAY)


def test_two_units_below_one_have_two_names(city, bureau, make_unit):
    with pytest.raises(IntegrityError, match="units_name_once_below_a_unit"):
        make_unit(bureau.name, parent=city)


def test_two_roots_have_two_names(city, make_unit):
    with pytest.raises(IntegrityError, match="units_name_once_below_a_unit"):
        make_unit(city.name)


def test_a_unit_ends_after_it_began(make_unit):
    with pytest.raises(IntegrityError, match="units_unit_ends_after_it_began"):
        make_unit(valid_from="2026-01-02", valid_until="2026-01-01")


def test_only_a_unit_that_has_ended_has_a_successor(make_unit, bureau):
    with pytest.raises(IntegrityError, match="units_merged_unit_has_ended"):
        make_unit(successor=bureau)


def test_what_happened_to_a_unit_cannot_be_unsaid(bureau):
    event = bureau.rename("市城市管理局", on=TODAY)

    with pytest.raises(InternalError, match="events_unchanged"), transaction.atomic():
        UnitEvent.objects.filter(pk=event.pk).update(note="nothing")
    with pytest.raises(InternalError, match="events_stay"):
        event.delete()
