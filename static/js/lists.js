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
})();
