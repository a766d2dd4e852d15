// The layer under the editor's text: what a rule found is underlined, and so are the words that a fact supports.

const SEVERITIES = ["", "is-info", "is-warn", "is-block"];

/** Cut `text` at the borders of all `ranges`: `[{start, end, covering}]`, covering the ranges around each piece. */
export function pieces(text, ranges) {
  const whole = ranges.filter((range) => range.end > range.start);
  const cuts = [...new Set([0, text.length, ...whole.flatMap((range) => [range.start, range.end])])];
  cuts.sort((left, right) => left - right);
  return cuts.slice(1).map((end, place) => {
    const start = cuts[place];
    return { start, end, covering: whole.filter((range) => range.start <= start && range.end >= end) };
  });
}

/** Fill `layer` with `text`. `findings` have a severity, `links` the key of a fact; both are UTF-16 ranges of `text`. */
export function renderMarks(layer, text, findings, links) {
  const spans = pieces(text, [...findings, ...links]).map((piece) => {
    const span = document.createElement("span");
    span.textContent = text.slice(piece.start, piece.end);
    const worst = Math.max(0, ...piece.covering.map((range) => range.severity ?? 0));
    if (worst) span.className = `desk-mark ${SEVERITIES[worst]}`;
    const facts = [...new Set(piece.covering.flatMap((range) => range.fact ?? []))];
    if (facts.length) span.dataset.facts = facts.join(" ");
    if (worst || facts.length) span.dataset.start = piece.start;
    return span;
  });
  // A last line that is empty has no height without something on it.
  layer.replaceChildren(...spans, "\u200b");
}

/** Fill `element` with `text` and light up `ranges` of it. */
export function renderLit(element, text, ranges) {
  const parts = pieces(text, ranges).map(({ start, end, covering }) => {
    const words = text.slice(start, end);
    if (!covering.length) return words;
    const mark = document.createElement("mark");
    mark.className = "desk-lit";
    mark.textContent = words;
    return mark;
  });
  element.replaceChildren(...parts);
}
