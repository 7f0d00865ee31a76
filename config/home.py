"""The first page of each role."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports.overview import overview


@require_GET
def home(request):
    """What I must do now, how we stand, what changed."""
    return render(request, "home.html", {"overview": overview(request.user, timezone.now())})
