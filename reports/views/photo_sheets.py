"""Photo sheets: chosen photos of material and reports, one on each page with its time, place and theme."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.hand_in import MOST_PHOTOS, chosen_photos, common_unit, make_sheet
from reports.hand_in_forms import PhotoFormSet, SheetForm
from reports.models import PhotoSheet
from reports.models.handing_in import MAKERS, may_make
from reports.views.access import must_make
from reports.views.papers import ask_again, file_facts, handed_out
from tasks.lists.material_lists import PHOTOS, MaterialFilter
from tasks.models import Material
from units.filters import keys
from units.lists import Column, Listing

DOOR = "reports:photo-sheet"
COLUMNS = [
    Column("title", gettext_lazy("Photo sheet"), sort="title", link=True),
    Column("unit", gettext_lazy("Unit"), sort="unit__path"),
    Column("made_by", gettext_lazy("By"), phone=False),
    Column("made_at", gettext_lazy("Made"), sort="made_at", kind="datetime"),
]


@require_GET
def photo_sheets(request):
    rows = PhotoSheet.objects.visible_to(request.user).select_related("unit", "made_by").defer("data")
    empty = _("No photo sheet has been made yet.")
    listing = Listing(request, rows, None, COLUMNS, default_sort="-made_at", empty=empty)
    return listing.render("reports/photo_sheets.html", {"may_make": request.user.holds(*MAKERS)})


@require_GET
def photo_sheet_choose(request):
    """The photos in the catalogue, to choose some."""
    must_make(request.user)
    rows = Material.objects.visible_to(request.user).with_photos().with_everything()
    listing = Listing(
        request,
        rows,
        MaterialFilter,
        PHOTOS,
        default_sort="numbers",
        empty=_("No photo is filed yet."),
        bulk="reports/_photo_bulk.html",
        bulk_url=reverse("reports:photo-sheet-chosen"),
    )
    return listing.render("reports/photo_sheet_choose.html")


@require_POST
def photo_sheet_chosen(request):
    """From the chosen rows to the page that asks what is said of each."""
    must_make(request.user)
    query = QueryDict(mutable=True)
    query.setlist("material", keys(request.POST.getlist("selected"))[:MOST_PHOTOS])
    return redirect(f"{reverse('reports:photo-sheet-new')}?{query.urlencode()}")


@require_http_methods(["GET", "POST"])
def photo_sheet_new(request):
    """What is said of each photo: `?material=…` entries of the catalogue, `?assignment=…` the photos of its reports."""
    must_make(request.user)
    photos = chosen_photos(request.user, request.GET.getlist("material"), request.GET.getlist("assignment"))
    unit = common_unit([photo.unit for photo in photos])
    if unit is None or not may_make(request.user, unit):
        return render(request, "reports/photo_sheet_none.html", {"photos": photos}, status=422)
    form, lines = SheetForm(request.POST or None, initial={"title": photos[0].heading}), lines_of(photos, request.POST)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        words = {line.pop("photo"): line for line in lines.cleaned_data}
        if words.keys() == {str(one.attachment.pk) for one in photos}:
            said = [(one.attachment, one.said(**words[str(one.attachment.pk)])) for one in photos]
            made = make_sheet(said, title=form.cleaned_data["title"], unit=unit, by=request.user)
            ask_again(made, request.user)
            return redirect(made)
        messages.warning(request, _("The photos have changed meanwhile. Please look at what is said of each."))
        lines = lines_of(photos, said=words)
    context = {"form": form, "lines": lines, "pairs": list(zip(photos, lines.forms, strict=False))}
    return render(request, "reports/photo_sheet_new.html", context, status=422 if form.is_bound else 200)


def lines_of(photos, data=None, *, said=()):
    """A form for each photo, with what was `said` of it before or else with what is known."""
    known = [{"photo": str(one.attachment.pk), "theme": one.theme, "place": ""} for one in photos]
    if said:
        known = [one | said.get(one["photo"], {}) for one in known]
    return PhotoFormSet(data or None, initial=known)


def sheet_of(request, pk):
    return get_object_or_404(PhotoSheet.objects.visible_to(request.user).select_related("unit", "made_by"), pk=pk)


def pdf_of(request, shown):
    return file_facts(shown, DOOR, may_ask=may_make(request.user, shown.unit), proof="PDF")


@require_GET
def photo_sheet(request, pk):
    shown = sheet_of(request, pk)
    return render(request, "reports/photo_sheet.html", {"sheet": shown, **pdf_of(request, shown)})


@require_POST
def photo_sheet_make_file(request, pk):
    """Have the PDF made, or a failed one tried again."""
    shown = sheet_of(request, pk)
    must_make(request.user, shown.unit)
    ask_again(shown, request.user)
    return redirect(shown)


@require_GET
def photo_sheet_progress(request, pk):
    """How far the PDF is: the piece of the page that asks for itself again while it is under way."""
    return render(request, "reports/_paper.html", pdf_of(request, sheet_of(request, pk)))


@require_GET
def photo_sheet_file(request, pk):
    return handed_out(sheet_of(request, pk))
