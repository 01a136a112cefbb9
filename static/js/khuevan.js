// Small comforts; every page works without them.
(function () {
  "use strict";

  // The side navigation and the tools at the top are unfolded where there is room for them.
  document.querySelectorAll("[data-open-wide]").forEach(function (fold) {
    var wide = window.matchMedia("(min-width: " + fold.dataset.openWide + ")");
    function follow() { fold.open = wide.matches; }
    follow();
    wide.addEventListener("change", follow);
  });

  // A summary of errors takes the focus, so that it is read out and the keyboard is there.
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  // A menu closes with Escape or a click elsewhere.
  function openMenus() {
    return Array.prototype.filter.call(document.querySelectorAll("details.menu[open], details.top-fold[open]"), function (menu) {
      return menu.querySelector("summary").offsetParent; // not the one that is laid out as a row
    });
  }
  document.addEventListener("click", function (event) {
    openMenus().forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    openMenus().forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // The theme changes at once; the cookie makes it stay.
  document.querySelectorAll("form.theme button").forEach(function (button) {
    button.addEventListener("click", function (event) {
      event.preventDefault();
      document.documentElement.dataset.bsTheme = button.value;
      document.cookie = "theme=" + button.value + ";path=/;max-age=31536000;samesite=lax" +
        (location.protocol === "https:" ? ";secure" : "");
    });
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.submitter && event.submitter.formTarget === "_blank") { return; } // a preview in another window
    if (form.method === "get" || form.dataset.sent) {
      if (form.dataset.sent) { event.preventDefault(); }
      return;
    }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // "/" goes to the search field of a list.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { return; }
    var field = document.querySelector("[data-focus-key='/']");
    if (field) { event.preventDefault(); field.focus(); }
  });
})();
