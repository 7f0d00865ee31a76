"""Hand-in packages: the filed material of a unit as a ZIP with its catalogue."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.catalogue_paper import chapters
from reports.hand_in import make_package
from reports.hand_in_forms import PackageForm
from reports.models import HandInPackage
from reports.models.handing_in import MAKERS, may_make
from reports.views.access import must_make
from reports.views.papers import ZIP, ask_again, file_facts, handed_out
from units.lists import Column, Listing

DOOR = "reports:package"
COLUMNS = [
    Column("title", _("Package"), sort="title", link=True),
    Column("unit", _("Unit"), sort="unit__path"),
    Column("made_by", _("By"), phone=False),
    Column("made_at", _("Made"), sort="made_at", kind="datetime"),
]


@require_GET
def packages(request):
    rows = HandInPackage.objects.visible_to(request.user).select_related("unit", "made_by").defer("data")
    listing = Listing(request, rows, None, COLUMNS, default_sort="-made_at", empty=_("No package has been made yet."))
    return listing.render("reports/packages.html", {"may_make": request.user.holds(*MAKERS)})


@require_http_methods(["GET", "POST"])
def package_new(request):
    """Choose whose material; the list is frozen, and the file begun at once."""
    must_make(request.user)
    form = PackageForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_package(by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("unit", refused)
        else:
            ask_again(made, request.user)
            return redirect(made)
    return render(request, "reports/package_new.html", {"form": form}, status=422 if form.is_bound else 200)


def package_of(request, pk):
    return get_object_or_404(HandInPackage.objects.visible_to(request.user).select_related("unit", "made_by"), pk=pk)


@require_GET
def package(request, pk):
    shown = package_of(request, pk)
    context = {"package": shown, "chapters": chapters(shown.data), **zip_of(request, shown)}
    return render(request, "reports/package.html", context)


def zip_of(request, shown):
    words = {"download": _("Download the ZIP"), "make_words": _("Make the ZIP")}
    looks = {"icon_name": "archive", "proof": "SHA256SUMS"}
    return file_facts(shown, DOOR, may_ask=may_make(request.user, shown.unit), **words, **looks)


@require_POST
def package_make_file(request, pk):
    """Have the ZIP made, or a failed one tried again."""
    shown = package_of(request, pk)
    must_make(request.user, shown.unit)
    ask_again(shown, request.user)
    return redirect(shown)


@require_GET
def package_progress(request, pk):
    """How far the ZIP is: the piece of the page that asks for itself again while it is under way."""
    return render(request, "reports/_paper.html", zip_of(request, package_of(request, pk)))


@require_GET
def package_file(request, pk):
    return handed_out(package_of(request, pk), ZIP)
