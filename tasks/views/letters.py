"""Responsibility letters: the list of a ledger's units, drawing up and issuing, a letter's page, its signature."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tasks import letters
from tasks.forms.letters import ScanForm, SignForm, WordsForm
from tasks.forms.progress import ReasonForm
from tasks.letter_facts import changes, duties_of, heads_of
from tasks.lists import letter_list
from tasks.models import Ledger, ResponsibilityLetter
from tasks.models.letters import STANDING, OutOfDate
from tasks.views.access import own_ledger
from units.files import accept, stream
from units.filters import keys, whole
from units.lists import Listing
from units.markup import listed
from units.roles import Role


def picked(request, name="selected"):
    """The primary keys that were ticked in a list."""
    values = request.POST.getlist(name) or request.GET.getlist(name)
    return keys(values)


def read_versions(request):
    """The drafts whose text was shown: pk → the version that it had."""
    return {whole(seen.partition("-")[0]): seen for seen in request.POST.getlist("seen")}


@require_GET
def ledger_letters(request, pk):
    """Which unit has its letter, which has none, has not signed, or has one that is out of date."""
    ledger = get_object_or_404(Ledger.objects.visible_to(request.user).select_related("unit"), pk=pk)
    rows, is_office = letters.units_of(ledger, request.user), request.user.has_role(Role.OFFICE, ledger.unit)
    bulk = {"bulk": "tasks/_letters_bulk.html", "bulk_url": reverse("tasks:letters-preview", args=[pk])}
    empty = _("This ledger asks nothing of your units yet.")
    options = {"default_sort": "path", "empty": empty, **(bulk if is_office else {})}
    listing = Listing(request, rows, letter_list.LetterFilter, letter_list.UNITS, **options)
    letter_list.attach_letters(listing.rows)
    figures = rows.order_by().aggregate(
        all=Count("pk"),
        **{name: Count("pk", filter=Q(standing=name)) for name in (letters.MISSING, letters.UNSIGNED, letters.SIGNED)},
        stale=Count("pk", filter=Q(is_stale=True)),
        drafts=Count("pk", filter=Q(draft_pk__isnull=False)),
    )
    return listing.render("tasks/letters.html", {"ledger": ledger, "figures": figures, "is_office": is_office})


@require_http_methods(["GET", "POST"])
def letters_preview(request, pk):
    """What drawing up would do: for the units that were ticked, or for all that need a letter."""
    ledger = own_ledger(request, pk)
    return preview(request, ledger, picked(request), WordsForm(initial=first_words(ledger)))


def first_words(ledger):
    words = letters.last_words(ledger)
    return words | {"clauses": "\n".join(words["clauses"])}


def preview(request, ledger, pks, form):
    rows = letters.units_of(ledger, request.user).filter(pk__in=pks) if pks else letters.needing(ledger, request.user)
    units = letter_list.attach_letters(list(rows.in_tree_order()))
    needed = [unit for unit in units if letters.is_needed(unit)]
    context = {"ledger": ledger, "units": units, "needed": needed, "form": form, "columns": letter_list.PREVIEW}
    if len(units) == 1:
        duties = duties_of(ledger, units).get(units[0].pk, [])
        context |= {"duties": duties, "duty_columns": letter_list.duty_columns(duties)}
    return render(request, "tasks/letters_preview.html", context, status=422 if form.is_bound else 200)


@require_POST
def letters_make(request, pk):
    """Draw the drafts up."""
    ledger, pks, form = own_ledger(request, pk), picked(request, "units"), WordsForm(request.POST)
    if not form.is_valid() or not pks:
        return preview(request, ledger, pks, form)
    units = letters.units_of(ledger, request.user).filter(pk__in=pks)
    drawn = letters.draw_up(ledger, units, form.cleaned_data, by=request.user)
    count = len(drawn.letters)
    words = ngettext("%(n)s draft was drawn up. Look at it, then issue it.", "%(n)s drafts were drawn up.", count)
    messages.success(request, words % {"n": count})
    if count == 1:
        return redirect(drawn.letters[0])
    return redirect(f"{reverse('tasks:ledger-letters', args=[ledger.pk])}?letter={letters.DRAFT}")


@require_http_methods(["GET", "POST"])
def letters_issue(request, pk):
    """Issue drafts: of the units that were ticked, or all. Asks once before it happens."""
    ledger = own_ledger(request, pk)
    drafts = ResponsibilityLetter.objects.drafts().filter(ledger=ledger).select_related("unit", "ledger__unit")
    if pks := picked(request):
        drafts = drafts.filter(unit__in=pks)
    if request.method == "GET" or "sure" not in request.POST:
        stale = set(drafts.out_of_date().values_list("pk", flat=True))
        shown = [(one, one.pk in stale) for one in drafts.defer("data").order_by("unit__path")]
        return render(request, "tasks/letters_issue.html", {"ledger": ledger, "drafts": shown})
    drafts = drafts.filter(pk__in=picked(request, "letters"))
    issued, left = letters.issue_all(drafts, by=request.user, seen=read_versions(request))
    count = len(issued)
    words = ngettext("%(n)s letter was issued.", "%(n)s letters were issued.", count)
    messages.success(request, words % {"n": count})
    if left:
        names = listed(one.unit for one in left)
        words = _("Left, because their tasks have changed or they were drawn up anew since: %(names)s.")
        messages.warning(request, words % {"names": names})
    return redirect("tasks:ledger-letters", pk=ledger.pk)


def scoped(request, pk, step=""):
    """The letter, for who sees it and may take `step` at all."""
    rows = ResponsibilityLetter.objects.visible_to(request.user)
    rows = rows.select_related("ledger__unit", "unit", "made_by", "signed_by", "scan")
    found = get_object_or_404(rows, pk=pk)
    if step and not found.steps[step].allows(request.user, found):
        raise PermissionDenied
    return found


@require_GET
def letter(request, pk):
    return page(request, scoped(request, pk))


def page(request, shown, form=None):
    """What the letter says, what has changed since, who signed, its editions and its history."""
    standing = {*STANDING, ResponsibilityLetter.State.DRAFT}
    is_stale = shown.state in standing and shown.is_out_of_date()
    now = duties_of(shown.ledger, [shown.unit]).get(shown.unit_id, []) if is_stale else []
    files = shown.state == ResponsibilityLetter.State.SIGNED and shown.may_file(request.user)
    editions = ResponsibilityLetter.objects.visible_to(request.user).filter(ledger=shown.ledger, unit=shown.unit)
    context = {
        "letter": shown,
        "columns": letter_list.duty_columns(shown.data["duties"]),
        "is_stale": is_stale,
        "changes": changes(shown.data, now) if is_stale else None,
        "may_edit": shown.may_edit(request.user),
        "scan_form": form or (ScanForm() if files else None),
        "editions": editions.select_related("ledger").defer("data").order_by("-edition"),
        "edition_columns": letter_list.EDITIONS,
        "events": shown.events.select_related("actor"),
    }
    return render(request, "tasks/letter.html", context, status=422 if form else 200)


@require_POST
def letter_issue(request, pk):
    shown = scoped(request, pk, "issue")
    try:
        shown.issue(by=request.user, seen=request.POST.get("seen", ""))
    except OutOfDate:
        messages.error(request, _("The tasks have changed since: draw the draft up anew, look at it, then issue it."))
        return page(request, scoped(request, pk))
    messages.success(request, _("Issued under number %(number)s. The unit was told.") % {"number": shown.number})
    return redirect(shown)


@require_POST
def letter_discard(request, pk):
    """Throw a draft away."""
    shown = scoped(request, pk)
    shown.discard(by=request.user)
    messages.success(request, _("The draft was thrown away."))
    return redirect("tasks:ledger-letters", pk=shown.ledger_id)


@require_POST
def letter_withdraw(request, pk):
    shown = scoped(request, pk, "withdraw")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "422.html", status=422)
    shown.withdraw(by=request.user, note=form.cleaned_data["note"])
    return redirect(shown)


@require_http_methods(["GET", "POST"])
def letter_sign(request, pk):
    """The unit's lead signs."""
    return signed(request, scoped(request, pk, "sign"))


@require_http_methods(["GET", "POST"])
def letter_record(request, pk):
    """The office records who has signed on paper."""
    return signed(request, scoped(request, pk, "record"))


def signed(request, shown):
    head = heads_of([shown.unit]).get(shown.unit_id)
    first = {"on": timezone.localdate(), "signer": head.name if head else "", "position": head.title if head else ""}
    form = SignForm(request.POST or None, request.FILES or None, letter=shown, initial=first)
    if form.is_valid():
        sign(shown, form.cleaned_data, by=request.user)
        messages.success(request, _("The signature is recorded."))
        return redirect(shown)
    context = {"letter": shown, "form": form, "is_stale": shown.is_out_of_date()}
    return render(request, "tasks/letter_sign.html", context, status=422 if form.errors else 200)


@transaction.atomic
def sign(shown, said, *, by):
    """Store the scanned copy and record the signature, or nothing of it."""
    scan = accept(said["scan"][0], unit=shown.unit, by=by) if said["scan"] else None
    shown.sign(by=by, signer=said["signer"], position=said["position"], on=said["on"], scan=scan)


@require_POST
def letter_scan(request, pk):
    """Add the scanned copy of the signed paper."""
    shown = scoped(request, pk)
    if not shown.may_file(request.user):
        raise PermissionDenied
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, shown, form=form)
    with transaction.atomic():
        shown.file_scan(accept(form.cleaned_data["scan"][0], unit=shown.unit, by=request.user), by=request.user)
    messages.success(request, _("The scanned copy is kept."))
    return redirect(shown)


@require_GET
def letter_scan_file(request, pk):
    """The scanned copy, for whoever reads the letter."""
    shown = scoped(request, pk)
    if shown.scan is None:
        raise Http404
    return stream(shown.scan)
