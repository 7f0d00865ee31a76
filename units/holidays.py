"""The holidays and working weekends of the State Council's notices, as the package `chinesecalendar` knows them."""

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays
from django.db import transaction

from units.models import CalendarDay


def known_days(first_year):
    """`{date: (is_working, occasion)}` of every day that a notice names, from `first_year` on."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    days = {day: (False, names.get(name, name)) for day, name in holidays.items()}
    days |= {day: (True, f"{names.get(name, name)}调休") for day, name in workdays.items()}
    return {day: facts for day, facts in days.items() if day.year >= first_year}


@transaction.atomic
def seed(first_year):
    """Bring the calendar up to the notices. Returns how many days were added and how many changed.

    A day that the office has set stays as the office set it. Running it again changes nothing.
    """
    wanted = known_days(first_year)
    here = {day.date: day for day in CalendarDay.objects.filter(date__in=wanted)}
    new, changed = [], []
    for date, (is_working, name) in wanted.items():
        facts = {"is_working": is_working, "name": name}
        day = here.get(date)
        if day is None:
            new.append(CalendarDay(date=date, source=CalendarDay.Source.NOTICE, **facts))
        elif day.source == CalendarDay.Source.NOTICE and (day.is_working, day.name) != (is_working, name):
            day.is_working, day.name = is_working, name
            changed.append(day)
    CalendarDay.objects.bulk_create(new, ignore_conflicts=True)
    CalendarDay.objects.bulk_update(changed, ["is_working", "name"])
    return len(new), len(changed)
