"""Two people at once: ours holds its transaction open, the rival starts, ours commits."""

import threading

from django.db import connections, transaction


class Rival(threading.Thread):
    """Somebody else on a connection of their own; keeps what came of it."""

    def __init__(self, act):
        super().__init__()
        self.act, self.result, self.error = act, None, None

    def run(self):
        try:
            self.result = self.act()
        except Exception as error:  # the test looks at it
            self.error = error
        finally:
            connections.close_all()


def race(ours, theirs, *, patience=0.5):
    """Do `ours` and, before it is committed, start `theirs`. Returns `(did the rival wait, the rival)`."""
    rival = Rival(theirs)
    with transaction.atomic():
        ours()
        rival.start()
        rival.join(patience)
        has_waited = rival.is_alive()
    rival.join(20)
    return has_waited, rival
