"""Keep the look of photos that were handed in before looks were kept, so that they are found when used again."""

from django.core.management.base import BaseCommand

from units.reuse import keep_looks

AT_ONCE = 500


class Command(BaseCommand):
    help = "Keep the look of all photos that have none yet. May be broken off and run again."

    def handle(self, **options):
        done = 0
        while found := keep_looks(AT_ONCE):
            done += found
            self.stdout.write(f"{done} photos")
        self.stdout.write(f"done: {done} photos")
