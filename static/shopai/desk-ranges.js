// Where what was said of one text stands in another that a person is making of it.

import { toUtf16 } from "./text-offsets.js";

/** Findings or links, whose offsets are code points of `text`, with `start` and `end` in its UTF-16; `stored` keeps both. */
export function inUtf16(text, items) {
  return items.map((item) => {
    const { start, end } = item;
    return { ...item, stored: { start, end }, start: toUtf16(text, start), end: toUtf16(text, end) };
  });
}

function change(before, after) {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { head, end: before.length - tail, by: after.length - before.length };
}

/**
 * `ranges` of `before` as ranges of `after`. The server keeps no white space around a text, so that of `after` is passed
 * over. What the change touched is gone, except where something of it is left around the change and `staysInside(range)`.
 */
export function moveRanges(ranges, before, after, staysInside = () => false) {
  const lead = before.trimStart() === before ? after.length - after.trimStart().length : 0;
  const { head, end, by } = change(before, after.slice(lead).trimEnd());
  return ranges.flatMap((range) => {
    if (range.end <= head) return [{ ...range, start: range.start + lead, end: range.end + lead }];
    if (range.start >= end) return [{ ...range, start: range.start + by + lead, end: range.end + by + lead }];
    const isInside = range.start <= head && range.end >= end && (range.start < head || range.end > end);
    return isInside && staysInside(range) ? [{ ...range, start: range.start + lead, end: range.end + by + lead }] : [];
  });
}
