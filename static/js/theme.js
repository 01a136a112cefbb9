// Before the first paint: follow the system where the reader chose no theme.
(function () {
  var root = document.documentElement;
  if (!root.dataset.bsTheme && window.matchMedia("(prefers-color-scheme: dark)").matches) {
    root.dataset.bsTheme = "dark";
  }
})();
