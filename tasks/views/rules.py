"""Rules of duty: the list of an office, one rule, and those that a ledger speaks for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks import duty_rules
from tasks.forms.bulk import RuleForm
from tasks.lists import division_columns
from tasks.models import DutyRule
from tasks.views.access import own_ledger
from units.lists import Listing
from units.roles import Role
from units.twins import saved


def own_rules(request):
    """The rules of the units in whose office the person works."""
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    return DutyRule.objects.filter(unit__in=request.user.units_with_role(Role.OFFICE).values("pk"))


def own_rule(request, pk):
    rule = get_object_or_404(DutyRule.objects.visible_to(request.user).select_related("unit"), pk=pk)
    if not request.user.has_role(Role.OFFICE, rule.unit):
        raise PermissionDenied
    return rule


@require_GET
def rules(request):
    """Who answers for what, as the office has written it down."""
    rows = own_rules(request).select_related("unit", "kind").prefetch_related("units")
    empty = _("No rule yet. Add one, or let a ledger propose some.")
    return Listing(request, rows, columns=division_columns.RULES, default_sort="words", empty=empty).render(
        "tasks/rules.html"
    )


@require_http_methods(["GET", "POST"])
def rule_new(request):
    """Write a rule for the own office."""
    own_rules(request)
    home = request.user.units_with_role(Role.OFFICE).current().order_by("depth", "path").first()
    return edit(request, DutyRule(unit=home))


@require_http_methods(["GET", "POST"])
def rule_edit(request, pk):
    """Change a rule. What was given by it before stays as it is."""
    return edit(request, own_rule(request, pk))


@transaction.atomic
def edit(request, rule):
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid() and saved(form, form.keep):
        messages.success(request, _("The rule is kept."))
        return redirect("tasks:rules")
    return render(request, "tasks/rule_form.html", {"form": form, "rule": rule}, status=422 if form.is_bound else 200)


@require_POST
def rule_delete(request, pk):
    """Forget a rule. What was given by it stays as it is."""
    own_rule(request, pk).delete()
    messages.success(request, _("The rule was deleted."))
    return redirect("tasks:rules")


@require_http_methods(["GET", "POST"])
def propose(request, pk):
    """The rules that the ledger speaks for; those that are ticked are kept."""
    ledger = own_ledger(request, pk)
    found = duty_rules.propose(ledger)
    if request.method == "POST":
        chosen = set(request.POST.getlist("selected"))
        n = duty_rules.keep(ledger, [one for one in found if one.pk in chosen])
        messages.success(request, ngettext("%(n)s rule was made.", "%(n)s rules were made.", n) % {"n": n})
        return redirect("tasks:rules")
    context = {"ledger": ledger, "found": found, "columns": division_columns.PROPOSALS}
    return render(request, "tasks/rules_propose.html", context)
