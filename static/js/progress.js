// A page on long work looks again by itself while something waits; without this there is a link to do so.
(function () {
  "use strict";
  var waiting = document.querySelector("[data-reload-while-waiting]");
  if (!waiting) { return; }
  var pause = Number(waiting.dataset.reloadWhileWaiting);

  function look() {
    fetch(location.href, { headers: { Accept: "text/html" } })
      .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status))); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.getElementById(waiting.id);
        if (!fresh) { return; }
        document.title = page.title;
        waiting.replaceWith(fresh);
        waiting = fresh;
        if (fresh.dataset.reloadWhileWaiting) { setTimeout(look, pause); }
      })
      .catch(function () { setTimeout(look, pause * 5); });
  }
  setTimeout(look, pause);
})();
