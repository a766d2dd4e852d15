// One sheet on the desk: its fields, which of them is open, and the panel of facts.

import { FieldEditor } from "./desk-field.js";
import { EvidenceView } from "./desk-evidence.js";
import { swipeToTurn } from "./desk-touch.js";

export class SheetView extends EventTarget {
  #notices;

  /** `element`: the article; events: "shown" (another text came into view), "refused" (detail {code, message}). */
  constructor({ element, urls, texts, notices, ways, toggle, showFacts }) {
    super();
    this.element = element;
    this.#notices = notices;
    this.data = JSON.parse(element.querySelector("#desk-data").textContent);
    this.address = element.dataset.address;
    this.title = this.data.title;
    const about = { title: this.title, address: this.address };
    this.fields = this.data.drafts.map((draft) => {
      const section = element.querySelector(`[data-field="${draft.id}"]`);
      return new FieldEditor({ element: section, draft, urls, texts, notices, about });
    });
    this.fields.forEach((field, place) => this.#watch(field, place));
    this.evidence = new EvidenceView({ sheet: this, notices, ways, toggle, showFacts });
    const first = this.fields.findIndex((field) => field.isToDecide);
    this.select(Math.max(first < 0 ? this.fields.findIndex((field) => field.isOpen) : first, 0));
    this.refresh();
  }

  #watch(field, place) {
    field.element.querySelector(".desk-field-head").addEventListener("click", () => this.select(place));
    field.addEventListener("change", () => this.refresh());
    field.addEventListener("shown", () => {
      this.refresh();
      this.dispatchEvent(new Event("shown"));
    });
    field.addEventListener("refused", (event) => this.dispatchEvent(new CustomEvent("refused", { detail: event.detail })));
    swipeToTurn(field.element.querySelector("[data-frame]"), (step) => field.turn(step));
  }

  get selected() {
    return this.fields[this.place] ?? null;
  }

  get open() {
    return this.fields.filter((field) => field.isOpen);
  }

  /** Open, without what only another person can approve. */
  get toDecide() {
    return this.fields.filter((field) => field.isToDecide);
  }

  /** The name of the sentence that says why the sheet's key approves nothing. */
  get reasonNotClean() {
    return this.open.length && !this.toDecide.length ? "secondReader" : "nothingClean";
  }

  get clean() {
    return this.fields.filter((field) => field.isClean);
  }

  /** What the facts beside the sheet are called. */
  get factNames() {
    const names = this.element.querySelectorAll("[data-fact-button]");
    return [...new Set(Array.from(names, (name) => name.textContent.trim()))];
  }

  /** The chosen field where `isWanted` is true of it, else the first of which it is, which is chosen then. */
  showFieldWith(isWanted) {
    if (this.selected && isWanted(this.selected)) return this.selected;
    const place = this.fields.findIndex((field) => isWanted(field));
    this.select(place);
    return this.fields[place] ?? null;
  }

  /** Take over the facts, findings and checks of `fresh`, the same sheet as the server shows it now. */
  adopt(fresh) {
    const [old, aside] = [this.element, fresh].map((element) => element.querySelector(".desk-aside"));
    aside.classList.toggle("is-open", old.classList.contains("is-open"));
    old.replaceWith(aside);
    const drafts = new Map(JSON.parse(fresh.querySelector("#desk-data").textContent).drafts.map((draft) => [draft.id, draft]));
    for (const field of this.fields) if (drafts.has(field.draft.id)) field.adopt(drafts.get(field.draft.id));
    this.select(this.place);
    this.evidence.count();
  }

  get isDirty() {
    return this.fields.some((field) => field.saver.isDirty) || Boolean(document.activeElement?.closest("[data-text]"));
  }

  get waiting() {
    return Number(this.element.querySelector("[data-waiting]")?.dataset.waiting ?? 0);
  }

  select(place) {
    if (place < 0 || place >= this.fields.length) return;
    const isNew = place !== this.place;
    this.place = place;
    this.fields.forEach((field, other) => field.select(other === place));
    for (const current of this.element.querySelectorAll("[data-current]")) {
      current.hidden = Number(current.dataset.current) !== this.selected.draft.id;
    }
    // The facts in the language of the chosen text come first.
    for (const group of this.element.querySelectorAll("[data-fact-language]")) {
      group.classList.toggle("is-first", group.dataset.factLanguage === this.selected.draft.language);
    }
    this.refresh();
    if (isNew) this.dispatchEvent(new Event("shown"));
  }

  /** Select the field `step` further and bring it into view. */
  move(step) {
    this.select(this.place + step);
    this.focusHead();
    this.selected?.element.scrollIntoView({ block: "nearest" });
  }

  /** Go to the next field that is still to be decided; false where none is. */
  selectOpen() {
    const next = this.fields.findIndex((field, place) => field.isToDecide && place > this.place);
    const any = next >= 0 ? next : this.fields.findIndex((field) => field.isToDecide);
    if (any < 0) return false;
    this.select(any);
    return true;
  }

  /** The buttons as they stand now: how many fields are clean, and why the chosen one can't be approved. */
  refresh() {
    const whole = this.element.querySelector("[data-do='approve_sheet']");
    if (!whole) return;
    const { clean, toDecide } = this;
    const label = this.#notices.text("approveSheet");
    const count = this.#notices.text("fieldsOf", { n: clean.length, all: toDecide.length });
    whole.querySelector("[data-approve-label]").textContent = toDecide.length > 1 ? `${label} · ${count}` : label;
    whole.setAttribute("aria-disabled", String(!clean.length));
    whole.title = clean.length ? "" : this.#notices.text(this.reasonNotClean);
    const single = this.element.querySelector("[data-do='approve_field']");
    const blocked = this.selected?.blockingFinding;
    single.setAttribute("aria-disabled", String(!this.selected?.isToDecide || Boolean(blocked)));
    single.title = this.selected?.waitsForAnother ? this.#notices.text("secondReader") : "";
    if (blocked) single.title = this.#notices.text("blockedWhy", { message: blocked.message });
  }

  focusHead() {
    this.selected?.element.querySelector(".desk-field-head").focus({ preventScroll: true });
  }
}
