"""A deadline in the year 1 or 9999 is a slip of the pen: one rule for all forms of this floor that ask for a day."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

import tasks.urls  # noqa: F401 - all forms are known then
from tasks.forms.letters import SignForm
from tasks.models import Task

BOUND_OTHERWISE = {(SignForm, "on")}  # between the day of issue and today


def below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def days_asked():
    """`(form, name of the field)` of every day that people type on this floor."""
    for form in below(forms.BaseForm):
        if form.__module__.startswith("tasks.") and (form, "on") not in BOUND_OTHERWISE:
            fields = getattr(form, "base_fields", {})
            yield from ((form, name) for name, field in fields.items() if isinstance(field, forms.DateField))


ASKED = sorted(set(days_asked()), key=str)


def test_the_forms_are_found():
    assert {"TaskForm", "UnitRow", "BulkForm", "SelfCheckForm", "PostponementForm"} <= {
        one.__name__ for one, _ in ASKED
    }


@pytest.mark.parametrize(("form", "name"), ASKED)
@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_no_form_takes_a_day_that_nobody_can_mean(form, name, day):
    with pytest.raises(ValidationError, match="2000"):
        form.base_fields[name].clean(day)


@pytest.mark.parametrize(("form", "name"), ASKED)
@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2100, 12, 31)])
def test_every_form_takes_the_first_and_the_last_day(form, name, day):
    assert form.base_fields[name].clean(day.isoformat()) == day


@pytest.mark.django_db
def test_the_form_of_a_task_says_so(client, office, make_task):
    task = make_task()
    client.force_login(office)
    rows = {"units-TOTAL_FORMS": 0, "units-INITIAL_FORMS": 0}

    answer = client.post(
        reverse("tasks:task-edit", args=[task.pk]), {"title": task.title, "deadline": "9999-12-31", **rows}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["deadline"])
    assert Task.objects.get().deadline == task.deadline
