// The desk's dialogs. While one is open the desk's keys are dead.

import { getHtml, postJson } from "./desk-http.js";
import { localTimes } from "./desk-times.js";

function dialogOf(id) {
  return document.getElementById(id);
}

export function openDialog(id) {
  const dialog = dialogOf(id);
  if (!dialog.open) dialog.showModal();
  return dialog;
}

/** Buttons that open a dialog or close the one they are in. */
export function wireDialogs(open) {
  for (const button of document.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => open(button.dataset.open));
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
}

/** The dialogs that ask for a reason, a note or guidance; `decide(verb, answers)` gets them. */
export function wireVerbs(decide) {
  for (const form of document.querySelectorAll("form[data-verb]")) {
    form.addEventListener("submit", () => {
      decide(form.dataset.verb, Object.fromEntries(new FormData(form)));
      form.reset();
    });
    form.addEventListener("keydown", (event) => chooseByDigit(form, event));
  }
}

/** 1 to 9 choose a reason, except where they are typed into the note. */
function chooseByDigit(form, event) {
  if (event.isComposing || event.repeat || event.target.matches("input[type='text']") || !/^[1-9]$/.test(event.key)) return;
  const choice = form.querySelectorAll("input[name='reason']")[Number(event.key) - 1];
  if (!choice) return;
  event.preventDefault();
  choice.checked = true;
  choice.focus();
}

/** Ask for a verb's details, for one field or the whole sheet. */
export function askFor(verb, sheet) {
  const dialog = openDialog(`desk-${verb}`);
  dialog.querySelector("[data-scope-field]").textContent = sheet.selected ? `· ${sheet.selected.name}` : "";
  dialog.querySelector("[data-scope-sheet]").textContent = `· ${sheet.open.length}`;
}

/** Fill a dialog's panel with a fragment of the server's. */
export async function fillPanel(id, url, notices) {
  const panel = openDialog(id).querySelector("[data-panel]");
  try {
    panel.innerHTML = await getHtml(url);
    localTimes(panel);
  } catch (error) {
    panel.textContent = notices.text("loadFailed", { message: error.message });
  }
}

/** The settings dialog; `onSaved` gets the new preference. Languages change what waits, so the desk begins anew. */
export function wireSettings(url, onSaved) {
  const form = document.querySelector("form[data-settings]");
  const failure = form.querySelector("[data-error]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = new FormData(form);
    const keys = {};
    for (const [name, value] of values) if (name.startsWith("key_")) keys[name.slice(4)] = value.toLowerCase();
    const body = { languages: values.getAll("languages"), hasKeys: values.has("hasKeys"), keys };
    try {
      onSaved(await postJson(url, body));
      failure.hidden = true;
      form.closest("dialog").close();
    } catch (error) {
      failure.textContent = error.message;
      failure.hidden = false;
    }
  });
}
