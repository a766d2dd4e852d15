// Keeps the preview of the generate page true while the form changes.
(() => {
  const form = document.getElementById("generate");
  if (!form) return;
  let timer = 0;
  let running = null;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: new FormData(form), signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("gen-preview");
      if (fresh) document.getElementById("gen-preview").replaceChildren(...fresh.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 300);
  });
})();
