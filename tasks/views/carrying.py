"""Two editions side by side, and ledgers made from an edition or carried over to another one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tasks.forms.carrying import CarryForm, MakeLedgerForm
from tasks.lists.pair_rows import FATES, KINDS, CarriedRow, PairRow
from tasks.models import Ledger, Standard
from tasks.standards import carry_over as carrying
from tasks.standards import edition_diff
from tasks.standards.editions import leaves, make_ledger, size
from units.filters import whole
from units.lists import Tab
from units.roles import Role

PER_PAGE = 50


def chosen_edition(request, name):
    """The edition that the address names, None where it names none."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    return get_object_or_404(Standard.objects.visible_to(request.user), pk=whole(asked))


@require_GET
def standard_compare(request):
    """What is different between two editions: `?old=&new=&show=`."""
    old, new = chosen_edition(request, "old"), chosen_edition(request, "new")
    context = {"editions": Standard.objects.visible_to(request.user), "old": old, "new": new}
    if old and new:
        context |= compared(request, old, new)
    return render(request, "tasks/standard_compare.html", context)


def compared(request, old, new):
    """The rows of the comparison that the address asks for, with the tabs that count them all."""
    pairs = edition_diff.compare(leaves(old), leaves(new))
    kinds = [pair.changes or [edition_diff.SAME] for pair in pairs]
    asked = request.GET.get("show", "")
    rows = [pair for pair, kind in zip(pairs, kinds, strict=True) if asked in kind or (not asked and pair.changes)]
    query = f"old={old.pk}&new={new.pk}"
    tabs = [Tab(_("All changes"), f"?{query}", not asked, sum(bool(pair.changes) for pair in pairs))]
    for kind, (label, _tone) in KINDS.items():
        count = sum(kind in found for found in kinds)
        if count or kind == asked:
            tabs.append(Tab(label, f"?{query}&show={kind}", kind == asked, count))
    here = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"tabs": tabs, "here": here, "rows": [PairRow(pair) for pair in here], "query": f"{query}&show={asked}"}


@require_http_methods(["GET", "POST"])
def standard_ledger(request, pk):
    """Make a ledger from the edition: one task for each criterion."""
    shown = get_object_or_404(Standard.objects.visible_to(request.user).select_related("unit"), pk=pk)
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    form = MakeLedgerForm(
        request.POST if request.method == "POST" else None, user=request.user, standard=shown, instance=Ledger()
    )
    if form.is_valid():
        try:
            made = make_ledger(shown, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The ledger is made. Now give its tasks to units."))
            return redirect(made)
    context = {"standard": shown, "form": form, "size": size(shown)}
    return render(request, "tasks/standard_ledger.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def ledger_carry(request, pk):
    """Carry a ledger over to another edition: choose, look, confirm."""
    ledger = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit", "standard"), pk=pk)
    if not request.user.has_role(Role.OFFICE, ledger.unit):
        raise PermissionDenied
    said = request.POST if request.method == "POST" else request.GET
    form = CarryForm(said if "standard" in said else None, user=request.user, ledger=ledger)
    if ledger.standard is None or not form.is_valid():
        return carry_page(request, ledger, form)
    plan = None
    try:
        if request.method == "POST" and (made := carried(request, ledger, form)):
            return redirect(made)
        plan = carrying.look(ledger, form.wish)
    except ValidationError as refused:
        form.add_error(None, refused)
    return carry_page(request, ledger, form, plan)


def carried(request, ledger, form):
    """The new ledger; None, and the form says so, when it would not be what was looked at."""
    try:
        made = carrying.carry_over(ledger, form.wish, seal=request.POST.get("seal", ""))
    except carrying.PlanChanged:
        form.add_error(None, _("Something has changed since you looked. Please look again, then confirm."))
        return None
    messages.success(request, _("The ledger was carried over. The old one is as it was."))
    return made


def carry_page(request, ledger, form, plan=None):
    """The form, and below it what would become of each task."""
    context = {"ledger": ledger, "form": form, "plan": plan}
    if plan:
        asked, counts = request.GET.get("show", ""), plan.counts
        query = urlencode({name: form.data.get(name, "") for name in form.fields})
        tabs = [Tab(_("All tasks"), f"?{query}", not asked, len(plan.rows))]
        for fate, (label, _tone) in FATES.items():
            if counts[fate]:
                tabs.append(Tab(label, f"?{query}&show={fate}", fate == asked, counts[fate]))
        rows = [row for row in plan.rows if not asked or row.fate == asked]
        here = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"tabs": tabs, "counts": counts, "here": here, "rows": [CarriedRow(row) for row in here]}
        context["query"] = f"{query}&show={asked}"
    status = 422 if form.errors else 200
    return render(request, "tasks/ledger_carry.html", context, status=status)
