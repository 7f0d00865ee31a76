"""Two people at once: the second waits and is refused. Each with its counter-proof."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks import letters, uploads
from tasks.models import Assignment, Evidence, Ledger, LedgerImport, Progress, ResponsibilityLetter, Task
from tests.inspections.rivals import race
from tests.tasks.conftest import SAMPLES
from tests.tasks.test_assignment_steps import STEPS, ready_for, take
from units.files import accept
from units.forms.files import FilesField
from units.roles import UNIT_ROLES
from units.workflow import NotInThisState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_people(make_member, city, bureau):
    """Two who may take the step, each on their own."""

    def make(step):
        role = next(iter(STEPS[step].roles))
        unit = bureau if role in UNIT_ROLES else city
        return make_member(unit, role), make_member(unit, role)

    return make


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("units.workflow.announce.delay", lambda *_args: None)


def both_take(step, put_in, people):
    assignment = ready_for(put_in, step, next(iter(STEPS[step].sources)))
    first, second = (Assignment.objects.get(pk=assignment.pk) for _ in range(2))
    return assignment, race(lambda: take(first, step, people[0]), lambda: take(second, step, people[1]))


@pytest.mark.parametrize("step", STEPS)
def test_the_second_of_two_waits_and_is_refused(put_in, two_people, step):
    assignment, (has_waited, rival) = both_take(step, put_in, two_people(step))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert assignment.events.count() == 1


def test_without_the_lock_the_rival_would_see_the_old_state(put_in, two_people, monkeypatch):
    """The counter-proof: the race above is one that a missing lock loses."""
    plain = Assignment.refresh_from_db
    monkeypatch.setattr(Assignment, "refresh_from_db", lambda self, from_queryset=None, **more: plain(self, **more))

    assignment, (_has_waited, rival) = both_take("withdraw", put_in, two_people("withdraw"))

    assert rival.error is None
    assert assignment.events.count() == 2


def test_a_report_is_not_written_on_while_it_is_handed_in(put_in, lead, staff):
    assignment = put_in("doing")
    first, second = (Assignment.objects.get(pk=assignment.pk) for _ in range(2))

    has_waited, rival = race(
        lambda: first.submit(by=lead), lambda: second.write(by=staff, percent=90, narrative="更多")
    )

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert assignment.under_review.percent == 40


@pytest.fixture
def dropped_while_returned(put_in, lead, office, bureau):
    """A file is taken out of the draft by somebody who still sees the draft, while it is handed in and returned."""

    def run():
        assignment = put_in("doing")
        paper = accept(SimpleUploadedFile("说明.txt", "说明".encode()), unit=bureau, by=lead)
        Evidence.objects.create(progress=assignment.draft, attachment=paper)
        seen = Evidence.objects.select_related("progress").get()
        first, second = (Assignment.objects.get(pk=assignment.pk) for _ in range(2))

        def hand_in_and_return():
            first.submit(by=lead)
            first.send_back(by=office, note="请补充")

        return seen, race(hand_in_and_return, lambda: second.drop(seen, by=lead))

    return run


def test_a_file_of_a_report_that_was_decided_meanwhile_stays(dropped_while_returned):
    seen, (has_waited, rival) = dropped_while_returned()

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert Evidence.objects.filter(pk=seen.pk).exists()


def test_by_what_was_read_before_the_lock_the_file_would_be_gone(dropped_while_returned, monkeypatch):
    """The counter-proof: the draft that was read has become the report that was decided."""
    monkeypatch.setattr(Progress, "refresh_from_db", lambda self, **_what: None)

    seen, (_has_waited, rival) = dropped_while_returned()

    assert rival.error is None
    assert not Evidence.objects.filter(pk=seen.pk).exists()


def test_nobody_reports_on_a_task_while_the_unit_is_taken_out(put_in, staff):
    assignment = put_in("doing")
    assignment.progress.all().delete()
    theirs = Assignment.objects.get(pk=assignment.pk)

    has_waited, rival = race(
        lambda: assignment.task.assign({}), lambda: theirs.write(by=staff, percent=90, narrative="更多")
    )

    assert has_waited
    assert isinstance(rival.error, Assignment.DoesNotExist)


@pytest.fixture
def waiting_import(office, city):
    """An import of the 通城 sample that waits for confirmation."""
    name = "ledger_tongcheng_2020.xlsx"
    file = FilesField().clean([SimpleUploadedFile(name, (SAMPLES / name).read_bytes())])[0]
    return uploads.begin(file, by=office, becomes="ledger", ledger=None, unit=city, name="", year=None)


def test_an_import_confirmed_twice_at_once_is_done_once(waiting_import):
    has_waited, rival = race(lambda: uploads.confirm(waiting_import, {}), lambda: uploads.confirm(waiting_import, {}))

    assert has_waited
    assert isinstance(rival.error, NotInThisState)
    assert Task.objects.count() == 5


def test_without_the_lock_both_would_confirm(waiting_import, monkeypatch):
    """The counter-proof: without the row lock the second confirmation begins too, and only the ledger stops it."""
    plain = LedgerImport.objects.select_related
    monkeypatch.setattr(LedgerImport.objects, "select_for_update", lambda **_how: plain())

    _has_waited, rival = race(lambda: uploads.confirm(waiting_import, {}), lambda: uploads.confirm(waiting_import, {}))

    assert not isinstance(rival.error, NotInThisState)


@pytest.fixture
def two_drafts(make_assignment, bureau, other_bureau, city, office):
    """The drafts of two letters of one ledger."""
    ledger = make_assignment(bureau).task.ledger
    make_assignment(other_bureau)
    words = {"title": "责任书", "clauses": []}
    return letters.draw_up(ledger, [bureau, other_bureau], words, by=office).letters


def test_two_letters_issued_at_once_get_two_numbers(two_drafts, office):
    first, second = two_drafts

    has_waited, rival = race(lambda: first.issue(by=office), lambda: second.issue(by=office))

    assert has_waited and rival.error is None
    assert sorted(ResponsibilityLetter.objects.values_list("serial", flat=True)) == [1, 2]


def test_without_the_lock_on_the_ledger_both_would_take_one_number(two_drafts, office, monkeypatch):
    """The counter-proof: without it the second takes the same number, and only the constraint stops it."""
    first, second = two_drafts
    monkeypatch.setattr(Ledger.objects, "select_for_update", lambda **_how: Ledger.objects.all())

    _has_waited, rival = race(lambda: first.issue(by=office), lambda: second.issue(by=office))

    assert "tasks_letter_number_once" in str(rival.error)


def test_one_draft_issued_twice_at_once_is_issued_once(two_drafts, office):
    first = two_drafts[0]
    again = ResponsibilityLetter.objects.get(pk=first.pk)

    has_waited, rival = race(lambda: first.issue(by=office), lambda: again.issue(by=office))

    assert has_waited and isinstance(rival.error, NotInThisState)
