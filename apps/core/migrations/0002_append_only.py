from django.db import migrations

FUNCTION = """
CREATE FUNCTION shopai_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditevent
FOR EACH ROW EXECUTE FUNCTION shopai_append_only()
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION shopai_append_only()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_only ON core_auditevent"),
    ]
