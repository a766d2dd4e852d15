import json

import pytest
from django.core.management import CommandError, call_command

from apps.drafts.models import BannedWord

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "Kestrel 2 kettle",
    "brand": "Auvio",
    "language": "en",
    "field": "long_description",
    "facts": {"Capacity": "1.7 l", "Colours": ["red", "blue"], "Guests": 4},
    "text": "The Kestrel 2 kettle holds 1.7 l and is made for four guests. It comes in red or blue, and is from Auvio.",
}


@pytest.fixture
def run(tmp_path, capsys):
    def run(*lines, **options):
        path = tmp_path / "in.jsonl"
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
        status = 0
        try:
            call_command("check_copy", str(path), json=True, **options)
        except SystemExit as ended:
            status = ended.code
        except CommandError as error:
            return error.returncode, str(error)
        return status, json.loads(capsys.readouterr().out)

    return run


def test_good_copy_passes(run):
    assert run(GOOD) == (0, {"n": 1, "blocked": 0, "warned": 0, "per_rule": {}})


def test_copy_from_anywhere_is_judged_as_drafts_are(run, tmp_path):
    BannedWord.objects.create(word="gizmo")
    wrong = GOOD | {"text": "🙂 A gizmo: the Kestrel 2 kettle holds 1.8 l.", "field": "bullets", "id": 7}
    status, figures = run(GOOD, "", wrong, out=tmp_path / "out.jsonl")
    assert (status, figures["n"], figures["blocked"]) == (1, 2, 1)
    assert figures["per_rule"] == {"banned_word": 1, "emoji": 1, "length": 1, "number": 1}
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert first == GOOD | {"findings": []}
    assert second["id"] == 7
    marked = {f["rule"]: (f["severity"], second["text"][f["start"] : f["end"]]) for f in second["findings"]}
    assert marked["number"] == ("block", "1.8 l")
    assert marked["banned_word"] == ("block", "gizmo")
    assert marked["length"][0] == "warn"


def test_warnings_alone_do_not_fail(run):
    status, figures = run({"text": "Short.", "field": "seo_title"})
    assert (status, figures["warned"]) == (0, 1)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{broken", "Line 2 is not JSON"),
        ("[1]", "Line 2 needs an object"),
        ('{"text": 5}', "Line 2 needs an object"),
        ('{"text": "x", "language": "?"}', "Line 2"),
        ('{"text": "x", "facts": [1]}', "Line 2"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(run, tmp_path, line, words):
    status, message = run(GOOD, line, out=tmp_path / "out.jsonl")
    assert status == 2
    assert words in message
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("check_copy", str(tmp_path / "none.jsonl"))
    assert refused.value.returncode == 2
