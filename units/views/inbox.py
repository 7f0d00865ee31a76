"""What a person was told."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from units.lists import Column, Listing, Tab
from units.models import Notice

COLUMNS = [
    Column("subject", gettext_lazy("Notice"), link=True, template="units/_notice_cell.html"),
    Column("created_at", gettext_lazy("When"), sort="created_at", kind="datetime"),
]


@require_GET
def inbox(request):
    notices = Notice.objects.visible_to(request.user)
    unread = notices.unread()
    shows_all = request.GET.get("tab") == "all"
    empty = _("Nothing was sent to you yet.") if shows_all else _("Nothing unread.")
    rows = notices if shows_all else unread
    listing = Listing(request, rows, None, COLUMNS, default_sort="-created_at", empty=empty)
    address, waiting = reverse("units:inbox"), unread.count()
    tabs = [Tab(_("Unread"), address, not shows_all, waiting), Tab(_("All"), f"{address}?tab=all", shows_all)]
    return listing.render("units/inbox.html", {"tabs": tabs, "waiting": waiting})


@require_GET
def notice(request, pk):
    """Read one: it counts as read, and the person stands before the thing that it tells of."""
    row = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if row.read_at is None:
        row.read_at = timezone.now()
        row.save(update_fields=["read_at"])
    own = url_has_allowed_host_and_scheme(row.link, allowed_hosts=None)
    return HttpResponseRedirect(row.link if own else reverse("units:inbox"))


@require_POST
def notices_read(request):
    """Everything is read."""
    Notice.objects.visible_to(request.user).unread().update(read_at=timezone.now())
    return redirect("units:inbox")
