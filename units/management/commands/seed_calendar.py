"""Fill the work calendar from the State Council's notices."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from units.holidays import seed


class Command(BaseCommand):
    help = "Fill the work calendar with holidays and working weekends. Days set by the office stay; may run again."

    def add_arguments(self, parser):
        parser.add_argument("--from-year", type=int, help="the first year to fill (default: two years ago)")

    def handle(self, *, from_year, **options):
        new, changed = seed(from_year or timezone.localdate().year - 2)
        self.stdout.write(f"{new} days added, {changed} changed")
