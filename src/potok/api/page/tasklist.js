// Tasks as a list: on a phone, for large graphs, and for whoever reads with ears.

import { h, icon, setIcon } from "./dom.js";
import { stateWord } from "./words.js";

/** `element`, `paint(id, state, words)`, `select(id)`: the same face as the drawn graph. */
export function taskList(tasks, onSelect) {
  const rows = new Map();
  for (const task of tasks) {
    const words = h("span", { class: "mt" });
    const mark = icon("scheduled");
    const element = h(
      "li",
      { tabindex: 0, onclick: () => onSelect(task.task_id), onkeydown: (event) => { if (event.key === "Enter") onSelect(task.task_id); } },
      mark, h("b", {}, task.task_id), words,
    );
    rows.set(task.task_id, { element, words, mark });
  }
  const element = h("ul", { class: "tasks" }, [...rows.values()].map((row) => row.element));
  return {
    element,
    paint(id, state, words) {
      const row = rows.get(id);
      if (!row) return;
      row.element.className = state;
      setIcon(row.mark, state);
      row.words.textContent = words || stateWord(state);
    },
    connect() {},
    select(id) {
      for (const [name, row] of rows) row.element.setAttribute("aria-current", String(name === id));
    },
  };
}
