"""Material filed under several editions of the assessment system: one code stands for other things in each."""

import pytest
from django.urls import reverse

from tasks.models import Criterion

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_of(make_edition):
    """The first criterion of a new edition: `first_of("2026")`."""

    def first_of(edition):
        return Criterion.objects.filter(indicator__standard=make_edition(edition)).in_order().first()

    return first_of


@pytest.fixture
def of_2021(first_of):
    return first_of("2021")


@pytest.fixture
def of_2026(of_2021, first_of):
    """Of the newer edition, under the same code."""
    return first_of("2026")


@pytest.fixture
def look(client, office):
    def look(query=""):
        client.force_login(office)
        return client.get(reverse("tasks:materials") + query)

    return look


def titles(answer):
    return [one.title for one in answer.context["listing"].rows]


def test_the_catalogue_lists_the_newer_edition_first_and_each_number_with_its_own(
    look, make_material, of_2021, of_2026
):
    make_material(of_2021, title="旧")
    make_material(of_2021, of_2026, title="两者")
    make_material(of_2026, title="新")

    answer = look()

    assert titles(answer) == ["两者", "新", "旧"]
    page = answer.content.decode()
    assert page.count('<small><span class="muted">测评体系（2026）</span></small>') == 2
    assert page.count('<small><span class="muted">测评体系（2021）</span></small>') == 2


def test_of_one_edition_only_its_material_and_its_numbers_are_listed(look, make_material, of_2021, of_2026):
    make_material(of_2021, title="旧")
    make_material(of_2021, of_2021.indicator.criteria.last(), title="另一")
    both = make_material(of_2026, of_2021.indicator.criteria.last(), title="两者")

    answer = look(f"?standard={of_2026.indicator.standard_id}")

    page = answer.content.decode()
    assert titles(answer) == ["两者"]
    assert '<span class="muted">测评体系' not in page
    there = {one.criterion.indicator.standard_id: one.number for one in both.numbers.all()}
    assert there[of_2026.indicator.standard_id] in page


def test_in_one_edition_the_order_is_that_of_its_own_numbers(look, make_material, of_2021, of_2026):
    last_of_2026 = of_2026.indicator.criteria.last()
    make_material(of_2021, last_of_2026, title="后")
    make_material(of_2021.indicator.criteria.last(), of_2026, title="先")

    assert titles(look(f"?standard={of_2026.indicator.standard_id}")) == ["先", "后"]
    assert titles(look(f"?standard={of_2021.indicator.standard_id}")) == ["后", "先"]


def test_while_there_is_one_edition_nobody_is_told_of_editions(look, make_material, of_2021, of_2026):
    make_material(of_2021)

    answer = look()

    assert "standard" not in answer.context["listing"].filterset.form.fields
    assert "测评体系（2021）" not in answer.content.decode()


def test_criteria_of_one_code_are_told_apart_where_one_is_chosen(look, make_material, client, of_2021, of_2026):
    make_material(of_2021, of_2026)

    filters = look().context["listing"].filterset.form.fields["criterion"]
    places = client.get(reverse("tasks:material-new")).context["form"].fields["places"]

    for field in (filters, places):
        labels = [label for value, label in field.choices if value]
        assert len(labels) == len(set(labels)) and any("测评体系（2026）" in label for label in labels)


def test_criteria_of_the_chosen_edition_alone_are_offered(look, make_material, of_2021, of_2026):
    make_material(of_2021, of_2026)

    form = look(f"?standard={of_2026.indicator.standard_id}").context["listing"].filterset.form

    assert [value.value for value, _label in form.fields["criterion"].choices if value] == [of_2026.pk]


def test_the_page_of_one_material_says_the_edition_of_each_number(client, office, make_material, of_2021, of_2026):
    client.force_login(office)
    one, both = make_material(of_2021), make_material(of_2021, of_2026)

    assert "测评体系（2021）" in client.get(both.get_absolute_url()).content.decode()
    numbers = client.get(one.get_absolute_url()).content.decode().partition('id="numbers"')[2]
    assert "测评体系（2021）" not in numbers.partition("<form")[0]
