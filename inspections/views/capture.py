"""The phone on site: my round, the sheet of one place, and what is sent from it."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inspections.capture import add_photo, finish, record, set_aside
from inspections.forms.capture import AsideForm, EntryForm, PhotoForm, VisitForm
from inspections.models import Finding, Place, Round, RoundPlace, Taken
from inspections.sheet import Sheet
from units.workflow import NotInThisState


def wants_json(request):
    """The page's script asks for data; a plain form gets pages."""
    return request.headers.get("Accept") == "application/json"


def stop_of(request, pk):
    """The place of a round, for those who may log there: else 404 or 403."""
    stops = RoundPlace.objects.visible_to(request.user).select_related("round", "team")
    stop = get_object_or_404(stops, pk=pk)
    if not Round.objects.inspected_by(request.user).filter(pk=stop.round_id).exists():
        raise PermissionDenied
    stop.place = Place.objects.with_units().get(pk=stop.place_id)
    return stop


@require_GET
def my_round(request):
    """The places of the running rounds that are mine: first what is left."""
    today = timezone.localdate()
    rounds = list(Round.objects.inspected_by(request.user).running(today).order_by("ends_on", "pk"))
    asked = request.GET.get("round", "")
    shown = next((round_ for round_ in rounds if str(round_.pk) == asked), rounds[0] if rounds else None)
    stops = RoundPlace.objects.none()
    if shown:
        stops = (
            shown.stops.for_person(request.user)
            .with_visits()
            .select_related("place__place_type", "place__unit", "team")
        )
    left = [stop for stop in stops if not stop.visited]
    done = [stop for stop in stops if stop.visited]
    context = {"rounds": rounds, "round": shown, "left": left, "done": done, "total": len(left) + len(done)}
    return render(request, "inspections/my_round.html", context)


@require_GET
def place_by_code(request, code):
    """What the QR code at a place opens: the sheet when a round of mine goes there now, else the place's page."""
    place = get_object_or_404(Place.objects.visible_to(request.user), code=code)
    rounds = Round.objects.inspected_by(request.user).running(timezone.localdate())
    stop = RoundPlace.objects.filter(place=place, round__in=rounds).order_by("round__ends_on").first()
    return redirect("inspections:capture", stop.pk) if stop else redirect(place)


@require_GET
def capture(request, pk):
    """The sheet of one place. A few days longer than the round: what was found on its last day may still arrive."""
    stop, now = stop_of(request, pk), timezone.now()
    today = timezone.localdate(now)
    if not stop.round.starts_on <= today <= stop.round.takes_until:
        raise NotInThisState("the round is not running")
    return render(request, "inspections/capture.html", {"sheet": Sheet(stop, request.user, now)})


@require_POST
def finding_save(request, pk):
    """One finding. Sent again with the same uuid, it is one finding and the same answer."""
    stop = stop_of(request, pk)
    form = EntryForm(request.POST, request.FILES, stop=stop)
    if not form.is_valid():
        return refused(request, stop, form)
    try:
        finding = record(form.entry(), by=request.user, now=timezone.now())
        for photo in form.cleaned_data["photos"]:
            add_photo(finding, photo, by=request.user)
    except Taken:
        return taken(request, stop, form)
    except NotInThisState as refusal:
        if not wants_json(request):
            raise
        return JsonResponse({"problems": [str(refusal)]}, status=409)
    if not wants_json(request):
        return redirect(f"{reverse('inspections:capture', args=[stop.pk])}#after-{finding.item_id}")
    return JsonResponse(
        {
            "id": finding.pk,
            "uuid": str(finding.uuid),
            "url": finding.get_absolute_url(),
            "photo_url": reverse("inspections:finding-photo", args=[finding.pk]),
            "count": finding.count,
            "deduction": f"{finding.deduction:.2f}",
        },
        status=201,
    )


def refused(request, stop, form):
    """422: the sheet again, with what was typed; or only the reasons."""
    if wants_json(request):
        problems = [str(problem) for problems in form.errors.values() for problem in problems]
        return JsonResponse({"problems": problems}, status=422)
    return render(
        request, "inspections/capture.html", {"sheet": Sheet(stop, request.user, timezone.now(), form)}, status=422
    )


def taken(request, stop, form):
    """409: another finding stands under this uuid. Both are kept: that one here, this one with the sender."""
    known = Finding.objects.visible_to(request.user).filter(uuid=form.cleaned_data["uuid"]).first()
    if wants_json(request):
        problem = _(
            "Another finding was saved under this number before. Yours has not been saved; it can be sent as a new one."
        )
        return JsonResponse({"problems": [problem], "known": known.get_absolute_url() if known else ""}, status=409)
    names = ["visit", "item", "unit", "phrase", "text", "count", "found_at"]
    fields = [("uuid", uuid4()), *((name, form.data.get(name, "")) for name in names)]
    said = f"{form.cleaned_data['said']} ×{form.cleaned_data['count']}"
    context = {"stop": stop, "known": known, "fields": fields, "said": said}
    return render(request, "inspections/capture_conflict.html", context, status=409)


@require_POST
def finding_photo(request, pk):
    """One photo of a finding, each an upload of its own that may be repeated."""
    finding = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
    if finding.found_by_id != request.user.pk:
        raise PermissionDenied
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        problems = [str(problem) for problems in form.errors.values() for problem in problems]
        return JsonResponse({"problems": problems}, status=422)
    try:
        photo = add_photo(finding, form.cleaned_data["photo"][0], by=request.user, uuid=form.cleaned_data["uuid"])
    except Taken:
        return JsonResponse({"problems": [_("Another photo was saved under this number before.")]}, status=409)
    except NotInThisState as refusal:
        return JsonResponse({"problems": [str(refusal)]}, status=409)
    return JsonResponse({"uuid": str(photo.uuid), "url": photo.url}, status=201)


@require_POST
def item_aside(request, pk):
    """An item that does not apply at this place, or does after all."""
    stop = stop_of(request, pk)
    form = AsideForm(request.POST, stop=stop)
    if not form.is_valid():
        return render(request, "422.html", status=422)
    item, now = form.cleaned_data["item"], timezone.now()
    set_aside(stop, form.cleaned_data["visit"], item, applies=form.cleaned_data["applies"], by=request.user, now=now)
    return redirect(f"{reverse('inspections:capture', args=[stop.pk])}#after-{item.pk}")


@require_POST
def visit_finish(request, pk):
    """All items looked at. Sent twice, it ends once."""
    stop = stop_of(request, pk)
    form = VisitForm(request.POST)
    if not form.is_valid():
        return render(request, "422.html", status=422)
    finish(stop, form.cleaned_data["visit"], note=form.cleaned_data["note"], by=request.user, now=timezone.now())
    return redirect(f"{reverse('inspections:my-round')}?round={stop.round_id}")
