"""Until now an honour or a person of a unit could end before it began: it ends on its first day."""

from django.db import migrations

PUT_IN_ORDER = """
UPDATE units_honour SET until = since WHERE until < since;
UPDATE units_unitperson SET until = since WHERE until < since;
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0003_saved_filters"),]

    operations = [migrations.RunSQL(PUT_IN_ORDER, migrations.RunSQL.noop)]
