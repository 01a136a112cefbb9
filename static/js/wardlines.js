// The lines of the city's wards under a map of parks.
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

  const draw = async (map, address) => {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const facts = await answer.json();
    map.createPane("wards").style.zIndex = 250;
    const style = { pane: "wards", renderer: L.canvas({ pane: "wards" }), color: "#8b95a3", weight: 1, fill: false, interactive: false };
    for (const polygons of Object.values(facts.wards)) {
      L.polygon(polygons.map((rings) => rings.map((steps) => pathOf(steps, facts.scale))), style).addTo(map);
    }
  };

  window.drawWards = (map, address) => draw(map, address).catch(() => {});
})();
