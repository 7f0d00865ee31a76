"""Take units over from a spreadsheet."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from units.cells import UnreadableFile
from units.imports import plan, take_over
from units.models import Unit


class Command(BaseCommand):
    help = (
        "Import units and their people from a workbook or CSV: all rows or none. Importing an export changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--below", help="number or name of the unit below which rows without a superior stand")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *, file, below, dry_run, **options):
        below = self.unit(below) if below else None
        try:
            with file.open("rb") as stream:
                found = plan(stream, below=below)
                for problem in found.problems:
                    self.stderr.write(f"{problem.row}: {problem.column} {problem.value!r}: {problem.reason}")
                if found.problems:
                    raise CommandError(f"{len(found.problems)} problems; nothing was imported")
                if not dry_run:
                    take_over(stream, below=below)
        except (OSError, UnreadableFile, ValidationError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{action}: {n}" for action, n in found.counts().items()))

    def unit(self, words):
        units = Unit.objects.current()
        found = units.filter(pk=words) if words.isdecimal() else units.filter(name=words)
        if len(found) != 1:
            raise CommandError(f"{words}: {len(found)} units, one is needed")
        return found[0]
