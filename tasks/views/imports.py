"""Importing a ledger by page: upload, look, decide about names, confirm."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks import uploads
from tasks.forms.ledgers import UploadForm
from tasks.lists import columns
from tasks.lists.preview_rows import PreviewRow
from tasks.models import LedgerImport
from tasks.name_choices import LIST, Names, NamesForm
from tasks.views.access import saying_why
from units.lists import Tab
from units.roles import Role
from units.spreadsheets import UnreadableFile
from units.workflow import NotInThisState

RECENT = 20
PER_PAGE = 100
SHOWS = [
    ("", gettext_lazy("All rows"), lambda row: True),
    ("problems", gettext_lazy("With problems"), lambda row: row.problems),
    ("nobody", gettext_lazy("Without a unit"), lambda row: not row.has_units),
]


@require_http_methods(["GET", "POST"])
def upload(request):
    """Hand in a file; it is read and kept, nothing is imported yet."""
    if not request.user.holds(Role.OFFICE):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            return redirect(uploads.begin(words.pop("file")[0], by=request.user, **words))
        except UnreadableFile as refused:
            form.add_error("file", str(refused))
    recent = LedgerImport.objects.visible_to(request.user).select_related("attachment", "by", "ledger", "standard")
    context = {"form": form, "recent": recent[:RECENT], "columns": columns.IMPORTS}
    return render(request, "tasks/import.html", context, status=422 if form.is_bound else 200)


def scoped(request, pk):
    """The import, for the office of the unit that keeps the ledger."""
    rows = LedgerImport.objects.visible_to(request.user).select_related(
        "unit", "attachment", "ledger__unit", "standard"
    )
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_role(Role.OFFICE, found.unit):
        raise PermissionDenied
    return found


or_say_why = saying_why("tasks/import_result.html", "upload", scoped)


@require_GET
@or_say_why
def preview(request, pk):
    """What is in the file, and what would become of it; afterwards, what became of it."""
    found = scoped(request, pk)
    if found.state != LedgerImport.State.PREVIEW:
        return render(request, "tasks/import_result.html", {"upload": found})
    return page(request, uploads.Preview(found))


def page(request, shown, form=None):
    names = Names(shown.matcher)
    if form is None:
        form = NamesForm(None, unknown=shown.unknown, names=names, chosen=shown.upload.choices)
    rows = [PreviewRow(row, shown) for row in shown.rows]
    placed = {(row.sheet, row.row) for row in rows}
    asked = request.GET.get("show", "")
    chosen = next((keep for name, _label, keep in SHOWS if name == asked), SHOWS[0][2])
    here = Paginator([row for row in rows if chosen(row)], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "upload": shown.upload,
        "counts": shown.counts(),
        "form": form,
        "asked": list(form.asked()),
        "more_names": len(shown.unknown) - len(form.unknown),
        "names": names.options(),
        "names_id": LIST,
        "groups": shown.groups,
        "tabs": [
            Tab(label, f"?show={name}#rows", name == asked, sum(bool(keep(row)) for row in rows))
            for name, label, keep in SHOWS
            if name != "nobody" or not shown.is_standard
        ],
        "here": here,
        "show": asked,
        "columns": columns.PREVIEW_STANDARD if shown.is_standard else columns.PREVIEW,
        "edition": shown.edition if shown.is_standard else None,
        "elsewhere": [
            (shown.sheet_of(one), one) for key, found in shown.problems.items() if key not in placed for one in found
        ],
    }
    return render(request, "tasks/import_preview.html", context, status=422 if form.is_bound else 200)


def undecided(request, pk):
    """The import, its preview and the decisions that were sent, for as long as it waits; else 409."""
    found = scoped(request, pk)
    if found.state != LedgerImport.State.PREVIEW:
        raise NotInThisState(f"the import is {found.state}")
    shown = uploads.Preview(found)
    form = NamesForm(request.POST, unknown=shown.unknown, names=Names(shown.matcher), chosen=found.choices)
    return found, shown, form


@require_POST
@or_say_why
def choose(request, pk):
    """Keep the decisions about names and look again."""
    found, shown, form = undecided(request, pk)
    if not form.is_valid():
        return page(request, shown, form)
    uploads.choose(found, form.choices)
    messages.success(request, _("Your choices are kept. Nothing is imported yet."))
    return redirect(found)


@require_POST
@or_say_why
def confirm(request, pk):
    """Import it, all or nothing."""
    found, shown, form = undecided(request, pk)
    if not form.is_valid():
        return page(request, shown, form)
    return redirect(uploads.confirm(found, form.choices))


@require_POST
def discard(request, pk):
    """Give it up."""
    found = scoped(request, pk)
    uploads.discard(found)
    messages.success(request, _("The import was discarded. The ledger is as it was."))
    return redirect("tasks:import")
