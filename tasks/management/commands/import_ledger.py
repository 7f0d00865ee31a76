"""`manage.py import_ledger FILE`: read a ledger as it is, say what is in it, and import it all or not at all."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks.imports import ledger_name, store
from tasks.ledger_file import read_ledger
from tasks.models import Ledger
from tasks.placing import Placing
from units.matching import Matcher
from units.models import Unit
from units.spreadsheets import UnreadableFile

NOTHING = {"tasks": 0, "items": [], "unknown_units": []}


def has_tables():
    """Whether the database was ever migrated: a dry run reads a file without it, and then knows no unit."""
    return Ledger._meta.db_table in connection.introspection.table_names()


class Command(BaseCommand):
    help = "Import a ledger (.xlsx, .csv or .txt). With --json standard output is one JSON object and nothing else."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what is in the file and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--ledger", type=int, metavar="PK", help="import into this ledger")
        parser.add_argument(
            "--unit", type=int, metavar="PK", help="the unit that keeps a new ledger (default: the top)"
        )
        parser.add_argument("--name", help="name of the ledger (default: the title of the table)")
        parser.add_argument("--year", type=int, help="year of the ledger (default: that of the title, else this year)")

    def handle(self, *, file, dry_run, **options):
        today = timezone.localdate()
        ledger, keeper = self.target(options) if has_tables() else (None, None)
        if keeper is None and not dry_run:
            raise CommandError("no unit can keep the ledger: make the units first, or say with --unit which one")
        placing = Placing(Matcher(keeper)) if keeper else None
        draft = self.read(file, today, placing, as_json=options["json"])
        outcome = None
        if not dry_run:
            with transaction.atomic():
                ledger = ledger or self.ledger(keeper, draft, file, today, options)
                outcome = store(draft, placing, ledger)
        if options["json"]:
            self.stdout.write(json.dumps(draft.as_json(), ensure_ascii=False, indent=2))
        else:
            self.tell(draft, ledger, outcome)

    def target(self, options):
        """The ledger asked for, if one is, and the unit that keeps it or would keep a new one."""
        ledger = Ledger.objects.filter(pk=options["ledger"]).select_related("unit").first()
        if options["ledger"] and ledger is None:
            raise CommandError(f"there is no ledger {options['ledger']}")
        return ledger, ledger.unit if ledger else self.keeper(options["unit"])

    def keeper(self, pk):
        """The unit asked for, or the only one at the top of the tree."""
        found = Unit.objects.current().filter(**({"pk": pk} if pk else {"parent": None}))[:2]
        return found[0] if len(found) == 1 else None

    def read(self, file, today, placing, *, as_json):
        """The draft. A file that is no ledger ends the command with its reason, in the JSON too."""
        try:
            return read_ledger(file, today=today, **({"known": placing.knows} if placing else {}))
        except OSError as error:
            reason = error.strerror or str(error)
        except UnreadableFile as error:
            reason = str(error)
        if as_json:
            problem = {"row": 0, "column": "", "value": file.name, "reason": reason}
            self.stdout.write(json.dumps({**NOTHING, "problems": [problem]}, ensure_ascii=False, indent=2))
        raise CommandError(f"{file}: {reason}")

    def ledger(self, keeper, draft, file, today, options):
        name = options["name"] or ledger_name(draft.title) or file.stem
        year = options["year"] or draft.year or today.year
        return Ledger.objects.get_or_create(unit=keeper, year=year, name=name[:150])[0]

    def tell(self, draft, ledger, outcome):
        """The same for people to read."""
        for problem in draft.problems:
            self.stdout.write(f"{problem.row}: {problem.column} {problem.value[:60]} {problem.reason}")
        for text in dict.fromkeys(unknown.text for unknown in draft.unknown_units):
            self.stdout.write(_("unknown unit: %(name)s") % {"name": text})
        if outcome is None:
            self.stdout.write(_("%(n)s tasks read, nothing imported") % {"n": len(draft.tasks)})
        else:
            words = _("%(ledger)s: %(new)s new, %(changed)s changed, %(same)s unchanged")
            counts = {"new": outcome.new, "changed": outcome.changed, "same": outcome.same}
            self.stdout.write(words % {"ledger": ledger, **counts})
