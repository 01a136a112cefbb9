// Pages of a document: the arrow keys turn them, also into the next portion, and the number says where one is.
// Without this script pages are scrolled and found by their number.
(() => {
  "use strict";

  const sheets = [...document.querySelectorAll("[data-sheet]")];
  const field = document.querySelector("[data-jump] input");
  const hint = document.querySelector("[data-keys-hint]");
  if (!sheets.length) return;
  if (hint) hint.hidden = !window.matchMedia("(hover: hover)").matches;

  const numberOf = (sheet) => Number(sheet.dataset.sheet);

  // The page whose upper half is nearest to the top of the window.
  const present = () => {
    const line = window.innerHeight / 3;
    return sheets.findLast((sheet) => sheet.getBoundingClientRect().top <= line) ?? sheets[0];
  };

  const show = (sheet) => {
    sheet.scrollIntoView({ block: "start", behavior: "instant" });
    sheet.focus({ preventScroll: true });
    if (field) field.value = numberOf(sheet);
  };

  const isInSight = (sheet) => {
    const { top, bottom } = sheet.getBoundingClientRect();
    return top < window.innerHeight && bottom > 0;
  };

  // Which page the reader is on; none above the first. The last ones may be too short to come to the top.
  const placeNow = () => {
    const focused = sheets.indexOf(document.activeElement);
    if (focused >= 0 && isInSight(sheets[focused])) return focused;
    return sheets[0].getBoundingClientRect().top > window.innerHeight / 3 ? -1 : sheets.indexOf(present());
  };

  const turn = (step) => {
    const place = placeNow();
    const next = sheets[place + step];
    if (next) return show(next);
    const link = document.querySelector(step > 0 ? "[data-further]" : "[data-earlier]");
    if (!link || (place < 0 && step < 0)) return undefined;
    const number = step > 0 ? numberOf(sheets[sheets.length - 1]) + 1 : numberOf(sheets[0]) - 1;
    window.location.assign(`${link.href}#page-${number}`);
    return undefined;
  };

  const isTyping = (target) => target.closest("input, select, textarea, summary, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || isTyping(event.target)) return;
    event.preventDefault();
    turn(step);
  });

  const tell = () => {
    if (field && document.activeElement !== field) field.value = numberOf(present());
  };
  document.addEventListener("scroll", tell, { passive: true });

  // Arriving from another portion, or by the address, the keyboard is on the page that was meant.
  const meant = sheets.find((sheet) => `#${sheet.id}` === window.location.hash);
  if (meant) show(meant);
})();
