"""List pages at 50,000 findings and 200 units, against a bare view of the same 50 rows."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path, reverse

from config import urls as site
from inspections.models import Checklist, ChecklistItem, Finding, Place, RectificationItem, Round, RoundPlace
from reports.models import Period, Report, Scheme
from tasks.models import Assignment, Ledger, Standard, Task
from tests.bench.city import large_city, person
from tests.bench.stopwatch import Row, in_turn, milliseconds
from units.models import Notice, Unit, User
from units.roles import Role

SIZE = 50
SMALL, LARGE = 25, 250  # as many queries for these many rows
QUERIES = 20
ROWS = re.compile(rb"<tr\b")


@dataclass(frozen=True)
class Page:
    """A list of the site. `fields` are the columns it shows, as template variables of the row; `of` the page's own
    row where it has one: the first model instance in its address, by the name of its field in `model`."""

    name: str
    model: Any
    fields: str
    order: str = "-pk"
    role: Role = Role.OFFICE
    of: tuple = ()

    def owner(self):
        """The row of whose page this is, with the most rows in its list; None for a list of everything."""
        if not self.of:
            return None
        field, _owner = self.of
        counted = self.model.objects.order_by().values_list(field).exclude(**{field: None})
        pks = [pk for (pk,) in counted]
        return max(set(pks), key=pks.count)

    def url(self, owner, size=SIZE):
        return f"{reverse(self.name, args=[owner] if owner else [])}?size={size}"

    def bare(self, owner):
        """What a programmer would write in two minutes: the same rows and columns, no scope, no filter, no layout."""
        cells = "".join(f"<td>{{{{ row.{field} }}}}</td>" for field in self.fields.split())
        link = '<td><a href="{{ row.get_absolute_url }}">{{ row }}</a></td>' if hasattr(self.model, "get_absolute_url") else ""
        page = Engine().from_string(f"<table>{{% for row in rows %}}<tr>{link}{cells}</tr>{{% endfor %}}</table>")
        joins = {field.rpartition(".")[0].replace(".", "__") for field in self.fields.split() if "." in field}
        rows = self.model.objects.filter(**{self.of[0]: owner} if self.of else {}).order_by(self.order)
        rows = rows.select_related(*joins) if joins else rows

        def view(_request):
            return HttpResponse(page.render(Context({"rows": rows.all()[:SIZE]})))

        return view


PAGES = [
    Page(
        "inspections:findings",
        Finding,
        "text place.name unit.name get_source_display count deduction rectification.get_state_display found_at",
        order="-found_at",
    ),
    Page(
        "inspections:items",
        RectificationItem,
        "finding.text finding.place.name unit.name get_state_display due_at issued_at",
        order="due_at",
    ),
    Page(
        "inspections:verify-queue",
        RectificationItem,
        "finding.text finding.place.name unit.name get_state_display submitted_at",
        order="submitted_at",
    ),
    Page(
        "inspections:places",
        Place,
        "name place_type.name unit.name address is_active",
        order="unit__path",
    ),
    Page(
        "inspections:place",
        Finding,
        "text unit.name count deduction rectification.get_state_display found_at",
        order="-found_at",
        of=("place", Place),
    ),
    Page("inspections:rounds", Round, "name unit.name checklist.name starts_on ends_on", order="-starts_on"),
    Page("inspections:round", RoundPlace, "place.name place.unit.name team.name", order="order", of=("round", Round)),
    Page("inspections:checklists", Checklist, "name edition unit.name frozen_at", order="name"),
    Page(
        "inspections:checklist",
        ChecklistItem,
        "code text place_type.name points deduction",
        order="order",
        of=("checklist", Checklist),
    ),
    Page(
        "tasks:assignments",
        Assignment,
        "task.title unit.name get_part_display percent get_state_display task.deadline",
        order="task__deadline",
    ),
    Page(
        "tasks:my-tasks",
        Assignment,
        "task.title unit.name get_part_display get_state_display task.deadline",
        order="task__deadline",
        role=Role.UNIT_LEAD,
    ),
    Page(
        "tasks:review-queue",
        Assignment,
        "task.title unit.name get_part_display percent task.deadline",
        order="task__deadline",
    ),
    Page("tasks:ledgers", Ledger, "name year unit.name", order="-year"),
    Page("tasks:ledger", Task, "number title requirement deadline", order="order", of=("ledger", Ledger)),
    Page("tasks:standards", Standard, "name edition unit.name get_level_display", order="-edition"),
    Page("units:list", Unit, "name kind.name peer_group.name short_name valid_from", order="path"),
    Page("units:people", User, "name username phone last_login is_active", order="name"),
    Page("units:inbox", Notice, "subject created_at", order="-created_at"),
    Page("reports:reports", Report, "title unit.name get_state_display made_at issued_at", order="-made_at"),
    Page("reports:periods", Period, "year number starts_on ends_on", order="-starts_on"),
    Page("reports:schemes", Scheme, "name version unit.name frozen_at"),
]
urlpatterns = []

# What every new Django project has; ours on top of it is what is measured.
DJANGO_DEFAULT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tests.bench.lists.bare_urls",
]


def bare_urls(get_response):
    """The last of the bare middleware: only the bare page exists."""

    def middleware(request):
        request.urlconf = "tests.bench.lists"
        return get_response(request)

    return middleware


def logged_in(user, middleware=None):
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(user)
    with override_settings(**({"MIDDLEWARE": middleware} if middleware else {})):
        client.handler.load_middleware()
    return client


def opened(client, url):
    """How many queries the page took, and how many table rows it has."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return len(queries), len(ROWS.findall(response.content))


def measure():
    """Per page: the number of queries for few and many rows; where it fills a page, its time against the bare one."""
    large_city()
    for page in PAGES:
        user = person(page.role)
        client, bare_client = logged_in(user), logged_in(user, DJANGO_DEFAULT)
        owner = page.owner()
        opened(client, page.url(owner))  # what the first view of a process reads once
        few, _rows = opened(client, page.url(owner, SMALL))
        many, rows = opened(client, page.url(owner, LARGE))
        same = "" if few == many else f", {few} for {SMALL} rows"
        held = max(few, many) if few == many else QUERIES + 1
        yield Row(f"{page.name}: queries for {rows - 1} rows{same}", str(many), str(QUERIES), held / QUERIES, 1)
        if rows > SIZE:
            yield timed(page, owner, client, bare_client)


def timed(page, owner, client, bare_client):
    urlpatterns[:] = [path("bare/", page.bare(owner)), *site.urlpatterns]
    clear_url_caches()
    opened(bare_client, "/bare/")
    url = page.url(owner)
    ours, bare, ratio = in_turn(lambda: client.get(url), lambda: bare_client.get("/bare/"), runs=15, warmup=2)
    return Row(f"{page.name}: {SIZE} rows", milliseconds(ours), milliseconds(bare), ratio, 3)
