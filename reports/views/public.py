"""The door to the street: pages without a login. They show frozen facts that an office has published, nothing else.

A page depends on its address alone, never on who asks, so that it may be kept by whatever stands between: no session,
no token, and the language is part of the address (`?language=en`).
"""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from reports import disclosure_columns as columns
from reports.disclosure_groups import folded
from reports.models import Disclosure
from reports.public_addresses import other_language, public_address

KEPT_SECONDS = 300
MOST = 100


def public_page(view):
    """A page for everybody, if this installation has its public pages open; else 404."""

    @login_not_required
    @require_safe
    @conditional_page
    @cache_control(public=True, max_age=KEPT_SECONDS)
    @wraps(view)
    def page(request, *args, **kwargs):
        if not settings.PUBLIC_DISCLOSURE:
            raise Http404("the public pages are closed")
        asked = request.GET.get("language")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response["Content-Language"] = language
        return response

    return page


@public_page
def disclosures(request):
    """The published editions, the newest first."""
    rows = Disclosure.objects.published().select_related("unit").defer("data")[:MOST]
    context = {
        "editions": rows,
        "columns": columns.EDITIONS,
        "other": public_address("disclosures", language=other_language()),
    }
    return render(request, "reports/public_disclosures.html", context)


@public_page
def disclosure(request, pk):
    """One edition. A withdrawn one says so and shows no figures: 410."""
    row = get_object_or_404(Disclosure.objects.exclude(state=Disclosure.State.DRAFT).select_related("unit"), pk=pk)
    is_withdrawn = row.state == Disclosure.State.WITHDRAWN
    newer = row.newer()
    context = {
        "disclosure": row,
        "data": row.data,
        **folded(row.data, request.GET.get("q", "").strip()),
        "all": public_address("disclosure", row.pk),
        "kept": [("language", language)] if (language := request.GET.get("language")) else [],
        "columns": columns.FIGURES,
        "newer": newer,
        "newer_url": public_address("disclosure", newer.pk) if newer else "",
        "all_url": public_address("disclosures"),
        "other": public_address("disclosure", row.pk, language=other_language()),
    }
    return render(request, "reports/public_disclosure.html", context, status=410 if is_withdrawn else 200)
