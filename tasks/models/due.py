"""What the database keeps by itself: the day an assignment is due, and what delegation and shares must obey.

Why triggers: imports write thousands of rows by SQL, and whoever writes, these must never be false.

`due_on` itself is written by the trigger `tasks_keep_due` of the migration `0003_kept_by_the_database`: the
assignment's own deadline, else that of the assignment it was handed down from, else that of its task. It is plain SQL,
because each of an import's thousands of rows wakes it, and django-pgtrigger's question whether a trigger is to be
ignored costs a tenth of a millisecond.
"""

import pgtrigger

# Those without a day of their own follow: an UPDATE that names the column wakes `tasks_keep_due`.
FOLLOW_BELOW = """
UPDATE tasks_assignment SET deadline = NULL WHERE parent_id = NEW.id AND deadline IS NULL;
RETURN NEW;
"""
FOLLOW_THE_TASK = """
UPDATE tasks_assignment SET deadline = NULL WHERE task_id = NEW.id AND parent_id IS NULL AND deadline IS NULL;
RETURN NEW;
"""

# Always further down the tree of units, so that a circle is impossible.
HAND_DOWN = """
IF NOT EXISTS (
    SELECT FROM tasks_assignment above
      JOIN units_unit theirs ON theirs.id = above.unit_id
      JOIN units_unit ours ON ours.id = NEW.unit_id
     WHERE above.id = NEW.parent_id AND above.task_id = NEW.task_id
       AND ours.path LIKE theirs.path || '_%'
) THEN
    RAISE EXCEPTION 'an assignment is handed down to a unit below, of the same task'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_handed_down_to_a_unit_below';
END IF;
RETURN NEW;
"""

# At the end of the transaction: shares may be written one after the other. Who has none has no part of the hundred.
SHARES_SUM = """
IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
SELECT sum(share) INTO total FROM tasks_assignment
 WHERE task_id = changed.task_id AND parent_id IS NOT DISTINCT FROM changed.parent_id;
IF total <> 100 THEN
    RAISE EXCEPTION 'the shares of responsibility add up to %, not to 100', total
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_shares_sum_to_hundred';
END IF;
RETURN NULL;
"""

ASSIGNMENT_TRIGGERS = [
    pgtrigger.Trigger(
        name="follow_below",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("deadline"),
        condition=pgtrigger.Condition("OLD.due_on IS DISTINCT FROM NEW.due_on"),
        func=FOLLOW_BELOW,
    ),
    pgtrigger.Trigger(
        name="hand_down",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "unit_id", "task_id"),
        condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
        func=HAND_DOWN,
    ),
    *(
        pgtrigger.Trigger(
            name=f"shares_sum_{name}",
            when=pgtrigger.After,
            operation=operation,
            timing=pgtrigger.Deferred,
            condition=pgtrigger.Condition(condition),
            func=SHARES_SUM,
            declare=[("changed", "tasks_assignment"), ("total", "numeric")],
        )
        for name, operation, condition in [
            ("new", pgtrigger.Insert, "NEW.share IS NOT NULL"),
            ("changed", pgtrigger.UpdateOf("share"), "OLD.share IS DISTINCT FROM NEW.share"),
            ("gone", pgtrigger.Delete, "OLD.share IS NOT NULL"),
        ]
    ),
]
TASK_TRIGGERS = [
    pgtrigger.Trigger(
        name="follow_the_task",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("deadline"),
        condition=pgtrigger.Condition("OLD.deadline IS DISTINCT FROM NEW.deadline"),
        func=FOLLOW_THE_TASK,
    )
]
