// Answers are kept while they are typed: what changed is sent a moment later; what cannot be sent stays in this
// browser until it can. Without this script the form's buttons save.
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  if (!form) return;

  const PAUSE = 700;
  const WAITS = [2000, 4000, 8000, 15000, 30000];
  const LONGEST_KEPT = 7 * 24 * 3600 * 1000;
  const bar = form.querySelector("[data-save-bar]");
  const name = `answers:${form.dataset.person}:${form.dataset.draft}`;

  const questions = () =>
    [...form.querySelectorAll("[data-question]")].filter((one) => !one.parentElement.closest("[data-row]"));
  const questionOf = (key) => questions().find((one) => one.dataset.question === key);
  const seenOf = (key) => form.querySelector(`input[data-seen="${CSS.escape(key)}"]`);

  // --- What is not saved yet, kept in the browser; sensitive answers only as long as this window is open -------

  const store = {
    of: (entry) => (entry.sensitive ? window.sessionStorage : window.localStorage),
    read: (area) => {
      try {
        return JSON.parse(area.getItem(name) || "{}");
      } catch {
        return {};
      }
    },
    all: () => ({ ...store.read(window.localStorage), ...store.read(window.sessionStorage) }),
    change: (area, act) => {
      const entries = store.read(area);
      act(entries);
      try {
        if (Object.keys(entries).length) area.setItem(name, JSON.stringify(entries));
        else area.removeItem(name);
      } catch {
        // A full or forbidden store: the answer still stands in the form.
      }
    },
    put: (key, entry) => store.change(store.of(entry), (entries) => { entries[key] = entry; }),
    drop: (key) => {
      for (const area of [window.localStorage, window.sessionStorage]) {
        store.change(area, (entries) => { delete entries[key]; });
      }
    },
  };

  const entryOf = (question) => {
    const inputs = [...question.querySelectorAll("input[name], select[name], textarea[name]")];
    const chosen = inputs.filter((input) => !["checkbox", "radio"].includes(input.type) || input.checked);
    return {
      section: form.action,
      at: Date.now(),
      seen: seenOf(question.dataset.question).value,
      sensitive: Boolean(question.querySelector("[data-sensitive]")),
      typed: chosen.filter((input) => input.type !== "file").map((input) => [input.name, input.value]),
    };
  };

  // --- What the reader is told --------------------------------------------------------------------------------

  let state = "";
  const tell = (word, time = "") => {
    bar.hidden = false;
    bar.dataset.state = word;
    const text = bar.dataset[word].replace("{time}", time);
    bar.querySelector("[data-save-state]").textContent = text;
    bar.querySelector("[data-sign-in]").hidden = word !== "signedOut";
    const isNews = word !== state && word !== "saving" && (word !== "saved" || troubles.has(state));
    if (isNews) bar.querySelector("[data-save-news]").textContent = text;
    if (word !== "saving") state = word;
  };
  const troubles = new Set(["failed", "signedOut", "refused", "conflicting"]);

  const clock = (iso) =>
    new Intl.DateTimeFormat(document.documentElement.lang || "vi", {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh",
    }).format(new Date(iso));

  const showErrors = (key, lines) => {
    const question = questionOf(key);
    if (!question || (lines.length && question.contains(document.activeElement))) return Boolean(question);
    for (const old of question.querySelectorAll(".field-error")) old.remove();
    for (const input of question.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      const rest = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => !id.endsWith("-error"));
      if (rest.join("")) input.setAttribute("aria-describedby", rest.join(" "));
      else input.removeAttribute("aria-describedby");
    }
    question.classList.toggle("is-wrong", lines.length > 0);
    if (!lines.length) return false;
    const place = Object.assign(document.createElement("div"), { className: "field-error", id: `${key}-error` });
    place.append(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    const hint = question.querySelector(".form-hint[id]");
    (hint || question.querySelector("legend, label")).after(place);
    const input = question.querySelector("input, select, textarea");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", hint ? `${hint.id} ${place.id}` : place.id);
    return false;
  };

  const showCalculated = (key, now) => {
    const place = form.querySelector(`[data-calculated="${CSS.escape(key)}"]`);
    if (!place || place.textContent === now.shown) return;
    place.textContent = now.shown;
    place.dataset.value = now.value ?? "";
    place.classList.remove("is-fresh");
    window.requestAnimationFrame(() => place.classList.add("is-fresh"));
    place.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const showConflict = (key, html) => {
    const question = questionOf(key);
    if (!question) return;
    form.querySelector(`[data-conflict="${CSS.escape(key)}"]`)?.remove();
    question.insertAdjacentHTML("beforebegin", html);
    conflicts.add(key);
  };

  // --- Sending ------------------------------------------------------------------------------------------------

  const dirty = new Set();
  const conflicts = new Set();
  const late = new Map();
  let timer = 0;
  let tries = 0;
  let running = null;

  const bodyOf = (keys, more = []) => {
    const entries = store.all();
    const body = new URLSearchParams();
    body.append("csrf_token", form.querySelector("input[name=csrf_token]").value);
    for (const key of keys) {
      const entry = entries[key] || entryOf(questionOf(key));
      body.append("question", key);
      body.append("seen", entry.seen);
      for (const [input, value] of entry.typed) body.append(input, value);
    }
    for (const [input, value] of more) body.append(input, value);
    return body;
  };

  const post = (body) =>
    fetch(form.dataset.autosave, { method: "POST", body, credentials: "same-origin", redirect: "manual" });

  // The page as it is now, for a new token or another's answer; null when somebody has to sign in first.
  const freshPage = async () => {
    const answer = await fetch(window.location.href.split("#")[0], { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || !answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-autosave]");
    if (!fresh || fresh.dataset.person !== form.dataset.person) return null;
    form.querySelector("input[name=csrf_token]").value = fresh.querySelector("input[name=csrf_token]").value;
    return fresh;
  };

  const take = (result, sent) => {
    for (const [key, token] of Object.entries(result.seen)) {
      if (key in result.conflicts) continue;
      const entry = store.all()[key];
      const isNewer = entry && entry.at > sent.get(key);
      if (isNewer) store.put(key, { ...entry, seen: token });
      else {
        store.drop(key);
        dirty.delete(key);
      }
      if (seenOf(key)) seenOf(key).value = token;
      const lines = result.errors[key] || [];
      if (showErrors(key, lines)) late.set(key, lines);
      else late.delete(key);
    }
    for (const [key, html] of Object.entries(result.conflicts)) {
      dirty.delete(key);
      showConflict(key, html);
    }
    for (const [key, now] of Object.entries(result.calculated)) showCalculated(key, now);
    tell(conflicts.size ? "conflicting" : "saved", clock(result.at));
  };

  const fail = (word) => {
    tell(word);
    window.clearTimeout(timer);
    if (word !== "refused") timer = window.setTimeout(flush, WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  };

  const send = async (keys, more = []) => {
    const entries = store.all();
    const sent = new Map(keys.map((key) => [key, entries[key] ? entries[key].at : Date.now()]));
    let answer = await post(bodyOf(keys, more));
    if (answer.status === 400 || answer.status === 403) {
      if (!(await freshPage())) return fail("signedOut");
      answer = await post(bodyOf(keys, more));
    }
    if (answer.status === 200 || answer.status === 409) {
      const kind = answer.headers.get("Content-Type") || "";
      if (!kind.startsWith("application/json")) return fail("refused");
      tries = 0;
      return take(await answer.json(), sent);
    }
    return fail(answer.status >= 500 || answer.status === 429 ? "failed" : "refused");
  };

  const flush = () => {
    window.clearTimeout(timer);
    if (running) return running;
    const keys = [...dirty].filter((key) => !conflicts.has(key));
    if (!keys.length) return Promise.resolve();
    tell("saving");
    running = send(keys)
      .catch(() => fail("failed"))
      .finally(() => {
        running = null;
        if (dirty.size && !tries) schedule();
      });
    return running;
  };

  const schedule = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, PAUSE);
  };

  const noticed = (event) => {
    const inner = event.target.closest("[data-question]");
    const question = inner && (inner.parentElement.closest("[data-question]") || inner);
    if (!question || question.dataset.kind === "calculated" || event.target.type === "search" || event.target.type === "file") return;
    const key = question.dataset.question;
    store.put(key, entryOf(question));
    dirty.add(key);
    if (!conflicts.has(key)) schedule();
  };

  // --- Settling a conflict ------------------------------------------------------------------------------------

  const settled = (key) => {
    conflicts.delete(key);
    for (const box of document.querySelectorAll(`[data-conflict="${CSS.escape(key)}"]`)) box.remove();
  };

  const replaceQuestion = (key, fresh) => {
    const stored = [...fresh.querySelectorAll("[data-question]")].find((one) => one.dataset.question === key);
    const question = questionOf(key);
    if (!stored || !question) return;
    question.replaceWith(stored);
    seenOf(key).value = fresh.querySelector(`input[data-seen="${CSS.escape(key)}"]`).value;
    stored.dispatchEvent(new CustomEvent("question-replaced", { bubbles: true }));
  };

  const takeTheirs = async (key) => {
    const fresh = await freshPage();
    if (!fresh) return fail("signedOut");
    store.drop(key);
    dirty.delete(key);
    replaceQuestion(key, fresh);
    settled(key);
    return tell("saved", clock(new Date().toISOString()));
  };

  const takeMine = (key, token) => {
    if (!store.all()[key]) store.put(key, entryOf(questionOf(key)));
    settled(key);
    return send([key], [["mine", token]]);
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (!button) return;
    event.preventDefault();
    const key = button.closest("[data-conflict]").dataset.conflict;
    const choice = button.dataset.take === "theirs" ? takeTheirs(key) : takeMine(key, button.value);
    choice.catch(() => fail("failed"));
  });

  // --- Begin --------------------------------------------------------------------------------------------------

  // Typed before this script had arrived, or put back by the browser: no event told of it.
  const isChanged = (input) => {
    if (["checkbox", "radio"].includes(input.type)) return input.checked !== input.defaultChecked;
    if (input.tagName !== "SELECT") return input.value !== input.defaultValue;
    const given = [...input.options].filter((option) => option.defaultSelected);
    return given.length > 0 ? given.some((option) => !option.selected) : input.selectedIndex > 0;
  };
  const noticeEarlier = () => {
    for (const question of questions()) {
      const inputs = [...question.querySelectorAll("input[name], select[name], textarea[name]")];
      const typed = inputs.find((input) => !["file", "hidden", "search"].includes(input.type) && isChanged(input));
      if (typed) noticed({ target: typed });
    }
  };

  const restore = () => {
    const old = Date.now() - LONGEST_KEPT;
    for (const [key, entry] of Object.entries(store.all())) {
      if (entry.at < old) store.drop(key);
      else if (entry.section === form.action && questionOf(key)) dirty.add(key);
    }
    if (!dirty.size) return;
    const keys = [...dirty];
    flush().then(async () => {
      const fresh = dirty.size ? null : await freshPage();
      if (!fresh) return;
      for (const key of keys) if (!conflicts.has(key)) replaceQuestion(key, fresh);
      if (!conflicts.size) tell("restored");
    });
  };

  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);
  form.addEventListener("rows-changed", noticed);
  form.addEventListener("focusout", (event) => {
    const question = event.target.closest("[data-question]");
    const key = question && question.dataset.question;
    if (late.has(key)) window.setTimeout(() => { if (!showErrors(key, late.get(key))) late.delete(key); });
  });
  // The form's own buttons: all that was typed is kept first, so that nothing is lost where that is not possible.
  let isKept = false;
  const keepThenSubmit = async (button) => {
    for (let round = 0; round < 5 && (running || [...dirty].some((key) => !conflicts.has(key))); round += 1) {
      await flush();
      if (state === "failed" || state === "signedOut") return;
    }
    if (conflicts.size) {
      form.querySelector("[data-conflict] button").focus();
      return;
    }
    isKept = true;
    form.requestSubmit(button);
  };
  form.addEventListener("submit", (event) => {
    if (isKept || (!running && !dirty.size && !conflicts.size)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keepThenSubmit(event.submitter);
  });
  window.addEventListener("pageshow", () => { isKept = false; });
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && troubles.has(state)) flush();
  });
  window.addEventListener("pagehide", () => {
    const keys = [...dirty].filter((key) => !conflicts.has(key));
    if (keys.length && !running) fetch(form.dataset.autosave, { method: "POST", body: bodyOf(keys), keepalive: true });
  });
  noticeEarlier();
  restore();
  form.dataset.listening = "";
})();
