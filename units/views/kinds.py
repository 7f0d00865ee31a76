"""The lists that all units share: kinds and peer groups, kept by the office at the top of the tree."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.forms.tree import GroupForm, KindForm
from units.models import PeerGroup, UnitKind
from units.twins import saved
from units.views.pages import allow, form_page
from units.views.tree import tabs

LISTS = {
    "kind": (gettext_lazy("Kind of unit"), UnitKind, KindForm),
    "group": (gettext_lazy("Peer group"), PeerGroup, GroupForm),
}


@require_GET
def kinds(request):
    allow(request.user.manages_lists())
    context = {
        "kinds": UnitKind.objects.annotate(used=Count("units")),
        "groups": PeerGroup.objects.annotate(used=Count("units")),
        "tabs": tabs(request, "kinds"),
    }
    return render(request, "units/kinds.html", context)


@require_http_methods(["GET", "POST"])
def entry(request, what, pk=None):
    """Add an entry to one of the lists, or change one."""
    allow(request.user.manages_lists())
    title, model, form_class = LISTS[what]
    row = get_object_or_404(model, pk=pk) if pk else None
    form = form_class(request.POST or None, instance=row)
    if form.is_valid() and saved(form):
        messages.success(request, _("Saved."))
        return redirect("units:kinds")
    return form_page(request, form, title=title, back="/units/kinds/")


@require_POST
def delete(request, what, pk):
    """Take an entry out of its list, if no unit uses it."""
    allow(request.user.manages_lists())
    row = get_object_or_404(LISTS[what][1], pk=pk)
    if row.units.exists():
        messages.error(request, _("%(name)s is in use and stays.") % {"name": row})
    else:
        row.delete()
        messages.success(request, _("Removed. The history keeps it."))
    return redirect("units:kinds")
