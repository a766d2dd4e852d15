// The layer under the editor's text: findings underlined, and words that a fact supports lit up when it is pointed at.

import { toUtf16 } from "./text-offsets.js";

const SEVERITIES = ["", "is-info", "is-warn", "is-block"];
const NUMBER = /\d+(?:[.,]\d+)*/g;

/** Findings as UTF-16 ranges of `text`, whose leading white space the server does not store. */
export function findingRanges(text, findings) {
  const lead = text.length - text.trimStart().length;
  const stored = text.slice(lead);
  return findings.map((finding) => ({
    start: lead + toUtf16(stored, finding.start),
    end: lead + toUtf16(stored, finding.end),
    severity: SEVERITIES[finding.severity],
  }));
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Where `text` says what a fact says: its parts, and its numbers as whole numbers. */
function factRanges(text, value, index) {
  const parts = value.split(/[,;/、，；]/).map((part) => part.trim()).filter((part) => part.length > 1);
  const words = [...new Set(parts)].map((part) => escapeRegExp(part));
  const numbers = [...new Set(value.match(NUMBER) ?? [])].map((part) => `(?<![\\d.,])${escapeRegExp(part)}(?![.,]?\\d)`);
  if (!words.length && !numbers.length) return [];
  const found = text.matchAll(new RegExp([...words, ...numbers].join("|"), "giu"));
  return Array.from(found, (match) => ({ start: match.index, end: match.index + match[0].length, fact: index }));
}

/** Fill `layer` with `text`, cut at the borders of all ranges. `facts`: the values of the facts beside the sheet. */
export function renderMarks(layer, text, findings, facts) {
  const ranges = [
    ...findingRanges(text, findings),
    ...facts.flatMap((value, index) => factRanges(text, value, index)),
  ].filter((range) => range.end > range.start);
  const cuts = [...new Set([0, text.length, ...ranges.flatMap((range) => [range.start, range.end])])];
  cuts.sort((left, right) => left - right);
  const spans = cuts.slice(1).map((end, place) => markSpan(text, cuts[place], end, ranges));
  // A last line that is empty has no height without something on it.
  layer.replaceChildren(...spans, "\u200b");
}

function markSpan(text, start, end, ranges) {
  const covering = ranges.filter((range) => range.start <= start && range.end >= end);
  const span = document.createElement("span");
  span.textContent = text.slice(start, end);
  const worst = SEVERITIES.findLast((name) => name && covering.some((range) => range.severity === name));
  if (worst) span.className = `desk-mark ${worst}`;
  const facts = [...new Set(covering.filter((range) => range.fact !== undefined).map((range) => range.fact))];
  if (facts.length) span.dataset.facts = facts.join(" ");
  return span;
}

/** Light up the words of fact `index` on `sheet`, and the fact itself; null puts all out. */
export function lightFact(sheet, index) {
  for (const fact of sheet.querySelectorAll("[data-fact]")) fact.classList.remove("is-lit");
  for (const word of sheet.querySelectorAll("[data-facts]")) word.classList.remove("is-lit");
  if (index === null) return;
  sheet.querySelectorAll("[data-fact]")[index]?.classList.add("is-lit");
  for (const word of sheet.querySelectorAll("[data-facts]")) {
    if (word.dataset.facts.split(" ").includes(String(index))) word.classList.add("is-lit");
  }
}

/** Pointing at a fact lights its words; pointing at a word lights its fact. The words lie under the textarea. */
export function watchFacts(sheet) {
  sheet.querySelectorAll("[data-fact]").forEach((fact, index) => {
    fact.addEventListener("pointerenter", () => lightFact(sheet, index));
    fact.addEventListener("pointerleave", () => lightFact(sheet, null));
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!event.target.matches("[data-text]")) return;
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    const word = under.find((element) => element.dataset.facts);
    lightFact(sheet, word ? Number(word.dataset.facts.split(" ")[0]) : null);
  });
}
