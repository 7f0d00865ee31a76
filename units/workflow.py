"""State is a column, its workflow is a table, and `Workflow.take` is the only way from one state to the next."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from units.jobs import announce


class NotInThisState(Exception):
    """Somebody was faster: the row has left the state this step starts from. Answered as 409."""


@dataclass(frozen=True)
class Step:
    """One row of a workflow table.

    `roles` None: only the clock takes this step. `target` None: the state stays. `not_by` names a field of the
    row: the person in it may not take this step (the two-person rule). `reason` True: a note is required.
    `verb` is the button, lazily translated. `at` names the unit of the row in which the role must be held;
    `roles_of` a property of the row that says which roles these are there, where `roles` is only the usual answer.
    """

    sources: frozenset
    target: str | None
    roles: frozenset | None
    verb: str = ""
    not_by: str = ""
    reason: bool = False
    at: str = "unit"
    roles_of: str = ""

    def allows(self, actor, row):
        """Whether `actor` (None for the clock) may take this step on `row`, whatever its state."""
        if self.roles is None or actor is None:
            return self.roles is None and actor is None
        unit = getattr(row, self.at)
        roles = getattr(row, self.roles_of) if self.roles_of else self.roles
        if not any(actor.has_role(role, unit) for role in roles):
            return False
        return not self.not_by or getattr(row, f"{self.not_by}_id") != actor.pk


class Workflow(models.Model):
    """A row with a `state`, a `unit`, a table of `steps` and a list of `events`."""

    steps: dict[str, Step] = {}

    class Meta:
        abstract = True

    def steps_open_to(self, user):
        """The names of the steps that `user` may take now, in the order of the table: the page's buttons."""
        return [name for name, step in self.steps.items() if self.state in step.sources and step.allows(user, self)]

    @transaction.atomic
    def take(self, name, *, by, note="", **changes):
        """Lock the row, check the step, change the state, record it, announce it after commit.

        Returns the event. Raises `PermissionDenied` when `by` may not take the step, `NotInThisState` when the
        row is elsewhere by now, `ValueError` when a required reason is missing. On an error nothing changes.
        """
        step = self.steps[name]
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))
        if not step.allows(by, self):
            raise PermissionDenied
        if self.state not in step.sources:
            raise NotInThisState(f"cannot {name} while {self.state}")
        if step.reason and not note.strip():
            raise ValueError(f"{name} needs a reason")
        before = self.state
        self.state = step.target or self.state
        for field, value in changes.items():
            setattr(self, field, value)
        self.save(update_fields=["state", *changes])
        return self.record(name, by=by, before=before, note=note)

    def record(self, name, *, by, before="", note=""):
        """Write one event of this row and ring the doorbell after commit. Call inside the transaction of the change."""
        event = self.events.create(actor=by, step=name, before=before, after=self.state, note=note)
        # Robust: without a queue the step is taken all the same, and the sweeper rings later.
        transaction.on_commit(lambda: announce.delay(event._meta.label, event.pk), robust=True)
        return event
