"""List pages at 50,000 findings and 200 units, against a bare view of the same 50 rows."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
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
    """A list of the site, and what a programmer would write in two minutes to see the same rows and columns.

    `rows` are they, without scope, filter and layout; `cells` the columns, as variables of the template. `of` names the
    field of the row that leads to its page's owner, for a list that stands on the page of one thing.
    """

    name: str
    rows: Any
    cells: str
    role: Role = Role.OFFICE
    of: str = ""

    def owner(self):
        """The one with most rows in its list; None for a list of everything."""
        if not self.of:
            return None
        fullest = self.rows.model.objects.exclude(**{self.of: None}).order_by().values_list(self.of)
        return fullest.annotate(n=Count("pk")).order_by("-n")[0][0]

    def url(self, owner, size=SIZE):
        return f"{reverse(self.name, args=[owner] if owner else [])}?size={size}"

    def bare(self, owner):
        """The view: one template that loops over the rows."""
        tds = "".join(f"<td>{{{{ row.{cell} }}}}</td>" for cell in self.cells.split())
        tds = f'<td><a href="{{{{ row.get_absolute_url }}}}">{{{{ row }}}}</a></td>{tds}'
        page = Engine().from_string(f"<table>{{% for row in rows %}}<tr>{tds}</tr>{{% endfor %}}</table>")
        rows = self.rows.filter(**{self.of: owner}) if self.of else self.rows

        def view(_request):
            return HttpResponse(page.render(Context({"rows": rows.all()[:SIZE]})))

        return view


FINDINGS = Finding.objects.select_related("place", "unit", "rectification").order_by("-found_at")
ITEMS = RectificationItem.objects.select_related("finding__place", "unit")
ASSIGNMENTS = Assignment.objects.select_related("task", "unit").order_by("task__deadline")
PAGES = [
    Page(
        "inspections:findings",
        FINDINGS,
        "place unit get_source_display count deduction rectification.get_state_display found_at",
    ),
    Page(
        "inspections:items",
        ITEMS.order_by("due_at"),
        "finding.place unit get_state_display due_at finding.deduction issued_at",
    ),
    Page(
        "inspections:verify-queue",
        ITEMS.to_verify().order_by("submitted_at"),
        "finding.place unit measure submitted_at due_at",
    ),
    Page(
        "inspections:places",
        Place.objects.with_units().order_by("unit__path"),
        "place_type unit lead_unit address is_active",
    ),
    Page(
        "inspections:place",
        FINDINGS,
        "unit count deduction rectification.get_state_display found_at",
        of="place",
    ),
    Page("inspections:rounds", Round.objects.order_by("-starts_on"), "unit checklist starts_on ends_on"),
    Page(
        "inspections:round",
        RoundPlace.objects.with_visits()
        .select_related("round", "place__unit", "place__place_type", "team")
        .order_by("order"),
        "place place.place_type place.unit team visited begun findings",
        of="round",
    ),
    Page("inspections:checklists", Checklist.objects.order_by("name"), "version unit frozen_at"),
    Page(
        "inspections:checklist",
        ChecklistItem.objects.select_related("place_type").order_by("order"),
        "place_type points deduction limit",
        of="checklist",
    ),
    Page("tasks:assignments", ASSIGNMENTS, "unit get_part_display percent get_state_display task.deadline"),
    Page("tasks:my-tasks", ASSIGNMENTS, "unit get_part_display get_state_display task.deadline", role=Role.UNIT_LEAD),
    Page(
        "tasks:review-queue",
        ASSIGNMENTS.waiting_for_review().with_submitted_at().order_by("submitted_at"),
        "task unit get_part_display reported submitted_at task.deadline",
    ),
    Page("tasks:ledgers", Ledger.objects.order_by("-year"), "year unit"),
    Page(
        "tasks:ledger",
        Task.objects.with_counts().order_by("order"),
        "number section lead done asked waiting returned deadline",
        of="ledger",
    ),
    Page("tasks:standards", Standard.objects.order_by("-edition"), "edition unit get_level_display"),
    Page(
        "units:list",
        Unit.objects.select_related("kind", "parent", "peer_group")
        .annotate(leads=Count("memberships"))
        .order_by("path"),
        "short_name kind parent peer_group leads",
    ),
    Page(
        "units:people",
        User.objects.prefetch_related("memberships__unit").order_by("name"),
        "username memberships.all phone last_login is_active",
    ),
    Page("units:inbox", Notice.objects.order_by("-created_at"), "subject created_at"),
    Page("reports:reports", Report.objects.order_by("-made_at"), "unit get_state_display made_at issued_at"),
    Page("reports:periods", Period.objects.order_by("-starts_on"), "starts_on ends_on"),
    Page("reports:schemes", Scheme.objects.order_by("-pk"), "version unit frozen_at"),
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
    """How many queries the page takes at most, with nothing kept from an earlier page; how many table rows it has."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return len(queries), len(ROWS.findall(response.content))


def swept():
    """Without the dead rows of imports that were measured and taken back: a server sweeps them in its idle minutes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL, ANALYZE)")


def measure():
    """Per page: the number of queries for few and many rows; where it fills a page, its time against the bare one."""
    large_city()
    swept()
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
