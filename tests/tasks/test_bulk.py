"""Many tasks at once: what would change is shown row by row, then done, all or nothing."""

from datetime import date

import pytest
from django.urls import reverse

from tasks import bulk
from tasks.bulk import Plan, Wish
from tasks.models import Assignment, Task

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 30)


@pytest.fixture
def tasks(make_task):
    return [make_task(f"第{n}项") for n in range(3)]


@pytest.fixture
def desk(client, office, ledger):
    """The office at the pages of the ledger: `desk("preview", tasks, do="add", …)`."""
    client.force_login(office)

    def desk(page, tasks, **words):
        name = "tasks:bulk" if page == "form" else f"tasks:bulk-{page}"
        return client.post(reverse(name, args=[ledger.pk]), {"selected": [task.pk for task in tasks], **words})

    return desk


@pytest.fixture
def do(desk):
    """Look, then confirm what is ticked, as the page sends it."""

    def do(tasks, **words):
        plan = desk("preview", tasks, **words).context["plan"]
        return desk("confirm", plan.ready, seen=[f"{row.pk}:{row.version}" for row in plan.ready], **words)

    return do


def picked(*units):
    return [f"unit-{unit.pk}" for unit in units]


def parts(task):
    return dict(task.assignments.values_list("unit__name", "part"))


def test_the_selected_tasks_come_to_the_page(desk, tasks):
    assert list(desk("form", tasks[:2]).context["tasks"]) == tasks[:2]


def test_without_a_selection_it_says_so(desk, ledger):
    assert desk("form", []).url == ledger.get_absolute_url()


def test_a_look_changes_nothing(desk, tasks, bureau):
    plan = desk("preview", tasks, do="add", part="lead", pick=picked(bureau)).context["plan"]

    assert [str(row.changes[0].unit) for row in plan.ready] == ["市城管局"] * 3
    assert not Assignment.objects.exists()


def test_units_are_added_and_change_their_part(do, tasks, give, bureau, other_bureau):
    give(tasks[0], bureau)

    do(tasks, do="add", part="supporting", pick=picked(bureau, other_bureau))

    assert [parts(task) for task in tasks] == [{"市城管局": "supporting", "市教育局": "supporting"}] * 3


def test_a_peer_group_is_added_with_a_part(do, tasks, bureau, other_bureau):
    do(tasks[:1], do="add", part="responsible", pick=[f"group-{bureau.peer_group_id}"])

    assert parts(tasks[0]) == {"市城管局": "responsible", "市教育局": "responsible"}


def test_a_part_is_replaced_and_the_others_stay(do, tasks, give, bureau, other_bureau, make_unit, city):
    third = make_unit("市住建局", parent=city)
    give(tasks[0], bureau, part="lead")
    give(tasks[0], third, part="supporting")

    do(tasks[:1], do="replace", part="lead", pick=picked(other_bureau))

    assert parts(tasks[0]) == {"市教育局": "lead", "市住建局": "supporting"}


def test_units_are_taken_out(do, tasks, give, bureau, other_bureau):
    give(tasks[0], bureau, other_bureau)

    do(tasks[:2], do="take_out", pick=picked(bureau))

    assert parts(tasks[0]) == {"市教育局": "responsible"}


def test_deadline_and_mark_are_set(do, tasks):
    do(tasks[:2], deadline_do="set", deadline="2026-06-30", key="yes")

    assert list(Task.objects.values_list("deadline", "is_key")) == [(JUNE, True), (JUNE, True), (None, False)]


def test_what_is_refused_is_said_and_left_out(do, desk, tasks, give, put_in, bureau, other_bureau):
    reported = put_in("doing").task
    give(tasks[0], bureau)
    words = {"do": "take_out", "pick": picked(bureau)}

    page = desk("preview", [reported, *tasks], **words)
    answer = do([reported, *tasks], **words)

    plan = page.context["plan"]
    assert [(len(plan.ready), len(plan.refused), len(plan.idle))] == [(1, 1, 2)]
    assert "不能移除" in page.content.decode()
    assert answer.status_code == 302
    assert (parts(reported), parts(tasks[0])) == ({"市城管局": "lead"}, {})


def test_a_second_lead_is_refused(desk, tasks, give, bureau, other_bureau):
    give(tasks[0], bureau, part="lead")

    plan = desk("preview", tasks[:1], do="add", part="lead", pick=picked(other_bureau)).context["plan"]

    assert "只有一个牵头单位" in plan.refused[0].refused[0]


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"do": "add", "part": "lead"},
        {"do": "add", "part": "lead", "pick": "both"},
        {"pick": "one"},
        {"deadline_do": "set"},
    ],
)
def test_words_that_say_too_little_are_refused(desk, tasks, bureau, other_bureau, words):
    units = {"one": picked(bureau), "both": picked(bureau, other_bureau)}
    words = {name: units.get(value, value) for name, value in words.items()}

    assert desk("preview", tasks, **words).status_code == 422


def test_what_has_changed_since_the_look_is_looked_at_again(desk, tasks, give, bureau, other_bureau):
    words = {"do": "add", "part": "responsible", "pick": picked(bureau)}
    plan = desk("preview", tasks, **words).context["plan"]
    give(tasks[2], other_bureau)

    answer = desk("confirm", tasks, seen=[f"{row.pk}:{row.version}" for row in plan.rows], **words)

    assert answer.status_code == 409
    assert [parts(task) for task in tasks] == [{}, {}, {"市教育局": "responsible"}]


def test_a_failure_in_the_middle_leaves_nothing_half_done(ledger, tasks, bureau, monkeypatch):
    wish = Wish({"is_key": True}, "add", (bureau,), "lead")
    plan = Plan(ledger, tasks, wish)

    def fail(_planned):
        raise RuntimeError

    monkeypatch.setattr(bulk, "carry_out", fail)
    with pytest.raises(RuntimeError):
        bulk.carry(
            ledger, {row.pk: row.version for row in plan.ready}, Wish({"is_key": True}, "add", (bureau,), "lead")
        )

    assert not Task.objects.filter(is_key=True).exists()


def test_it_is_one_group_of_the_history(client, do, tasks, office):
    do(tasks, deadline_do="set", deadline="2026-06-30", key="yes")

    shots = Task.pgh_event_model.objects.filter(pgh_label="update")
    assert (shots.count(), shots.values("pgh_context").distinct().count()) == (3, 1)
    [changed, *_rest] = client.get(tasks[0].get_absolute_url()).context["history"]
    assert (changed.actor, changed.note) == (office, "批量操作：3 项任务")


def test_another_offices_ledger_is_not_ours_to_change(client, tasks, ledger, lead, bureau, give):
    give(tasks[0], bureau)
    client.force_login(lead)

    assert client.post(reverse("tasks:bulk", args=[ledger.pk])).status_code == 403


def test_a_plan_costs_the_same_for_few_and_many_tasks(ledger, make_task, give, bureau, django_assert_num_queries):
    tasks = [make_task(f"任务{n}") for n in range(30)]
    for task in tasks:
        give(task, bureau)

    for some in (tasks[:2], tasks):
        with django_assert_num_queries(3):
            assert len(Plan(ledger, some, Wish({"is_key": True})).ready) == len(some)


@pytest.mark.parametrize("key", ["9" * 25, "9" * 5000, "²", "-1", ""])
@pytest.mark.parametrize("page", ["bulk", "bulk-preview", "bulk-confirm"])
def test_what_is_no_task_is_not_selected(client, office, ledger, page, key):
    client.force_login(office)

    answer = client.post(
        reverse(f"tasks:{page}", args=[ledger.pk]), {"selected": [key], "seen": [f"{key}:x"], "key": "yes"}
    )

    assert answer.status_code in {200, 302}
