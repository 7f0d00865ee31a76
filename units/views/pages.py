"""What the pages of this floor have in common: finding the row, asking for the right, showing a form."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from units.models import Unit

# What the database never lets be false, in the words of the person who tried.
REFUSALS = {
    "units_name_once_below_a_unit": _("There is a unit of this name there already."),
    "units_unit_ends_after_it_began": _("A unit ends on the day it began or later."),
    "units_unit_code_key": _("Another unit has this code, perhaps one that has ended."),
}


def visible_unit(request, pk):
    """The unit, if the person may see it (404)."""
    units = Unit.objects.visible_to(request.user).select_related("kind", "parent", "peer_group", "successor")
    return get_object_or_404(units, pk=pk)


def managed_unit(request, pk):
    """The unit, if the person may see it (404) and change it (403)."""
    unit = visible_unit(request, pk)
    if not request.user.manages_unit(unit):
        raise PermissionDenied
    return unit


def allow(answer):
    if not answer:
        raise PermissionDenied


def took(form, step, *args, **options):
    """Whether the form is right and the step could be taken; what stood in its way is said in the form."""
    if not form.is_valid():
        return False
    try:
        step(*args, **form.cleaned_data, **options)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    except IntegrityError as error:
        form.add_error(None, refusal(error))
        return False
    return True


def refusal(error):
    """Why the database refused, as a sentence; what nobody foresaw is raised again."""
    broken = error.__cause__.diag.constraint_name
    if broken not in REFUSALS:
        raise error
    return REFUSALS[broken]


def form_page(request, form, *, title, back, verb=None, template="units/form.html", **context):
    """A page with one form; 422 when it was sent and is not right."""
    context |= {"form": form, "title": title, "back": back, "verb": verb or _("Save")}
    return render(request, template, context, status=422 if form.is_bound else 200)
