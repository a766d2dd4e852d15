// Taking words out of a text so that what is left still reads as one: no doubled spaces, no comma before a full stop.

const BLANK = /[ \t\u00a0\u3000]/;
const COMMA = /[,;:、，；：–—-]/;
const STOP = /[.!?。！？…]/;
const CLOSING = /[,;:.!?)\]、，。；：！？）】…]/;
const OPENING = /[(\[（【]/;
// A word that joins two things joins nothing once the second is gone.
const JOINING = /(?:[ \t](?:and|or|with|plus|of)|[和与及或、，,])[ \t]*$/i;
const BULLET = /^[ \t]*(?:[-*•·]|\d{1,2}[.)、])[ \t]*$/;

const lineStart = (text, at) => text.lastIndexOf("\n", at - 1) + 1;

function lineEnd(text, at) {
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found;
}

/** Whether a sentence begins at `at`: at the start of a line, of a bullet, or behind a full stop. */
function beginsSentence(text, at) {
  const before = text.slice(lineStart(text, at), at);
  return !before.trim() || BULLET.test(before) || /[.!?。！？…]["”’』」)]*[ \t]*$/.test(before);
}

function skip(text, at, what) {
  let end = at;
  while (end < text.length && what.test(text[end])) end += 1;
  return end;
}

function skipBack(text, at, what) {
  let start = at;
  while (start > 0 && what.test(text[start - 1])) start -= 1;
  return start;
}

/** Nothing but the bullet is left of the line: it goes as a whole. */
function wholeLine(text, start, end) {
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  const left = text.slice(from, start) + text.slice(end, to);
  if (left.trim() && !BULLET.test(left)) return null;
  return to < text.length ? { start: from, end: to + 1 } : { start: Math.max(from - 1, 0), end: to };
}

function sentenceStart(text, start, end) {
  let to = skip(text, end, BLANK);
  // Of the whole sentence only its stop is left.
  if (STOP.test(text[to] ?? "")) to = skip(text, skip(text, to, STOP), BLANK);
  while (COMMA.test(text[to] ?? "")) to = skip(text, to + 1, BLANK);
  const next = text[to] ?? "";
  const isCapital = /\p{Lu}/u.test(text.slice(start, end).match(/\p{L}/u)?.[0] ?? "");
  if (!next || next === "\n") return { start: skipBack(text, start, BLANK), end: to, text: "" };
  if (isCapital && /\p{Ll}/u.test(next)) return { start, end: to + 1, text: next.toUpperCase() };
  return { start, end: to, text: "" };
}

function insideSentence(text, start, end) {
  let from = skipBack(text, start, BLANK);
  let to = skip(text, end, BLANK);
  if (OPENING.test(text[from - 1] ?? "") && /[)\]）】]/.test(text[to] ?? "")) return trimmed(text, from - 1, to + 1);
  const closes = to >= text.length || text[to] === "\n" || CLOSING.test(text[to]);
  if (!closes) {
    const isParted = from < start || to > end;
    return isParted ? { start: from, end: to, text: glue(text, from, to) } : { start, end, text: "" };
  }
  const joined = JOINING.exec(text.slice(lineStart(text, from), from));
  if (joined) from = skipBack(text, from - joined[0].length, BLANK);
  while (COMMA.test(text[from - 1] ?? "")) from = skipBack(text, from - 1, BLANK);
  return { start: from, end: to, text: "" };
}

/** What parts the words on both sides of a cut: a blank between letters, nothing beside Chinese or punctuation. */
function glue(text, from, to) {
  return from > 0 && text[from - 1] !== "\n" && !OPENING.test(text[from - 1]) && to < text.length ? " " : "";
}

function trimmed(text, start, end) {
  const [from, to] = [skipBack(text, start, BLANK), skip(text, end, BLANK)];
  const closes = to >= text.length || text[to] === "\n" || CLOSING.test(text[to]);
  return { start: from, end: to, text: closes || from === start ? "" : glue(text, from, to) };
}

/** How to take UTF-16 `[start, end)` out of `text`: replace `[start, end)` of the answer by its `text`. */
export function cutOut(text, start, end) {
  const line = wholeLine(text, start, end);
  if (line) return { ...line, text: "" };
  return beginsSentence(text, start) ? sentenceStart(text, start, end) : insideSentence(text, start, end);
}
