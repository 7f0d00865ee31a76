"""Writing an edition: by hand while it is not frozen, and a new version when it is."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tasks.forms.standards import CriterionForm, IndicatorForm, StandardForm
from tasks.models import Criterion, Indicator, Standard
from tasks.models.standard import DEEPEST
from units.filters import whole
from units.roles import Role
from units.twins import saved

BOTH = ["GET", "POST"]


def page(request, form, title, back, status=None):
    """The form of one row; a wrong one again with status 422."""
    context = {"form": form, "title": title, "back": back}
    status = status or (422 if form.is_bound else 200)
    return render(request, "tasks/standard_form.html", context, status=status)


def sent(request):
    return request.POST if request.method == "POST" else None


def own(request, rows, pk):
    """The row, for the office that keeps its edition."""
    found = get_object_or_404(rows.visible_to(request.user), pk=pk)
    keeper = found if isinstance(found, Standard) else getattr(found, "standard", None) or found.indicator.standard
    if not request.user.has_role(Role.OFFICE, keeper.unit):
        raise PermissionDenied
    return found


def own_standard(request, pk):
    return own(request, Standard.objects.select_related("unit"), pk)


def to_edit(standard, anchor):
    """Back to the tree with its pens out, at the place that was changed."""
    return f"{standard.get_absolute_url()}?edit=1#{anchor}"


@require_http_methods(BOTH)
def standard_add(request):
    """Begin an edition by hand."""
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    form = StandardForm(sent(request), user=request.user)
    if form.is_valid() and (made := saved(form)):
        return redirect(made)
    return page(request, form, _("New assessment system"), reverse("tasks:standards"))


@require_http_methods(BOTH)
@transaction.atomic
def standard_edit(request, pk):
    """Name, edition and level."""
    shown = own_standard(request, pk)
    shown.hold_open()
    form = StandardForm(sent(request), instance=shown)
    if form.is_valid() and saved(form):
        return redirect(shown)
    return page(request, form, _("Change the edition"), shown.get_absolute_url())


@require_http_methods(BOTH)
@transaction.atomic
def standard_delete(request, pk):
    """An edition that nothing uses yet, with its whole tree and the uploads that it came from."""
    shown = own_standard(request, pk)
    shown.hold_unused()
    if request.method == "POST":
        shown.delete()
        messages.success(request, _("Deleted."))
        return redirect("tasks:standards")
    gone = Criterion.objects.filter(indicator__standard=shown).count()
    context = {"thing": shown, "standard": shown, "back": to_edit(shown, "")}
    return render(request, "tasks/standard_delete.html", context | {"gone": gone, "below": shown.indicators.count()})


@require_http_methods(BOTH)
@transaction.atomic
def standard_copy(request, pk):
    """A new version with the whole tree, to be changed; the old one stays as it is."""
    shown = own_standard(request, pk)
    shown.hold()
    begin = {"name": shown.name, "level": shown.level}
    form = StandardForm(sent(request), initial=begin, instance=Standard(unit=shown.unit))
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("name", "edition", "level")}
        if made := saved(form, partial(shown.new_version, **words)):
            return redirect(to_edit(made, ""))
    return page(request, form, _("New version"), shown.get_absolute_url())


@require_http_methods(BOTH)
@transaction.atomic
def indicator_add(request, pk):
    """A new aspect, or with `?below=` an indicator below another."""
    shown = own_standard(request, pk)
    shown.hold_open()
    new = Indicator(standard=shown, level=1)
    if below := request.GET.get("below"):
        rows = shown.indicators.filter(level__lt=DEEPEST)
        above = get_object_or_404(rows, pk=whole(below))
        new.parent, new.level, new.is_negative = above, above.level + 1, above.is_negative
    new.order = (shown.indicators.aggregate(last=Max("order"))["last"] or 0) + 1
    form = IndicatorForm(sent(request), instance=new)
    if form.is_valid():
        form.save()
        return redirect(to_edit(shown, f"i{new.pk}"))
    title = _("New indicator below %(above)s") % {"above": new.parent} if new.parent else _("New aspect")
    return page(request, form, title, to_edit(shown, ""))


@require_http_methods(BOTH)
@transaction.atomic
def indicator_edit(request, pk):
    """Code, name and place of an indicator."""
    found = own(request, Indicator.objects.select_related("standard__unit"), pk)
    found.standard.hold_open()
    form = IndicatorForm(sent(request), instance=found)
    if form.is_valid():
        form.save()
        return redirect(to_edit(found.standard, f"i{pk}"))
    return page(request, form, _("Change the indicator"), to_edit(found.standard, f"i{pk}"))


@require_http_methods(BOTH)
@transaction.atomic
def criterion_add(request, pk):
    """A new criterion below the indicator `pk`."""
    above = own(request, Indicator.objects.select_related("standard__unit"), pk)
    above.standard.hold_open()
    rows = Criterion.objects.filter(indicator__standard=above.standard)
    last = rows.aggregate(last=Max("order"))["last"] or 0
    new = Criterion(indicator=above, order=last + 1, number=str(above.criteria.count() + 1))
    form = CriterionForm(sent(request), instance=new)
    if form.is_valid():
        form.save()
        return redirect(to_edit(above.standard, f"i{pk}"))
    title = _("New criterion below %(above)s") % {"above": above}
    return page(request, form, title, to_edit(above.standard, f"i{pk}"))


@require_http_methods(BOTH)
@transaction.atomic
def criterion_edit(request, pk):
    """Number, words, methods and place of a criterion."""
    found = own(request, Criterion.objects.select_related("indicator__standard__unit"), pk)
    standard = found.indicator.standard
    standard.hold_open()
    form = CriterionForm(sent(request), instance=found)
    if form.is_valid():
        form.save()
        return redirect(to_edit(standard, f"i{found.indicator_id}"))
    return page(request, form, _("Change the criterion"), to_edit(standard, f"i{found.indicator_id}"))


@require_http_methods(BOTH)
def indicator_delete(request, pk):
    """An indicator with everything below it."""
    found = own(request, Indicator.objects.select_related("standard__unit"), pk)
    below = found.standard.indicators.filter(parent__in=[found.pk]) | found.standard.indicators.filter(
        parent__parent=found.pk
    )
    gone = Criterion.objects.filter(indicator__in=[found.pk, *below.values_list("pk", flat=True)])
    return delete(request, found, found.standard, gone=gone.count(), below=below.count())


@require_http_methods(BOTH)
def criterion_delete(request, pk):
    """One criterion."""
    found = own(request, Criterion.objects.select_related("indicator__standard__unit"), pk)
    return delete(request, found, found.indicator.standard)


def delete(request, found, standard, **counts):
    """Ask once, then delete; a frozen edition is left alone."""
    with transaction.atomic():
        standard.hold_open()
        if request.method == "POST":
            found.delete()
            messages.success(request, _("Deleted."))
            return redirect(to_edit(standard, ""))
    context = {"thing": found, "standard": standard, "back": to_edit(standard, ""), **counts}
    return render(request, "tasks/standard_delete.html", context)
