// Proof, lit up both ways: a fact and the words that it supports, in all fields of the sheet.

import { renderLit } from "./desk-marks.js";
import { readStored, writeStored } from "./desk-store.js";
import { isPhone } from "./desk-touch.js";
import { toUtf16 } from "./text-offsets.js";

const STORED = "shopai.desk.evidence";
// A finger points at nothing: what a browser makes of its taps besides is not a pointer that moves.
const hover = matchMedia("(hover: hover)");

/** Whether evidence is shown, remembered in this browser. `root` carries `data-evidence` for the style sheet. */
export class EvidenceSwitch {
  #root;
  #button;

  constructor(root, button) {
    this.#root = root;
    this.#button = button;
    this.#set(readStored(STORED, true));
    button.addEventListener("click", () => {
      this.#set(!this.isOn);
      writeStored(STORED, this.isOn);
    });
  }

  #set(isOn) {
    this.isOn = isOn;
    this.#root.dataset.evidence = isOn ? "on" : "off";
    this.#button.setAttribute("aria-pressed", String(isOn));
  }
}

export class EvidenceView {
  #sheet;
  #notices;
  #ways;
  #switch;
  #showFacts;
  #pinned = "";
  #hovered = "";
  #shown = null;
  #pointer = "mouse";

  /** `sheet`: the SheetView; `showFacts(isShown)` slides the facts up on a phone. */
  constructor({ sheet, notices, ways, toggle, showFacts }) {
    this.#sheet = sheet;
    this.#notices = notices;
    this.#ways = ways;
    this.#switch = toggle;
    this.#showFacts = showFacts;
    this.#watchFacts(sheet.element);
    for (const field of sheet.fields) this.#watchText(field);
    this.count();
  }

  get #facts() {
    return [...this.#sheet.element.querySelectorAll("[data-fact]")];
  }

  /** Say beside each fact how many words it supports. */
  count() {
    this.#shown = null;
    const uses = new Map();
    for (const field of this.#sheet.fields) {
      for (const link of field.links) uses.set(link.fact, (uses.get(link.fact) ?? 0) + 1);
    }
    for (const fact of this.#facts) {
      const n = uses.get(fact.dataset.fact) ?? 0;
      const label = fact.querySelector("[data-uses]");
      if (!label) continue;
      label.textContent = n ? `${n}×` : "";
      label.title = n ? this.#notices.text("supports", { n }) : "";
      label.setAttribute("aria-label", label.title);
    }
  }

  #watchFacts(element) {
    const keyOf = (event) => event.target.closest?.("[data-fact]")?.dataset.fact;
    element.addEventListener("pointerover", (event) => hover.matches && event.pointerType !== "touch" && this.#hover(keyOf(event) ?? ""));
    element.addEventListener("pointerleave", () => hover.matches && this.#hover(""));
    element.addEventListener("focusin", (event) => keyOf(event) && this.#lightFact(keyOf(event)));
    element.addEventListener("focusout", (event) => keyOf(event) && this.#lightFact(this.#pinned));
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-fact-button]")) this.#pin(keyOf(event));
    });
  }

  /** Lighting up makes new elements under the pointer, which come to be pointed at in turn. */
  #hover(key) {
    if (this.#hovered === key) return;
    this.#hovered = key;
    this.#lightFact(key || this.#pinned);
  }

  /** A fact that was pressed stays lit until it is pressed again. */
  #pin(key) {
    this.#pinned = this.#pinned === key ? "" : key;
    for (const fact of this.#facts) {
      fact.querySelector("[data-fact-button]")?.setAttribute("aria-pressed", String(fact.dataset.fact === this.#pinned));
    }
    this.#lightFact(this.#pinned);
    if (!this.#pinned) return;
    const field = this.#sheet.showFieldWith((each) => each.links.some((link) => link.fact === key));
    this.#lightFact(this.#pinned);
    if (!field || !isPhone()) return;
    this.#showFacts(false);
    field.element.querySelector(".desk-marks .is-lit")?.scrollIntoView({ block: "center" });
  }

  /** Light up a fact and all that it supports; "" puts all out. */
  #lightFact(key) {
    this.#light(key, (link) => Boolean(key) && link.fact === key, new Set(key ? [key] : []));
  }

  /** Light up what supports `links` of `field`. */
  #lightWords(field, links) {
    if (!links.length) return this.#lightFact(this.#pinned);
    const chosen = new Set(links.map((link) => `${link.start} ${link.end} ${link.fact}`));
    const isChosen = (link, of) => of === field && chosen.has(`${link.start} ${link.end} ${link.fact}`);
    const keys = new Set(links.map((link) => link.fact));
    this.#light(`${field.draft.id} ${[...chosen].join()}`, isChosen, keys);
    this.#bringIntoView(keys, field.draft.language);
  }

  /** `name` says what is lit: the same again, at every move of the pointer, changes nothing. */
  #light(name, isLit, keys) {
    if (!this.#switch.isOn || this.#shown === name) return;
    this.#shown = name;
    const inFacts = new Map();
    for (const field of this.#sheet.fields) {
      const lit = field.links.filter((link) => isLit(link, field));
      field.light(lit);
      for (const link of lit) inFacts.set(link.fact, [...(inFacts.get(link.fact) ?? []), link]);
    }
    const wanted = new Set([...keys, ...inFacts.keys()]);
    for (const fact of this.#facts) {
      fact.classList.toggle("is-lit", wanted.has(fact.dataset.fact));
      const said = fact.querySelector("[data-fact-text]");
      const { textContent } = said;
      const ranges = (inFacts.get(fact.dataset.fact) ?? []).map(({ factStart, factEnd }) => ({
        start: toUtf16(textContent, factStart),
        end: toUtf16(textContent, factEnd),
      }));
      renderLit(said, textContent, ranges);
    }
  }

  /** The first of the facts, one in `language` before others. Scrolls their panel, never the page. */
  #bringIntoView(keys, language) {
    const facts = this.#facts.filter((each) => keys.has(each.dataset.fact));
    const fact = facts.find((each) => each.closest(`[data-fact-language="${language}"]`)) ?? facts[0];
    const panel = fact?.closest(".desk-aside");
    if (!panel) return;
    const [inner, outer] = [fact.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (inner.top < outer.top) panel.scrollTop -= outer.top - inner.top + 8;
    else if (inner.bottom > outer.bottom) panel.scrollTop += inner.bottom - outer.bottom + 8;
  }

  #watchText(field) {
    const { textarea } = field;
    textarea.addEventListener("pointerdown", (event) => (this.#pointer = event.pointerType));
    textarea.addEventListener("pointermove", (event) => hover.matches && event.pointerType !== "touch" && this.#pointAt(field, event));
    textarea.addEventListener("pointerleave", () => {
      if (!hover.matches) return;
      this.#lightFact(this.#pinned);
      this.#ways.letGo();
    });
    textarea.addEventListener("mousedown", (event) => this.#pointer === "touch" && this.#tap(field, event));
    textarea.addEventListener("keyup", () => this.#caret(field));
    textarea.addEventListener("keydown", (event) => this.#askAtCaret(field, event));
    field.addEventListener("typed", () => {
      this.#shown = null;
      this.#ways.hide();
    });
    field.addEventListener("change", () => this.count());
    field.addEventListener("ways", ({ detail: { finding, opener } }) => {
      this.#ways.open({ sheet: this.#sheet, field, finding, opener });
    });
  }

  /** The marked piece of text at a point: it lies under the textarea. */
  #pieceAt(field, { clientX, clientY }) {
    const piece = document.elementsFromPoint(clientX, clientY).find((each) => each.dataset.start !== undefined);
    return piece ? { piece, ...field.at(Number(piece.dataset.start)) } : { piece: null, findings: [], links: [] };
  }

  #pointAt(field, event) {
    const { piece, findings, links } = this.#pieceAt(field, event);
    this.#lightWords(field, links);
    if (findings.length && event.buttons === 0) {
      this.#ways.peek({ sheet: this.#sheet, field, finding: worst(findings), piece });
    } else this.#ways.letGo();
  }

  /** The first tap on a marked word shows what is behind it, the next one puts the caret there. */
  #tap(field, event) {
    if (document.activeElement === field.textarea) return;
    const { piece, findings, links } = this.#pieceAt(field, event);
    if (findings.length) {
      event.preventDefault();
      this.#ways.open({ sheet: this.#sheet, field, finding: worst(findings), piece });
      keepInSight(piece);
    } else if (links.length && this.#switch.isOn && !piece.classList.contains("is-lit")) {
      event.preventDefault();
      this.#showFacts(true);
      this.#lightWords(field, links);
      keepInSight(piece);
    } else this.#showFacts(false);
  }

  #caret(field) {
    if (field.textarea.selectionStart === field.textarea.selectionEnd) {
      this.#lightWords(field, field.at(field.textarea.selectionStart).links);
    }
  }

  /** Alt+Enter at an underlined word: its ways out, by keyboard. */
  #askAtCaret(field, event) {
    if (!(event.altKey && event.key === "Enter") || event.isComposing) return;
    const at = field.textarea.selectionStart;
    const { findings } = field.at(at);
    const near = findings.length ? findings : field.at(at - 1).findings;
    if (!near.length) return;
    event.preventDefault();
    this.#ways.open({ sheet: this.#sheet, field, finding: worst(near), opener: field.textarea });
  }
}

/** Above what slides up from the bottom of a phone. */
function keepInSight(piece) {
  const over = piece.getBoundingClientRect().bottom - innerHeight * 0.4;
  if (over > 0) scrollBy({ top: over });
}

function worst(findings) {
  return findings.reduce((left, right) => (right.severity > left.severity ? right : left));
}
