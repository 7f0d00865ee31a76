"""`manage.py export_ledger PK FILE`: a ledger as a workbook that can be edited and imported again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tasks.models import Ledger
from tasks.workbook.writing import write_ledger


class Command(BaseCommand):
    help = "Write a ledger as a workbook for editing; `import_ledger` takes it back and says what was changed."

    def add_arguments(self, parser):
        parser.add_argument("ledger", type=int, metavar="PK")
        parser.add_argument("file", type=Path)

    def handle(self, *, ledger, file, **options):
        found = Ledger.objects.filter(pk=ledger).select_related("unit", "standard").first()
        if found is None:
            raise CommandError(f"there is no ledger {ledger}")
        try:
            with file.open("wb") as opened:
                write_ledger(opened, found)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        self.stdout.write(f"{found} → {file}")
