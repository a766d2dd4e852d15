// The file chooser: drop a file, see how far it is sent, ask for the new shop only where one is wanted.
(() => {
  const start = (form) => {
    const drop = form.querySelector("#up-drop");
    const input = drop.querySelector("input[type=file]");
    const name = drop.querySelector("[data-name]");
    const shop = form.elements.shop;
    const fresh = form.querySelector("[data-new-shop]");
    const showName = () => { if (input.files.length) name.textContent = input.files[0].name; };
    const showNew = () => { fresh.hidden = shop.value !== "+"; };
    // Unfold would write the file's name into the first text field that it finds nearby: the code of the new shop.
    input.hasChangeListener = true;
    input.addEventListener("change", showName);
    shop.addEventListener("change", showNew);
    showNew();
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; showName(); }
    });
    form.addEventListener("submit", (event) => {
      if (!input.files.length) return;
      event.preventDefault();
      send(form, input.files[0]);
    });
  };

  const send = (form, file) => {
    if (file.size >= Number(form.dataset.most)) return say(form.dataset.tooLarge);
    const bar = form.querySelector("#up-sent");
    const button = form.querySelector("button.is-main");
    const request = new XMLHttpRequest();
    const fail = () => { bar.hidden = true; button.disabled = false; say(form.dataset.failed); };
    bar.hidden = false;
    button.disabled = true;
    request.upload.addEventListener("progress", (sent) => { if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total; });
    request.addEventListener("load", () => {
      if (request.status < 400 && new URL(request.responseURL).pathname !== location.pathname) location.assign(request.responseURL);
      else if (!show(request.responseText)) fail();
    });
    request.addEventListener("error", fail);
    request.open("POST", location.pathname);
    request.send(new FormData(form));
  };

  // The same page with what is wrong takes the place of the form; false where the answer is another page.
  const show = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html").getElementById("up-page");
    if (!answer) return false;
    document.getElementById("up-page").replaceWith(answer);
    start(answer.querySelector("#upload"));
    toProblem();
    return true;
  };

  const say = (text) => {
    const page = document.getElementById("up-page");
    const problem = page.querySelector(".up-problem") || page.insertBefore(document.createElement("p"), page.firstChild);
    problem.className = "up-problem";
    problem.setAttribute("role", "alert");
    problem.textContent = text;
    toProblem();
  };

  const toProblem = () => {
    const problem = document.querySelector("#up-page .up-problem, #up-page .errorlist");
    if (!problem) return;
    problem.tabIndex = -1;
    problem.focus();
  };

  const form = document.getElementById("upload");
  if (form) start(form);
})();
