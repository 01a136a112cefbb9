// In a list, the arrow keys go from row to row; Enter opens, as on any link.
(function () {
  "use strict";
  document.querySelectorAll("[data-row-keys]").forEach(function (list) {
    list.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") { return; }
      var links = Array.from(list.querySelectorAll("[data-row-link]"));
      var next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (links[next]) { event.preventDefault(); links[next].focus(); }
    });
  });

  // One box above the column chooses all rows or none; without scripts a button does.
  document.querySelectorAll("[data-choose-all]").forEach(function (list) {
    var boxes = Array.from(list.querySelectorAll("tbody input[type=checkbox][name=case]"));
    var place = list.querySelector("thead .queue-choice");
    if (!place || !boxes.length) { return; }
    var all = document.createElement("input");
    all.type = "checkbox";
    all.className = "form-check-input";
    all.setAttribute("aria-label", list.dataset.chooseAll);
    place.replaceChildren(all);
    all.addEventListener("change", function () { boxes.forEach(function (box) { box.checked = all.checked; }); });
    list.addEventListener("change", function () {
      var chosen = boxes.filter(function (box) { return box.checked; }).length;
      all.checked = chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    });
  });
})();
