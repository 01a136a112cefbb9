// Choosing a ward on a map: a dialog that sets the same list. Loaded, with Leaflet, when it is first asked for.
(() => {
  "use strict";

  const pathOf = (steps, scale) => {
    let east = 0;
    let north = 0;
    const path = [];
    for (let at = 0; at < steps.length; at += 2) {
      east += steps[at];
      north += steps[at + 1];
      path.push([north / scale, east / scale]);
    }
    return path;
  };

  const HANOI = [21.0, 105.8];
  const STYLES = {
    plain: { weight: 1, color: "#6b7480", fillColor: "#9fb4cc", fillOpacity: 0.25 },
    hovered: { weight: 2, color: "#1d2430", fillColor: "#9fb4cc", fillOpacity: 0.55 },
    chosen: { weight: 2.5, color: "#8c1c13", fillColor: "#8c1c13", fillOpacity: 0.45 },
  };

  const makeDialog = (words) => {
    const dialog = document.createElement("dialog");
    dialog.className = "ward-dialog";
    dialog.setAttribute("aria-label", words.mapTitle);
    const place = document.createElement("div");
    place.className = "ward-map";
    const foot = document.createElement("div");
    foot.className = "ward-dialog-foot";
    const named = document.createElement("p");
    named.setAttribute("role", "status");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-primary";
    close.textContent = words.mapDone;
    close.addEventListener("click", () => dialog.close());
    const notice = document.createElement("p");
    notice.className = "ward-notice";
    foot.append(named, close, notice);
    dialog.append(place, foot);
    document.body.append(dialog);
    return { dialog, place, named, notice };
  };

  let shown = null;
  let select = null;
  let before = null;

  const nameOf = (code) => {
    const option = select.querySelector(`option[value="${CSS.escape(code)}"]`);
    return option ? option.textContent : code;
  };

  const paint = () => {
    for (const [code, layer] of shown.layers) {
      layer.setStyle(code === select.value ? STYLES.chosen : STYLES.plain);
      if (code === select.value) layer.bringToFront();
    }
    shown.named.textContent = select.value ? nameOf(select.value) : shown.words.mapHint;
  };

  const choose = (code) => {
    select.value = code;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    paint();
  };

  const build = (words, facts) => {
    const parts = makeDialog(words);
    const map = L.map(parts.place, { attributionControl: false, minZoom: 8, maxZoom: 15 });
    map.setView(HANOI, 9);
    const layers = new Map();
    for (const [code, polygons] of Object.entries(facts.wards)) {
      const shape = polygons.map((rings) => rings.map((steps) => pathOf(steps, facts.scale)));
      const layer = L.polygon(shape, STYLES.plain).addTo(map);
      layer.bindTooltip(() => nameOf(code), { sticky: true });
      layer.on("mouseover", () => code !== select.value && layer.setStyle(STYLES.hovered));
      layer.on("mouseout", () => code !== select.value && layer.setStyle(STYLES.plain));
      layer.on("click", () => choose(code));
      layer.getElement().dataset.code = code;
      layers.set(code, layer);
    }
    parts.notice.textContent = facts.notice;
    parts.dialog.addEventListener("close", () => before.focus());
    return { ...parts, words, map, layers };
  };

  const look = () => {
    const chosen = shown.layers.get(select.value);
    const whole = L.featureGroup([...shown.layers.values()]).getBounds();
    shown.map.invalidateSize();
    shown.map.fitBounds(chosen ? chosen.getBounds().pad(2) : whole);
  };

  window.khuevanWardMap = async (list, button, holder) => {
    select = list;
    before = button;
    if (!shown) {
      const answer = await fetch(holder.dataset.mapFacts);
      if (!answer.ok) throw new Error(`the map answered ${answer.status}`);
      shown = build(holder.dataset, await answer.json());
    }
    shown.dialog.showModal();
    look();
    paint();
  };
})();
