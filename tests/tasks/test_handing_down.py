"""Second decomposition: a unit's lead hands an assignment down, the units below report, the lead decides."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.urls import reverse

from config.navigation import places
from tasks.models import Assignment
from tasks.models.division import Refused
from tests.tasks.rows import unit_rows
from units.jobs import announce_waiting
from units.models import Notice
from units.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(make_unit, bureau):
    return make_unit("市容科", parent=bureau)


@pytest.fixture
def section_lead(make_member, section):
    return make_member(section, Role.UNIT_LEAD, name="市容科科长")


@pytest.fixture
def hand(client, assignment):
    """Hand our assignment down by its form: `hand(lead, (section, "responsible"))`."""

    def hand(user, *rows, **more):
        client.force_login(user)
        return client.post(reverse("tasks:hand-down", args=[assignment.pk]), unit_rows(*rows, **more))

    return hand


@pytest.fixture
def below(assignment, section, lead):
    """Our assignment, handed down to the section."""
    assignment.hand_down({section: "responsible"}, by=lead)
    return assignment.handed_down.get()


def reviewed(assignment, by, reviewer, percent=50):
    assignment.write(by=by, percent=Decimal(percent), narrative="已清理42处")
    assignment.submit(by=by)
    assignment.approve(by=reviewer)


def test_the_lead_hands_down_by_the_form(hand, lead, assignment, section, make_unit, bureau):
    other = make_unit("执法科", parent=bureau)

    answer = hand(lead, (section, "lead", {"share": 60}), (other, "responsible", {"share": 40}))

    assert answer.status_code == 302
    rows = assignment.handed_down.values_list("unit__name", "part", "share")
    assert set(rows) == {("市容科", "lead", 60), ("执法科", "responsible", 40)}


def test_who_has_nobody_below_is_not_offered_to_hand_down(client, below, section_lead, make_unit, section):
    client.force_login(section_lead)
    assert client.get(below.get_absolute_url()).context["hands_down"] is False

    make_unit("一中队", parent=section)

    assert client.get(below.get_absolute_url()).context["hands_down"] is True


@pytest.mark.parametrize(("who", "status"), [("staff", 403), ("office", 403), ("other_lead", 404)])
def test_only_the_lead_of_the_unit_hands_down(request, hand, section, who, status):
    assert hand(request.getfixturevalue(who), (section, "responsible")).status_code == status
    assert not Assignment.objects.exclude(parent=None).exists()


def test_a_unit_elsewhere_and_the_unit_itself_are_refused(hand, lead, bureau, other_bureau, assignment):
    answer = hand(lead, (bureau, "lead"), (other_bureau, "responsible"))

    assert answer.status_code == 422
    assert "台账" in answer.context["rows"].forms[0].non_field_errors()[0]
    assert "不在市城管局之下" in answer.context["rows"].forms[1].non_field_errors()[0]
    assert not assignment.handed_down.exists()


def test_a_unit_that_has_the_task_from_another_unit_is_told(hand, lead, section, below, make_unit):
    team = make_unit("一队", parent=section)
    below.hand_down({team: "responsible"}, by=lead)

    answer = hand(lead, (section, "responsible"), (team, "responsible"))

    assert "由市容科（市城管局）分解" in answer.context["rows"].forms[1].non_field_errors()[0]


def test_a_section_that_has_ended_is_told(hand, lead, make_unit, bureau):
    ended = make_unit("老科", parent=bureau, valid_until="2021-01-01")

    assert "已撤销" in hand(lead, (ended, "lead")).context["rows"].forms[0].non_field_errors()[0]


def test_its_deadline_is_not_later_than_that_of_the_unit(hand, lead, assignment, section):
    Assignment.objects.filter(pk=assignment.pk).update(deadline=date(2026, 6, 30))

    late = hand(lead, (section, "lead", {"deadline": "2026-07-01"}))
    in_time = hand(lead, (section, "lead", {"deadline": "2026-06-30"}))

    assert (late.status_code, in_time.status_code) == (422, 302)


def test_what_has_not_begun_is_taken_back_and_what_has_is_not(
    hand, lead, below, section, section_lead, make_unit, bureau
):
    idle = make_unit("执法科", parent=bureau)
    below.parent.hand_down({section: "responsible", idle: "supporting"}, by=lead)
    below.write(by=section_lead, percent=Decimal(10), narrative="已动手")

    refused = hand(lead, (section, "responsible", {"gone": "on"}), (idle, "supporting", {"gone": "on"}))
    assert refused.status_code == 422
    assert below.parent.handed_down.count() == 2

    hand(lead, (section, "responsible"), (idle, "supporting", {"gone": "on"}))
    assert list(below.parent.handed_down.all()) == [below]


def test_somebody_else_who_handed_down_meanwhile_is_shown(client, hand, lead, assignment, section, make_unit, bureau):
    client.force_login(lead)
    read = client.get(reverse("tasks:hand-down", args=[assignment.pk])).context["form"]["read"].value()
    assignment.hand_down({make_unit("执法科", parent=bureau): "lead"}, by=lead)

    answer = hand(lead, (section, "responsible"), read=read)

    assert answer.status_code == 422
    assert "执法科" in answer.context["rows"].problems()[0]
    assert assignment.handed_down.get().unit.name == "执法科"
    again = answer.context["form"]["read"].value()
    assert hand(lead, (section, "responsible"), read=again).status_code == 302


def test_what_is_completed_is_not_handed_down(hand, lead, assignment, section):
    Assignment.objects.filter(pk=assignment.pk).update(state="completed", percent=100, completed_at="2026-06-01T00:00Z")

    assert hand(lead, (section, "responsible")).status_code == 409


def test_the_ledger_does_not_take_out_a_unit_that_has_handed_down(below):
    with pytest.raises(Refused):
        below.task.assign({})


# --- who does what with it ---


def test_the_section_sees_it_as_its_own_task_and_the_lead_above_does_not(client, below, section_lead, lead):
    def listed(user):
        client.force_login(user)
        return [row.pk for row in client.get(reverse("tasks:my-tasks")).context["listing"].rows]

    assert (listed(section_lead), listed(lead)) == ([below.pk], [below.parent_id])


def test_the_people_of_the_section_are_told(below, section_lead, lead, client):
    announce_waiting(older_than_seconds=-1)

    notice = Notice.objects.get(user=section_lead)
    client.force_login(section_lead)
    assert client.get(notice.link).status_code == 200


def test_the_lead_above_reviews_in_the_queue(client, below, section_lead, lead, office):
    below.write(by=section_lead, percent=Decimal(50), narrative="已清理42处")
    below.submit(by=section_lead)
    client.force_login(lead)

    rows = client.get(reverse("tasks:review-queue")).context["listing"].rows
    seen = below.under_review.version
    client.post(reverse("tasks:assignment-approve", args=[below.pk]), {"seen": seen, "queue": "1"})

    below.refresh_from_db()
    assert ([row.pk for row in rows], below.percent, below.parent.percent) == ([below.pk], 50, 0)
    assert not Assignment.objects.reviewable_by(office).exists()


def names(user):
    """The places that the navigation shows, with what waits there."""
    shown = places(user, "home")["sections"]
    return {str(place["label"]): place["count"] for _label, part in shown for place in part}


def test_the_queue_stands_in_the_navigation_while_something_waits(below, section_lead, lead):
    before = names(lead)
    below.write(by=section_lead, percent=Decimal(50), narrative="已清理42处")
    below.submit(by=section_lead)
    cache.clear()

    assert "审核" not in before
    assert names(lead)["审核"] == 1


def test_the_page_of_the_unit_shows_what_is_below_beside_its_own_percent(client, below, section_lead, lead, make_unit):
    team = make_unit("一队", parent=below.unit)
    below.hand_down({team: "responsible"}, by=section_lead)
    reviewed(below.handed_down.get(), lead, section_lead, percent=80)
    client.force_login(lead)

    shown = client.get(below.parent.get_absolute_url()).context

    assert [(row.unit.name, row.level, row.percent) for row in shown["below"]] == [("市容科", 0, 0), ("一队", 1, 80)]
    assert (shown["together"], shown["assignment"].percent) == (80, 0)


def test_the_page_of_the_task_shows_the_whole_tree_to_those_above(
    client, below, office, other_lead, give, other_bureau
):
    give(below.task, other_bureau)

    def shown(user):
        client.force_login(user)
        return [row.unit.name for row in client.get(below.task.get_absolute_url()).context["given"]]

    assert shown(office) == ["市城管局", "市容科", "市教育局"]
    assert shown(other_lead) == ["市城管局", "市教育局"]


def test_part_of_a_quantity_is_handed_down(client, below, lead):
    Assignment.objects.filter(pk=below.parent_id).update(quantity=120, quantity_unit="个")
    Assignment.objects.filter(pk=below.pk).update(quantity=50, quantity_unit="个")
    client.force_login(lead)

    page = client.get(below.parent.get_absolute_url())

    assert page.context["handed"] == 50
    assert "已分解 50" in page.content.decode()


# --- what is counted ---


def test_pages_count_what_is_asked_and_not_what_was_handed_down(client, below, office, lead):
    client.force_login(office)
    ledger = below.task.ledger

    figures = client.get(ledger.get_absolute_url()).context["figures"]
    [row] = client.get(reverse("tasks:ledgers")).context["listing"].rows
    without = client.get(f"{reverse('tasks:assignments')}?handed=asked").context["listing"].count
    only = client.get(f"{reverse('tasks:assignments')}?handed=down").context["listing"].count
    numbers = {str(one.label): one.value for one in client.get(reverse("home")).context["overview"].numbers}

    assert (figures["asked"], row.asked, without, only) == (1, 1, 1, 1)
    assert "0/1" in numbers.values()


def test_a_section_counts_what_was_handed_down_to_it(client, below, section_lead):
    client.force_login(section_lead)

    assert client.get(below.task.ledger.get_absolute_url()).context["figures"]["asked"] == 1


def test_the_list_of_tasks_asks_what_ledgers_ask_unless_a_unit_is_chosen(client, below, office):
    Assignment.objects.filter(pk=below.pk).update(state="returned")
    client.force_login(office)

    def found(query):
        return client.get(f"{below.task.ledger.get_absolute_url()}?{query}").context["listing"].count

    asked = [found("state=returned"), found(f"state=returned&unit={below.unit_id}")]
    assert [*asked, found(f"state=returned&unit={below.parent.unit_id}")] == [0, 1, 0]


@pytest.mark.parametrize("path", ["hand-down", "task-edit", "task-new"])
def test_a_made_up_row_does_not_tell_the_name_of_a_unit_of_another_city(
    client, assignment, lead, office, make_unit, path
):
    far = make_unit("宁川市")
    row = {"hand-down": assignment.pk, "task-edit": assignment.task_id, "task-new": assignment.task.ledger_id}[path]
    client.force_login(lead if path == "hand-down" else office)

    answer = client.post(reverse(f"tasks:{path}", args=[row]), unit_rows((far, "responsible"), title="任务"))

    assert answer.status_code == 422
    assert far.name not in answer.content.decode()


def test_a_row_of_a_number_too_long_for_any_unit_is_refused(client, assignment, lead):
    rows = unit_rows((SimpleNamespace(pk="9" * 5000), "responsible"))
    client.force_login(lead)

    assert client.post(reverse("tasks:hand-down", args=[assignment.pk]), rows).status_code == 422
