"""Write all current units and their people into a workbook."""

from pathlib import Path

from django.core.management.base import BaseCommand

from units.imports import managed_units
from units.unit_sheet import write_units


class Command(BaseCommand):
    help = "Export all current units with their people; the file can be changed and imported again."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        units = managed_units(None)
        with file.open("wb") as stream:
            write_units(stream, units)
        self.stdout.write(f"{len(units)} units")
