// What must survive a closed tab: localStorage, or memory where the browser forbids it.

const memory = new Map();

export function readStored(key, fallback) {
  try {
    const raw = localStorage.getItem(key);
    return raw === null ? (memory.get(key) ?? fallback) : JSON.parse(raw);
  } catch {
    return memory.get(key) ?? fallback;
  }
}

export function writeStored(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: memory has it for as long as the page lives.
  }
}

export function dropStored(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

/** Run `work` in one tab at a time, where the browser can promise that. */
export function alone(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}
