/** Params as fields of a form: what the JSON schema says of each, and the text in a field as a value. Pure. */

export interface ParamField {
  name: string;
  kind: "text" | "number" | "integer" | "flag" | "choice" | "json";
  title: string;
  choices: readonly string[];
  value: unknown;
}

export function paramFields(
  schema: Readonly<Record<string, unknown>>,
  params: Readonly<Record<string, unknown>>,
): ParamField[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = [...new Set([...Object.keys(properties), ...Object.keys(params)])];
  return names.map((name) => {
    const spec = isObject(properties[name]) ? properties[name] : {};
    const value = params[name] ?? spec.default ?? null;
    const choices = Array.isArray(spec.enum) ? spec.enum.filter((one) => typeof one === "string") : [];
    return {
      name,
      kind: kindOf(spec, value, choices),
      title: text(spec.description) || text(spec.title),
      choices,
      value,
    };
  });
}

function kindOf(spec: Record<string, unknown>, value: unknown, choices: readonly string[]): ParamField["kind"] {
  if (choices.length > 0) return "choice";
  const type = spec.type ?? (value === null ? "json" : typeof value);
  if (type === "integer" || type === "number" || type === "boolean") return type === "boolean" ? "flag" : type;
  return type === "string" ? "text" : "json";
}

/** The value as it stands in its field. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The text of a field as a value; null when it is none of its kind. */
export function fieldValue(kind: ParamField["kind"], given: string): { value: unknown } | null {
  if (kind === "text" || kind === "choice") return { value: given };
  if (kind === "flag") return { value: given === "true" };
  if (kind === "number" || kind === "integer") {
    const found = Number(given.trim().replace(",", "."));
    const isOne = given.trim() !== "" && Number.isFinite(found) && (kind === "number" || Number.isInteger(found));
    return isOne ? { value: found } : null;
  }
  try {
    return { value: JSON.parse(given) as unknown };
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
