"""The Chinese of the product: whole, up to date, with the same placeholders, and on every page that operators use."""

import gettext
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.core.services import record_event
from apps.core.wording import Wording, reworded
from apps.drafts.models import BannedWord, Draft, Finding, PackSwitch, RuleException
from apps.drafts.views.messages import script_messages
from apps.products.services.selection import Selection
from apps.work.models import Job
from apps.work.services import enqueue, jobs
from tests import factories

FOLDER = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|`\w+`|SHOPAI_\w+|--\w[\w-]*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names, and signs, that read the same in both languages.
SAME = {
    "“%(piece)s”: %(why)s %(instead)s",
    "ShopAI",
    "API",
    "HTML",
    "Markdown",
    "SKU",
    "{n} of {all}",
    "{title}: {message}",
}


def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def wordings(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_message_is_translated_and_none_is_a_guess():
    entries = catalogue()
    assert len(entries) > 900
    assert [entry.msgid for entry in entries if "fuzzy" in entry.flags or not all(wordings(entry))] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


def test_translations_are_chinese():
    left = [entry.msgid for entry in catalogue() if not all(CHINESE.search(text) for text in wordings(entry))]
    assert set(left) <= SAME


def test_placeholders_are_the_same_on_both_sides():
    wrong = []
    for entry in catalogue():
        wanted = sorted(set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)))
        wrong += [(entry.msgid, text) for text in wordings(entry) if sorted(set(PLACEHOLDER.findall(text))) != wanted]
    assert wrong == []


def test_compiled_catalogue_is_that_of_the_source():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    source = {}
    for entry in catalogue():
        key = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
        source.update({(key, n): text for n, text in entry.msgstr_plural.items()} or {key: entry.msgstr})
    assert {key: text for key, text in compiled.items() if key} == source


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed")
def test_no_message_of_the_code_is_missing(tmp_path, monkeypatch):
    """Whoever adds a string runs `make messages` and translates it."""
    for name in ("apps", "shopai", "templates"):
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "LOCALE_PATHS", [])
    call_command("makemessages", locale=["zh_Hans"], no_wrap=True, verbosity=0)
    found = polib.pofile(str(tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"))
    known = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue()}
    assert {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in found} == known


class VisibleText(HTMLParser):
    """What a person reads or hears of a page: text, and the attributes that are shown or spoken."""

    def __init__(self, html: str):
        super().__init__()
        self.pieces: list[str] = []
        self._hidden: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag in ("script", "style") or "material-symbols" in (named.get("class") or ""):
            self._hidden.append(tag)
        self.pieces += [named[name] for name in ("title", "aria-label", "placeholder", "alt") if named.get(name)]

    def handle_endtag(self, tag):
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.pieces.append(data.strip())


# Names and codes that stay Latin in a Chinese page.
LATIN = re.compile(
    r"ShopAI|SHOPAI_\w+|English|API|SKU|SEO|CSV|TSV|UTF-\d+|UTC|JavaScript|Shopify|WooCommerce|Magento|Title|Handle|Esc|Enter|Ctrl|Alt|Redis|ISO|Django"
    r"|zh-[Hh]ans|esc|a-z|https?:\S+|manager-\d+|shop-\d+|Shop \d+|handle-\d+|K-1|Auvio|recording|demo\.csv|\S*shopai-mini"
)
WORDS = re.compile(r"[A-Za-z]{3,}")


def english_in(html: str) -> list[str]:
    return [piece for piece in VisibleText(html).pieces if WORDS.search(LATIN.sub("", piece))]


@pytest.fixture(autouse=True)
def english():
    """A request leaves its language behind in the thread; the next test begins in English again."""
    with override("en"):
        yield


@pytest.fixture
def chinese(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-Hans,zh;q=0.9"
    return client


@pytest.fixture
def manager(chinese):
    user = factories.user("manager")
    chinese.force_login(user)
    return user


@pytest.fixture
def kettle():
    """A Chinese product with a draft that a rule complains of: 9 is in no fact."""
    made = factories.product(
        in_shop=factories.shop(languages=["zh-Hans"], base_language="zh-Hans"),
        title="钢制水壶", brand="", category="水壶", facts={"容量": "1.7 升", "材质": "不锈钢"},
    )  # fmt: skip
    record_event(user=None, verb="leave_alone", kind="product", subject_id=made.pk)
    factories.delivered(made, "这款不锈钢水壶容量为 9 升，适合家庭日常使用，烧水快，清洗方便。", language="zh-Hans")
    return made


@pytest.mark.django_db
def test_log_in_page_is_chinese(chinese):
    html = chinese.get(reverse("admin:login")).content.decode()
    assert "欢迎使用" in html
    assert english_in(html) == []


@pytest.mark.django_db
def test_a_cookie_chooses_the_language(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert 'lang="zh-hans"' in client.get(reverse("admin:login")).content.decode()


PAGES = {
    "admin:index": "待办事项",
    "admin:drafts_draft_changelist": "草稿",
    "admin:drafts_decision_changelist": "决定记录",
    "admin:drafts_bannedword_changelist": "禁用词",
    "admin:drafts_bannedword_add": "品牌写法",
    "admin:drafts_packswitch_changelist": "中国广告法",
    "admin:drafts_packswitch_add": "规则包或规则",
    "admin:drafts_ruleexception_changelist": "已认可的问题",
    "admin:drafts_ruleexception_add": "适用范围",
    "admin:products_product_changelist": "商品",
    "admin:products_fact_changelist": "商品信息",
    "admin:core_auditevent_changelist": "审计日志",
    "admin:products_publishedcopy_changelist": "已发布文案",
    "admin:products_shop_changelist": "店铺",
    "admin:products_shop_add": "店铺",
    "admin:imports_import_changelist": "上传",
    "admin:work_job_changelist": "任务",
    "admin:llm_modelversion_changelist": "模型",
    "upload-choose": "选择文件，或拖放到此处",
    "products:export": "历次导出",
    "desk:desk": "商品信息与现有文案",
    "desk:decisions": "我的最近决定",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_page_is_chinese(name, chinese, manager, kettle):
    html = chinese.get(reverse(name), follow=True).content.decode()
    assert PAGES[name] in html
    assert english_in(html) == []


@pytest.mark.django_db
def test_lists_that_managers_keep_are_chinese_with_rows_in_them(chinese, manager, kettle):
    BannedWord.objects.create(word="神奇", kind="term", instead="好用", field="bullets", created_by=manager)
    PackSwitch.objects.create(pack="law-eu", category="水壶", severity=1, changed_by=manager)
    rows = {"rule": "emoji", "reason": "玩具用图形说话", "by": manager}
    row = RuleException.objects.create(kind="description", subject_id=kettle.pk, expires_at=timezone.now(), **rows)
    RuleException.objects.create(category="玩具", **rows)
    for url in (
        *(reverse(f"admin:drafts_{name}_changelist") for name in ("bannedword", "packswitch", "ruleexception")),
        reverse("admin:drafts_ruleexception_change", args=[row.pk]),
    ):
        assert english_in(chinese.get(url).content.decode()) == []


@pytest.mark.django_db
def test_product_generate_and_job_pages_are_chinese(chinese, manager, kettle):
    job = jobs.create_job(user=manager, kind="description", title="为 1 个商品撰写文案", lane=1, params={"products": 1})
    enqueue(kind="draft", target_ids=[1], job=job)
    for url in (
        reverse("admin:products_product_change", args=[kettle.pk]),
        f"{reverse('generate')}?ids={kettle.pk}",
        reverse("admin:work_job_change", args=[Job.objects.get().pk]),
    ):
        html = chinese.get(url).content.decode()
        assert "商品" in html
        assert english_in(html) == []


@pytest.mark.django_db
def test_what_a_worker_found_is_said_in_the_language_of_the_reader(chinese, manager, kettle):
    """A worker has no reader: it stores which message it is, not its words alone."""
    assert "No confirmed fact says" in Finding.objects.filter(rule="number").first().message
    desk = chinese.get(reverse("desk:sheet", args=["description", kettle.pk])).content.decode()
    sheet = json.loads(re.search(r'id="desk-data"[^>]*>(.*?)</script>', desk, re.DOTALL)[1])
    said = [finding["message"] for finding in sheet["drafts"][0]["findings"]]
    assert any(message.startswith("已确认的商品信息中没有“9 升”") for message in said)
    page = chinese.get(reverse("admin:drafts_draft_change", args=[Draft.objects.get().pk])).content.decode()
    assert "已确认的商品信息中没有“9 升”" in page


@pytest.mark.django_db
def test_a_stored_reason_is_said_in_the_language_of_the_reader(chinese, manager, kettle):
    Draft.objects.update(status="failed", reason="The model wrote nothing for this.")
    html = chinese.get(reverse("admin:products_product_change", args=[kettle.pk])).content.decode()
    assert "模型没有写出任何内容。" in html


@pytest.mark.django_db
def test_a_job_is_called_in_the_language_of_the_reader(chinese, manager):
    job = jobs.create_job(user=None, kind="description", title=Selection(words="tea").title(3), lane=1, params={})
    assert job.title == "Copy for 3 products: tea"
    for url in (reverse("admin:work_job_changelist"), reverse("admin:work_job_change", args=[job.pk])):
        assert "为 3 个商品撰写文案：tea" in chinese.get(url).content.decode()


def test_a_wording_survives_being_stored():
    words = Wording("“%(piece)s” looks like %(what)s.", piece="50 %", what=Wording("HTML"))
    stored = words.to_json()
    assert str(Wording.from_json(stored)) == "“50 %” looks like HTML."
    with override("zh-hans"):
        assert reworded(stored, "") == "“50 %”看起来是HTML。"
    assert reworded({}, "as it was") == "as it was"
    assert reworded({"message": "%(gone)s"} | {"values": {"x": 1}}, "as it was") == "as it was"


@pytest.mark.django_db
def test_the_desk_speaks_chinese_in_its_script(chinese, manager, kettle):
    with override("zh-hans"):
        sentences = script_messages()
    with override("en"):
        english = script_messages()
    assert [name for name, text in sentences.items() if text == english[name]] == []
