"""Photos, handed out to those who see what they belong to, and compared with earlier ones for who verifies."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from inspections.models import FindingPhoto, FixPhoto, RectificationItem
from units.files import stream
from units.reuse import reuses


def size(request):
    return "thumb" if request.GET.get("size") == "thumb" else "shown"


@require_GET
def finding_photo_file(request, pk):
    photos = FindingPhoto.objects.visible_to(request.user).select_related("attachment")
    return stream(get_object_or_404(photos, pk=pk).attachment, size(request))


@require_GET
def fix_photo_file(request, pk):
    photos = FixPhoto.objects.visible_to(request.user).select_related("attachment")
    return stream(get_object_or_404(photos, pk=pk).attachment, size(request))


@require_GET
def item_reuse(request, pk):
    """For who verifies: which photos of the answer were used before. Never for the unit."""
    items = RectificationItem.objects.visible_to(request.user).select_related("unit", "finding__visit__round__unit")
    shown = get_object_or_404(items, pk=pk)
    if not shown.steps["verify"].allows(request.user, shown):
        raise PermissionDenied
    photos = shown.fix_photos.select_related("attachment", "item")
    context = {"thing": shown, "reuses": reuses(photos, request.user)}
    return render(request, "components/reuse.html" if request.htmx else "components/reuse_page.html", context)
