from django.db import migrations

TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON drafts_decision
FOR EACH ROW EXECUTE FUNCTION shopai_append_only()
"""


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_initial"), ("core", "0002_append_only")]
    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER append_only ON drafts_decision")]
