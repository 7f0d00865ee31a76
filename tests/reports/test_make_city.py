"""The demonstration city is whole, consistent, and the same for the same seed and day."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.models import Finding, Place, PlaceType, RectificationEvent, RectificationItem, Round
from reports.city.make import make_city
from reports.city.people import PASSWORD
from reports.city.plan import Plan
from reports.city.tables import rows
from reports.models import Disclosure, HandInPackage, Ranking, Report
from tasks.models import (
    Assignment,
    AssignmentEvent,
    Coordination,
    Criterion,
    Decision,
    HandOver,
    Indicator,
    Ledger,
    Meeting,
    Postponement,
    Progress,
    ResponsibilityLetter,
    SelfCheck,
    Task,
)
from units.jobs import event_models
from units.models import Notice, PeerGroup, Unit, User

DAY = date(2026, 8, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def anlan(django_db_setup, django_db_blocker):
    """The city as `make_city` makes it, once for this file; it goes with the transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_city(Plan(today=DAY))
        yield
        transaction.set_rollback(True)


def test_the_ranked_units_are_69_in_four_groups(anlan):
    sizes = PeerGroup.objects.annotate(size=Count("units")).values_list("name", "size")

    assert dict(sizes) == {"区县组": 6, "街道乡镇组": 18, "市直部门组": 33, "窗口行业组": 12}


def test_the_standard_has_7_aspects_33_indicators_and_111_criteria(anlan):
    levels = Counter(Indicator.objects.values_list("level", flat=True))

    assert (levels, Criterion.objects.count()) == ({1: 7, 2: 33}, 111)


def test_every_criterion_is_asked_of_a_lead(anlan):
    assert Task.objects.exclude(criteria=None).filter(assignments__part="lead").count() == 111


def test_every_member_has_something_to_do(anlan):
    assert not Unit.objects.exclude(peer_group=None).filter(assignments=None).exists()


def test_there_are_300_places_of_every_kind(anlan):
    without = PlaceType.objects.filter(places=None).values_list("name", flat=True)

    assert (Place.objects.count(), PlaceType.objects.count() >= 54, list(without)) == (300, True, [])


def test_every_place_has_one_unit_that_leads(anlan):
    assert not Place.objects.exclude(responsibilities__is_lead=True).exists()


def test_the_finished_rounds_have_visited_every_place(anlan):
    visited = [tour.visits.count() for tour in Round.objects.order_by("starts_on")]

    assert visited[:2] == [300, 300]
    assert 0 < visited[2] < 300


def test_things_come_back_at_the_same_place(anlan):
    again = Finding.objects.exclude(item=None).values("place", "item").annotate(times=Count("pk")).filter(times__gt=1)

    assert len(again) > 20


def test_findings_are_as_short_as_real_ones(anlan):
    lengths = sorted(len(text) for text in Finding.objects.values_list("text", flat=True))

    assert 7 <= lengths[len(lengths) // 2] <= 12


@pytest.mark.parametrize("model", [RectificationEvent, AssignmentEvent])
def test_every_history_is_a_walk_through_the_workflow_table(anlan, model):
    row = "item" if model is RectificationEvent else "assignment"
    walks = {}
    for event in model.objects.order_by("at", "pk").select_related(row):
        walks.setdefault(getattr(event, row), []).append(event)

    for thing, events in walks.items():
        assert all(one.after == two.before and one.at <= two.at for one, two in pairwise(events))
        taken = [event for event in events if event.step != "issue"]
        assert all(event.before in thing.steps[event.step].sources for event in taken)
        assert events[-1].after == thing.state


@pytest.mark.parametrize("model", [RectificationEvent, AssignmentEvent])
def test_every_step_was_taken_by_somebody_who_may(anlan, model):
    row = "item" if model is RectificationEvent else "assignment"
    people = {user.pk: user for user in User.objects.all()}
    taken = model.objects.exclude(step__in=["issue", "expire"]).exclude(item__events__step="reassign") \
        if row == "item" else model.objects.all()  # fmt: skip
    for event in taken.select_related(f"{row}__unit", *deeper(row)):
        thing = getattr(event, row)
        step = thing.steps[event.step]
        roles = getattr(thing, step.roles_of) if step.roles_of else step.roles
        assert any(people[event.actor_id].has_role(role, getattr(thing, step.at)) for role in roles)


def deeper(row):
    keeper = ["assignment__task__ledger__unit", "assignment__parent__unit"]
    return ["item__finding__visit__round__unit"] if row == "item" else keeper


def test_a_bureau_has_handed_tasks_down_and_has_reports_to_review(anlan):
    lead = User.objects.get(username="chengguan1")

    below = Assignment.objects.exclude(parent=None)
    assert set(below.values_list("state", flat=True)) == {"not_started", "submitted", "doing", "completed"}
    assert Assignment.objects.reviewable_by(lead).exists()


def test_a_task_comes_again_each_month(anlan):
    months = Task.objects.exclude(repeat_of=None).order_by("occurs_on").values_list("occurs_on", flat=True)

    assert [day.month for day in months] == [4, 5, 6, 7, 8]


def test_nothing_happened_in_the_future(anlan):
    now = Plan(today=DAY).now

    assert not Finding.objects.filter(recorded_at__gte=now).exists()
    assert not any(model.objects.filter(at__gt=now).exists() for model in event_models())


def test_the_score_of_a_finding_went_along_with_its_item(anlan):
    pairs = RectificationItem.objects.values_list("unit_id", "finding__unit_id")

    assert all(mine == its for mine, its in pairs)


def test_reports_of_units_are_drafts_under_review_and_decided(anlan):
    assert Progress.objects.filter(submitted_at=None).exists()
    assert set(Progress.objects.exclude(submitted_at=None).values_list("verdict", flat=True)) == {
        "", "approved", "returned"
    }  # fmt: skip


def test_units_check_ask_and_help_in_every_state(anlan):
    states = [set(model.objects.values_list("state", flat=True)) for model in (Postponement, Coordination)]

    assert states == [{"asked", "granted", "refused", "withdrawn"}, {"open", "decided", "done"}]
    assert set(SelfCheck.objects.values_list("verdict", flat=True)) == set(SelfCheck.Verdict.values)
    assert HandOver.objects.exists()


def test_a_granted_day_counts(anlan):
    days = Postponement.objects.granted().values_list("until", "assignment__due_on")

    assert all(until == due for until, due in days)


@pytest.mark.parametrize("model", [Postponement, Coordination])
def test_what_was_asked_has_its_history(anlan, model):
    for row in model.objects.prefetch_related("events"):
        events = sorted(row.events.all(), key=lambda event: event.at)

        assert events[0].step == "ask"
        assert all(one.after == two.before for one, two in pairwise(events))
        assert events[-1].after == row.state


def test_both_finished_quarters_are_issued(anlan):
    issued = Report.objects.issued().order_by("period__starts_on")

    assert [str(report.period.number) for report in issued] == ["1", "2"]
    assert all(report.issued_at <= Plan(today=DAY).now for report in issued)
    assert Ranking.objects.filter(period__number=3, has_lines=False).exists()


def test_two_editions_of_the_ledger_are_disclosed_each_as_of_its_day(anlan):
    first, second = (edition.data["sums"] for edition in Disclosure.objects.published().order_by("edition"))
    now = Assignment.objects.filter(task__ledger__year=DAY.year, state="completed").count()

    assert first["asked"] == second["asked"]
    assert 0 < first["completed"] < second["completed"] < now


def test_nobody_is_called_for_what_is_past(anlan):
    assert not any(model.objects.filter(announced_at=None).exists() for model in event_models())
    assert Notice.objects.unread().exists()
    assert set(Notice.objects.values_list("user__username", flat=True)) <= {row["login"] for row in rows("accounts")}


def test_some_findings_and_answers_have_pictures(anlan):
    assert Finding.objects.exclude(photos=None).count() >= 20
    assert RectificationItem.objects.exclude(photos=None).exists()


@pytest.mark.parametrize("login", sorted({row["login"] for row in rows("accounts")}))
def test_every_demonstration_account_can_log_in(anlan, client, login):
    answer = client.post(reverse("login"), {"username": login, "password": PASSWORD})

    assert (answer.status_code, "_auth_user_id" in client.session) == (302, True)


def test_nobody_else_has_a_password(anlan):
    others = User.objects.exclude(username__in={row["login"] for row in rows("accounts")})

    assert not any(user.has_usable_password() for user in others)


def test_every_source_of_the_standard_is_one_of_the_copied_tables():
    named = {row["source"] for row in rows("standard")} - {""}

    assert named == {"wuhan_2014", "district_2010", "tongcheng_2020", "bengbu_2016", "national_2015"}


def pages_of(user):
    """Where the person works, with each kind of thing that may stand on an assignment."""
    seen = Assignment.objects.visible_to(user)
    special = [
        seen.filter(postponements__state="asked"),
        seen.exclude(coordinations=None),
        seen.exclude(parent=None),
        seen.filter(progress__evidence__isnull=False),
    ]
    rows = [Ledger, Meeting, Decision, HandInPackage, ResponsibilityLetter]
    things = [*(row.order_by("pk").first() for row in special), *(one.objects.visible_to(user).first() for one in rows)]
    waiting = Assignment.objects.reviewable_by(user).first()
    ledger = Ledger.objects.exclude(standard=None).latest("year")
    criterion = Criterion.objects.annotate(n=Count("tasks")).latest("n")
    named = [("completeness", ledger), ("ledger-letters", ledger), *([("review", waiting)] if waiting else [])]
    return [
        *(one.get_absolute_url() for one in things if one),
        *(reverse(f"tasks:{name}", args=[one.pk]) for name, one in named),
        *(reverse(name) for name in ("home", "tasks:my-tasks", "tasks:review-queue", "tasks:materials")),
        reverse("reports:criterion", args=[criterion.pk]),
    ]


@pytest.mark.parametrize("login", ["office1", "chengguan1", "chengguan2"])
def test_no_page_asks_the_database_more_than_twenty_times(anlan, client, login):
    user = User.objects.get(username=login)
    client.force_login(user)
    asked = {}

    for address in pages_of(user):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked[address] = len(queries)

    assert {address: n for address, n in asked.items() if n > 20} == {}
