"""Negative lists, versions, and editions that are frozen once they are used (`tasks.models.frozen`)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# The rows between tasks and criteria have no model: a trigger of its own, by statement, as imports add hundreds.
FREEZE_NAMED = """
CREATE FUNCTION tasks_freeze_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks_standard SET frozen_at = now()
     WHERE frozen_at IS NULL
       AND id IN (SELECT indicator.standard_id
                    FROM named
                    JOIN tasks_criterion criterion ON criterion.id = named.criterion_id
                    JOIN tasks_indicator indicator ON indicator.id = criterion.indicator_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER tasks_freeze_named AFTER INSERT ON tasks_task_criteria
    REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION tasks_freeze_named();
"""
FREEZE_USED = """
UPDATE tasks_standard SET frozen_at = now()
 WHERE frozen_at IS NULL
   AND (id IN (SELECT standard_id FROM tasks_ledger)
        OR id IN (SELECT indicator.standard_id
                    FROM tasks_task_criteria named
                    JOIN tasks_criterion criterion ON criterion.id = named.criterion_id
                    JOIN tasks_indicator indicator ON indicator.id = criterion.indicator_id));
"""


class Migration(migrations.Migration):

    dependencies = [("tasks", "0006_plain_links_of_histories"),
        ('pghistory', '0007_auto_20250421_0444'),
        ('units', '0002_deletions_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='CriterionHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.CharField(blank=True, max_length=20, verbose_name='number')),
                ('text', models.TextField(verbose_name='criterion')),
                ('methods', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('material', 'material review'), ('site', 'site visit'), ('survey', 'survey'), ('online', 'online declaration'), ('hearing', 'hearing a report'), ('overall', 'overall observation')], max_length=8), blank=True, default=list, size=None, verbose_name='assessment methods')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IndicatorHistory',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('level', models.PositiveSmallIntegerField(verbose_name='level')),
                ('code', models.CharField(blank=True, max_length=20, verbose_name='code')),
                ('name', models.CharField(max_length=300, verbose_name='name')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='order')),
                ('is_negative', models.BooleanField(db_default=False, default=False, verbose_name='negative list')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='ledger',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='ledger',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='standard',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='standard',
            name='update_update',
        ),
        migrations.AddField(
            model_name='indicator',
            name='is_negative',
            field=models.BooleanField(db_default=False, default=False, verbose_name='negative list'),
        ),
        migrations.AddField(
            model_name='ledger',
            name='carried_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='tasks.ledger', verbose_name='carried over from'),
        ),
        migrations.AddField(
            model_name='ledgerhistory',
            name='carried_from',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tasks.ledger', verbose_name='carried over from'),
        ),
        migrations.AddField(
            model_name='standard',
            name='replaces',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='tasks.standard', verbose_name='replaces'),
        ),
        migrations.AddField(
            model_name='standardhistory',
            name='replaces',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tasks.standard', verbose_name='replaces'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='indicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='tasks.indicator', verbose_name='indicator'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='number',
            field=models.CharField(blank=True, max_length=20, verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='code',
            field=models.CharField(blank=True, max_length=20, verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='tasks.indicator', verbose_name='below'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='criterion',
            trigger=pgtrigger.compiler.Trigger(name='frozen_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM tasks_standard WHERE id IN (SELECT standard_id FROM tasks_indicator WHERE id IN (NEW.indicator_id, OLD.indicator_id)) FOR SHARE;\nIF EXISTS (SELECT FROM tasks_standard WHERE id IN (SELECT standard_id FROM tasks_indicator WHERE id IN (NEW.indicator_id, OLD.indicator_id)) AND frozen_at IS NOT NULL) THEN\n    RAISE EXCEPTION 'an edition that is used does not change'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_frozen_edition_stays';\nEND IF;\nIF TG_OP = 'DELETE' THEN\n    RETURN OLD;\nEND IF;\nRETURN NEW;\n", hash='6a7910ecc5a4df6edef83b7bc6a62d58cccd7d06', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_stays_fcb1e', table='tasks_criterion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='criterion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tasks_criterionhistory" ("id", "indicator_id", "methods", "number", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT new_values."id", new_values."indicator_id", new_values."methods", new_values."number", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cbac71342da36f8daec32e769196f381e604d1ca', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_3110e', referencing='REFERENCING NEW TABLE AS new_values ', table='tasks_criterion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='criterion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tasks_criterionhistory" ("id", "indicator_id", "methods", "number", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT new_values."id", new_values."indicator_id", new_values."methods", new_values."number", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='33097e5b5fffba262af9aba6d31834694a2b0c90', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c3de2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tasks_criterion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='criterion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tasks_criterionhistory" ("id", "indicator_id", "methods", "number", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") SELECT old_values."id", old_values."indicator_id", old_values."methods", old_values."number", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='3e81fb2a300e3a269e6b79b419cbe6bc3a078ab3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2eb38', referencing='REFERENCING OLD TABLE AS old_values ', table='tasks_criterion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='frozen_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM tasks_standard WHERE id IN (NEW.standard_id, OLD.standard_id) FOR SHARE;\nIF EXISTS (SELECT FROM tasks_standard WHERE id IN (NEW.standard_id, OLD.standard_id) AND frozen_at IS NOT NULL) THEN\n    RAISE EXCEPTION 'an edition that is used does not change'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_frozen_edition_stays';\nEND IF;\nIF TG_OP = 'DELETE' THEN\n    RETURN OLD;\nEND IF;\nRETURN NEW;\n", hash='cbb21a9b70221666c24eef52ee4446f1f550d03b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_stays_95a9d', table='tasks_indicator', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='below_its_parent', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.parent_id IS NOT NULL AND NOT EXISTS (\n    SELECT FROM tasks_indicator above\n     WHERE above.id = NEW.parent_id AND above.standard_id = NEW.standard_id\n       AND above.level = NEW.level - 1 AND above.is_negative = NEW.is_negative\n) OR TG_OP = 'UPDATE' AND EXISTS (\n    SELECT FROM tasks_indicator below\n     WHERE below.parent_id = NEW.id\n       AND (below.standard_id, below.level, below.is_negative) <> (NEW.standard_id, NEW.level + 1, NEW.is_negative)\n) THEN\n    RAISE EXCEPTION 'an indicator stands one level below its parent, in the same edition and list'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_indicator_below_its_parent';\nEND IF;\nRETURN NEW;\n", hash='0394ded801686757ac7f1caaa4f36a9663043206', operation='INSERT OR UPDATE OF "parent_id", "standard_id", "level", "is_negative"', pgid='pgtrigger_below_its_parent_7b3f2', table='tasks_indicator', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tasks_indicatorhistory" ("code", "id", "is_negative", "level", "name", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_id") SELECT new_values."code", new_values."id", new_values."is_negative", new_values."level", new_values."name", new_values."order", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."standard_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0e536db616d6bad74da3b6ffd2e58da97d5dadbc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_29d63', referencing='REFERENCING NEW TABLE AS new_values ', table='tasks_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tasks_indicatorhistory" ("code", "id", "is_negative", "level", "name", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_id") SELECT new_values."code", new_values."id", new_values."is_negative", new_values."level", new_values."name", new_values."order", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."standard_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1e2c8eb411fd54fc0cf676a5825a6a05a800c20a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_77353', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tasks_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tasks_indicatorhistory" ("code", "id", "is_negative", "level", "name", "order", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_id") SELECT old_values."code", old_values."id", old_values."is_negative", old_values."level", old_values."name", old_values."order", old_values."parent_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."standard_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6efc9541a82b35a19963e37a0a7995421a4d82bd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_985f4', referencing='REFERENCING OLD TABLE AS old_values ', table='tasks_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledger',
            trigger=pgtrigger.compiler.Trigger(name='freeze_edition', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.standard_id IS NOT NULL)', func='\nUPDATE tasks_standard SET frozen_at = now() WHERE id = NEW.standard_id AND frozen_at IS NULL;\nRETURN NULL;\n', hash='cf05e04a23b209ecf50938da5a270bb142afe616', operation='INSERT OR UPDATE OF "standard_id"', pgid='pgtrigger_freeze_edition_e8e32', table='tasks_ledger', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledger',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tasks_ledgerhistory" ("carried_from_id", "created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_id", "unit_id", "year") VALUES (NEW."carried_from_id", NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."standard_id", NEW."unit_id", NEW."year"); RETURN NULL;', hash='8da5667eb49946e8c0038e64e3ac602efc4b13cd', operation='INSERT', pgid='pgtrigger_insert_insert_81487', table='tasks_ledger', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledger',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tasks_ledgerhistory" ("carried_from_id", "created_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standard_id", "unit_id", "year") VALUES (NEW."carried_from_id", NEW."created_at", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."standard_id", NEW."unit_id", NEW."year"); RETURN NULL;', hash='241ed437779e7a4b50d6449db003bf505bdb77f7', operation='UPDATE', pgid='pgtrigger_update_update_8cc2c', table='tasks_ledger', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standard',
            trigger=pgtrigger.compiler.Trigger(name='frozen_keeps_its_name', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.frozen_at IS NOT NULL AND (OLD.name, OLD.edition, OLD.level, OLD.frozen_at) IS DISTINCT FROM (NEW.name, NEW.edition, NEW.level, NEW.frozen_at))', func="\nRAISE EXCEPTION 'an edition that is used keeps its name and stays frozen'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_frozen_edition_keeps_its_name';\n", hash='12ccd8f78400600e3c76de846585eb3dd3a21cea', operation='UPDATE', pgid='pgtrigger_frozen_keeps_its_name_64314', table='tasks_standard', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standard',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tasks_standardhistory" ("edition", "frozen_at", "id", "level", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaces_id", "unit_id") VALUES (NEW."edition", NEW."frozen_at", NEW."id", NEW."level", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."replaces_id", NEW."unit_id"); RETURN NULL;', hash='ddc4d023e50d48577f74d0fedf43440a8f73c2d5', operation='INSERT', pgid='pgtrigger_insert_insert_49452', table='tasks_standard', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standard',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tasks_standardhistory" ("edition", "frozen_at", "id", "level", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replaces_id", "unit_id") VALUES (NEW."edition", NEW."frozen_at", NEW."id", NEW."level", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."replaces_id", NEW."unit_id"); RETURN NULL;', hash='7492ab8763181e2e6285fa913f7ee97c176137dc', operation='UPDATE', pgid='pgtrigger_update_update_b2575', table='tasks_standard', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(('replaces', models.F('id')), _negated=True), name='tasks_edition_replaces_another'),
        ),
        migrations.AddField(
            model_name='criterionhistory',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tasks.indicator', verbose_name='indicator'),
        ),
        migrations.AddField(
            model_name='criterionhistory',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='criterionhistory',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='tasks.criterion'),
        ),
        migrations.AddField(
            model_name='indicatorhistory',
            name='parent',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tasks.indicator', verbose_name='below'),
        ),
        migrations.AddField(
            model_name='indicatorhistory',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='indicatorhistory',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', related_query_name='history', to='tasks.indicator'),
        ),
        migrations.AddField(
            model_name='indicatorhistory',
            name='standard',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tasks.standard'),
        ),
        migrations.RunSQL(FREEZE_NAMED, "DROP FUNCTION tasks_freeze_named() CASCADE"),
        migrations.RunSQL(FREEZE_USED, migrations.RunSQL.noop),
    ]
