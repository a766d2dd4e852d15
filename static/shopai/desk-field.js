// One field in one language on the sheet: its candidates, the text in place, its findings, its evidence and its badge.

import { renderDiff } from "./desk-diff.js";
import { cutOut } from "./desk-cut.js";
import { renderLit, renderMarks } from "./desk-marks.js";
import { inUtf16, moveRanges } from "./desk-ranges.js";
import { Saver } from "./desk-saver.js";
import { isPhone } from "./desk-touch.js";
import { lengthOf } from "./text-offsets.js";

const WARN = 2;
const BLOCK = 3;
const PREVIEW = 160;

export class FieldEditor extends EventTarget {
  #notices;
  #texts;
  #mine = null;
  #converted = new WeakMap();
  #parts = {};

  /** `element`: the section; `draft`: its data as the server sent it. */
  constructor({ element, draft, urls, texts, notices, about }) {
    super();
    this.element = element;
    this.draft = draft;
    this.decided = "";
    this.#texts = texts;
    this.#notices = notices;
    for (const name of ["badge", "second", "preview", "candidates", "count", "saved", "marks", "text", "findings", "lit-count"]) {
      this.#parts[name] = element.querySelector(`[data-${name}]`);
    }
    this.#parts.head = element.querySelector(".desk-field-head");
    this.#parts.body = element.querySelector(".desk-body");
    this.#parts.diff = element.querySelector("[data-diff-view]");
    this.#parts.editor = element.querySelector("[data-editor]");
    this.#parts.diffButton = element.querySelector("[data-diff]");
    this.saver = new Saver({ draft, urls, texts, about });
    this.#listen();
    if (draft.isEdited) this.#mine = draft.text;
    this.#restore();
    this.render();
  }

  get text() {
    return this.#parts.text.value;
  }

  get textarea() {
    return this.#parts.text;
  }

  get name() {
    return `${this.draft.fieldLabel} (${this.draft.language})`;
  }

  get isOpen() {
    return !this.decided && this.draft.isDecidable;
  }

  /** Clean, so that the whole sheet's key may approve it. */
  get isClean() {
    const { status, isParked, severity } = this.draft;
    return this.isToDecide && status !== "abstained" && !isParked && severity < WARN;
  }

  /** Open, and not only for another person: who was the first of two to read a text adds nothing by approving it. */
  get isToDecide() {
    return this.isOpen && !this.waitsForAnother;
  }

  get waitsForAnother() {
    const { status, needsSecond, isFirstReader, isChangedSince } = this.draft;
    return status === "second_review" && needsSecond && isFirstReader && !isChangedSince;
  }

  /** What the draft becomes when it is approved as it stands. */
  get approvedStatus() {
    const { status, needsSecond, isChangedSince } = this.draft;
    return !needsSecond || (status === "second_review" && !isChangedSince) ? "approved" : "second_review";
  }

  get blockingFinding() {
    return this.draft.severity < BLOCK ? null : this.draft.findings.find((finding) => finding.severity >= BLOCK);
  }

  #listen() {
    const { text, diffButton } = this.#parts;
    text.addEventListener("input", (event) => {
      this.#typed(event.isComposing);
    });
    text.addEventListener("compositionend", () => this.#typed(false));
    text.addEventListener("blur", () => this.saver.isDirty && this.saver.flush());
    diffButton.addEventListener("click", () => this.toggleDiff());
    this.saver.addEventListener("state", (event) => this.#showState(event.detail));
    this.saver.addEventListener("saved", (event) => this.#stored(event.detail));
  }

  #typed(isComposing) {
    this.#mine = this.text;
    this.#marks();
    this.#counts();
    this.dispatchEvent(new Event("typed"));
    // Half a composed word is no text yet.
    if (!isComposing) this.saver.type(this.text);
  }

  /** Text that an earlier visit could not save comes back, unless the draft has moved on since. */
  #restore() {
    const kept = this.#texts.get(this.draft.id);
    if (!kept || kept.text === this.draft.text) return;
    this.#mine = kept.text;
    if (kept.revision !== this.draft.revision || !this.isOpen) return;
    this.#parts.text.value = kept.text;
    this.saver.type(kept.text);
  }

  #stored(answer) {
    const { text } = this.#parts;
    // The server keeps NFC without white space around it; while a person types, their text is left alone.
    if (document.activeElement !== text && !this.saver.isDirty && text.value !== answer.text) text.value = answer.text;
    this.render();
    this.dispatchEvent(new Event("change"));
  }

  #showState({ name, code, message }) {
    const { saved } = this.#parts;
    saved.className = `desk-saved is-${name}`;
    saved.textContent = this.#notices.text(
      { saving: "saving", saved: "saved", offline: "notSavedOffline", signedout: "signedOut", refused: "notSaved" }[name],
      { message },
    );
    if (name === "refused") this.dispatchEvent(new CustomEvent("refused", { detail: { code, message } }));
  }

  render() {
    this.#badge();
    this.#second();
    this.#candidates();
    this.#marks();
    this.#findings();
    this.#counts();
    this.#parts.text.readOnly = !this.isOpen;
    this.#parts.preview.textContent = this.text.slice(0, PREVIEW);
    if (!this.#parts.diff.hidden) this.#drawDiff();
  }

  #badge() {
    const { badge } = this.#parts;
    const marked = this.draft.findings.filter((finding) => finding.severity >= WARN).length;
    let [name, kind] = ["clean", "is-clean"];
    if (this.decided) [name, kind] = [`status_${this.decided}`, `is-${this.decided}`];
    else if (this.draft.status === "abstained") [name, kind] = [this.draft.statusLabel, "is-parked"];
    else if (this.draft.isParked) [name, kind] = ["status_parked", "is-parked"];
    else if (this.draft.severity >= BLOCK) [name, kind] = ["blocked", "is-block"];
    else if (this.draft.severity >= WARN) [name, kind] = ["warnings", "is-warn"];
    badge.className = `desk-badge ${kind}`;
    badge.textContent = this.#notices.text(name, { n: Math.max(marked, 1) });
    this.element.classList.toggle("is-decided", Boolean(this.decided));
  }

  /** Who has read the text before, where two have to; said of the text as it stands now. */
  #second() {
    const { second } = this.#parts;
    const { status, needsSecond, firstReader, isFirstReader, isChangedSince } = this.draft;
    second.hidden = Boolean(this.decided) || !(needsSecond || firstReader) || !this.isOpen;
    let name = "twoReaders";
    if (status === "second_review" && isChangedSince) name = "changedSince";
    else if (status === "second_review") name = isFirstReader ? "waitsForAnother" : "secondReading";
    second.classList.toggle("is-second", status === "second_review");
    second.textContent = this.#notices.text(name, { name: firstReader });
  }

  #candidates() {
    const { candidates } = this.#parts;
    const buttons = this.draft.candidates.map((candidate, place) =>
      this.#candidateButton(String(place + 1), candidate.text, candidate.severity, () => this.choose(place)),
    );
    if (this.#mine !== null && !this.draft.candidates.some((candidate) => candidate.text === this.#mine)) {
      const mine = this.#mine;
      buttons.push(this.#candidateButton(this.#notices.text("mine"), mine, 0, () => this.#write(mine)));
    }
    candidates.replaceChildren(...buttons);
  }

  #candidateButton(label, text, severity, choose) {
    const level = severity >= BLOCK ? "is-block" : severity >= WARN ? "is-warn" : "";
    const button = this.#button(`desk-candidate ${level}`, label, choose);
    button.title = text.slice(0, 200);
    button.disabled = !this.isOpen;
    button.setAttribute("aria-pressed", String(text === this.text));
    return button;
  }

  #write(text) {
    this.#parts.text.value = text;
    this.saver.type(text);
    this.saver.flush();
    this.render();
  }

  /** Show candidate `place` (0 is the first), which makes it the draft's text: what is seen is what gets approved. */
  choose(place) {
    const candidate = this.draft.candidates[place];
    if (!candidate || !this.isOpen || candidate.text === this.text) return false;
    this.#parts.text.value = candidate.text;
    // What supports its words comes with the answer.
    const { text, findings, severity } = candidate;
    Object.assign(this.draft, { text, findings, severity, links: [] });
    this.saver.choose(candidate);
    this.render();
    this.dispatchEvent(new Event("shown"));
    return true;
  }

  /** The candidate before (-1) or behind (+1), as a swipe asks for. */
  turn(step) {
    const count = this.draft.candidates.length;
    if (!count) return false;
    const now = this.draft.candidates.findIndex((candidate) => candidate.text === this.text);
    return this.choose((Math.max(now, 0) + step + count) % count);
  }

  /** The findings as UTF-16 ranges of the text as it stands, also while it is typed and not checked again yet. */
  get findings() {
    return this.#moved(this.draft.findings, () => true);
  }

  /** The words that facts support, as `findings`. */
  get links() {
    return this.#moved(this.draft.links);
  }

  #moved(items, staysInside) {
    const checked = this.draft.text;
    // Asked for at every key and every move of the pointer, and the same until the next check.
    if (!this.#converted.has(items)) this.#converted.set(items, inUtf16(checked, items));
    return moveRanges(this.#converted.get(items), checked, this.text, staysInside);
  }

  #marks() {
    renderMarks(this.#parts.marks, this.text, this.findings, this.links);
  }

  /** Light up `ranges` (of `links`) in the text, or in the line of a folded field, with how many there are. */
  light(ranges) {
    const places = new Set(ranges.map((range) => range.start));
    const count = this.#parts["lit-count"];
    for (const span of this.#parts.marks.querySelectorAll("[data-facts]")) {
      const at = Number(span.dataset.start);
      span.classList.toggle("is-lit", ranges.some((range) => range.start <= at && range.end > at));
    }
    count.hidden = !places.size;
    count.textContent = this.#notices.text("supportedHere", { n: places.size });
    renderLit(this.#parts.preview, this.text.slice(0, PREVIEW), ranges.filter((range) => range.end <= PREVIEW));
  }

  /** Findings and links at UTF-16 index `at` of the text. */
  at(at) {
    const covers = (range) => range.start <= at && range.end > at;
    return { findings: this.findings.filter(covers), links: this.links.filter(covers) };
  }

  /** What the server says now of the text that it had: facts or findings are others, the text is the same. */
  adopt(fresh) {
    if (fresh.text !== this.draft.text || this.decided) return;
    Object.assign(this.draft, fresh);
    this.render();
  }

  #counts() {
    this.#parts.count.textContent = this.#notices.text("characters", { n: lengthOf(this.text.trim()) });
  }

  #findings() {
    // Two packs may say the same of the same words.
    const told = new Map(this.findings.map((finding) => [`${finding.start} ${finding.end} ${finding.message}`, finding]));
    const items = Array.from(told.values(), (finding) => {
      const item = document.createElement("li");
      item.className = `desk-finding ${["", "is-info", "is-warn", "is-block"][finding.severity]}`;
      const words = this.text.slice(finding.start, finding.end);
      const there = words ? `“${words.slice(0, 60)}”: ${finding.message}` : finding.message;
      item.append(this.#button("desk-finding-there", there, () => this.edit(finding)));
      if (words && this.isOpen) item.append(this.#waysButton(finding));
      return item;
    });
    this.#parts.findings.replaceChildren(...items);
  }

  #waysButton(finding) {
    const button = this.#button("desk-finding-ways", this.#notices.text("ways"), () => {
      this.dispatchEvent(new CustomEvent("ways", { detail: { finding, opener: button } }));
    });
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-label", this.#notices.text("waysOf", { words: this.text.slice(finding.start, finding.end) }));
    return button;
  }

  #button(className, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  /** Take the words of `range` out; returns what puts them back. */
  cut(range) {
    const cut = cutOut(this.text, range.start, range.end);
    const gone = this.text.slice(cut.start, cut.end);
    this.replace(cut.start, cut.end, cut.text);
    const after = this.text;
    return () => this.text === after && this.replace(cut.start, cut.start + cut.text.length, gone);
  }

  /** Replace UTF-16 `[start, end)` of the text as if it were typed, so that the browser can undo it. */
  replace(start, end, words) {
    if (!this.isOpen) return;
    const { text } = this.#parts;
    if (isPhone()) {
      // Without the focus, which would bring the keyboard up over the text.
      text.setRangeText(words, start, end, "end");
      text.dispatchEvent(new Event("input"));
    } else {
      this.edit({ start, end });
      // Deprecated, and the only way in that the browser's own undo knows of.
      document.execCommand(words ? "insertText" : "delete", false, words);
    }
    this.saver.flush();
  }

  /** Put the caret into the text, on `range` where one is given. */
  edit(range = null) {
    if (!this.isOpen) return;
    if (!this.#parts.diff.hidden) this.toggleDiff();
    const { text } = this.#parts;
    text.focus();
    if (range) text.setSelectionRange(range.start, range.end);
    else text.setSelectionRange(text.value.length, text.value.length);
  }

  toggleDiff() {
    const { diff, editor, diffButton } = this.#parts;
    const isShown = diff.hidden;
    diff.hidden = !isShown;
    editor.hidden = isShown;
    diffButton.setAttribute("aria-pressed", String(isShown));
    if (isShown) this.#drawDiff();
  }

  #drawDiff() {
    const { diff } = this.#parts;
    if (this.draft.current) diff.replaceChildren(renderDiff(this.draft.current, this.text));
    else diff.textContent = `${this.#notices.text("diffEmpty")}\n\n${this.text}`;
  }

  /** Open or fold the field. */
  select(isSelected) {
    this.#parts.body.hidden = !isSelected;
    this.#parts.head.setAttribute("aria-expanded", String(isSelected));
    this.element.classList.toggle("is-selected", isSelected);
  }

  decide(verb) {
    this.decided = verb;
    this.#texts.drop(this.draft.id);
    this.render();
  }
}
