// The ways out of a finding: take the words out, propose the fact that they need, or accept them with a reason.

import { postJson, Refused, SignedOut } from "./desk-http.js";
import { isPhone } from "./desk-touch.js";

const PEEK_MS = 250;
const LET_GO_MS = 350;
const WARN = 2;
const GAP = 6;

export class Ways {
  #box;
  #urls;
  #notices;
  #onFacts;
  #parts = {};
  #about = null;
  #opener = null;
  #timer = 0;

  /** `box`: the popover; `onFacts()` shows what changed when a fact was proposed or a finding accepted. */
  constructor({ box, urls, notices, onFacts }) {
    this.#box = box;
    this.#urls = urls;
    this.#notices = notices;
    this.#onFacts = onFacts;
    for (const name of ["words", "rule", "why", "choices", "never", "names"]) {
      this.#parts[name] = box.querySelector(`[data-ways-${name}]`);
    }
    this.#parts.forms = [...box.querySelectorAll("form")];
    this.#listen();
  }

  get isShown() {
    return this.#box.matches(":popover-open");
  }

  /** A form is open or the focus is inside: only the person closes it. */
  get #isHeld() {
    return this.#opener !== null || this.#parts.forms.some((form) => !form.hidden) || this.#box.contains(document.activeElement);
  }

  #listen() {
    this.#box.addEventListener("pointerenter", () => clearTimeout(this.#timer));
    this.#box.addEventListener("pointerleave", () => this.letGo());
    this.#box.addEventListener("click", (event) => {
      const way = event.target.closest("[data-way]")?.dataset.way;
      if (way === "cut") this.#cut();
      else if (way) this.#ask(way);
      else if (event.target.closest("[data-ways-close]")) this.hide({ isBack: true });
    });
    for (const form of this.#parts.forms) form.addEventListener("submit", (event) => this.#send(event, form));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isShown) return;
      event.preventDefault();
      this.hide({ isBack: true });
    }, { capture: true });
    document.addEventListener("pointerdown", (event) => {
      if (this.isShown && !this.#box.contains(event.target)) this.hide();
    });
    addEventListener("scroll", () => !this.#isHeld && this.hide(), { passive: true });
  }

  /** Pointed at: shown in a moment, and gone with the pointer. */
  peek(about) {
    if (this.isShown && (this.#isHeld || this.#isAbout(about))) return clearTimeout(this.#timer);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(about), PEEK_MS);
  }

  letGo() {
    clearTimeout(this.#timer);
    if (this.isShown && !this.#isHeld) this.#timer = setTimeout(() => this.#isHeld || this.hide(), LET_GO_MS);
  }

  /** Asked for: the focus goes in, and back to `opener` at the end. */
  open(about) {
    clearTimeout(this.#timer);
    this.#opener = about.opener ?? null;
    this.#show(about);
    (this.#box.querySelector("[data-way]:not([hidden])") ?? this.#box.querySelector("button")).focus({ preventScroll: true });
  }

  hide({ isBack = false } = {}) {
    clearTimeout(this.#timer);
    const [opener, about] = [this.#opener, this.#about];
    this.#opener = null;
    this.#about = null;
    if (this.isShown) this.#box.hidePopover();
    if (!isBack || !about) return;
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    else if (!isPhone()) about.field.edit(about.finding);
  }

  #isAbout({ field, finding }) {
    return this.#about?.field === field && this.#about.finding.start === finding.start && this.#about.finding.rule === finding.rule;
  }

  #show(about) {
    const { sheet, field, finding } = about;
    const { rights } = sheet.data;
    const { words, rule, why, choices, never, forms, names } = this.#parts;
    this.#about = about;
    words.textContent = field.text.slice(finding.start, finding.end).slice(0, 80);
    rule.textContent = finding.ruleName;
    why.textContent = finding.message;
    this.#box.classList.toggle("is-block", finding.severity > WARN);
    const has = (way, isThere) => (choices.querySelector(`[data-way="${way}"]`).hidden = !isThere);
    has("cut", field.isOpen && finding.end - finding.start < field.text.trim().length);
    has("propose", field.isOpen && finding.needsFact && rights.propose);
    has("accept", field.isOpen && finding.mayExcept && finding.severity >= WARN && rights.accept);
    never.hidden = !finding.needsFact || finding.mayExcept;
    choices.hidden = false;
    for (const form of forms) form.hidden = true;
    names.replaceChildren(...sheet.factNames.map((name) => new Option(name)));
    if (!this.isShown) this.#box.showPopover();
    this.#place(about);
  }

  /** Under the words, or over them where there is no room; on a phone the style sheet places it. */
  #place({ piece, opener, field, finding }) {
    this.#box.removeAttribute("style");
    if (isPhone()) return;
    const mark = piece ?? field.element.querySelector(`[data-marks] [data-start="${finding.start}"]`);
    const at = (mark?.isConnected && mark.getClientRects()[0]) || opener.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#box;
    const isBelow = at.bottom + GAP + offsetHeight < innerHeight || at.top < offsetHeight + GAP;
    const left = Math.min(Math.max(at.left, GAP), innerWidth - offsetWidth - GAP);
    const top = isBelow ? Math.min(at.bottom + GAP, innerHeight - offsetHeight - GAP) : at.top - GAP - offsetHeight;
    this.#box.style.left = `${left}px`;
    this.#box.style.top = `${Math.max(top, GAP)}px`;
  }

  #cut() {
    const { field, finding } = this.#about;
    const words = field.text.slice(finding.start, finding.end);
    this.hide();
    const back = field.cut(finding);
    const undo = { label: this.#notices.text("undo"), act: back };
    this.#notices.news(this.#notices.text("takenOut", { words }), undo);
  }

  #ask(way) {
    const { field, finding, sheet } = this.#about;
    const form = this.#box.querySelector(`form[data-ways-form="${way}"]`);
    form.reset();
    form.querySelector("[data-error]").hidden = true;
    if (way === "propose") {
      form.elements.name.value = finding.factName;
      form.elements.value.value = field.text.slice(finding.start, finding.end).trim();
      form.querySelector("[data-ways-confirm]").hidden = !sheet.data.rights.confirm;
    }
    this.#parts.choices.hidden = true;
    form.hidden = false;
    this.#place(this.#about);
    const empty = [...form.elements].find((each) => each.matches("input[required]") && !each.value);
    (empty ?? form.querySelector("input")).focus();
  }

  async #send(event, form) {
    event.preventDefault();
    const about = this.#about;
    const values = Object.fromEntries(new FormData(form));
    const failure = form.querySelector("[data-error]");
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      await about.field.saver.flush();
      await this.#post(form.dataset.waysForm, about, values);
      this.hide({ isBack: true });
      await this.#onFacts();
    } catch (error) {
      failure.textContent = this.#sentence(error);
      failure.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  async #post(way, { field, finding }, values) {
    const { id, revision } = field.draft;
    if (way === "propose") {
      const { name, value, source } = values;
      await postJson(this.#urls.propose, { draftId: id, name, value, source, isConfirmed: "isConfirmed" in values });
      const said = "isConfirmed" in values ? "factConfirmed" : "factProposed";
      return this.#notices.news(this.#notices.text(said, { name }));
    }
    // Saving may have moved it.
    const { rule, stored } = field.findings.find((each) => each.rule === finding.rule && each.start === finding.start) ?? finding;
    await postJson(this.#urls.accept, { draftId: id, revision, rule, ...stored, reason: values.reason, until: values.until });
    return this.#notices.news(this.#notices.text("findingAccepted", { rule: finding.ruleName }));
  }

  #sentence(error) {
    if (error instanceof Refused || (error instanceof SignedOut && error.message)) return error.message;
    return this.#notices.text("notSentOffline");
  }
}
