"""Whose ledger and task it is, said once for the pages of this floor."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from tasks.models import Ledger, Task
from units.roles import Role


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
