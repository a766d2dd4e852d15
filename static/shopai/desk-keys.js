// Single keys that decide: deaf wherever a key press could mean something else.

const DEAF_MS = 400;
const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";

/** Knows for how long the draft on the screen has really been visible. */
export class Visibility {
  #since = Infinity;
  #turn = 0;
  #root;

  /** `root` carries `data-awake` while keys are heard, so that the page can show it. */
  constructor(root) {
    this.#root = root;
    document.addEventListener("visibilitychange", () => this.shown());
  }

  /** What is on the screen has just changed, or has just come back into view. */
  shown() {
    this.#since = Infinity;
    this.#root.removeAttribute("data-awake");
    const turn = ++this.#turn;
    if (document.hidden) return;
    // The second frame: by then the first one, with the new draft on it, has been painted.
    requestAnimationFrame(() => requestAnimationFrame(() => this.#painted(turn)));
  }

  #painted(turn) {
    if (turn !== this.#turn) return;
    this.#since = performance.now();
    setTimeout(() => turn === this.#turn && this.#root.setAttribute("data-awake", ""), DEAF_MS);
  }

  /** Whether what happened at `time` (an event's timeStamp) happened before anyone could have read the draft. */
  isTooEarly(time) {
    return document.hidden || time - this.#since < DEAF_MS;
  }
}

/** The letter of a key press, also on a keyboard that types another alphabet. */
function letterOf(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  const place = /^Key([A-Z])$/.exec(event.code ?? "");
  return place ? place[1].toLowerCase() : event.key;
}

export class Keys {
  #visibility;
  #actions;
  #isComposing = false;
  #byKey = new Map();

  /** `actions`: {name: function}, with `candidate(place)`, `help()`, `approveFromEditor()` and `leaveEditor()`. */
  constructor({ visibility, actions, preference }) {
    this.#visibility = visibility;
    this.#actions = actions;
    this.apply(preference);
    document.addEventListener("compositionstart", () => (this.#isComposing = true));
    document.addEventListener("compositionend", () => (this.#isComposing = false));
    document.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** `preference`: {hasKeys, keys: {action: letter}}. */
  apply({ hasKeys, keys }) {
    this.isOn = hasKeys;
    this.#byKey = new Map(Object.entries(keys).map(([action, key]) => [key, action]));
    for (const label of document.querySelectorAll("[data-key]")) this.label(label, keys, hasKeys);
    this.keys = keys;
  }

  label(element, keys = this.keys, isOn = this.isOn) {
    element.textContent = keys[element.dataset.key]?.toUpperCase() ?? "";
    element.hidden = !isOn && !element.closest("dialog");
  }

  #pressed(event) {
    if (event.defaultPrevented || event.repeat) return;
    // 229: the key belongs to an input method, which says so even where isComposing is already false again.
    if (event.isComposing || event.keyCode === 229 || this.#isComposing) return;
    if (event.target.closest?.("[data-text]")) this.#inEditor(event);
    else if (!this.#isElsewhere(event)) this.#onSheet(event);
  }

  #isElsewhere(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
    return Boolean(event.target.closest?.(`${TYPING}, [data-ways]`));
  }

  #inEditor(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.#actions.leaveEditor();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      if (!this.#visibility.isTooEarly(event.timeStamp)) this.#actions.approveFromEditor();
    }
  }

  #onSheet(event) {
    if (!this.isOn || this.#visibility.isTooEarly(event.timeStamp)) return;
    if (event.key === "?" || event.key === "？") this.#run(event, this.#actions.help);
    else if (event.shiftKey) return;
    else if (/^[1-9]$/.test(event.key)) this.#run(event, () => this.#actions.candidate(Number(event.key) - 1));
    else {
      const action = this.#byKey.get(letterOf(event));
      if (action) this.#run(event, this.#actions[action]);
    }
  }

  #run(event, action) {
    event.preventDefault();
    action();
  }
}
