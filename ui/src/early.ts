/** Asks for what the page at this address needs while the code that draws it is still on its way: a script of its own. */
import { basePath } from "./api/address";
import { askEarly } from "./api/early";
import { type Ask, firstAsks } from "./app/first-asks";
import { pageAt } from "./app/pages";
import { loadCatalogues } from "./i18n/loaders";
import { readPreferences } from "./preferences/kept";

const chosen = readPreferences();
const found = pageAt(location.pathname.slice(basePath().length - 1));
// What cannot be had here is asked for again by the page, which tells of it.
const ignored = () => undefined;
for (const code of [found?.page.load(), ...(found?.page.parts?.() ?? [])]) code?.catch(ignored);
loadCatalogues(chosen.language).catch(ignored);
if (found) {
  const { page, names } = found;
  for (const first of firstAsks(page.path, names, location.search, Date.now(), chosen.zone)) ask(first).catch(ignored);
}

async function ask({ path, query, onward }: Ask): Promise<void> {
  const answer = await askEarly(path, query);
  if (!onward || !answer.ok) return;
  for (const next of onward(await answer.clone().json())) ask(next).catch(ignored);
}
