"""When an assignment is due (`tasks.models.due`), and how progress adds up (`tasks.models.rollup`)."""

from django.db import migrations

KEEP_DUE = """
CREATE FUNCTION tasks_keep_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.due_on := NEW.deadline;
    IF NEW.due_on IS NULL AND NEW.parent_id IS NOT NULL THEN
        SELECT due_on INTO NEW.due_on FROM tasks_assignment WHERE id = NEW.parent_id;
    ELSIF NEW.due_on IS NULL THEN
        SELECT deadline INTO NEW.due_on FROM tasks_task WHERE id = NEW.task_id;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER tasks_keep_due BEFORE INSERT OR UPDATE OF deadline, parent_id, task_id ON tasks_assignment
   FOR EACH ROW EXECUTE FUNCTION tasks_keep_due();
"""
ROLL_UP = """
CREATE FUNCTION tasks_rolled_up(of_task bigint, handed_down_from bigint) RETURNS numeric
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE weighed AS (
        SELECT id, parent_id, percent,
               CASE WHEN count(share) OVER together > 0 THEN coalesce(share, 0)
                    WHEN count(quantity) OVER together = count(*) OVER together
                         AND min(quantity_unit) OVER together = max(quantity_unit) OVER together THEN quantity
                    ELSE 1 END AS weight
          FROM tasks_assignment
         WHERE task_id = of_task
        WINDOW together AS (PARTITION BY parent_id)
    ), part AS (
        SELECT id, parent_id, percent, weight / nullif(sum(weight) OVER (PARTITION BY parent_id), 0) AS weight
          FROM weighed
    ), member AS (
        SELECT id, percent, weight FROM part WHERE parent_id IS NOT DISTINCT FROM handed_down_from
        UNION ALL
        SELECT part.id, part.percent, member.weight * part.weight FROM member JOIN part ON part.parent_id = member.id
    )
    SELECT round(sum(weight * percent), 2)
      FROM member
     WHERE NOT EXISTS (SELECT FROM part below WHERE below.parent_id = member.id)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_decomposition")]

    operations = [
        migrations.RunSQL(KEEP_DUE, "DROP FUNCTION tasks_keep_due() CASCADE"),
        migrations.RunSQL(ROLL_UP, "DROP FUNCTION tasks_rolled_up(bigint, bigint)"),
        # Wakes the trigger that says when each assignment is due.
        migrations.RunSQL("UPDATE tasks_assignment SET deadline = NULL", migrations.RunSQL.noop),
    ]
