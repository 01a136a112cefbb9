// The map of a park: what lies in view is asked for as one moves; the address keeps what is seen and chosen.
(() => {
  "use strict";

  const part = document.querySelector("[data-park-map]");
  if (!part || !window.L) return;
  const words = part.dataset;
  const colouring = part.querySelector("[data-map-colouring]");
  const level = part.querySelector("[data-map-level]");
  const note = part.querySelector("[data-map-note]");
  const MOST = 5000;
  part.hidden = false;

  const swatchOf = (key, value) => {
    const swatch = part.querySelector(`[data-legend="${key}"] [data-swatch="${value}"]`);
    return swatch ? getComputedStyle(swatch).backgroundColor : "#c9d0d8";
  };
  const colours = {};
  part.querySelectorAll("[data-legend]").forEach((list) => {
    const key = list.dataset.legend;
    list.hidden = false;
    colours[key] = {};
    list.querySelectorAll("[data-swatch]").forEach((one) => { colours[key][one.dataset.swatch] = swatchOf(key, one.dataset.swatch); });
    list.hidden = key !== colouring.value;
  });

  const expiry = (until) => {
    if (!until) return "none";
    const months = (new Date(until) - Date.now()) / 2629800000;
    return months <= 6 ? "6" : months <= 24 ? "24" : months <= 60 ? "60" : "later";
  };

  const colourOf = (facts) => {
    if (colouring.value === "use") return colours.use[facts.use];
    if (facts.status === null) return null;
    return colouring.value === "expiry" ? colours.expiry[expiry(facts.until)] : colours.status[facts.status];
  };

  const isSought = (facts) => (!words.status || facts.status === words.status) && (!words.use || facts.use === words.use);

  const styleOf = (feature) => {
    const facts = feature.properties;
    const colour = colourOf(facts);
    if (facts.kind === "park") return { color: "#8c1c13", weight: 2, fill: false, interactive: false };
    const isFrame = facts.kind === "zone" || colour === null;
    const isChosen = facts.code === words.chosen;
    return {
      color: isChosen ? "#8c1c13" : "#46505c",
      weight: isChosen ? 4 : facts.kind === "zone" ? 1.5 : 1,
      dashArray: facts.status === "planned" ? "4 4" : null,
      fillColor: colour || "#ffffff",
      fillOpacity: isFrame ? (colouring.value === "use" ? 0.25 : 0.08) : isSought(facts) ? 0.75 : 0.12,
    };
  };

  const said = document.documentElement.lang;
  const day = (iso) => {
    const month = said === "vi" ? "2-digit" : "long";
    return new Date(`${iso}T00:00`).toLocaleDateString(said === "en" ? "en-GB" : said, { day: said === "vi" ? "2-digit" : "numeric", month, year: "numeric" });
  };
  const area = (text) => `${Number(text).toLocaleString(said)} m²`;

  const popupOf = (feature) => {
    const facts = feature.properties;
    const box = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = facts.name || facts.code;
    const told = document.createElement("p");
    const legend = part.querySelector(`[data-legend="status"] [data-swatch="${facts.status}"]`);
    const lines = [facts.code, legend ? legend.parentElement.textContent : "", facts.usable ? area(facts.usable) : ""];
    if (facts.free && facts.free !== "0" && facts.free !== facts.usable) lines.push(`${area(facts.free)} ${words.free}`);
    if (facts.until) lines.push(`${words.until} ${day(facts.until)}`);
    told.textContent = lines.filter(Boolean).join(" · ");
    const link = document.createElement("a");
    link.href = words.spacePage.replace("CODE", encodeURIComponent(facts.code));
    link.textContent = words.open;
    box.append(title, told, link);
    return box;
  };

  const map = L.map(part.querySelector("[data-map-place]"), { preferCanvas: true, attributionControl: false, maxZoom: 22 });
  let shown = null;
  let asked = 0;

  const choose = (code) => {
    words.chosen = code;
    const address = new URL(window.location.href);
    address.searchParams.set("space", code);
    history.replaceState(null, "", address);
    document.querySelectorAll("tr[data-code]").forEach((row) => row.classList.toggle("is-chosen", row.dataset.code === code));
    if (shown) shown.setStyle(styleOf);
  };

  const draw = (facts) => {
    if (shown) shown.remove();
    shown = L.geoJSON(facts, {
      style: styleOf,
      onEachFeature: (feature, layer) => {
        if (feature.properties.kind === "park") return;
        if (feature.properties.kind === "zone") layer.bindTooltip(feature.properties.name, { sticky: true });
        else layer.bindPopup(() => popupOf(feature), { autoPan: false });
        layer.on("click", () => feature.properties.kind !== "zone" && choose(feature.properties.code));
      },
    }).addTo(map);
    part.dataset.drawn = String(facts.features.length);
    note.textContent = facts.features.length >= MOST ? words.more : "";
  };

  const kindsInView = () => {
    const width = map.distance(map.getBounds().getNorthWest(), map.getBounds().getNorthEast());
    if (width > 2500) return "zone,plot";
    return width > 700 ? "zone,plot,building" : "zone,plot,building,unit,desk";
  };

  const look = async () => {
    const turn = ++asked;
    const box = map.getBounds().pad(0.1).toBBoxString();
    try {
      const answer = await fetch(`${words.spaces}?${new URLSearchParams({ box, kinds: kindsInView(), level: level.value || "1" })}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const facts = await answer.json();
      if (turn === asked && !map._popup?.isOpen()) draw(facts);
    } catch {
      if (turn === asked) note.textContent = words.failed;
    }
  };

  const sides = words.box.split(",").map(Number);
  let waiting = 0;
  const lookSoon = () => { clearTimeout(waiting); waiting = setTimeout(look, asked ? 120 : 0); };
  map.on("moveend", lookSoon);
  map.on("popupclose", lookSoon);
  const showAll = () => map.fitBounds([[sides[1], sides[0]], [sides[3], sides[2]]]);
  colouring.addEventListener("change", () => {
    part.querySelectorAll("[data-legend]").forEach((list) => { list.hidden = list.dataset.legend !== colouring.value; });
    const address = new URL(window.location.href);
    address.searchParams.set("colour", colouring.value);
    history.replaceState(null, "", address);
    if (shown) shown.setStyle(styleOf);
  });
  level.addEventListener("change", look);

  const goTo = async (code) => {
    const answer = await fetch(`/api/v1/spaces/${encodeURIComponent(code)}`);
    const facts = answer.ok ? await answer.json() : {};
    if (facts.level) level.value = facts.level;
    if (facts.geometry) map.fitBounds(L.geoJSON(facts.geometry).getBounds().pad(1.5));
    else showAll();
  };
  if (words.chosen) goTo(words.chosen).catch(showAll);
  else showAll();
  window.drawWards(map, words.wards);
})();
