/** Light colouring of code: comments, texts, keywords, numbers. Enough to read by; no parser. Pure. */

export interface Token {
  kind: "plain" | "comment" | "text" | "word" | "number" | "mark";
  text: string;
}

const PYTHON =
  /(#[^\n]*)|([rbfuRBFU]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|(@[\w.]+)|\b(False|None|True|and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b|\b(\d[\d_.]*(?:[eE][+-]?\d+)?)\b/g;
const PLAIN =
  /(#[^\n]*)|("(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(^[ \t]*[\w.-]+(?=:(?:\s|$)))|\b(true|false|null|yes|no|if|then|fi|for|do|done|case|esac|function|export|select|from|where|join|order|group|by|insert|update|delete)\b|\b(\d[\d_.]*)\b/gim;

const KINDS: readonly Token["kind"][] = ["comment", "text", "mark", "word", "number"];

/** One list of tokens a line. A text that spans lines keeps its colour on each of them. */
export function highlighted(code: string, path: string): Token[][] {
  const lines: Token[][] = [[]];
  const add = (kind: Token["kind"], text: string) => {
    text.split("\n").forEach((part, place) => {
      if (place > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ kind, text: part });
    });
  };
  let last = 0;
  for (const match of code.matchAll(path.endsWith(".py") ? PYTHON : PLAIN)) {
    add("plain", code.slice(last, match.index));
    const kind = KINDS.find((_, place) => match[place + 1] !== undefined) ?? "plain";
    add(kind, match[0]);
    last = match.index + match[0].length;
  }
  add("plain", code.slice(last));
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}
