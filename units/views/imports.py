"""Units by spreadsheet: export, upload, preview, confirmation."""

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.cells import UnreadableFile
from units.files import accept, workbook_answer
from units.forms.imports import ImportForm
from units.imports import NEW, SAME, managed_units, plan, take_over
from units.models import Attachment, Unit
from units.models.people import UNIT_MANAGERS
from units.unit_sheet import write_units
from units.views.pages import allow, refusal
from units.views.tree import tabs

FEW = 200


def allow_managers(request):
    allow(request.user.is_superuser or request.user.holds(*UNIT_MANAGERS))


@require_GET
def export(request):
    """The current units that the person keeps, as a workbook that can be changed and imported again."""
    allow_managers(request)
    file = BytesIO()
    write_units(file, managed_units(request.user))
    file.seek(0)
    return workbook_answer(file, f"{_('Units')} {timezone.localdate():%Y-%m-%d}")


@require_http_methods(["GET", "POST"])
def upload(request):
    """Choose a file; what it would change is shown before anything is."""
    allow_managers(request)
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        below = form.cleaned_data["below"]
        stored = accept(form.cleaned_data["file"], unit=below, by=request.user)
        return redirect("units:import-preview", pk=stored.pk)
    context = {"form": form, "tabs": tabs(request, "import")}
    return render(request, "units/import.html", context, status=422 if form.is_bound else 200)


def uploaded(request, pk):
    """The person's own upload, if the unit it was meant for is still in their hands."""
    allow_managers(request)
    stored = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk, uploaded_by=request.user)
    below = Unit.objects.get(pk=stored.unit_id)
    allow(request.user.manages_unit(below))
    return stored, below


@require_GET
def preview(request, pk):
    stored, below = uploaded(request, pk)
    try:
        with stored.original.open("rb") as file:
            found = plan(file, user=request.user, below=below)
    except UnreadableFile as error:
        messages.error(request, str(error))
        return redirect("units:import")
    context = {
        "file": stored,
        "below": below,
        "counts": found.counts(),
        "problems": found.problems[:FEW],
        "new": [row for row in found.rows if row.action == NEW][:FEW],
        "changed": [row for row in found.rows if row.changes][:FEW],
        "nothing": all(row.action == SAME for row in found.rows),
        "few": FEW,
    }
    return render(request, "units/import_preview.html", context)


@require_POST
def confirm(request, pk):
    stored, below = uploaded(request, pk)
    try:
        with stored.original.open("rb") as file:
            found = take_over(file, user=request.user, below=below)
    except (UnreadableFile, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect("units:import-preview", pk=pk)
    except IntegrityError as error:
        messages.error(request, refusal(error))
        return redirect("units:import-preview", pk=pk)
    counts = found.counts()
    messages.success(request, _("%(new)s units made, %(changed)s changed, %(same)s as they were.") % counts)
    return redirect(reverse("units:tree"))
