"""The answers to a form that keeps itself (static/js/autosave.js, docs/components.md): kept, stale or not complete."""

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _


def asked_by(request):
    """Whether the script of the page sent the form, and not a person who pressed a button."""
    return request.headers.get("Accept") == "application/json"


def kept(version):
    """It is kept; from now on `version` is what the page has seen."""
    at = timezone.localtime()
    return JsonResponse({"version": version, "words": _("Saved automatically %(at)s") % {"at": f"{at:%H:%M}"}})


def stale(words, theirs=""):
    """Somebody else was faster: nothing was kept, `theirs` is what stands there."""
    return JsonResponse({"words": words, "theirs": theirs}, status=409)


def refused(form):
    """Not complete yet: the first thing that is wrong."""
    why = next(iter(form.errors.values()))[0]
    return JsonResponse({"words": _("Not saved: %(why)s") % {"why": why}}, status=422)
