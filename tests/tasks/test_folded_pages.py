"""Long pages are folded: what is closed and what is open at once, and how words narrow them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tasks.models import SelfCheck
from units.roles import Role

pytestmark = pytest.mark.django_db
FOLD = re.compile(r'<details class="panel fold[^"]*"[^>]*>')
LINE = re.compile(r'id="check-(\d+-\d+)"')


@pytest.fixture
def large(make_edition):
    """An edition of two aspects with 30 criteria each."""
    standard = make_edition(texts=[f"学习制度第{n}条" for n in range(30)])
    second = standard.indicators.create(level=1, code="Ⅰ-2", name="环境", order=9)
    for n in range(30):
        second.criteria.create(number=str(n), text=f"环境整洁第{n}条", methods=["site"], order=n)
    return standard


@pytest.fixture
def folds(client, office):
    """Which folds of a page are open: `folds("pieces", pk, "?q=…")`."""
    client.force_login(office)

    def read(name, pk, query=""):
        page = client.get(reverse(f"tasks:{name}", args=[pk]) + query).content.decode()
        return [found.endswith(" open>") for found in FOLD.findall(page)]

    return read


@pytest.mark.parametrize("page", ["pieces", "standard"])
def test_the_aspects_of_a_large_edition_are_closed(folds, large, page):
    assert folds(page, large.pk) == [False, False]


@pytest.mark.parametrize("page", ["pieces", "standard"])
def test_those_of_a_small_edition_are_open(folds, edition, page):
    assert folds(page, edition.pk) == [True]


@pytest.mark.parametrize("page", ["pieces", "standard"])
def test_what_was_searched_for_is_open(folds, large, page):
    assert folds(page, large.pk, "?q=环境整洁") == [True]


def test_the_aspect_in_which_somebody_works_is_open(folds, large):
    criterion = large.indicators.get(code="Ⅰ-2").criteria.first()

    assert folds("pieces", large.pk, f"?criterion={criterion.pk}") == [False, True]


def test_who_changes_an_edition_comes_back_to_its_open_aspect(client, office, folds, large):
    indicator = large.indicators.get(code="Ⅰ-2")
    client.force_login(office)

    words = {"number": "31", "text": "新标准", "methods": ["site"], "order": 31}
    answer = client.post(reverse("tasks:criterion-add", args=[indicator.pk]), words)

    address, _mark, anchor = answer.url.partition("#")
    assert anchor == f"i{indicator.pk}"
    assert folds("standard", large.pk, f"?{address.partition('?')[2]}") == [False, True]


def test_who_adds_a_piece_comes_back_to_its_criterion(client, office, folds, large):
    criterion = large.indicators.get(code="Ⅰ-2").criteria.first()
    client.force_login(office)

    answer = client.post(reverse("tasks:piece-new", args=[criterion.pk]), {"name": "照片", "asked_of": "lead"})

    address, _mark, anchor = answer.url.partition("#")
    page = client.get(address).content.decode()
    assert (anchor, f'id="{anchor}"' in page) == (f"criterion-{criterion.pk}", True)
    assert folds("pieces", large.pk, f"?{address.partition('?')[2]}") == [False, True]


def test_a_criterion_number_that_is_none_opens_nothing(folds, large):
    assert folds("pieces", large.pk, "?criterion=²") == [False, False]


def test_the_pieces_cost_the_same_for_any_number_of_criteria(client, office, large, django_assert_max_num_queries):
    client.force_login(office)
    for criterion in large.indicators.get(code="Ⅰ-2").criteria.all():
        criterion.pieces.create(name="照片", asked_of="lead")

    with django_assert_max_num_queries(20):
        page = client.get(reverse("tasks:pieces", args=[large.pk])).content.decode()

    assert page.count("照片") == 30


def test_only_the_office_is_offered_to_change_what_is_required(client, large, city, make_member):
    large.indicators.get(code="Ⅰ-2").criteria.first().pieces.create(name="照片", asked_of="lead")
    offered = {}
    for role in (Role.OFFICE, Role.LEADER):
        client.force_login(make_member(city, role))
        offered[role] = "/edit/" in client.get(reverse("tasks:pieces", args=[large.pk])).content.decode()

    assert offered == {Role.OFFICE: True, Role.LEADER: False}


# --- the sheet of self-checks ---


@pytest.fixture
def asked(large, give, make_task, bureau):
    """The bureau is asked for a criterion of each aspect, and for a dozen more of the first: two tasks."""
    first, second = (large.indicators.get(code=code).criteria for code in ("Ⅲ-1", "Ⅰ-2"))
    tasks = [make_task("学习"), make_task("环境")]
    tasks[0].criteria.set(first.all()[:13])
    tasks[1].criteria.set(second.all()[:1])
    return [given for task in tasks for given in give(task, bureau)]


@pytest.fixture
def sheet(client, bureau, staff):
    client.force_login(staff)

    def read(ledger, query=""):
        return client.get(f"{reverse('tasks:self-check-sheet', args=[ledger.pk])}?unit={bureau.pk}{query}")

    return read


def test_a_long_sheet_is_folded_by_aspect(sheet, asked, ledger):
    page = sheet(ledger).content.decode()

    assert [found.endswith(" open>") for found in FOLD.findall(page)] == [False, False]
    assert len(LINE.findall(page)) == 14


def test_a_short_sheet_is_open(sheet, asked, ledger):
    asked[0].task.criteria.remove(asked[0].task.criteria.first(), asked[0].task.criteria.last())

    assert [found.endswith(" open>") for found in FOLD.findall(sheet(ledger).content.decode())] == [True, True]


def test_what_a_tab_narrows_a_sheet_to_is_open(sheet, asked, ledger):
    page = sheet(ledger, "&show=unchecked").content.decode()

    assert [found.endswith(" open>") for found in FOLD.findall(page)] == [True, True]


def test_who_keeps_a_line_without_a_script_comes_back_to_its_open_aspect(client, staff, asked, ledger):
    client.force_login(staff)
    criterion = asked[1].task.criteria.get()
    words = {"criterion": criterion.pk, "verdict": "met", "sheet": "1"}

    answer = client.post(reverse("tasks:self-check", args=[asked[1].pk]), words)

    page = client.get(answer.url.partition("#")[0]).content.decode()
    assert [found.endswith(" open>") for found in FOLD.findall(page)] == [False, True]


def test_a_task_without_a_criterion_stands_under_its_section(sheet, give, make_task, ledger, bureau):
    task = make_task("值班")
    type(task).objects.filter(pk=task.pk).update(section="综合保障")
    give(task, bureau)

    assert [part.name for part in sheet(ledger).context["parts"]] == ["综合保障"]


def test_a_sheet_costs_the_same_for_any_depth_of_its_indicators(sheet, asked, ledger, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        sheet(ledger)


def test_a_unit_is_found_among_those_that_check_themselves(client, give, make_task, bureau, other_bureau, office):
    task = make_task()
    give(task, bureau, other_bureau)
    client.force_login(office)

    page = client.get(f"{reverse('tasks:self-checks', args=[task.ledger_id])}?q=教育")

    assert list(page.context["listing"].rows) == [other_bureau]


@pytest.mark.parametrize(("query", "found"), [("q=城管", 1), ("q=公益", 1), ("q=河", 0), ("verdict=mostly", 0)])
def test_what_is_not_met_is_found_by_unit_words_and_verdict(
    client, give, make_task, ledger, bureau, office, staff, query, found
):
    [given] = give(make_task("公益广告"), bureau)
    SelfCheck.objects.say(given, None, by=staff, verdict="unmet", measure="增设", until=date(2026, 12, 1))
    client.force_login(office)

    page = client.get(f"{reverse('tasks:self-checks', args=[ledger.pk])}?tab=unmet&{query}")

    assert page.context["listing"].count == found


# --- the completeness of material ---


def test_the_criteria_of_completeness_come_in_pages(client, large, give, make_task, ledger, bureau, office):
    task = make_task()
    task.criteria.set(large.indicators.get(code="Ⅰ-2").criteria.all())
    give(task, bureau, part="lead")
    for criterion in task.criteria.all():
        criterion.pieces.create(name="照片", asked_of="lead")
    client.force_login(office)
    address = reverse("tasks:completeness", args=[ledger.pk])

    pages = [client.get(address, {"by": "criterion", "page": page}).context["rows"] for page in (1, 2, "x")]

    assert [len(rows) for rows in pages] == [25, 5, 25]
    assert len({row["key"] for rows in pages for row in rows}) == 30
