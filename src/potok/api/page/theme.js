// Runs before first paint: the system's theme, or the one that was chosen in this browser.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem("potok-theme"); } catch { /* storage may be forbidden */ }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { document.documentElement.dataset.theme = chosen || (dark.matches ? "dark" : "light"); };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("click", (event) => {
    if (!event.target.closest("#theme")) return;
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("potok-theme", chosen); } catch { /* then it holds for this page */ }
    apply();
  });
})();
