"""Photos, handed out to those who see what they belong to."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from inspections.models import FindingPhoto, FixPhoto
from units.files import stream


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
