"""The navigation: every entry once, who sees it, and which four places stand in the bar of the phone."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tasks.models import Assignment
from units.roles import Role

ADMIN, OFFICE, INSPECTOR = Role.ADMIN, Role.OFFICE, Role.INSPECTOR
LEAD, STAFF, LEADER, MONITOR = (
    Role.UNIT_LEAD,
    Role.UNIT_STAFF,
    Role.LEADER,
    Role.MONITOR,
)
EVERYBODY = frozenset(Role)
UNIT = frozenset({LEAD, STAFF})


@dataclass(frozen=True)
class Entry:
    """One place. `covers`: the start of other URL names that belong to it, so that it stays marked on them."""

    name: str
    label: str
    icon: str
    roles: frozenset
    covers: tuple = ()


SECTIONS = [
    (
        "",
        [
            Entry("home", _("Home"), "home", EVERYBODY),
            Entry("units:inbox", _("Inbox"), "inbox", EVERYBODY, ("units:notice",)),
        ],
    ),
    (
        _("Tasks"),
        [
            Entry(
                "tasks:my-tasks",
                _("My tasks"),
                "list-check",
                UNIT,
                ("tasks:assignment", "tasks:progress"),
            ),
            Entry(
                "tasks:review-queue",
                _("Review"),
                "clipboard-check",
                frozenset({OFFICE}),
                ("tasks:review",),
            ),
            Entry(
                "tasks:ledgers",
                _("Ledgers"),
                "table",
                EVERYBODY - {MONITOR, INSPECTOR},
                ("tasks:",),
            ),
            Entry(
                "tasks:import",
                _("Import a ledger"),
                "file-import",
                frozenset({OFFICE}),
                ("tasks:import",),
            ),
        ],
    ),
    (
        _("Inspections"),
        [
            Entry(
                "inspections:my-round",
                _("My round"),
                "route",
                frozenset({INSPECTOR}),
                ("inspections:capture",),
            ),
            Entry(
                "inspections:verify-queue",
                _("Verify"),
                "shield-check",
                frozenset({OFFICE, INSPECTOR}),
            ),
            Entry(
                "inspections:items",
                _("Rectification"),
                "subtask",
                EVERYBODY - {MONITOR},
                ("inspections:item",),
            ),
            Entry(
                "inspections:findings",
                _("Findings"),
                "alert-triangle",
                EVERYBODY - UNIT,
                ("inspections:finding",),
            ),
            Entry(
                "inspections:rounds",
                _("Rounds"),
                "checklist",
                frozenset({OFFICE, LEADER}),
                ("inspections:",),
            ),
            Entry(
                "inspections:places",
                _("Places"),
                "map-pin",
                EVERYBODY - UNIT - {MONITOR},
                ("inspections:place",),
            ),
        ],
    ),
    (
        _("Results"),
        [
            Entry(
                "reports:scoreboard",
                _("Scoreboard"),
                "trophy",
                EVERYBODY - {MONITOR},
                ("reports:score",),
            ),
            Entry(
                "reports:periods",
                _("Periods"),
                "calendar-event",
                frozenset({OFFICE}),
                ("reports:period",),
            ),
            Entry(
                "reports:reports",
                _("Reports"),
                "file-text",
                EVERYBODY - {MONITOR},
                ("reports:",),
            ),
        ],
    ),
    (
        _("City"),
        [
            Entry("units:tree", _("Units"), "sitemap", EVERYBODY - {MONITOR}, ("units:",)),
            Entry(
                "units:people",
                _("People"),
                "users",
                frozenset({ADMIN, OFFICE, LEAD}),
                ("units:person", "units:member"),
            ),
            Entry(
                "units:calendar",
                _("Work calendar"),
                "calendar",
                frozenset({ADMIN, OFFICE}),
                ("units:calendar",),
            ),
        ],
    ),
]

# The first of these roles that a person holds decides the four places of the phone.
PHONE = [
    (
        OFFICE,
        (
            "home",
            "inspections:verify-queue",
            "inspections:findings",
            "reports:scoreboard",
        ),
    ),
    (
        INSPECTOR,
        (
            "home",
            "inspections:my-round",
            "inspections:verify-queue",
            "inspections:findings",
        ),
    ),
    (LEAD, ("home", "tasks:my-tasks", "inspections:items", "reports:scoreboard")),
    (STAFF, ("home", "tasks:my-tasks", "inspections:items", "reports:scoreboard")),
    (LEADER, ("home", "reports:scoreboard", "inspections:findings", "reports:reports")),
    (MONITOR, ("home", "inspections:findings", "units:inbox")),
    (ADMIN, ("home", "units:tree", "units:people", "units:inbox")),
]

# What waits behind an entry: URL name → function(user) → number. One query each, asked once a page.
COUNTS = {
    "tasks:review-queue": lambda user: Assignment.objects.reviewable_by(user).count(),
    "tasks:my-tasks": lambda user: Assignment.objects.of_people(user).filter(state="returned").count(),
}

ENTRIES = {entry.name: entry for _label, entries in SECTIONS for entry in entries}


def address(name):
    """Where the entry leads; nothing while no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def current(view_name):
    """The entry that the page belongs to: itself, or the one whose `covers` fits it most closely."""
    if view_name in ENTRIES:
        return view_name
    fits = [
        (len(start), entry.name) for entry in ENTRIES.values() for start in entry.covers if view_name.startswith(start)
    ]
    return max(fits, default=(0, ""))[1]


def sees(user, entry):
    return user.is_superuser or user.holds(*entry.roles)


def places(user, view_name):
    """`(label, entries)` per section and the entries of the phone bar, as plain dicts for the template."""
    here, shown = current(view_name), {}
    for entry in ENTRIES.values():
        url = address(entry.name)
        if url and sees(user, entry):
            count = COUNTS[entry.name](user) if entry.name in COUNTS else 0
            mark = {"active": entry.name == here, "count": count}
            shown[entry.name] = {
                "url": url,
                "label": entry.label,
                "icon": entry.icon,
                **mark,
            }
    sections = [(label, [shown[entry.name] for entry in entries if entry.name in shown]) for label, entries in SECTIONS]
    names = next(
        (names for role, names in PHONE if user.holds(role)),
        PHONE[-1][1] if user.is_superuser else (),
    )
    return {
        "sections": [(label, entries) for label, entries in sections if entries],
        "bar": [shown[name] for name in names if name in shown],
        "inbox": shown.get("units:inbox"),
    }


def navigation(request):
    """Context processor: `navigation` (asked for only by pages that show it) and the `theme` of the cookie."""
    theme = request.COOKIES.get("theme")
    user = getattr(request, "user", None)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    known = user is not None and user.is_authenticated
    return {
        "navigation": SimpleLazyObject(lambda: places(user, view_name)) if known else None,
        "theme": theme if theme in {"light", "dark"} else "",
    }
