// The tracking page asks again every two minutes while somebody looks at it; without this there is a button to do so.
(function () {
  "use strict";
  var form = document.querySelector("form[data-look-again]");
  if (!form) { return; }
  var pause = Number(form.dataset.lookAgain);
  var told = document.getElementById("followed-news");

  function look() {
    if (document.hidden) { return; }
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) {
        var fresh = text && new DOMParser().parseFromString(text, "text/html").getElementById("followed");
        var shown = document.getElementById("followed");
        if (!fresh || fresh.innerHTML === shown.innerHTML) { return; }
        shown.replaceWith(fresh);
        told.textContent = told.dataset.words;
      })
      .catch(function () { return null; });
  }
  setInterval(look, pause);
})();
