// Vacant spaces on a map: a mark for each park from afar, the spaces coloured by use from near.
(() => {
  "use strict";

  const part = document.querySelector("[data-vacancy-map]");
  if (!part || !window.L) return;
  const words = part.dataset;
  const note = part.querySelector("[data-map-note]");
  const NEAR = 13;
  part.hidden = false;

  const colours = {};
  part.querySelectorAll("[data-swatch]").forEach((one) => { colours[one.dataset.swatch] = getComputedStyle(one).backgroundColor; });
  const titleOf = (use) => part.querySelector(`[data-swatch="${use}"]`)?.parentElement.textContent.trim() || "";
  const map = L.map(part.querySelector("[data-map-place]"), { preferCanvas: true, attributionControl: false, maxZoom: 21 });

  const popupOf = ({ properties: facts }) => {
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = facts.name || facts.code;
    const told = document.createElement("p");
    told.textContent = [facts.code, titleOf(facts.use), `${Number(facts.free_m2).toLocaleString(document.documentElement.lang)} m² ${words.free}`].filter(Boolean).join(" · ");
    const link = document.createElement("a");
    link.href = words.spacePage.replace("CODE", encodeURIComponent(facts.code));
    link.textContent = words.open;
    box.append(title, told, link);
    return box;
  };

  const styleOf = ({ properties: facts }) => ({ color: "#46505c", weight: 1, fillColor: colours[facts.use], fillOpacity: 0.8 });

  const marksOf = (features) => {
    const parks = {};
    for (const { properties: facts } of features) {
      const at = L.latLng(Number(facts.latitude), Number(facts.longitude));
      const park = (parks[facts.park] ||= { count: 0, bounds: L.latLngBounds(at, at) });
      park.count += 1;
      park.bounds.extend(at);
    }
    return L.layerGroup(Object.values(parks).map(({ count, bounds }) => {
      const size = 26 + 6 * Math.min(4, String(count).length);
      const icon = L.divIcon({ className: "vacancy-mark", html: String(count), iconSize: [size, size] });
      const mark = L.marker(bounds.getCenter(), { icon, alt: `${count} ${words.many}`, title: `${count} ${words.many}` });
      return mark.on("click", () => map.fitBounds(bounds.pad(0.3)));
    }));
  };

  const show = (facts) => {
    const features = facts.features.filter((feature) => feature.geometry);
    part.dataset.drawn = String(features.length);
    if (!features.length) {
      map.setView([21.02, 105.8], 11);
      return;
    }
    const spaces = L.geoJSON(features, { style: styleOf, onEachFeature: (feature, layer) => layer.bindPopup(() => popupOf(feature)) });
    const marks = marksOf(features);
    const choose = () => {
      const isNear = map.getZoom() >= NEAR;
      if (isNear) map.addLayer(spaces).removeLayer(marks);
      else map.addLayer(marks).removeLayer(spaces);
    };
    map.on("zoomend", choose);
    map.fitBounds(spaces.getBounds().pad(0.1));
    choose();
  };

  window.drawWards(map, words.wards);
  fetch(words.vacancies)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(show)
    .catch(() => { note.textContent = words.failed; });
})();
