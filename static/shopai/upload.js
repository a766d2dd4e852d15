// The file chooser: drop a file, see how far it is sent, ask for the new shop only where one is wanted.
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const drop = document.getElementById("up-drop");
  const input = drop.querySelector("input[type=file]");
  const name = drop.querySelector("[data-name]");
  const shop = form.elements.shop;
  const fresh = form.querySelector("[data-new-shop]");
  const showName = () => { if (input.files.length) name.textContent = input.files[0].name; };
  const showNew = () => { fresh.hidden = shop.value !== "+"; };
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
    const bar = document.getElementById("up-sent");
    const request = new XMLHttpRequest();
    bar.hidden = false;
    request.upload.addEventListener("progress", (sent) => { if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total; });
    request.addEventListener("load", () => {
      if (request.responseURL && new URL(request.responseURL).pathname !== location.pathname) location.assign(request.responseURL);
      else { document.open(); document.write(request.responseText); document.close(); }
    });
    request.addEventListener("error", () => { bar.hidden = true; form.submit(); });
    request.open("POST", location.pathname);
    request.send(new FormData(form));
  });
})();
