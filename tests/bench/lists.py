"""List pages at 50,000 findings and 200 units, against a bare view of the same 50 rows."""

from django.db import connection
from django.http import HttpResponse
from django.template import Context, Engine
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path, reverse

from inspections.models import Finding, Place, RectificationItem
from tasks.models import Assignment
from tests.bench.city import large_city, person
from tests.bench.stopwatch import Row, in_turn, milliseconds
from units.models import User
from units.roles import Role

# What a programmer would write in two minutes: the same rows and columns, no scope, no filter, no layout.
BARE = Engine().from_string(
    "<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"
)
PAGES = {
    "inspections:findings": (Finding, ["text", "place__name", "unit__name", "deduction", "source", "found_at"]),
    "inspections:items": (RectificationItem, ["finding__text", "finding__place__name", "unit__name", "state", "due_at"]),
    "inspections:places": (Place, ["name", "place_type__name", "unit__name", "address"]),
    "tasks:assignments": (Assignment, ["task__title", "unit__name", "part", "state", "percent", "task__deadline"]),
    "units:people": (User, ["name", "username", "phone", "is_active"]),
}
urlpatterns = []


def bare_view(model, fields):
    names = [field.split("__")[0] for field in fields if "__" in field]

    def value(row, field):
        for name in field.split("__"):
            row = getattr(row, name)
        return row

    def view(_request):
        paths = {field.rpartition("__")[0] for field in fields if "__" in field}
        rows = model.objects.select_related(*paths).order_by("-pk")[:50] if names else model.objects.order_by("-pk")[:50]
        return HttpResponse(BARE.render(Context({"rows": [[value(row, f) for f in fields] for row in rows]})))

    return view


def bare_urls(get_response):
    """The last of the bare middleware: only the bare page exists."""

    def middleware(request):
        request.urlconf = "tests.bench.lists"
        return get_response(request)

    return middleware


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


def logged_in(user, middleware=None):
    client = Client()
    client.force_login(user)
    with override_settings(**({"MIDDLEWARE": middleware} if middleware else {})):
        client.handler.load_middleware()
    return client


def measure():
    """Per page: time against the bare page, and the number of queries against twenty."""
    large_city()
    user = person(Role.OFFICE)
    client, bare_client = logged_in(user), logged_in(user, DJANGO_DEFAULT)
    for name, (model, fields) in PAGES.items():
        urlpatterns[:] = [path("bare/", bare_view(model, fields))]
        clear_url_caches()
        url = f"{reverse(name)}?size=50"
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200, name
        assert bare_client.get("/bare/").status_code == 200, name
        ours, bare, ratio = in_turn(lambda u=url: client.get(u), lambda: bare_client.get("/bare/"), runs=15, warmup=2)
        yield Row(f"{name}, 50 rows", milliseconds(ours), milliseconds(bare), ratio, 3)
        yield Row(f"{name}, queries of 20 allowed", str(len(queries)), "20", len(queries) / 20, 1)
