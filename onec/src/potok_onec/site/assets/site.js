/* Language, theme and search. Works from a folder: nothing is fetched, the index is a script that is added when needed. */
(() => {
  const root = document.documentElement;
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window */ } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  root.lang = recall("language") || (navigator.language.startsWith("ru") ? "ru" : "en");
  root.dataset.theme = recall("theme") || (dark.matches ? "dark" : "light");

  const letters = "а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х h ц c ч ch ш sh щ sch ъ _ ы i ь _ э e ю iu я ia".split(" ");
  const latin = new Map();
  for (let at = 0; at < letters.length; at += 2) latin.set(letters[at], letters[at + 1].replace("_", ""));
  const fold = (text) => [...text.toLowerCase()].map((c) => latin.get(c) ?? c).join("")
    .replaceAll("shch", "sch").replaceAll("kh", "h").replaceAll("ts", "c").replaceAll("y", "i").replaceAll("j", "i");
  const keys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", keysRu = "йцукенгшщзхъфывапролджэячсмитьбюё";
  const swap = (text) => [...text.toLowerCase()].map((c) => {
    const a = keys.indexOf(c), b = keysRu.indexOf(c);
    return a >= 0 ? keysRu[a] : b >= 0 ? keys[b] : c;
  }).join("");

  let rows = null, kinds = [], isAsked = false, ask = () => {};
  window.siteIndex = (index) => {
    kinds = index.kinds;
    rows = [];
    // an extension has objects of the same names as its base: the project tells them apart
    const noted = (path, ...notes) => [...notes, index.projects > 1 ? path.split("/")[0] : ""].filter(Boolean).join(" · ");
    for (const [kind, name, path, ...titles] of index.objects)
      rows.push({ kind, name, note: noted(path, ...titles), path, folded: fold(name + " " + titles.join(" ")), weight: 0 });
    for (const [kind, name, path, methods] of index.modules) {
      rows.push({ kind, name, note: noted(path), path, folded: fold(name), weight: 1 });
      for (const method of methods.split(" ")) if (method)
        rows.push({ kind, name: method, note: noted(path, name), path, anchor: method, folded: fold(method), weight: 2 });
    }
    ask();
  };
  const find = (query) => {
    const wanted = [...new Set([fold(query), fold(swap(query))])].filter(Boolean);
    const found = [];
    for (const row of rows) {
      let best = Infinity;
      wanted.forEach((each, turn) => {
        const at = row.folded.indexOf(each);
        if (at >= 0) best = Math.min(best, turn * 8 + (row.folded === each ? 0 : at === 0 ? 2 : 4) + row.weight);
      });
      if (best < Infinity) found.push([best, row]);
    }
    found.sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length || (a[1].name < b[1].name ? -1 : 1));
    return found.slice(0, 30).map((each) => each[1]);
  };
  const address = (up, row) => up + row.path.split("/").map(encodeURIComponent).join("/")
    + (row.anchor ? "#" + encodeURIComponent(row.anchor) : "");

  addEventListener("DOMContentLoaded", () => {
    const field = document.getElementById("search"), list = document.getElementById("found");
    const up = document.body.dataset.up;
    const speak = () => document.querySelectorAll("[data-ru]").forEach((each) => {
      const said = each.dataset[root.lang];
      each.setAttribute("aria-label", said);
      if (each.dataset.say) each.setAttribute(each.dataset.say, said);
    });
    speak();
    document.getElementById("language").onclick = () => {
      root.lang = root.lang === "ru" ? "en" : "ru"; keep("language", root.lang); speak(); ask();
    };
    document.getElementById("theme").onclick = () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"; keep("theme", root.dataset.theme);
    };
    ask = () => {
      const query = field.value.trim();
      list.hidden = !query || !rows;
      if (list.hidden) return;
      list.replaceChildren(...find(query).map((row) => {
        const item = document.createElement("a"), kind = document.createElement("small");
        const name = document.createElement("b"), note = document.createElement("span");
        item.href = address(up, row);
        kind.textContent = kinds[row.kind][root.lang === "ru" ? 0 : 1] + (row.anchor ? " ƒ" : "");
        name.textContent = row.name; note.textContent = row.note;
        item.append(kind, name, note);
        return item;
      }));
      if (!list.children.length) list.textContent = root.lang === "ru" ? "Ничего не найдено" : "Nothing found";
    };
    field.onfocus = field.oninput = () => {
      if (!isAsked) {
        isAsked = true;
        const script = document.createElement("script");
        script.src = up + "assets/index.js";
        document.head.append(script);
      }
      ask();
    };
    addEventListener("keydown", (event) => {
      if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
      if (event.key === "Escape") { list.hidden = true; field.blur(); }
      if (!["ArrowDown", "ArrowUp"].includes(event.key) || list.hidden) return;
      const items = [field, ...list.querySelectorAll("a")], at = items.indexOf(document.activeElement);
      if (at < 0) return;
      event.preventDefault();
      items[Math.max(0, Math.min(items.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") list.querySelector("a")?.click(); });
    document.addEventListener("click", (event) => { if (!event.target.closest(".search")) list.hidden = true; });
  });
})();
