"""`manage.py import_ledger FILE`: read a ledger as it is, say what is in it, and import it all or not at all.

A workbook that `export_ledger` wrote is known by its row keys: then what was edited is said, and taken over.
"""

import json
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tasks.imports import ledger_name, store
from tasks.models import Ledger
from tasks.placing import Placing
from tasks.reading.ledger_file import read_ledger
from tasks.workbook import uploads
from tasks.workbook.compare import compare
from tasks.workbook.edited_sheet import read_edited, was_exported
from tasks.workbook.store import take_over
from tasks.workbook.telling import as_json as as_object
from tasks.workbook.telling import lines
from units.matching import Matcher
from units.models import Unit
from units.spreadsheets import UnreadableFile
from units.workflow import NotInThisState

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

    def handle(self, *, file, **options):
        self.has_said = False
        try:
            self.take(file, **options)
        except CommandError as refused:
            if options["json"] and not self.has_said:
                self.say_refused(file, str(refused))
            raise

    def take(self, file, *, dry_run, **options):
        today = timezone.localdate()
        ledger, keeper = self.target(options) if has_tables() else (None, None)
        if keeper is None and not dry_run:
            raise CommandError("no unit can keep the ledger: make the units first, or say with --unit which one")
        placing = Placing(Matcher(keeper)) if keeper else None
        draft = self.read(file, today, placing, as_json=options["json"])
        if has_tables() and was_exported(draft):
            self.take_back(file, ledger, dry_run=dry_run, as_json=options["json"])
            return
        outcome = None
        if not dry_run:
            with transaction.atomic():
                ledger = ledger or self.ledger(keeper, draft, file, today, options)
                outcome = store(draft, placing, ledger)
        if options["json"]:
            self.say(draft.as_json())
        else:
            self.tell(draft, ledger, outcome)

    def say(self, said):
        """Print the one JSON object."""
        self.has_said = True
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))

    def say_refused(self, file, reason):
        self.say({**NOTHING, "problems": [{"row": 0, "column": "", "value": file.name, "reason": reason}]})

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
            self.say_refused(file, reason)
        raise CommandError(f"{file}: {reason}")

    def take_back(self, file, ledger, *, dry_run, as_json):
        """Take an edited workbook over into its ledger. Cells that were changed there too are kept, and so is what the
        file no longer has: choices are made on the page.
        """
        try:
            sheet = read_edited(file)
            ledger = ledger or uploads.ledger_of(sheet)
            uploads.of_this_ledger(sheet, ledger)
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from error
        plan = compare(sheet, ledger)
        if as_json:
            self.say(as_object(plan))
        else:
            self.stdout.write("\n".join(lines(plan)))
        if dry_run:
            return
        try:
            take_over(sheet, ledger, seen=plan.version)
        except (ValidationError, NotInThisState) as refused:
            raise CommandError(f"{file}: {' '.join(getattr(refused, 'messages', [str(refused)]))}") from refused

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
