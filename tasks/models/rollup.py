"""How progress adds up over those who share it: one rule, for every page.

The progress of a group (the units of a task, or those to whom an assignment was handed down) is the weighted mean of
its members:

- the **weights** are the shares of responsibility, where one of the group has a share (who has none weighs nothing);
- else the quantities, where all have one in the same unit: 60 of 100 bins and 20 of 20 are 80 of 120;
- else all weigh the same;
- a member's **progress** is what was approved of its own reports; of one that has handed its work down it is that of
  its own group, to any depth.

An empty group has no progress (NULL). Percent, two decimals, rounded half up. It is the function `tasks_rolled_up` of
the database, in the migration `0003_kept_by_the_database`.
"""

from django.db.models import BigIntegerField, DecimalField, Func, Value


def rolled_up(task, handed_down_from=None):
    """The expression for the progress of one group, for an annotation.

    `task` and `handed_down_from` are expressions (`F("task"), F("pk")` of an assignment); without the second it is
    the group of all units that the ledger asks.
    """
    parent = Value(None, BigIntegerField()) if handed_down_from is None else handed_down_from
    return Func(task, parent, function="tasks_rolled_up", output_field=DecimalField(max_digits=5, decimal_places=2))
