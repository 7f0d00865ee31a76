"""What several pages of this floor refuse: whose ledger and task it is not, and what can no longer be read."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render

from tasks.models import Ledger, Task
from units.roles import Role
from units.spreadsheets import UnreadableFile


def deciders_only(user):
    """Who gives verdicts on reports."""
    if not user.holds(Role.OFFICE, Role.UNIT_LEAD):
        raise PermissionDenied


def own_ledger(request, pk):
    """The ledger, for the office that keeps it."""
    shown = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    if not request.user.has_role(Role.OFFICE, shown.unit):
        raise PermissionDenied
    return shown


def own_task(request, pk):
    """The task, for the office that keeps its ledger."""
    shown = get_object_or_404(Task.objects.visible_to(request.user).select_related("ledger__unit"), pk=pk)
    if not request.user.has_role(Role.OFFICE, shown.ledger.unit):
        raise PermissionDenied
    return shown


def saying_why(template, name, find):
    """For views of an upload: a file that was read before and cannot be read now (lost, or the rules have changed) gets
    its reason in `template`, which knows the upload, `find(request, pk)`, as `name`.
    """

    def decorate(view):
        @wraps(view)
        def read(request, pk):
            try:
                return view(request, pk)
            except (UnreadableFile, FileNotFoundError) as refused:
                return render(request, template, {name: find(request, pk), "refused": refused}, status=422)

        return read

    return decorate
