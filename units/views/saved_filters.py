"""Filters of lists, kept under a name."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from units.forms.filters import FilterForm, NewFilterForm, is_page
from units.models import SavedFilter
from units.twins import saved
from units.views.pages import form_page


@require_http_methods(["GET", "POST"])
def filter_new(request):
    """Keep a list as it is asked: `page` and `query` say which and how."""
    given = {name: request.GET.get(name, "") for name in ("page", "query")}
    back = f"{given['page']}?{given['query']}" if is_page(given["page"]) else reverse("home")
    form = NewFilterForm(request.POST or None, user=request.user, initial=given)
    if form.is_valid() and (kept := saved(form)):
        messages.success(request, _("Kept. It stands above the list from now on."))
        return redirect(kept)
    return form_page(request, form, title=_("Keep these filters"), back=back)


def own_filter(request, pk):
    return get_object_or_404(SavedFilter.objects.filter(user=request.user), pk=pk)


@require_http_methods(["GET", "POST"])
def filter_edit(request, pk):
    """Give it another name, share it or keep it to oneself."""
    kept = own_filter(request, pk)
    form = FilterForm(request.POST or None, instance=kept, user=request.user)
    if form.is_valid() and saved(form):
        messages.success(request, _("Saved."))
        return redirect(kept)
    remove = reverse("units:filter-delete", args=[pk])
    back = kept.get_absolute_url()
    return form_page(request, form, title=_("Saved filter"), back=back, remove=remove)


@require_POST
def filter_delete(request, pk):
    """Forget it; the list stays."""
    kept = own_filter(request, pk)
    kept.delete()
    messages.success(request, _("The filter is forgotten."))
    return redirect(kept.page)
