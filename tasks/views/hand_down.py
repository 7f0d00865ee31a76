"""Second decomposition: a unit hands its assignment down to units below it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tasks.forms.division import HandDownForm, MoreUnits, UnitRowSet
from tasks.lists import division_columns
from tasks.models import Assignment
from tasks.models.division import Refused, divisions, units_for, units_known
from units.history import last_hand
from units.workflow import NotInThisState


class Outdated(Exception):
    """Somebody else has handed it down otherwise since the form was opened. `division` is how it stands."""

    def __init__(self, division):
        super().__init__("handed down otherwise meanwhile")
        self.division = division


@require_http_methods(["GET", "POST"])
def hand_down(request, pk):
    """Hand the assignment down, change what was handed down, or take it back."""
    shown = get_object_or_404(Assignment.objects.visible_to(request.user).with_everything(), pk=pk)
    if not shown.may_hand_down(request.user):
        raise PermissionDenied
    if not shown.can_be_handed_down:
        raise NotInThisState("what is completed, or only a pattern, is not handed down")
    more = MoreUnits(request.POST or None, units=units_for(shown.task, shown))
    if request.method != "POST":
        [now] = divisions([shown.task], shown)
        return page(request, shown, HandDownForm(initial={"read": now.version}), UnitRowSet.of(now.now), more)
    form = HandDownForm(request.POST)
    rows = UnitRowSet(request.POST, within=units_known(shown.task))
    if more.is_asked:
        again = MoreUnits(units=units_for(shown.task, shown))
        return page(request, shown, form, rows.with_more(*more.picked()), again)
    if all([form.is_valid(), rows.is_valid(), more.is_valid()]):
        try:
            keep(shown, form, rows, by=request.user)
        except Refused as refused:
            rows.refuse(refused)
        except Outdated as outdated:
            tell(shown, form, rows, outdated.division)
        else:
            messages.success(request, _("Handed down as you have said."))
            return redirect(f"{shown.get_absolute_url()}#below")
    return page(request, shown, form, rows, more, status=422)


def page(request, shown, form, rows, more, status=200):
    context = {"assignment": shown, "form": form, "rows": rows, "more": more, "columns": division_columns.UNIT_ROWS}
    return render(request, "tasks/hand_down.html", context, status=status)


@transaction.atomic
def keep(shown, form, rows, *, by):
    """Hand it down as the rows say, unless somebody else has done otherwise since they were opened."""
    shown.hold_division()
    [now] = divisions([shown.task], shown)
    read, changes = form.cleaned_data["read"], now.changes(rows.parts)
    if read and read != now.version and changes:
        raise Outdated(now)
    shown.hand_down(rows.parts, by=by)


def tell(shown, form, rows, now):
    given = Assignment.pgh_event_model.objects.filter(parent=shown.pk)
    form.tell(now.version, last_hand(given) or _("Somebody"))
    rows.tell(now.now)
