// Questions of a procedure: shows and hides them by their conditions, adds and removes rows of tables, narrows the
// list of wards, counts characters. Everything also works without this script, by saving.
(() => {
  "use strict";

  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();

  // --- What is answered -------------------------------------------------------------------------------------

  const ownInputs = (question) => [...question.querySelectorAll("input, select, textarea")];
  const isAnswered = (value) =>
    !(value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0));

  const plainNumber = (text) => {
    const bare = text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/(đồng|vnđ|vnd|đ|₫)$/i, "");
    if (/^\d{1,3}([.,]\d{3})+$/.test(bare)) return bare.replace(/[.,]/g, "");
    return bare.replace(",", ".");
  };

  const readers = {
    yes_no: (question) => {
      const chosen = question.querySelector("input:checked");
      return chosen && chosen.value ? chosen.value === "yes" : null;
    },
    choice: (question) => {
      const chosen = question.querySelector("select, input:checked");
      return chosen && chosen.value ? chosen.value : null;
    },
    choices: (question) => [...question.querySelectorAll("input:checked")].map((input) => input.value),
    declaration: (question) => question.querySelector("input").checked || null,
    number: (question) => plainNumber(question.querySelector("input").value),
    money: (question) => plainNumber(question.querySelector("input").value),
    calculated: (question) => question.querySelector("output").dataset.value || null,
    period: (question) => ownInputs(question).map((input) => input.value).filter(Boolean),
    table: (question) =>
      ownInputs(question).filter((input) => input.type !== "hidden" && (input.checked || input.value)),
  };

  const answerOf = (question) => {
    const read = readers[question.dataset.kind];
    if (read) return read(question);
    const input = question.querySelector("input, select, textarea");
    return input ? input.value.trim() : null;
  };

  // --- Conditions -------------------------------------------------------------------------------------------

  const same = (value, operand) => (typeof operand === "number" ? Number(value) === operand : value === operand);

  const tests = {
    is: (value, operand) => same(value, operand),
    in: (value, operand) => operand.some((one) => same(value, one)),
    has: (value, operand) => value.includes(operand),
    at_least: (value, operand) => Number(value) >= operand,
    at_most: (value, operand) => Number(value) <= operand,
  };

  const holds = (condition, answers) => {
    if (condition.op === "all") return condition.parts.every((part) => holds(part, answers));
    if (condition.op === "any") return condition.parts.some((part) => holds(part, answers));
    if (condition.op === "not") return !holds(condition.parts[0], answers);
    const value = answers[condition.field];
    if (condition.op === "answered") return isAnswered(value) === condition.value;
    return isAnswered(value) && tests[condition.op](value, condition.value);
  };

  const questionsOf = (scope) =>
    [...scope.querySelectorAll("[data-question]")].filter(
      (question) => question.parentElement.closest("[data-row], [data-questions]") === scope,
    );

  const settleScope = (scope, outside) => {
    const questions = questionsOf(scope);
    const answers = { ...outside };
    for (const question of questions) answers[question.dataset.question] = answerOf(question);
    for (const question of questions) {
      if (question.dataset.when) question.hidden = !holds(JSON.parse(question.dataset.when), answers);
    }
    return questions;
  };

  const settle = (container) => {
    const questions = settleScope(container, JSON.parse(container.dataset.outside || "{}"));
    for (const row of container.querySelectorAll("[data-row]")) settleScope(row, {});
    const shown = container.querySelector("[data-shown]");
    if (shown) {
      shown.value = questions
        .filter((question) => !question.hidden)
        .map((question) => question.dataset.question)
        .join(" ");
    }
  };

  // --- Tables -----------------------------------------------------------------------------------------------

  let rowsMade = 0;

  const numberRows = (table) => {
    const rows = [...table.querySelectorAll("[data-row]")];
    rows.forEach((row, index) => {
      for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = String(index + 1);
    });
    table.querySelector("[data-add-row]").disabled = rows.length >= Number(table.dataset.most);
  };

  const say = (table, what) => {
    const status = table.querySelector("[data-rows-status]");
    status.textContent = "";
    window.setTimeout(() => {
      status.textContent = status.dataset[what];
    }, 50);
  };

  const newRow = (table) => {
    rowsMade += 1;
    const holder = document.createElement("div");
    const template = table.querySelector("template[data-row-template]");
    holder.innerHTML = template.innerHTML.replaceAll("__row__", `n${rowsMade}`);
    const row = holder.firstElementChild;
    table.querySelector("[data-rows]").append(row);
    enhance(row);
    return row;
  };

  const firstInput = (row) => row.querySelector("input:not([type=hidden]), select, textarea");

  const addRow = (table) => {
    const row = newRow(table);
    numberRows(table);
    firstInput(row).focus();
    say(table, "added");
  };

  const removeRow = (table, row) => {
    row.remove();
    if (!table.querySelector("[data-row]")) newRow(table);
    numberRows(table);
    table.querySelector("[data-add-row]").focus();
    say(table, "removed");
  };

  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    const remove = event.target.closest("[data-remove-row]");
    const button = add || remove;
    if (!button) return;
    event.preventDefault();
    const table = button.closest("[data-table]");
    if (add) addRow(table);
    else removeRow(table, remove.closest("[data-row]"));
    const container = table.closest("[data-questions]");
    if (container) settle(container);
    touched(table.closest("form"));
    table.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
  });

  // --- Wards ------------------------------------------------------------------------------------------------

  const narrowable = (holder) => {
    const select = holder.querySelector("select");
    const entries = [...select.querySelectorAll("optgroup")].map((group) => ({
      group,
      options: [...group.children].map((option) => ({ option, folded: fold(option.textContent) })),
    }));
    const search = document.createElement("input");
    search.type = "search";
    search.className = "form-control question-ward-search";
    search.placeholder = holder.dataset.wardLabel;
    search.setAttribute("aria-label", holder.dataset.wardLabel);
    search.setAttribute("aria-controls", select.id);
    search.autocomplete = "off";
    holder.prepend(search);
    search.addEventListener("input", () => {
      const wanted = fold(search.value.trim());
      for (const { group, options } of entries) {
        const kept = options.filter(({ option, folded }) => option.selected || folded.includes(wanted));
        group.replaceChildren(...kept.map(({ option }) => option));
      }
    });
  };

  const added = new Map();

  const addOnce = (address, make) => {
    if (!added.has(address)) {
      added.set(
        address,
        new Promise((resolve, reject) => {
          const element = make();
          element.addEventListener("load", resolve);
          element.addEventListener("error", reject);
          document.head.append(element);
        }),
      );
    }
    return added.get(address);
  };

  const script = (address) =>
    addOnce(address, () => Object.assign(document.createElement("script"), { src: address }));
  const sheet = (address) =>
    addOnce(address, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));

  const onMap = (holder) => {
    const button = holder.querySelector("[data-ward-map]");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const search = holder.querySelector("input[type=search]");
      search.value = "";
      search.dispatchEvent(new Event("input"));
      try {
        const { mapSheet, mapLibrary, mapScript } = holder.dataset;
        await Promise.all([sheet(mapSheet), script(mapLibrary).then(() => script(mapScript))]);
        await window.khuevanWardMap(holder.querySelector("select"), button, holder);
      } catch {
        button.hidden = true;
      }
    });
  };

  // --- Characters and heights -------------------------------------------------------------------------------

  const countable = (area) => {
    const place = document.querySelector(`[data-count-for="${CSS.escape(area.id)}"]`);
    if (!place) return;
    place.hidden = false;
    const count = () => {
      const length = [...area.value.trim()].length;
      place.querySelector("[data-count]").textContent = String(length);
      place.classList.toggle("text-danger", length > Number(area.dataset.limit));
    };
    area.addEventListener("input", count);
    count();
  };

  const growing = (area) => {
    const grow = () => {
      const needed = Math.min(30, Math.max(area.rows, area.value.split("\n").length + 1));
      if (area.rows !== needed) area.rows = needed;
    };
    area.addEventListener("input", grow);
    grow();
  };

  const grouped = (input) => {
    input.addEventListener("blur", () => {
      const plain = plainNumber(input.value.trim());
      if (/^\d{5,15}$/.test(plain)) {
        input.value = new Intl.NumberFormat(document.documentElement.lang || "vi").format(Number(plain));
      }
    });
  };

  const enhance = (scope) => {
    scope.querySelectorAll("[data-ward]").forEach(narrowable);
    scope.querySelectorAll("[data-ward]").forEach(onMap);
    scope.querySelectorAll("textarea[data-limit]").forEach(countable);
    scope.querySelectorAll("textarea[data-grows]").forEach(growing);
    scope.querySelectorAll("input[data-number=whole]").forEach(grouped);
  };

  // --- Leaving without saving -------------------------------------------------------------------------------

  let unsaved = false;

  const touched = (form) => {
    if (form && form.hasAttribute("data-keeps")) unsaved = true;
  };

  document.addEventListener("input", (event) => touched(event.target.closest("form")));
  document.addEventListener("submit", () => {
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  // --- Begin ------------------------------------------------------------------------------------------------

  for (const container of document.querySelectorAll("[data-questions]")) {
    enhance(container);
    container.querySelectorAll("[data-table]").forEach(numberRows);
    container.addEventListener("input", () => settle(container));
    container.addEventListener("change", () => settle(container));
    container.addEventListener("question-replaced", (event) => {
      enhance(event.target);
      event.target.querySelectorAll("[data-table]").forEach(numberRows);
      settle(container);
    });
    settle(container);
  }
})();
