"""Public disclosure: what a ledger's units have done, looked at, laid down, published, and taken back."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports import disclosure as disclosing
from reports import disclosure_columns as columns
from reports.disclosure_groups import folded
from reports.exports import disclosure_workbook
from reports.forms import DisclosureForm, WithdrawForm
from reports.models import Disclosure
from reports.public_addresses import public_address
from reports.views.access import must_read, must_see, must_work, reads
from reports.views.papers import ask_again, file_facts, handed_out
from reports.views.reports import tabs
from tasks.models import Ledger
from units.files import workbook_answer
from units.lists import Column, Listing
from units.roles import Role

DOOR = "reports:disclosure"
COLUMNS = [
    Column("title", _("Disclosure"), sort="title", link=True),
    Column("edition", pgettext_lazy("disclosure", "Edition"), sort="edition", kind="number", empty_last=True),
    Column("unit", _("Published by"), sort="unit__path", phone=False),
    Column("state", _("State"), sort="state", kind="state"),
    Column("made_at", _("As of"), sort="made_at", kind="datetime"),
    Column("published_at", _("Published"), sort="published_at", kind="date", empty_last=True),
]


@require_GET
def disclosures(request):
    rows = Disclosure.objects.visible_to(request.user).select_related("unit").defer("data")
    listing = Listing(request, rows, None, COLUMNS, default_sort="-made_at", empty=_("Nothing has been disclosed yet."))
    context = {"tabs": tabs("disclosures"), "may_make": request.user.holds(Role.OFFICE)}
    return listing.render("reports/disclosures.html", context)


@require_GET
def disclosure_choose(request):
    """Of which ledger a new edition is made; where the office keeps a single one, straight on to that."""
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    kept = Ledger.objects.kept_by(request.user)
    ledgers = list(kept.select_related("unit").annotate(asks=Count("tasks")).order_by("-year", "name", "pk"))
    if len(ledgers) == 1:
        return redirect("reports:disclosure-new", ledgers[0].pk)
    return render(request, "reports/disclosure_choose.html", {"ledgers": ledgers, "columns": columns.LEDGERS})


def shown(request, data, earlier=None):
    """What a page shows of a snapshot, next to the edition that was published before it."""
    return {
        "data": data,
        **folded(data, request.GET.get("q", "").strip()),
        "all": request.path,
        "columns": columns.FIGURES,
        "earlier": earlier,
        "moved": disclosing.difference(data, earlier.data) if earlier else [],
        "moved_columns": columns.MOVED,
    }


@require_http_methods(["GET", "POST"])
def disclosure_new(request, pk):
    """What would be disclosed of the ledger `pk` as it stands now; sent, it is laid down as a draft."""
    ledger = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    must_work(request.user, ledger.unit)
    form = DisclosureForm(request.POST or None, initial={"title": disclosing.title_of(ledger)})
    data = disclosing.facts(ledger)
    if form.is_valid() and data["sums"]["asked"]:
        return redirect(disclosing.lay_down(ledger, by=request.user, title=form.cleaned_data["title"]))
    context = {"ledger": ledger, "form": form, **shown(request, data, ledger.disclosures.all().newest())}
    return render(request, "reports/disclosure_new.html", context, status=422 if form.is_bound else 200)


def disclosure_of(request, pk):
    rows = Disclosure.objects.visible_to(request.user).select_related("unit", "ledger", "by")
    return get_object_or_404(rows, pk=pk)


def facts_of(request, pk):
    """The disclosure with its figures: of a withdrawn one only for those who read drafts."""
    row = disclosure_of(request, pk)
    must_see(request.user, row, row.unit)
    return row


@require_GET
def disclosure(request, pk):
    row = disclosure_of(request, pk)
    is_reader = reads(request.user, row.unit)
    context = {
        "disclosure": row,
        "newer": row.newer(),
        "reads": is_reader,
        "shows": is_reader or row.state != Disclosure.State.WITHDRAWN,
        "public_url": public_address("disclosure", row.pk) if settings.PUBLIC_DISCLOSURE else "",
        "events": row.events.select_related("actor"),
        **file_facts(row, DOOR, may_ask=is_reader),
        **shown(request, row.data, row.before()),
    }
    return render(request, "reports/disclosure.html", context)


@require_http_methods(["GET", "POST"])
def disclosure_publish(request, pk):
    row = disclosure_of(request, pk)
    must_work(request.user, row.unit)
    if request.method == "GET":
        context = {"disclosure": row, "newer": row.newer(), "is_open": settings.PUBLIC_DISCLOSURE}
        return render(request, "reports/disclosure_publish.html", context)
    disclosing.publish(row, by=request.user)
    return redirect(row)


@require_POST
def disclosure_withdraw(request, pk):
    row = disclosure_of(request, pk)
    must_work(request.user, row.unit)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render(request, "422.html", status=422)
    row.withdraw(by=request.user, note=form.cleaned_data["note"])
    return redirect(row)


@require_POST
def disclosure_make_file(request, pk):
    """Ask for the paper, or have a failed one tried again."""
    row = disclosure_of(request, pk)
    must_read(request.user, row.unit)
    ask_again(row, request.user)
    return redirect(row)


@require_GET
def disclosure_progress(request, pk):
    """How far the paper is: the piece of the page that asks for itself again while it is under way."""
    row = facts_of(request, pk)
    facts = file_facts(row, DOOR, may_ask=reads(request.user, row.unit))
    return render(request, "reports/_paper.html", facts)


@require_GET
def disclosure_file(request, pk):
    return handed_out(facts_of(request, pk))


@require_GET
def disclosure_sheet(request, pk):
    """The same figures as a workbook."""
    row = facts_of(request, pk)
    return workbook_answer(disclosure_workbook(row.data), row)
