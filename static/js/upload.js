// Documents: sends a file as soon as it is chosen and shows how far it has come. Without this script the form is
// sent by its button.
(() => {
  "use strict";

  const tell = (form, text) => {
    const place = form.querySelector("[data-upload-problem]");
    place.textContent = text;
    place.hidden = !text;
  };

  const showPage = (text, address) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.querySelector("main");
    if (!fresh) return false;
    document.querySelector("main").replaceWith(fresh);
    window.history.replaceState(null, "", address);
    const first = document.querySelector("main [data-upload-outcome], main .flash");
    if (first) {
      first.setAttribute("tabindex", "-1");
      first.focus();
    }
    return true;
  };

  const send = (form) => {
    const progress = form.querySelector("progress");
    const state = form.querySelector("[data-upload-state]");
    const request = new XMLHttpRequest();
    const data = new FormData(form);
    const show = (isBusy) => {
      state.hidden = !isBusy;
      for (const input of form.querySelectorAll("input[type=file], button")) input.disabled = isBusy;
    };
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        progress.max = event.total;
        progress.value = event.loaded;
      }
    });
    request.addEventListener("load", () => {
      const address = `${new URL(request.responseURL).pathname}#${form.dataset.upload}`;
      const isOurs = request.status === 200 || request.status === 422;
      if (isOurs && showPage(request.responseText, address)) return;
      show(false);
      tell(form, request.status === 413 ? form.dataset.tooLarge : form.dataset.failed);
    });
    request.addEventListener("error", () => {
      show(false);
      tell(form, form.dataset.failed);
    });
    progress.removeAttribute("value");
    tell(form, "");
    show(true);
    request.send(data);
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (form && event.target.type === "file" && event.target.files.length) send(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form) return;
    event.preventDefault();
    if (form.querySelector("input[type=file]").files.length) send(form);
    else tell(form, form.dataset.missing);
  });
})();
