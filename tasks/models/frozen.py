"""What the database keeps of editions: the shape of the tree, and that nothing changes in one that is used.

An edition is used, and frozen by that, when a ledger is made from it, a task names one of its criteria, or material is
filed under one: the number of the material says the criterion's. The second of these is the statement trigger
`tasks_freeze_named` of the migration `0007_standard`: the rows between tasks and criteria have no model of their own.
"""

import pgtrigger

# The lock first: a ledger that freezes the edition at this moment is waited for, and then seen.
STAYS = """
PERFORM 1 FROM tasks_standard WHERE id IN ({editions}) FOR SHARE;
IF EXISTS (SELECT FROM tasks_standard WHERE id IN ({editions}) AND frozen_at IS NOT NULL) THEN
    RAISE EXCEPTION 'an edition that is used does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_frozen_edition_stays';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""
OF_THE_CRITERION = "SELECT standard_id FROM tasks_indicator WHERE id IN (NEW.indicator_id, OLD.indicator_id)"
EDITION_STAYS = """
RAISE EXCEPTION 'an edition that is used keeps its name and stays frozen'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_frozen_edition_keeps_its_name';
"""
FREEZE = """
UPDATE tasks_standard SET frozen_at = now() WHERE id = NEW.standard_id AND frozen_at IS NULL;
RETURN NULL;
"""
# Below one of the same edition and the same list, one level higher; and those below still fit.
BELOW_ITS_PARENT = """
IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM tasks_indicator above
     WHERE above.id = NEW.parent_id AND above.standard_id = NEW.standard_id
       AND above.level = NEW.level - 1 AND above.is_negative = NEW.is_negative
) OR TG_OP = 'UPDATE' AND EXISTS (
    SELECT FROM tasks_indicator below
     WHERE below.parent_id = NEW.id
       AND (below.standard_id, below.level, below.is_negative) <> (NEW.standard_id, NEW.level + 1, NEW.is_negative)
) THEN
    RAISE EXCEPTION 'an indicator stands one level below its parent, in the same edition and list'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_indicator_below_its_parent';
END IF;
RETURN NEW;
"""


def stays(editions):
    """The trigger that refuses every change while one of `editions` (SQL) is frozen."""
    return pgtrigger.Trigger(
        name="frozen_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=STAYS.replace("{editions}", editions),
    )


STANDARD_TRIGGERS = [
    pgtrigger.Trigger(
        name="frozen_keeps_its_name",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "OLD.frozen_at IS NOT NULL AND (OLD.name, OLD.edition, OLD.level, OLD.frozen_at)"
            " IS DISTINCT FROM (NEW.name, NEW.edition, NEW.level, NEW.frozen_at)"
        ),
        func=EDITION_STAYS,
    )
]
INDICATOR_TRIGGERS = [
    stays("NEW.standard_id, OLD.standard_id"),
    pgtrigger.Trigger(
        name="below_its_parent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "standard_id", "level", "is_negative"),
        func=BELOW_ITS_PARENT,
    ),
]
CRITERION_TRIGGERS = [stays(OF_THE_CRITERION)]
LEDGER_TRIGGERS = [
    pgtrigger.Trigger(
        name="freeze_edition",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("standard_id"),
        condition=pgtrigger.Condition("NEW.standard_id IS NOT NULL"),
        func=FREEZE,
    )
]
FREEZE_NUMBERED = """
UPDATE tasks_standard SET frozen_at = now()
 WHERE frozen_at IS NULL AND id IN (SELECT indicator.standard_id FROM tasks_indicator indicator
                                      JOIN tasks_criterion criterion ON criterion.indicator_id = indicator.id
                                     WHERE criterion.id = NEW.criterion_id);
RETURN NULL;
"""
NUMBER_TRIGGERS = [
    pgtrigger.Trigger(name="freeze_edition", when=pgtrigger.After, operation=pgtrigger.Insert, func=FREEZE_NUMBERED)
]
