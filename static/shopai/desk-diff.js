// A difference by words (by characters in Chinese and Japanese), for people.

const TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+|\s+|[^]/gu;
// Beyond this many cells the table takes longer than a glance is worth.
const MOST_CELLS = 4000000;

function lengths(left, right) {
  const width = right.length + 1;
  const table = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      table[here] =
        left[i] === right[j] ? table[here + width + 1] + 1 : Math.max(table[here + width], table[here + 1]);
    }
  }
  return table;
}

function append(parts, kind, text) {
  const last = parts.at(-1);
  if (last && last.kind === kind) last.text += text;
  else parts.push({ kind, text });
}

/** Take words that stayed the same by chance into the change around them, and put what is old before what is new. */
function tidy(parts) {
  const whole = parts.map((part, place) => {
    const around = [parts[place - 1], parts[place + 1]];
    const isChance = part.kind === "same" && around.every((other) => other && other.text.length >= part.text.length);
    return isChance ? { kind: "both", text: part.text } : part;
  });
  const tidied = [];
  let change = { old: "", new: "" };
  for (const part of [...whole, { kind: "same", text: "" }]) {
    if (part.kind === "same") {
      for (const kind of ["old", "new"]) if (change[kind]) append(tidied, kind, change[kind]);
      if (part.text) append(tidied, "same", part.text);
      change = { old: "", new: "" };
    } else for (const kind of ["old", "new"]) if (part.kind === kind || part.kind === "both") change[kind] += part.text;
  }
  return tidied;
}

/** `[{kind: "same" | "old" | "new", text}]`: reading all but "new" gives `before`, all but "old" gives `after`. */
export function diff(before, after) {
  const left = before.match(TOKEN) ?? [];
  const right = after.match(TOKEN) ?? [];
  const parts = [];
  if (left.length * right.length > MOST_CELLS) {
    return [{ kind: "old", text: before }, { kind: "new", text: after }];
  }
  const table = lengths(left, right);
  const width = right.length + 1;
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      append(parts, "same", left[i]);
      i += 1;
      j += 1;
    } else if (j >= right.length || (i < left.length && table[(i + 1) * width + j] >= table[i * width + j + 1])) {
      append(parts, "old", left[i]);
      i += 1;
    } else {
      append(parts, "new", right[j]);
      j += 1;
    }
  }
  return tidy(parts);
}

/** The difference as elements; text is set as text, never parsed. */
export function renderDiff(before, after) {
  const fragment = document.createDocumentFragment();
  for (const part of diff(before, after)) {
    const element = document.createElement({ same: "span", old: "del", new: "ins" }[part.kind]);
    element.textContent = part.text;
    fragment.append(element);
  }
  return fragment;
}
