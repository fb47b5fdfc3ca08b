// Makes elements. Texts only ever become text nodes: nothing that a user wrote can turn into markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);
export const s = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

/** A state's icon; `label` names it where no word stands beside it. */
export function icon(state, { size = "", label = "" } = {}) {
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return s("svg", { class: `i ${size}`, viewBox: "0 0 16 16", ...named }, s("use", { href: `#i-${state}` }));
}

export function setIcon(svg, state) {
  svg.querySelector("use").setAttribute("href", `#i-${state}`);
}

/** A sentence whose `names in backticks` are set as code. */
export function marked(sentence) {
  return sentence.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
}
