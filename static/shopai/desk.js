// The review desk: shows one sheet, fetches the next ones ahead, and sends decisions behind them.

import { parseSheet, SheetBuffer } from "./desk-buffer.js";
import { Decider } from "./desk-decider.js";
import { askFor, fillPanel, openDialog, wireDialogs, wireSettings, wireVerbs } from "./desk-dialogs.js";
import { EvidenceSwitch } from "./desk-evidence.js";
import { getHtml, postJson, Refused, SignedOut, Unreachable } from "./desk-http.js";
import { Keys, Visibility } from "./desk-keys.js";
import { Notices } from "./desk-notices.js";
import { Progress } from "./desk-progress.js";
import { DecisionQueue } from "./desk-queue.js";
import { SheetView } from "./desk-sheet.js";
import { localTimes } from "./desk-times.js";
import { UnsavedTexts } from "./desk-texts.js";
import { holdToAct } from "./desk-touch.js";
import { Ways } from "./desk-ways.js";

// Who asked for one product waits for its candidates; an empty desk is looked at less often.
const POLL_MS = 1000;
const EMPTY_EVERY = 5;

class Desk {
  constructor(config) {
    this.config = config;
    this.urls = config.urls;
    this.stage = document.getElementById("desk-sheet");
    this.notices = new Notices(document.getElementById("desk-notices"), config.messages);
    this.texts = new UnsavedTexts(config.userId);
    this.queue = new DecisionQueue({ userId: config.userId, url: this.urls.decide });
    this.buffer = new SheetBuffer({ url: this.urls.next, query: config.query, ahead: config.ahead });
    this.progress = new Progress({ url: this.urls.count, query: config.query, notices: this.notices, queue: this.queue });
    this.decider = new Decider({ queue: this.queue, notices: this.notices, next: () => this.next() });
    this.visibility = new Visibility(document.getElementById("desk"));
    const { urls, notices } = this;
    this.toggle = new EvidenceSwitch(document.getElementById("desk"), document.getElementById("desk-evidence"));
    this.ways = new Ways({ box: document.getElementById("desk-ways"), urls, notices, onFacts: () => this.renew() });
    this.sheet = null;
    this.isMoving = false;
    this.polls = 0;
  }

  start() {
    this.keys = new Keys({ visibility: this.visibility, actions: this.actions(), preference: this.config.preference });
    this.wire();
    const first = this.stage.querySelector("[data-sheet]");
    if (first) this.show(first, { isPushed: false });
    const shown = new Set(this.sheet?.fields.map((field) => field.draft.id));
    this.texts.resend(this.urls.save, shown, (kept, error) => this.refused(kept, error));
    this.resume();
    this.progress.load();
    setInterval(() => this.poll(), POLL_MS);
    setInterval(() => this.renewClaim(), (this.config.claimSeconds * 1000) / 2);
  }

  /** Send what an earlier visit left; a sheet that it decided on is shown as it is after that. */
  async resume() {
    const { sheet } = this;
    const isDecided = sheet !== null && this.decider.resume(sheet);
    await this.queue.flush();
    if (isDecided && !this.queue.size && this.sheet === sheet) this.load(sheet.address, { isPushed: false });
  }

  /** What a key or a button does. Those that decide need a sheet. */
  actions() {
    const onSheet = (act) => () => this.sheet?.fields.length && act(this.sheet);
    return {
      approve_sheet: onSheet((sheet) => this.decider.approveSheet(sheet)),
      approve_field: onSheet((sheet) => this.decider.approveField(sheet)),
      edit: onSheet((sheet) => sheet.selected.edit()),
      reject: onSheet((sheet) => sheet.open.length && askFor("reject", sheet)),
      park: onSheet((sheet) => this.park(sheet)),
      regenerate: onSheet((sheet) => sheet.open.length && askFor("regenerate", sheet)),
      next: () => this.skip(),
      field_down: onSheet((sheet) => sheet.move(1)),
      field_up: onSheet((sheet) => sheet.move(-1)),
      diff: onSheet((sheet) => sheet.selected.toggleDiff()),
      undo: () => this.undo(),
      last: () => this.open("desk-last"),
      candidate: (place) => this.sheet?.selected?.choose(place),
      help: () => this.open("desk-help"),
      approveFromEditor: onSheet((sheet) => {
        document.activeElement.blur();
        this.decider.approveField(sheet);
      }),
      leaveEditor: onSheet((sheet) => sheet.focusHead()),
    };
  }

  wire() {
    wireDialogs((id) => this.open(id));
    wireVerbs((verb, answers) => this.sheet && this.decider.decide(this.sheet, verb, answers));
    wireSettings(this.urls.preferences, (preference) => this.applySettings(preference));
    this.queue.addEventListener("answer", (event) => this.answered(event.detail));
    this.queue.addEventListener("givenup", (event) => this.givenUp(event.detail));
    this.queue.addEventListener("signedout", () => this.signedOut());
    addEventListener("popstate", (event) => this.load(event.state?.address ?? location.pathname, { isPushed: false }));
    // Back in the browser's history: the claims were given back when the page went away.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    addEventListener("pagehide", () => this.release(this.buffer.claimed, this.sheet?.element));
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.showFacts(false));
    document.getElementById("desk-facts-open").addEventListener("click", () => this.showFacts(true));
  }

  clicked(event) {
    const link = event.target.closest("[data-sheet-link]");
    const back = event.target.closest("[data-take-back]");
    const proposed = event.target.closest("[data-confirm-fact]");
    if (back) this.takeBack(back);
    else if (proposed) this.confirmFact(proposed);
    else if (event.target.closest("[data-close-aside]")) this.showFacts(false);
    else if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      link.closest("dialog")?.close();
      this.load(link.getAttribute("href"));
    }
  }

  /** Put a sheet on the desk, open at the field of draft `draftId` where it has one. */
  show(element, { isPushed = true, draftId = null } = {}) {
    if (!element.isConnected) this.stage.replaceChildren(element);
    this.showFacts(false);
    this.ways.hide();
    this.notices.clear("is-hint");
    const { urls, texts, notices, ways, toggle } = this;
    const showFacts = (isShown) => this.showFacts(isShown);
    this.sheet = new SheetView({ element, urls, texts, notices, ways, toggle, showFacts });
    this.sheet.addEventListener("shown", () => this.visibility.shown());
    this.sheet.addEventListener("refused", (event) => this.refused(this.sheet, event.detail));
    for (const label of element.querySelectorAll("[data-key]")) this.keys.label(label);
    this.wireActions(element);
    localTimes(element);
    this.sheet.select(this.sheet.fields.findIndex((field) => field.draft.id === draftId));
    const address = this.sheet.address + location.search;
    if (isPushed) history.pushState({ address: this.sheet.address }, "", address);
    else history.replaceState({ address: this.sheet.address }, "", address);
    document.title = this.sheet.title;
    this.visibility.shown();
    this.buffer.visit(element);
    if (isPushed) scrollTo({ top: 0 });
    if (isPushed) element.focus({ preventScroll: true });
  }

  wireActions(element) {
    const actions = this.actions();
    for (const button of element.querySelectorAll("[data-do]")) {
      const act = () =>
        button.getAttribute("aria-disabled") === "true" ? this.why(button) : actions[button.dataset.do]();
      if (button.dataset.do.startsWith("approve")) {
        holdToAct(button, act, () => this.notices.news(this.notices.text("holdToApprove")));
      } else button.addEventListener("click", act);
    }
  }

  /** An approve button that can't approve says why. */
  why(button) {
    const reason = button.dataset.do === "approve_sheet" ? "nothingClean" : "alreadyDecided";
    this.notices.hint(button.title || this.notices.text(reason));
  }

  async next() {
    if (this.isMoving) return;
    this.progress.passed();
    const ready = this.buffer.take({ isOffline: this.queue.isOffline });
    if (ready) return this.show(ready);
    this.isMoving = true;
    try {
      await this.queue.flush();
      const { sheet, isWrapped } = await this.buffer.fetchNext();
      if (sheet === null) return this.showEmpty(await getHtml(`${this.urls.empty}?${this.config.query}`));
      if (isWrapped) this.notices.news(this.notices.text("wrapped"));
      this.show(sheet);
    } catch (error) {
      this.cannotMove(error);
    } finally {
      this.isMoving = false;
    }
  }

  cannotMove(error) {
    if (error instanceof SignedOut) this.signedOut();
    else if (error instanceof Unreachable) this.notices.hint(this.notices.text("offlineNoSheet"));
    else this.notices.hint(this.notices.text("loadFailed", { message: error.message }));
  }

  skip() {
    if (this.sheet && !this.sheet.hasDecisions && !this.queue.isOffline) this.release([this.sheet.element]);
    return this.next();
  }

  showEmpty(html) {
    this.sheet = null;
    this.stage.innerHTML = html;
    this.stage.focus();
    history.pushState({ address: null }, "", this.urls.desk + location.search);
    this.progress.load();
  }

  /** Show the sheet at `address`, or what came next where nothing of it is open. */
  async load(address, options = {}) {
    if (!address || address === this.urls.desk) return this.next();
    try {
      await this.queue.flush();
      this.show(parseSheet(await getHtml(`${address.split("?")[0]}fragment/`)), options);
    } catch (error) {
      this.cannotMove(error);
    }
  }

  /** The sheet on the desk by the facts and rules of now, its text and caret where they are. */
  async renew() {
    const { sheet } = this;
    try {
      const fresh = parseSheet(await getHtml(sheet.element.dataset.fragment));
      if (this.sheet !== sheet) return;
      sheet.adopt(fresh);
      localTimes(sheet.element);
    } catch (error) {
      this.cannotMove(error);
    }
  }

  async confirmFact(button) {
    const { sheet } = this;
    button.disabled = true;
    try {
      const draftId = sheet.fields[0]?.draft.id;
      await postJson(this.urls.confirm, { draftId, factId: Number(button.dataset.confirmFact) });
      this.notices.news(this.notices.text("factConfirmed", { name: button.dataset.name }));
    } catch (error) {
      if (error instanceof Refused) this.notices.hint(error.message);
      else this.cannotMove(error);
    }
    await this.renew();
  }

  async undo() {
    const address = await this.decider.undo();
    if (address && !this.queue.size) this.load(address);
  }

  async takeBack(button) {
    const address = button.closest("[data-decision]").querySelector("a").getAttribute("href");
    button.disabled = true;
    await this.decider.takeBack(Number(button.dataset.takeBack), { title: button.dataset.title, address });
    this.open("desk-last");
  }

  park(sheet) {
    if (sheet.selected.isOpen && sheet.selected.draft.isParked) this.decider.unpark(sheet);
    else if (sheet.open.length) askFor("park", sheet);
  }

  open(id) {
    const panels = { "desk-last": this.urls.panel, "desk-filter": `${this.urls.filters}?${this.config.query}` };
    if (panels[id]) fillPanel(id, panels[id], this.notices);
    else openDialog(id);
  }

  applySettings(preference) {
    const hasNewLanguages = preference.languages.join() !== this.config.preference.languages.join();
    this.config.preference = preference;
    this.keys.apply(preference);
    document.querySelector("[data-keys-off]").hidden = preference.hasKeys;
    if (hasNewLanguages) location.assign(this.urls.desk);
    else this.notices.news(this.notices.text("settingsSaved"));
  }

  answered({ entry, about, result }) {
    if (!result.ok) return this.refused(about, result);
    // The shop's rule changed, or another person was at it: what the desk said is not what came of it.
    if (entry.verb === "approve" && about.status && about.status !== result.status) {
      this.refused(about, { message: this.notices.text(`status_${result.status}`) });
    }
    // Whoever stayed on the sheet sees the model's new text come in.
    const isHere = entry.verb === "regenerate" && this.sheet?.address === about.address;
    if (isHere && !this.sheet.isDirty && !this.queue.size) {
      this.load(about.address, { isPushed: false, draftId: this.sheet.selected.draft.id });
    }
  }

  /** `about`: {title, address}; the notice leads back to the sheet and never stands in the way. */
  refused(about, { code, message }) {
    const sentence = this.notices.text("refused", { title: about.title, message });
    if (code === "gone") return this.notices.problem(sentence);
    const open = () => this.load(about.address);
    this.notices.problem(sentence, { href: about.address, label: this.notices.text("openSheet"), open });
  }

  givenUp({ about }) {
    const sentence = this.notices.text("serverError", { title: about.title });
    const open = () => this.load(about.address);
    this.notices.problem(sentence, { href: about.address, label: this.notices.text("openSheet"), open });
  }

  signedOut() {
    if (this.isSignedOut) return;
    this.isSignedOut = true;
    const href = `${this.urls.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
    this.notices.problem(this.notices.text("signedOut"), { href, label: this.notices.text("signIn") });
  }

  showFacts(isShown) {
    const opener = document.getElementById("desk-facts-open");
    const aside = document.getElementById("desk-aside");
    if (!aside || aside.classList.contains("is-open") === isShown) return;
    aside.classList.toggle("is-open", isShown);
    opener.setAttribute("aria-expanded", String(isShown));
    (isShown ? aside.querySelector("[data-close-aside]") : opener).focus();
  }

  /** Look again for what the model is writing: for this sheet, or for any where the desk is empty. */
  async poll() {
    if (document.hidden || this.isMoving) return;
    if (this.sheet?.waiting) await this.pollSheet();
    else if (!this.sheet && this.stage.querySelector("[data-poll]") && ++this.polls % EMPTY_EVERY === 0) {
      await this.pollEmpty();
    }
  }

  async pollSheet() {
    const { sheet } = this;
    try {
      const fresh = parseSheet(await getHtml(sheet.element.dataset.fragment));
      const waiting = Number(fresh.querySelector("[data-waiting]")?.dataset.waiting ?? 0);
      if (this.sheet !== sheet || waiting >= sheet.waiting || sheet.isDirty || this.queue.size) return;
      this.show(fresh, { isPushed: false, draftId: sheet.selected?.draft.id });
      this.notices.news(this.notices.text("written", { title: this.sheet.title }));
    } catch {
      // The next look may fare better.
    }
  }

  async pollEmpty() {
    try {
      const { sheet } = await this.buffer.fetchNext();
      if (sheet && !this.sheet) this.show(sheet);
      if (sheet) this.progress.load();
    } catch {
      // As above.
    }
  }

  async renewClaim() {
    if (document.hidden || !this.sheet) return;
    await getHtml(this.sheet.element.dataset.fragment).catch(() => null);
  }

  release(sheets, current = null) {
    const all = current ? [...sheets, current] : sheets;
    const held = all.map((element) => JSON.parse(element.querySelector("#desk-data").textContent));
    if (!held.length) return;
    const body = { sheets: held.map(({ kind, subjectId }) => ({ kind, subjectId })) };
    postJson(this.urls.release, body, { keepalive: true }).catch(() => null);
  }
}

new Desk(JSON.parse(document.getElementById("desk-config").textContent)).start();
