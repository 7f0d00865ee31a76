"""A ledger out as a workbook that can be edited, and in again: upload, look at the difference, choose, confirm."""

from tempfile import TemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks.forms.ledgers import WorkbookForm
from tasks.lists import columns
from tasks.models import Reimport
from tasks.views.access import own_ledger, saying_why
from tasks.workbook import uploads
from tasks.workbook.plan import CHANGED, GONE, NEW
from tasks.workbook.store import CHOICES, LedgerChanged
from tasks.workbook.writing import write_ledger
from units.files import workbook_answer
from units.lists import Tab
from units.roles import Role
from units.spreadsheets import UnreadableFile

RECENT, PER_PAGE, MOST = 20, 50, 300
SHOWS = [(CHANGED, gettext_lazy("Changed")), (NEW, gettext_lazy("New"))]


def own_reimport(request, pk):
    """The edited workbook, for the office that keeps its ledger."""
    rows = Reimport.objects.visible_to(request.user).select_related("ledger__unit", "attachment", "by")
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_role(Role.OFFICE, found.ledger.unit):
        raise PermissionDenied
    return found


@require_GET
def download(request, pk):
    """The whole ledger as a workbook for editing."""
    ledger = own_ledger(request, pk)
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_ledger(file, ledger)
    file.seek(0)
    return workbook_answer(file, _("%(ledger)s (for editing)") % {"ledger": ledger})


@require_http_methods(["GET", "POST"])
def upload(request, pk):
    """Hand in the edited workbook; it is read and kept, nothing is taken over yet."""
    ledger = own_ledger(request, pk)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(uploads.begin(form.cleaned_data["file"][0], by=request.user, ledger=ledger))
        except UnreadableFile as refused:
            form.add_error("file", str(refused))
    recent = ledger.reimports.select_related("attachment", "by")[:RECENT]
    context = {"ledger": ledger, "form": form, "recent": recent, "columns": columns.REIMPORTS}
    return render(request, "tasks/workbook_upload.html", context, status=422 if form.is_bound else 200)


or_say_why = saying_why("tasks/workbook_result.html", "reimport", own_reimport)


@require_GET
@or_say_why
def preview(request, pk):
    """What the file would change; afterwards, what became of it."""
    found = own_reimport(request, pk)
    if found.state != Reimport.State.PREVIEW:
        return render(request, "tasks/workbook_result.html", {"reimport": found})
    return page(request, uploads.Preview(found))


def page(request, shown, refused="", status=200):
    plan, asked = shown.plan, request.GET.get("show", CHANGED)
    fates = {fate: plan.with_fate(fate) for fate in (NEW, CHANGED, GONE)}
    asked = asked if asked in dict(SHOWS) else CHANGED
    context = {
        "reimport": shown.reimport,
        "plan": plan,
        "refused": refused,
        "problems": plan.problems[:MOST],
        "conflicts": plan.conflicts[:MOST],
        "missing": plan.missing[:MOST],
        "gone": fates[GONE][:MOST],
        "few": MOST,
        "tabs": [Tab(label, f"?show={fate}#rows", fate == asked, len(fates[fate])) for fate, label in SHOWS],
        "here": Paginator(fates[asked], PER_PAGE).get_page(request.GET.get("page")),
        "show": asked,
    }
    return render(request, "tasks/workbook_preview.html", context, status=status)


@require_POST
@or_say_why
def confirm(request, pk):
    """Take it over, all or nothing."""
    found = own_reimport(request, pk)
    choices = {name: request.POST.getlist(name) for name in CHOICES}
    try:
        return redirect(uploads.confirm(found, choices, seen=request.POST.get("seen", "-")))
    except LedgerChanged:
        words = _("The ledger has changed since you looked. Nothing was taken over; please look again.")
        return page(request, uploads.Preview(found), words, status=409)
    except ValidationError as error:
        return page(request, uploads.Preview(found), error.messages[0], status=422)


@require_POST
def discard(request, pk):
    """Give it up."""
    found = own_reimport(request, pk)
    uploads.discard(found)
    messages.success(request, _("The import was discarded. The ledger is as it was."))
    return redirect(found.ledger)
