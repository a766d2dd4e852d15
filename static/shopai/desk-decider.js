// What the reviewer decides about the sheet on the desk. Decisions go to the queue at once; nothing here waits for the
// server, except an edit that it has not saved yet.

const STATUS_OF = { reject: "rejected", park: "parked", regenerate: "requested" };
const UNDO_OF = { approve: "take_back", reject: "take_back", park: "unpark" };

/** How a field stands after `verb`; undefined for a verb that leaves it on the desk. */
function statusAfter(verb, field) {
  return verb === "approve" ? field.approvedStatus : STATUS_OF[verb];
}

export class Decider {
  #queue;
  #notices;
  #next;
  #done = [];

  /** `next()` shows the next sheet. */
  constructor({ queue, notices, next }) {
    this.#queue = queue;
    this.#notices = notices;
    this.#next = next;
  }

  /** Approve every clean field; what is left is brought into view, and a sheet with nothing left makes room. */
  async approveSheet(sheet) {
    const fields = await this.#saved(sheet.clean);
    const clean = fields.filter((field) => field.isClean);
    if (!clean.length) return this.#notices.hint(this.#notices.text(sheet.reasonNotClean));
    this.#send(sheet, clean, "approve");
    const left = sheet.toDecide;
    if (!left.length) {
      this.#tellApproved(clean, "approved", { title: sheet.title, n: clean.length });
      return this.#next();
    }
    const names = left.map((field) => field.name).join(", ");
    this.#tellApproved(clean, "approvedRest", { n: clean.length, fields: names });
    sheet.selectOpen();
    sheet.refresh();
  }

  async approveField(sheet) {
    const field = sheet.selected;
    if (!field?.isOpen) return this.#notices.news(this.#notices.text("alreadyDecided"));
    if (!(await this.#saved([field])).length || !field.isOpen) return;
    if (field.waitsForAnother) return this.#notices.hint(this.#notices.text("secondReader"));
    const blocked = field.blockingFinding;
    if (blocked) return this.#notices.hint(this.#notices.text("blockedWhy", { message: blocked.message }));
    this.#send(sheet, [field], "approve");
    this.#tellApproved([field], "approvedField", { field: field.name });
    this.#goOn(sheet);
  }

  /** Reject, park or regenerate with what a dialog asked for: {scope: "field" | "sheet", ...}. */
  async decide(sheet, verb, { scope, ...details }) {
    const asked = scope === "sheet" ? sheet.open : [sheet.selected].filter((field) => field?.isOpen);
    const fields = await this.#saved(asked);
    if (!fields.length) return;
    this.#send(sheet, fields, verb, details);
    const name = { reject: "rejected", park: "parked", regenerate: "regenerating" }[verb];
    const title = scope === "sheet" ? sheet.title : fields[0].name;
    this.#notices.news(this.#notices.text(name, { title }));
    this.#goOn(sheet);
  }

  unpark(sheet) {
    const field = sheet.selected;
    this.#queue.add({ verb: "unpark", draftId: field.draft.id }, this.#about(sheet));
    field.draft.isParked = false;
    field.render();
    sheet.refresh();
  }

  /** Decisions on this sheet that an earlier visit left unsent stand as decided; whether there are any. */
  resume(sheet) {
    const waiting = new Map(this.#queue.entries.map((entry) => [entry.draftId, entry.verb]));
    const status = (field) => statusAfter(waiting.get(field.draft.id), field);
    const fields = sheet.fields.filter(status);
    for (const field of fields) field.decide(status(field));
    if (fields.length) sheet.selectOpen();
    return fields.length > 0;
  }

  /** Take the last decision of this visit back; resolves to the address of its sheet, or null. */
  async undo() {
    const last = this.#done.pop();
    if (!last) {
      this.#notices.news(this.#notices.text("nothingToUndo"));
      return null;
    }
    for (const draftId of last.draftIds) this.#queue.add({ verb: last.undo, draftId }, last.about);
    this.#notices.news(this.#notices.text("takenBack", { title: last.about.title }));
    await this.#queue.flush();
    return last.about.address;
  }

  takeBack(draftId, about) {
    this.#queue.add({ verb: "take_back", draftId }, about);
    return this.#queue.flush();
  }

  /** Those of `fields` whose text the server has; the others stay, and the notice says why. */
  async #saved(fields) {
    const dirty = fields.filter((field) => field.saver.isDirty);
    if (!dirty.length) return fields;
    await Promise.all(dirty.map((field) => field.saver.flush()));
    for (const field of dirty.filter((each) => each.saver.isDirty)) {
      this.#notices.hint(this.#notices.text("notSavedYet", { field: field.name }));
    }
    return fields.filter((field) => !field.saver.isDirty);
  }

  #send(sheet, fields, verb, details = {}) {
    const about = this.#about(sheet);
    for (const field of fields) {
      const { id, revision, checkKey } = field.draft;
      const proof = verb === "approve" ? { checkKey } : {};
      const status = statusAfter(verb, field);
      this.#queue.add({ verb, draftId: id, revision, ...proof, ...details }, { ...about, status });
      field.decide(status);
    }
    if (UNDO_OF[verb]) {
      this.#done.push({ undo: UNDO_OF[verb], draftIds: fields.map((field) => field.draft.id), about });
    }
    sheet.hasDecisions = true;
  }

  /** Nothing counts as approved that another person has to read first. */
  #tellApproved(fields, name, values) {
    const n = fields.filter((field) => field.decided === "second_review").length;
    const sentences = [this.#notices.text(name, values)];
    if (n) sentences.push(this.#notices.text("forSecondReader", { n }));
    this.#notices.news(sentences.join(" "));
  }

  #goOn(sheet) {
    if (!sheet.selectOpen()) return this.#next();
    sheet.refresh();
    sheet.focusHead();
  }

  #about(sheet) {
    return { title: sheet.title, address: sheet.address };
  }
}
