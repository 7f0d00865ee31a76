"""How the database keeps `path` and `depth` of every unit. Why a trigger: docs/decisions/0001."""

import pgtrigger
from django.db import connection

TREE_LOCK = 7701

# Before any row is locked, so that two moves wait in line instead of for each other. Two at once could make a circle
# that neither sees; a unit made under one that is just moving would keep the old path.
ONE_AT_A_TIME = f"""
IF TG_OP = 'INSERT' THEN
    PERFORM pg_advisory_xact_lock_shared({TREE_LOCK});
ELSE
    PERFORM pg_advisory_xact_lock({TREE_LOCK});
END IF;
RETURN NULL;
"""


def lock_tree():
    """Let nobody else move units until this transaction ends. Taken before any row of the tree is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


# Numbers of one length, so that the order of the paths is that of the numbers: unit 9 stands before unit 10.
KEEP_PATH = """
step := lpad(NEW.id::text, greatest(7, length(NEW.id::text)), '0') || '/';
IF NEW.parent_id IS NULL THEN
    NEW.path := '/' || step;
ELSE
    SELECT path || step INTO NEW.path FROM units_unit WHERE id = NEW.parent_id;
    IF NEW.path IS NULL OR position('/' || step IN left(NEW.path, -length(step))) > 0 THEN
        RAISE EXCEPTION 'a unit cannot stand below itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'units_no_circle';
    END IF;
END IF;
NEW.depth := length(NEW.path) - length(replace(NEW.path, '/', '')) - 1;
RETURN NEW;
"""

MOVE_SUBTREE = """
UPDATE units_unit
   SET path = NEW.path || substr(path, length(OLD.path) + 1),
       depth = depth + NEW.depth - OLD.depth
 WHERE path LIKE OLD.path || '%' AND id <> NEW.id;
RETURN NEW;
"""

PATH_TRIGGERS = [
    pgtrigger.Trigger(
        name="one_move_at_a_time",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        func=ONE_AT_A_TIME,
    ),
    pgtrigger.Trigger(
        name="keep_path",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
        declare=[("step", "text")],
        func=KEEP_PATH,
    ),
    pgtrigger.Trigger(
        name="move_subtree",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("parent_id"),
        condition=pgtrigger.Condition("OLD.path IS DISTINCT FROM NEW.path"),
        func=MOVE_SUBTREE,
    ),
]
