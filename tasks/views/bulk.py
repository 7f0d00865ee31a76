"""Many tasks at once: choose, say what, look, confirm. By hand and by the rules of duty."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tasks import bulk
from tasks.duty_rules import RuleBook, without_units
from tasks.forms.bulk import BulkForm
from tasks.lists import division_columns
from tasks.views.access import own_ledger
from units.filters import whole


def selected(request, ledger):
    """The tasks whose boxes were ticked, as far as they are of this ledger."""
    pks = map(whole, request.POST.getlist("selected"))
    return ledger.tasks.filter(pk__in=[pk for pk in pks if pk]).order_by("order", "pk")


def looked_at(request):
    """The ticked rows of a plan: pk → the version that was shown."""
    seen = dict(one.split(":", 1) for one in request.POST.getlist("seen") if ":" in one)
    return {whole(pk): seen[pk] for pk in request.POST.getlist("selected") if pk in seen and whole(pk)}


@require_POST
def form(request, pk):
    """What is to become of the tasks that were selected in the ledger."""
    ledger = own_ledger(request, pk)
    tasks = selected(request, ledger)
    if not tasks:
        messages.warning(request, _("Select the tasks first."))
        return redirect(ledger)
    return form_page(request, ledger, tasks, BulkForm(ledger=ledger))


def form_page(request, ledger, tasks, words):
    context = {"ledger": ledger, "tasks": tasks, "form": words}
    return render(request, "tasks/bulk.html", context, status=422 if words.is_bound else 200)


@require_POST
def preview(request, pk):
    """What that would do, row by row. Nothing is changed yet."""
    ledger = own_ledger(request, pk)
    words, tasks = BulkForm(request.POST, ledger=ledger), selected(request, ledger)
    if not words.is_valid():
        return form_page(request, ledger, tasks, words)
    return plan_page(request, bulk.Plan(ledger, tasks, words.wish()), words)


def plan_page(request, plan, words=None, *, changed=False):
    """The plan with its boxes; `words` is the form it was made from, which is sent along, or None for the rules."""
    columns = division_columns.PLAN if words else division_columns.PROPOSED
    context = {"plan": plan, "ledger": plan.ledger, "form": words, "changed": changed, "columns": columns}
    return render(request, "tasks/plan.html", context, status=409 if changed else 200)


@require_POST
def confirm(request, pk):
    """Do what was looked at, all or nothing."""
    ledger = own_ledger(request, pk)
    words = BulkForm(request.POST, ledger=ledger)
    if not words.is_valid():
        return form_page(request, ledger, selected(request, ledger), words)
    return carry(request, ledger, words.wish(), words)


def carry(request, ledger, wish, words=None):
    seen = looked_at(request)
    try:
        plan = bulk.carry(ledger, seen, wish)
    except bulk.PlanChanged:
        tasks = ledger.tasks.filter(pk__in=seen).order_by("order", "pk")
        return plan_page(request, bulk.Plan(ledger, tasks, wish), words, changed=True)
    n = len(plan.ready)
    messages.success(request, ngettext("%(n)s task was changed.", "%(n)s tasks were changed.", n) % {"n": n})
    return redirect(ledger)


@require_GET
def by_rules(request, pk):
    """What the rules of duty propose for the tasks that nobody has. Nothing is changed yet."""
    ledger = own_ledger(request, pk)
    return plan_page(request, bulk.Plan(ledger, without_units(ledger), RuleBook(ledger)))


@require_POST
def by_rules_confirm(request, pk):
    """Take over the proposals that were ticked."""
    ledger = own_ledger(request, pk)
    return carry(request, ledger, RuleBook(ledger))
