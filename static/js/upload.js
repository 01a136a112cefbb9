// Documents: takes files that are chosen or dropped and sends them in pieces, one file after the other. After a broken
// connection a file goes on where it stopped, also on another page. Without this script the form is sent by its button.
(() => {
  "use strict";

  const template = document.querySelector("template[data-line]");
  if (!template) return;
  const words = template.dataset;
  const PAUSES = [1, 2, 4, 8, 15, 30, 30, 30, 60, 60, 60, 60];
  const MOST_SURPRISES = 20;
  const FOR_A_PIECE = 120_000;
  const FOR_THE_CHECK = 300_000;
  const waiting = [];
  let current = null;

  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  const megabytes = (bytes) =>
    `${(bytes / 1_000_000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;

  // --- Asking the server ------------------------------------------------------------------------------------

  class Refusal extends Error {
    constructor(status, sentences = []) {
      super(`${status}`);
      this.status = status;
      this.sentences = sentences;
    }

    get mayPass() {
      return this.status === 0 || this.status === 429 || this.status >= 500;
    }
  }

  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };

  const sentencesOf = (problem) => {
    if (!problem) return [];
    const named = [...Object.values(problem.errors ?? {}).flat(), ...(problem.reasons ?? [])];
    return named.length ? named.map((one) => one.detail) : [problem.detail].filter(Boolean);
  };

  const ask = (line, method, address, { body = null, timeout = FOR_A_PIECE, onProgress = null } = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      line.request = request;
      request.open(method, address);
      request.timeout = timeout;
      request.setRequestHeader("Accept", "application/problem+json, application/json;q=0.9");
      request.setRequestHeader("X-CSRFToken", line.token);
      if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
      request.addEventListener("load", () => {
        const answer = parsed(request.responseText);
        if (request.status < 300 && answer) resolve(answer);
        else reject(new Refusal(request.status < 300 ? 401 : request.status, sentencesOf(answer)));
      });
      for (const end of ["error", "timeout", "abort"]) {
        request.addEventListener(end, () => reject(new Refusal(0)));
      }
      request.send(body);
    });

  const pause = (line, seconds) =>
    new Promise((resolve) => {
      const wake = () => {
        window.clearTimeout(timer);
        window.removeEventListener("online", wake);
        resolve();
      };
      const timer = window.setTimeout(wake, seconds * 1000);
      window.addEventListener("online", wake);
      line.wake = wake;
    });

  // Does something until it succeeds or is refused for good; a passing hindrance only delays it.
  const insist = async (line, act) => {
    for (let failures = 0; ; failures += 1) {
      if (line.isStopped) throw new Refusal(0);
      try {
        return await act();
      } catch (refusal) {
        if (!(refusal instanceof Refusal) || !refusal.mayPass || failures >= PAUSES.length) throw refusal;
        line.isUnsure = true;
        tell(line, words.broken);
        await pause(line, PAUSES[failures]);
      }
    }
  };

  // --- One file ---------------------------------------------------------------------------------------------

  const begin = async (line) => {
    const promise = new URLSearchParams({
      slot: line.slot,
      filename: line.file.name,
      media_type: line.file.type,
      size: line.file.size,
      modified: line.file.lastModified,
      replaces: line.replaces,
    });
    Object.assign(line, await ask(line, "POST", line.begin, { body: promise }));
    line.isUnsure = false;
  };

  const sendPiece = async (line) => {
    if (line.isUnsure) {
      line.received = (await ask(line, "GET", line.address)).received;
      line.isUnsure = false;
      if (line.received >= line.file.size) return;
    }
    const piece = line.file.slice(line.received, line.received + line.piece);
    const address = `${line.address}?offset=${line.received}`;
    const onProgress = (sent) => showProgress(line, line.received + Math.min(sent, piece.size));
    try {
      line.received = (await ask(line, "PATCH", address, { body: piece, onProgress })).received;
    } catch (refusal) {
      // The piece arrived after all, or another window sends the same file: go on from where it stands now.
      if (refusal.status !== 409 || (line.surprises += 1) > MOST_SURPRISES) throw refusal;
      line.isUnsure = true;
    }
  };

  const sendAll = async (line) => {
    await insist(line, () => begin(line));
    while (line.received < line.file.size) {
      showProgress(line, line.received);
      await insist(line, () => sendPiece(line));
    }
    showProgress(line, line.received);
    tell(line, words.checking);
    await insist(line, () => ask(line, "POST", `${line.address}/finish`, { timeout: FOR_THE_CHECK }));
  };

  // What was sent before may have been given up in another window, or a day ago: then once more from the beginning.
  const deliver = (line) =>
    sendAll(line).catch((refusal) => {
      if (refusal.status !== 404 || !line.address) throw refusal;
      line.address = null;
      return sendAll(line);
    });

  // --- What the reader sees ---------------------------------------------------------------------------------

  const tell = (line, text) => {
    line.element.querySelector("[data-state]").textContent = text;
  };

  const announce = (text) => {
    document.querySelector("[data-announcements]").textContent = text;
  };

  const showProgress = (line, bytes) => {
    line.element.querySelector("[data-progress]").value = bytes / line.file.size;
    tell(line, fill(words.sending, { part: megabytes(bytes), whole: megabytes(line.file.size) }));
  };

  const showAgain = (line, isOffered) => {
    line.element.querySelector("[data-again]").hidden = !isOffered;
    line.element.querySelector("[data-progress]").hidden = isOffered;
  };

  // A file that will not be taken: says why, until another file is chosen for the same document.
  const refuse = (line, sentences) => {
    line.element.classList.add("is-refused");
    line.element.setAttribute("data-upload-outcome", "");
    line.element.setAttribute("tabindex", "-1");
    for (const part of line.element.querySelectorAll("[data-progress], .slot-line-actions")) part.remove();
    tell(line, [words.refused, ...sentences].join(" "));
    announce(`${line.file.name}: ${[words.refused, ...sentences].join(" ")}`);
    if (!waiting.length) line.element.focus();
  };

  const keepForLater = (line, text) => {
    tell(line, text);
    showAgain(line, true);
  };

  const explain = (line, refusal) => {
    if (refusal.status === 401 || refusal.status === 403) keepForLater(line, words.signedOut);
    else if (refusal.status === 413) refuse(line, [words.tooLarge]);
    else if (refusal.mayPass) keepForLater(line, words.lost);
    else refuse(line, refusal.sentences);
  };

  const focusIn = (section) => {
    const place = section.querySelector("input[type=file]") ?? section.querySelector("h2");
    if (place.tagName === "H2") place.setAttribute("tabindex", "-1");
    place.focus();
  };

  // Shows a document as the server has it now; lines of files on their way stay.
  const refresh = async (slot) => {
    const answer = await fetch(window.location.pathname, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(slot);
    const stale = document.getElementById(slot);
    if (!fresh || !stale) return;
    const lines = [...stale.querySelectorAll("[data-queue] > li")];
    fresh.querySelector("[data-queue]")?.append(...lines);
    for (const note of fresh.querySelectorAll("[data-unfinished]")) {
      const isOnItsWay = [current, ...waiting, ...lines.map((element) => element.line)].some((line) =>
        line?.address?.endsWith(note.dataset.unfinished),
      );
      if (isOnItsWay) note.remove();
    }
    const hadFocus = stale.contains(document.activeElement);
    stale.replaceWith(fresh);
    prepare(fresh);
    if (hadFocus && !fresh.contains(document.activeElement)) focusIn(fresh);
  };

  // --- The queue --------------------------------------------------------------------------------------------

  const work = async () => {
    if (current) return;
    current = waiting.shift() ?? null;
    if (!current) return;
    const line = current;
    try {
      await deliver(line);
      line.element.remove();
      announce(fill(words.stored, { filename: line.file.name }));
      await refresh(line.slot);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (!line.isStopped) explain(line, refusal);
    } finally {
      current = null;
      work();
    }
  };

  const stop = async (line) => {
    line.isStopped = true;
    line.request?.abort();
    line.wake?.();
    const place = waiting.indexOf(line);
    if (place >= 0) waiting.splice(place, 1);
    line.element.remove();
    if (line.address) {
      const body = new URLSearchParams({ csrf_token: line.token });
      await fetch(`${line.address}/discard`, { method: "POST", body, redirect: "manual" }).catch(() => null);
    }
    await refresh(line.slot);
  };

  const again = (line) => {
    showAgain(line, false);
    tell(line, words.waiting);
    line.isUnsure = true;
    waiting.push(line);
    work();
  };

  const lineFor = (form, file) => {
    const element = template.content.firstElementChild.cloneNode(true);
    const line = {
      file,
      element,
      slot: form.dataset.upload,
      begin: form.dataset.begin,
      token: form.querySelector("input[name=csrf_token]").value,
      replaces: form.querySelector("input[name=replaces]")?.value ?? "",
      received: 0,
      surprises: 0,
    };
    element.line = line;
    for (const name of element.querySelectorAll("[data-name]")) name.textContent = ` ${file.name}`;
    element.querySelector("[data-stop]").addEventListener("click", () => stop(line));
    element.querySelector("[data-again]").addEventListener("click", () => again(line));
    tell(line, words.waiting);
    return line;
  };

  const take = (form, files) => {
    const queue = form.closest("section").querySelector("[data-queue]");
    for (const old of queue.querySelectorAll(".is-refused")) old.remove();
    const onTheirWay = queue.children.length;
    [...files].forEach((file, number) => {
      const line = lineFor(form, file);
      queue.append(line.element);
      if (number + onTheirWay >= Number(form.dataset.room)) refuse(line, [words.noRoom]);
      else if (file.size > Number(form.dataset.most)) refuse(line, [words.tooLarge]);
      else waiting.push(line);
    });
    work();
  };

  const tellForm = (form, text) => {
    const place = form.querySelector("[data-upload-problem]");
    place.textContent = text;
    place.hidden = !text;
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form || event.target.type !== "file" || !event.target.files.length) return;
    tellForm(form, "");
    take(form, event.target.files);
    event.target.value = "";
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]");
    if (!form) return;
    event.preventDefault();
    tellForm(form, form.dataset.missing);
  });

  // --- Dropping files ---------------------------------------------------------------------------------------

  // A place to drop and click stands for the file input, which keeps the keyboard and its name for screen readers.
  const prepare = (part) => {
    for (const form of part.querySelectorAll("form[data-upload]")) {
      form.querySelector("[data-zone]").hidden = false;
      form.querySelector("[data-plain]").classList.add("visually-hidden");
      form.querySelector("[data-plain] button").tabIndex = -1;
    }
  };
  document.addEventListener("click", (event) => {
    const zone = event.target.closest("[data-zone]");
    if (zone) zone.closest("form").querySelector("input[type=file]").click();
  });

  const target = (event) => event.target.closest?.(".slot")?.querySelector(":scope > .card-body > form[data-upload]");
  const mark = (form) => {
    for (const marked of document.querySelectorAll(".slot-upload.is-over")) marked.classList.remove("is-over");
    form?.classList.add("is-over");
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // a file that misses its place must not replace the page
    const form = target(event);
    event.dataTransfer.dropEffect = form ? "copy" : "none";
    mark(form);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark(null);
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(null);
    const form = target(event);
    if (form && event.dataTransfer.files.length) take(form, event.dataTransfer.files);
  });

  prepare(document);
})();
