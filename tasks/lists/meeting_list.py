"""The lists of meetings and decisions: filter, columns, cells."""

import django_filters as filters
from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks.lists import markup
from tasks.models import Assignment, Meeting, Task
from tasks.models.meetings import Standing
from units.lists import Column, DateRange
from units.markup import listed, muted, row_link, text
from units.templatetags.badges import badge
from units.templatetags.components import deadline


class MeetingFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Search"), method="search")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=Meeting.Kind.choices)
    held = filters.DateFromToRangeFilter(label=_("Held on"), field_name="held_on", widget=DateRange)

    class Meta:
        model = Meeting
        fields = []

    def search(self, rows, _name, words):
        """In the title, the minutes and what was decided."""
        found = Q(title__icontains=words) | Q(minutes__icontains=words) | Q(decisions__text__icontains=words)
        return rows.filter(pk__in=Meeting.objects.filter(found).values("pk"))


def done_cell(meeting):
    meeting.asked = meeting.decided
    return markup.done_cell(meeting)


MEETINGS = [
    Column("title", _("Meeting"), sort="title", link=True),
    Column("held_on", _("Held on"), sort="held_on", kind="date"),
    Column("get_kind_display", _("Kind"), sort="kind"),
    Column("unit", _("Held by"), sort="unit__path", phone=False),
    Column("done", _("Carried out"), draw=done_cell),
    Column("late", _("Late"), sort="late", kind="number"),
]


def prepare(decisions, user, lights, *, may_edit=False):
    """The decisions as a list, each with its parts, whether `user` sees its task, and what is left of its time."""
    rows = list(decisions.select_related("meeting").prefetch_related("given__unit"))
    seen = set(Task.objects.visible_to(user).filter(decision__in=rows).values_list("pk", flat=True))
    for row in rows:
        row.shown_task = row.task_id if row.task_id in seen else None
        row.days_left = None if row.standing == Standing.DONE else lights.days_left(row.due)
        row.may_edit = may_edit and row.task_id is None
    return rows


def decision_cell(row):
    """What was decided, leading to its task; while it is none, to where it is changed."""
    address = ""
    if row.shown_task:
        address = reverse("tasks:task", args=[row.shown_task])
    elif row.may_edit:
        address = reverse("tasks:decision-edit", args=[row.pk])
    if address:
        return SafeString(f'<a class="row-link" href="{address}">{text(row.text)}</a>')
    return SafeString(f"<div>{text(row.text)}</div>")


def origin_cell(row):
    """The meeting in which it was decided."""
    return SafeString(f"<div>{row_link(row, f'{row.meeting} · {row.number}')}</div>")


def units_cell(row):
    """Who does it: the lead first and marked."""
    given = sorted(row.given.all(), key=lambda one: Assignment.Part.values.index(one.part))
    if not given:
        return muted(gettext("nobody yet"))
    lead = Assignment.Part.LEAD
    words = gettext("%(unit)s (%(part)s)")
    return listed(
        words % {"unit": one.unit, "part": one.get_part_display()} if one.part == lead else one.unit for one in given
    )


def due_cell(row):
    return deadline(row.due or row.deadline, row.days_left) if row.due or row.deadline else muted("—")


def standing_cell(row):
    return badge(row.standing, Standing(row.standing).label)


DECISIONS = [
    Column("number", _("No."), kind="number"),
    Column("text", pgettext_lazy("meeting", "Decision"), draw=decision_cell, link=True),
    Column("units", _("Units"), draw=units_cell),
    Column("due", _("Deadline"), draw=due_cell),
    Column("standing", _("What became of it"), draw=standing_cell),
]
EARLIER = [
    Column("text", pgettext_lazy("meeting", "Decision"), draw=decision_cell, link=True),
    Column("meeting", _("Decided at"), draw=origin_cell),
    *DECISIONS[2:],
]
