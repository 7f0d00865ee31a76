"""The material catalogue: what is filed, its revisions, its numbers, and evidence taken into it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks.forms.material import FilingForm, PlacesForm, RevisionForm, TakingForm, TitleForm, place_value, stem
from tasks.lists.material_lists import MATERIALS, MaterialFilter, edition_of
from tasks.models import Assignment, CatalogueNumber, Evidence, Material, MaterialRevision
from tasks.models.material import KEEPERS, AlreadyFiled, RevisionChanged, may_file
from tasks.views.access import deciders_only
from units.files import accept, stream
from units.filters import keys
from units.history import entries
from units.lists import Listing
from units.reuse import MOST_COMPARED, reuses


@require_GET
def materials(request):
    """Everything filed in the person's scope, in the order of the catalogue."""
    rows = Material.objects.visible_to(request.user).with_everything()
    empty = _("Nothing is filed yet. File something, or take the evidence of a report into the catalogue.")
    listing = Listing(request, rows, MaterialFilter, MATERIALS, default_sort="numbers", empty=empty)
    return listing.render("tasks/materials.html", {"may_file": request.user.holds(*KEEPERS)})


@require_http_methods(["GET", "POST"])
def material_new(request):
    """File new material, maybe for a piece that is missing: `?unit=…&place=…`."""
    if not request.user.holds(*KEEPERS):
        raise PermissionDenied
    given = {name: request.GET[name] for name in ("unit",) if name in request.GET}
    initial = given | {"places": request.GET.getlist("place")}
    form = FilingForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        filed = file_all(form, by=request.user)
        words = ngettext("%(n)s entry is filed.", "%(n)s entries are filed.", len(filed)) % {"n": len(filed)}
        messages.success(request, words)
        return redirect(filed[0] if len(filed) == 1 else "tasks:materials")
    return render(request, "tasks/material_new.html", {"form": form}, status=422 if form.is_bound else 200)


@transaction.atomic
def file_all(form, *, by):
    """Each file becomes an entry, or none of them."""
    unit, places = form.cleaned_data["unit"], form.cleaned_data["places"]
    return [
        Material.objects.file(accept(file, unit=unit, by=by), title=title, places=places, by=by)
        for file, title in form.titled()
    ]


def material_of(request, pk, *, to_change=False):
    rows = Material.objects.visible_to(request.user).select_related("unit", "made_by")
    found = get_object_or_404(rows, pk=pk)
    if to_change and not found.may_change(request.user):
        raise PermissionDenied
    return found


@require_GET
def material(request, pk):
    """One entry: the file that counts, its numbers, what came before."""
    return page(request, material_of(request, pk))


def page(request, shown, revision_form=None, places_form=None):
    """The page of a material; with a bad form, the same page again."""
    revisions = list(shown.revisions.select_related("attachment", "by"))
    may_change = shown.may_change(request.user)
    if may_change:
        revision_form = revision_form or RevisionForm(initial={"read": revisions[0].number})
        places_form = places_form or PlacesForm(user=request.user)
    numbers = shown.numbers.newest_edition_first().select_related("criterion__indicator__standard", "piece")
    context = {
        "material": shown,
        "newest": revisions[0],
        "older": revisions[1:],
        "numbers": numbers,
        "names_editions": len({edition_of(one) for one in numbers}) > 1,
        "may_change": may_change,
        "revision_form": revision_form,
        "places_form": places_form,
        "history": entries(shown, CatalogueNumber.pgh_event_model.objects.filter(material=shown)),
    }
    bound = may_change and (revision_form.is_bound or places_form.is_bound)
    return render(request, "tasks/material.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def material_edit(request, pk):
    """Another title."""
    shown = material_of(request, pk, to_change=True)
    form = TitleForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid():
        return redirect(form.save())
    context = {"form": form, "material": shown}
    return render(request, "tasks/material_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def material_revise(request, pk):
    """File a newer state; the one that was read must still be the newest."""
    shown = material_of(request, pk, to_change=True)
    form = RevisionForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, shown, revision_form=form)
    try:
        keep_revision(shown, form.cleaned_data, by=request.user)
    except RevisionChanged as changed:
        form.tell(changed)
        return page(request, shown, revision_form=form)
    messages.success(request, _("The new revision counts from now on."))
    return redirect(shown)


@transaction.atomic
def keep_revision(shown, given, *, by):
    attachment = accept(given["file"][0], unit=shown.unit, by=by)
    shown.revise(attachment, by=by, note=given["note"], read=given["read"])


@require_POST
def material_link(request, pk):
    """Give it numbers under further criteria."""
    shown = material_of(request, pk, to_change=True)
    form = PlacesForm(request.POST, user=request.user)
    if not form.is_valid():
        return page(request, shown, places_form=form)
    with transaction.atomic():
        for criterion, piece in form.cleaned_data["places"]:
            shown.link(criterion, piece, by=request.user)
    return redirect(shown)


@require_POST
def material_unlink(request, pk):
    """Take one number away."""
    numbers = CatalogueNumber.objects.visible_to(request.user).select_related("material__unit")
    number = get_object_or_404(numbers, pk=pk)
    number.material.unlink(number, by=request.user)
    messages.success(request, _("%(number)s was taken away.") % {"number": number})
    return redirect(number.material)


@require_GET
def material_file(request, pk):
    """The file of a revision. `?size=thumb|original`."""
    revisions = MaterialRevision.objects.visible_to(request.user).select_related("attachment")
    return stream(get_object_or_404(revisions, pk=pk).attachment, request.GET.get("size", "shown"))


@require_http_methods(["GET", "POST"])
def material_take(request, pk):
    """Take a file of a report into the catalogue, without sending it again."""
    rows = Evidence.objects.visible_to(request.user).select_related(
        "attachment__unit", "progress__assignment__task", "progress__assignment__unit"
    )
    evidence = get_object_or_404(rows, pk=pk)
    if not may_file(request.user, evidence.attachment.unit):
        raise PermissionDenied
    if there := Material.objects.visible_to(request.user).by_attachment([evidence.attachment_id]):
        return filed_already(request, there[evidence.attachment_id])
    assignment = evidence.progress.assignment
    initial = {
        "title": evidence.caption or stem(evidence.attachment.name),
        "places": [place_value(one) for one in assignment.task.criteria.all()],
    }
    form = TakingForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(Material.objects.file(evidence.attachment, by=request.user, **form.cleaned_data))
        except AlreadyFiled as already:
            return filed_already(request, already.material)
    context = {"form": form, "evidence": evidence, "assignment": assignment}
    return render(request, "tasks/material_take.html", context, status=422 if form.is_bound else 200)


def filed_already(request, material):
    """Say so, at the entry that there is."""
    messages.info(request, _("This file is in the catalogue already: here it is."))
    return redirect(material)


@require_GET
def assignment_reuse(request, pk):
    """For who decides on the report under review: which of its files were used before. Never for the unit."""
    shown = get_object_or_404(Assignment.objects.visible_to(request.user).with_everything(), pk=pk)
    if not Assignment.steps["approve"].allows(request.user, shown):
        raise PermissionDenied
    return reuse_answer(request, Evidence.objects.under_review([shown.pk]), {"thing": shown})


@require_GET
def review_reuse(request):
    """The same for several reports of the queue, whose keys are asked: `?selected=…`."""
    deciders_only(request.user)
    rows = Assignment.objects.reviewable_by(request.user).filter(pk__in=keys(request.GET.getlist("selected")))
    files = Evidence.objects.under_review(rows.values("pk")).order_by("progress__submitted_at", "pk")
    return reuse_answer(request, files, {"names_things": True})


def reuse_answer(request, files, context):
    files = list(files.select_related("attachment", "progress__assignment__unit", "progress__assignment__task"))
    context |= {"reuses": reuses(files[:MOST_COMPARED], request.user), "left_out": len(files[MOST_COMPARED:])}
    return render(request, "components/reuse.html" if request.htmx else "components/reuse_page.html", context)
