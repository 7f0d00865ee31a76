"""The navigation: every place once, who sees it, and which four stand in the bar of the phone."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from config.counts import counts
from units.roles import UNIT_ROLES, Role

ALL = frozenset(Role)
OFFICE = frozenset({Role.OFFICE})
LEADS = frozenset({Role.UNIT_LEAD})
DESK = ALL - {Role.MONITOR}
CHECKERS = frozenset({Role.OFFICE, Role.INSPECTOR})
KEEPERS = frozenset({Role.ADMIN, Role.OFFICE})
MEETING = frozenset({Role.OFFICE, Role.LEADER, Role.UNIT_LEAD})


@dataclass(frozen=True)
class Entry:
    """One place. `covers`: how the names of the pages below it start; they keep it marked.

    `when_waiting`: roles that see it only while something waits there for them.
    """

    name: str
    label: str
    icon: str
    roles: frozenset
    covers: tuple = ()
    when_waiting: frozenset = frozenset()


OURS = [
    Entry("home", _("Home"), "home", ALL),
    Entry("units:inbox", _("Inbox"), "inbox", ALL, ("units:notice",)),
]
TASKS = [
    Entry(
        "tasks:my-tasks",
        _("My tasks"),
        "list-check",
        UNIT_ROLES,
        (
            "tasks:assignment",
            "tasks:evidence",
            "tasks:hand-down",
            "tasks:self-check-",
            "tasks:postponement",
            "tasks:coordination",
            "tasks:deadlines",
        ),
    ),
    Entry(
        "tasks:review-queue",
        _("Review"),
        "clipboard-check",
        OFFICE,
        ("tasks:review", "tasks:postponement", "tasks:coordination"),
        LEADS,
    ),
    Entry(
        "tasks:assignments",
        _("All tasks"),
        "subtask",
        DESK - UNIT_ROLES - {Role.INSPECTOR},
        ("tasks:assignment", "tasks:deadlines"),
    ),
    Entry(
        "tasks:ledgers",
        _("Ledgers"),
        "table",
        DESK - {Role.INSPECTOR},
        ("tasks:", "reports:criterion", "reports:standard"),
    ),
    Entry("tasks:meetings", _("Meetings"), "users-group", MEETING, ("tasks:meeting", "tasks:decision")),
    Entry(
        "tasks:materials",
        _("Material catalogue"),
        "folder",
        DESK - {Role.INSPECTOR, Role.ADMIN},
        ("tasks:material", "reports:package", "reports:photo-sheet"),
    ),
    Entry("tasks:import", _("Import a ledger"), "file-import", OFFICE, ("tasks:import",)),
]
INSPECTIONS = [
    Entry("inspections:my-round", _("My round"), "route", frozenset({Role.INSPECTOR}), ("inspections:capture",)),
    Entry("inspections:verify-queue", _("Verify"), "shield-check", CHECKERS),
    Entry("inspections:items", _("Rectification"), "tool", DESK, ("inspections:item", "inspections:fix")),
    Entry("inspections:findings", _("Findings"), "alert-triangle", ALL - UNIT_ROLES, ("inspections:finding",)),
    Entry("inspections:rounds", _("Rounds"), "checklist", OFFICE | {Role.LEADER}, ("inspections:",)),
    Entry("inspections:places", _("Places"), "map-pin", DESK - UNIT_ROLES, ("inspections:place",)),
    Entry("inspections:checklists", _("Checklists"), "clipboard-list", OFFICE, ("inspections:checklist",)),
]
RESULTS = [
    Entry("reports:scoreboard", _("Scoreboard"), "trophy", DESK, ("reports:score",)),
    Entry(
        "reports:periods",
        _("Periods"),
        "calendar-event",
        OFFICE,
        ("reports:period", "reports:ranking", "reports:scheme"),
    ),
    Entry("reports:reports", _("Reports"), "file-text", DESK, ("reports:",)),
]
CITY = [
    Entry("units:tree", _("Units"), "sitemap", DESK, ("units:",)),
    Entry(
        "units:people",
        _("People"),
        "users",
        KEEPERS | {Role.UNIT_LEAD},
        ("units:person", "units:people", "units:invite", "units:role", "units:member"),
    ),
    Entry("units:calendar", _("Work calendar"), "calendar", KEEPERS, ("units:calendar",)),
]
SECTIONS = [
    ("", OURS),
    (_("Tasks"), TASKS),
    (_("Inspections"), INSPECTIONS),
    (_("Results"), RESULTS),
    (_("City"), CITY),
]
ENTRIES = {entry.name: entry for _label, entries in SECTIONS for entry in entries}

# The first of these roles that a person holds decides the places of the phone: at most four.
PHONE = {
    Role.OFFICE: ("home", "tasks:review-queue", "inspections:verify-queue", "inspections:findings"),
    Role.INSPECTOR: ("home", "inspections:my-round", "inspections:verify-queue", "inspections:findings"),
    Role.UNIT_LEAD: ("home", "tasks:my-tasks", "inspections:items", "reports:scoreboard"),
    Role.UNIT_STAFF: ("home", "tasks:my-tasks", "inspections:items", "reports:scoreboard"),
    Role.LEADER: ("home", "reports:scoreboard", "inspections:findings", "reports:reports"),
    Role.MONITOR: ("home", "inspections:findings", "units:inbox"),
    Role.ADMIN: ("home", "units:tree", "units:people", "units:inbox"),
}


def address(name):
    """Where the place is; nothing while no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def seen_by(user):
    """The places of a person, by name, in order."""
    return {name: entry for name, entry in ENTRIES.items() if user.is_superuser or user.holds(*entry.roles)}


def seen_while_waiting(user):
    """The same with those that the person sees only while something waits there."""
    return {
        name: entry
        for name, entry in ENTRIES.items()
        if user.is_superuser or user.holds(*entry.roles, *entry.when_waiting)
    }


def current(view_name, entries):
    """Which of `entries` the page belongs to: itself, or the one whose `covers` fits it most closely."""
    if view_name in entries:
        return view_name
    starts = [
        (len(start), name) for name, entry in entries.items() for start in entry.covers if view_name.startswith(start)
    ]
    return max(starts, default=(0, ""))[1]


def places(user, view_name):
    """`(label, places)` per section, and those of the phone bar, as plain dicts for the template."""
    always, entries = seen_by(user), seen_while_waiting(user)
    here, shown, waiting = current(view_name, entries), {}, counts(user, entries)
    for name, entry in entries.items():
        if name not in always and name != here and not waiting.get(name):
            continue
        if url := address(name):
            looks = {"label": entry.label, "icon": entry.icon, "active": name == here}
            shown[name] = {"url": url, "count": waiting.get(name, 0), **looks}
    sections = [(label, [shown[entry.name] for entry in part if entry.name in shown]) for label, part in SECTIONS]
    names = next((names for role, names in PHONE.items() if user.holds(role)), PHONE[Role.OFFICE])
    return {
        "sections": [(label, part) for label, part in sections if part],
        "bar": [shown[name] for name in names if name in shown],
        "inbox": shown.get("units:inbox"),
    }


def navigation(request):
    """Context processor: `navigation`, worked out only on pages that show it, and the `theme` of the cookie."""
    theme, user = request.COOKIES.get("theme"), getattr(request, "user", None)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    is_known = user is not None and user.is_authenticated
    return {
        "navigation": SimpleLazyObject(lambda: places(user, view_name)) if is_known else None,
        "theme": theme if theme in {"light", "dark"} else "",
    }
