// Short notices that never stand in the way: news goes by itself, what needs the reviewer stays until it is dismissed.

const NEWS_MS = 6000;
const HINT_MS = 12000;

export class Notices {
  #region;
  #messages;

  constructor(region, messages) {
    this.#region = region;
    this.#messages = messages;
  }

  /** The sentence `name` in the reader's language, its {places} filled. */
  text(name, values = {}) {
    const sentence = this.#messages[name] ?? name;
    return sentence.replace(/\{(\w+)\}/g, (_whole, place) => values[place] ?? "");
  }

  /** `link`: {label, act} for a button that acts and takes the notice away. */
  news(sentence, link = null) {
    this.#show(sentence, "is-news", link);
  }

  /** Why what was just asked for did not happen: about this sheet, so it goes with it. */
  hint(sentence) {
    this.#show(sentence, "is-problem is-hint", null);
  }

  /** What must not be missed. `link`: {href, label, open} where `open` is called instead of following it. */
  problem(sentence, link = null) {
    this.#show(sentence, "is-problem", link);
  }

  #show(sentence, kind, link) {
    const notice = document.createElement("div");
    notice.className = `desk-notice ${kind}`;
    const text = document.createElement("span");
    text.textContent = sentence;
    notice.append(text);
    if (link) notice.append(link.act ? this.#button(link, notice) : this.#link(link, notice));
    if (kind !== "is-news") notice.append(this.#dismiss(notice));
    if (kind !== "is-problem") setTimeout(() => notice.remove(), kind === "is-news" ? NEWS_MS : HINT_MS);
    // One piece of news and one hint at a time; problems pile up until they are read, each of them once. A problem
    // also takes the news away: "approved" beside "could not be approved" would be a false claim.
    if (kind === "is-problem") this.#forget(sentence);
    this.clear(kind === "is-problem" ? "is-news" : kind);
    this.#region.append(notice);
  }

  #forget(sentence) {
    for (const old of this.#region.querySelectorAll(".is-problem > span")) {
      if (old.textContent === sentence) old.parentElement.remove();
    }
  }

  /** Remove the notices of a kind. */
  clear(kind) {
    if (kind) for (const old of this.#region.querySelectorAll(`.${kind.split(" ").at(-1)}`)) old.remove();
  }

  #link({ href, label, open }, notice) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = label;
    link.addEventListener("click", (event) => {
      if (!open || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      notice.remove();
      open();
    });
    return link;
  }

  #button({ label, act }, notice) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-notice-act";
    button.textContent = label;
    button.addEventListener("click", () => {
      notice.remove();
      act();
    });
    return button;
  }

  #dismiss(notice) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "desk-notice-close";
    button.setAttribute("aria-label", this.text("dismiss"));
    button.textContent = "×";
    button.addEventListener("click", () => notice.remove());
    return button;
  }
}
