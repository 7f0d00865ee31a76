"""The work calendar: a year at a glance, one day, the hours of a day."""

from datetime import MAXYEAR, date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.filters import whole
from units.forms.calendar import DayForm, HoursForm
from units.models import CalendarDay, WorkCalendar
from units.views.pages import allow, form_page
from units.year_view import months_of

WEEKDAYS = [
    pgettext_lazy("weekday", "Mo"),
    pgettext_lazy("weekday", "Tu"),
    pgettext_lazy("weekday", "We"),
    pgettext_lazy("weekday", "Th"),
    pgettext_lazy("weekday", "Fr"),
    pgettext_lazy("weekday", "Sa"),
    pgettext_lazy("weekday", "Su"),
]


@require_GET
def calendar(request):
    """One year: holidays, working weekends, the hours; a note when its holidays are not known yet."""
    today = timezone.localdate()
    asked = whole(request.GET.get("year", ""))
    year = asked if asked in range(2, MAXYEAR) else today.year
    known = [day.year for day in CalendarDay.objects.dates("date", "year")]
    entries = {day.date: day for day in CalendarDay.objects.filter(date__year=year)}
    months = months_of(year, entries, today)
    context = {
        "year": year,
        "months": months,
        "weekdays": WEEKDAYS,
        "is_known": year in known,
        "known": known,
        "hours": WorkCalendar.load().hours,
        "working_days": sum(day.is_working for _first, weeks in months for week in weeks for day in week if day),
        "may_change": request.user.manages_lists(),
    }
    return render(request, "units/calendar.html", context)


def back_to(day):
    return f"{reverse('units:calendar')}?year={day.year}"


@require_http_methods(["GET", "POST"])
def calendar_day(request, day):
    """Say whether a day is worked."""
    allow(request.user.manages_lists())
    try:
        moment = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    entry = CalendarDay.objects.filter(date=moment).first()
    is_working = entry.is_working if entry else moment.weekday() < 5
    row = entry or CalendarDay(date=moment)
    form = DayForm(request.POST or None, instance=row, initial={"is_working": str(is_working)})
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. Deadlines set from now on are counted with it."))
        return redirect(back_to(moment))
    remove = reverse("units:calendar-day-delete", args=[entry.pk]) if entry else ""
    return form_page(request, form, title=f"{moment:%Y-%m-%d}", back=back_to(moment), remove=remove)


@require_POST
def calendar_day_delete(request, pk):
    """Let a day follow its weekday again."""
    allow(request.user.manages_lists())
    entry = get_object_or_404(CalendarDay, pk=pk)
    entry.delete()
    messages.success(request, _("The day follows its weekday again."))
    return redirect(back_to(entry.date))


@require_http_methods(["GET", "POST"])
def working_hours(request):
    allow(request.user.manages_lists())
    form = HoursForm(request.POST or None, initial=HoursForm.present())
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved. Deadlines set from now on are counted with it."))
        return redirect("units:calendar")
    return form_page(request, form, title=_("Working hours"), back=reverse("units:calendar"))
