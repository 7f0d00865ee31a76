"""The third quarter of 2026, seen from its last evening, and what may be found in it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inspections.models import Answer, Checklist, Round, Visit
from reports.disclosure import lay_down, publish
from reports.models import Component, Period, Scheme
from reports.scoring import compute
from tests.makers import at, numbers

IN_THE_QUARTER = at("2026-08-15 10:00")


@pytest.fixture
def now():
    return at("2026-10-01 09:00")


@pytest.fixture
def quarter(city):
    return Period.objects.quarter(city, 2026, 3)


@pytest.fixture
def make_scheme(city):
    """A scheme of the city: `make_scheme(tasks=30, deductions=50, decimals=1)`."""

    def make(*, decimals=2, ties="competition", red_list=20, black_list=10, **full_marks):
        number = next(numbers)
        scheme = Scheme.objects.create(
            unit=city,
            name=f"考核办法{number}",
            decimals=decimals,
            ties=ties,
            red_list=red_list,
            black_list=black_list,
        )
        for order, (measure, full) in enumerate(full_marks.items()):
            name = Component.Measure(measure).label
            scheme.components.create(measure=measure, name=name, full=Decimal(full), order=order)
        return scheme

    return make


@pytest.fixture
def calculate(quarter, office, now):
    """Score the quarter by the scheme, with all causes."""

    def run(scheme, **options):
        return compute(options.pop("period", quarter), scheme, office, **{"now": now} | options)

    return run


@pytest.fixture
def total_of(calculate):
    """The total of one unit by the scheme, freshly calculated; None when it is not assessed."""

    def total(unit, scheme):
        return calculate(scheme).scores.get(unit=unit).total

    return total


@pytest.fixture
def find(make_finding):
    """A finding of the quarter: `find(unit, deduction="0.6", count=2)`."""

    def make(unit=None, **fields):
        return make_finding(unit, **{"found_at": IN_THE_QUARTER} | fields)

    return make


@pytest.fixture
def hand_out(find, make_item, office, inspector):
    """A rectification item due on 20 August: `hand_out(unit, state="closed", closed="2026-08-19 12:00")`."""

    def make(unit=None, *, due="2026-08-20 18:00", submitted=None, closed=None, **fields):
        if closed:
            submitted = submitted or closed
            fields |= {"state": "closed", "closed_at": at(closed), "closed_by": office}
        if submitted:
            fields |= {"submitted_at": at(submitted), "submitted_by": inspector}
        return make_item(finding=find(unit, deduction=0), issued_at=at("2026-08-15 11:00"), due_at=at(due), **fields)

    return make


@pytest.fixture
def judge(city, market, make_place, inspector):
    """An answer on a checklist item of its own in a visit of the quarter: `judge(unit, "fail", points=3)`."""

    def make(unit, outcome="pass", *, points=2, started_at=IN_THE_QUARTER):
        checklist = Checklist.objects.create(unit=city, name=f"考察标准{next(numbers)}")
        item = checklist.items.create(place_type=market, category="秩序", text="标准", points=points, deduction="0.1")
        days = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}
        round_ = Round.objects.create(unit=city, name="第三季度", checklist=checklist, **days)
        visit = Visit.objects.create(round=round_, place=make_place(unit), by=inspector, started_at=started_at)
        count = 1 if outcome == "fail" else 0
        return Answer.objects.create(visit=visit, item=item, unit=unit, outcome=outcome, count=count)

    return make


@pytest.fixture
def queries_of(client):
    """How many queries a page costs its reader at most: with nothing kept from an earlier page."""

    def count(user, address):
        client.force_login(user)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def status(client):
    """The status that `user` gets: of a page, or of a press with `post=True`."""

    def ask(user, name, *args, post=False, **data):
        client.force_login(user)
        address = reverse(f"reports:{name}", args=args)
        return (client.post(address, data) if post else client.get(address)).status_code

    return ask


@pytest.fixture
def ledger(make_assignment):
    """A ledger that asks our bureau one thing, of which 40 % are approved."""
    return make_assignment(percent="40.00", state="doing").task.ledger


@pytest.fixture
def draft(ledger, office):
    """What would be disclosed of the ledger, laid down an hour ago."""
    return lay_down(ledger, by=office, now=timezone.now() - timedelta(hours=1))


@pytest.fixture
def published(draft, office):
    publish(draft, by=office)
    return draft
