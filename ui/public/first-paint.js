// Theme and language before the first paint; a file of its own because the Content-Security-Policy allows no inline script.
(() => {
  const root = document.documentElement;
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem("potok.preferences") || "{}");
  } catch {
    kept = {};
  }
  const dark = kept.theme === "dark" || (kept.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.mantineColorScheme = root.dataset.theme;
  const russian = navigator.languages.findIndex((language) => language.startsWith("ru"));
  const english = navigator.languages.findIndex((language) => language.startsWith("en"));
  const guess = russian >= 0 && (english < 0 || russian < english) ? "ru" : "en";
  root.lang = kept.language === "ru" || kept.language === "en" ? kept.language : guess;
})();
