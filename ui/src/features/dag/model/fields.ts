/** The params of a DAG as fields of a form: what its JSON schema says, and what stands in a field as a value. Pure. */

export type FieldKind =
  | "text"
  | "date"
  | "instant"
  | "email"
  | "number"
  | "integer"
  | "flag"
  | "choice"
  | "list"
  | "json";

export interface Field {
  name: string;
  kind: FieldKind;
  description: string;
  required: boolean;
  /** What stands in the field at first. */
  initial: string;
  /** Values of a choice as they stand in the schema, by their text. */
  choices: ReadonlyMap<string, unknown>;
  schema: Readonly<Record<string, unknown>>;
}

/** Why a text is no value of its field: a code for the catalogue and its numbers. */
export interface Fault {
  code:
    | "required"
    | "number"
    | "integer"
    | "json"
    | "object"
    | "least"
    | "most"
    | "above"
    | "below"
    | "shortest"
    | "longest"
    | "pattern"
    | "email"
    | "date";
  limit?: string;
}

export type Read = { ok: true; value: unknown } | { ok: false; fault: Fault } | { ok: true; absent: true };

export function fieldsOf(schema: Readonly<Record<string, unknown>>): Field[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties).map(([name, given]) => {
    const spec = isObject(given) ? given : {};
    const choices = Array.isArray(spec.enum) ? spec.enum : [];
    const kind = kindOf(spec, choices);
    return {
      name,
      kind,
      description: text(spec.description) || text(spec.title),
      required: required.includes(name),
      initial: "default" in spec ? shown(kind, spec.default) : "",
      choices: new Map(choices.map((one) => [label(one), one])),
      schema: spec,
    };
  });
}

function kindOf(spec: Record<string, unknown>, choices: readonly unknown[]): FieldKind {
  if (choices.length > 0) return "choice";
  const type = Array.isArray(spec.type) ? spec.type.find((one) => one !== "null") : spec.type;
  switch (type) {
    case "integer":
    case "number":
      return type;
    case "boolean":
      return "flag";
    case "array":
      return isObject(spec.items) && spec.items.type === "string" ? "list" : "json";
    case "string":
      if (spec.format === "date") return "date";
      if (spec.format === "date-time") return "instant";
      return spec.format === "email" ? "email" : "text";
    default:
      return "json";
  }
}

/** A value as it stands in its field. */
export function shown(kind: FieldKind, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (kind === "choice") return label(value);
  if (kind === "list" && Array.isArray(value)) return value.map(String).join("\n");
  if (kind === "json") return JSON.stringify(value, null, 2);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function label(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a text in a field means. Left empty: nothing is given, and the default stands. */
export function read(field: Field, given: string): Read {
  if (given.trim() === "" && field.kind !== "flag") {
    // An empty text is a value where the default is a text that is not empty.
    if (field.kind === "text" && field.initial !== "") return within(field, "");
    if (field.kind === "list" && field.initial !== "") return { ok: true, value: [] };
    return field.required ? { ok: false, fault: { code: "required" } } : { ok: true, absent: true };
  }
  switch (field.kind) {
    case "flag":
      return { ok: true, value: given === "true" };
    case "choice":
      return { ok: true, value: field.choices.get(given) ?? given };
    case "list":
      return { ok: true, value: given.split("\n").filter((line) => line.trim() !== "") };
    case "number":
    case "integer":
      return number(field, given);
    case "json":
      return json(field, given);
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(given) ? { ok: true, value: given } : { ok: false, fault: { code: "date" } };
    case "email":
      return /^[^\s@]+@[^\s@]+$/.test(given) ? within(field, given) : { ok: false, fault: { code: "email" } };
    case "instant":
    case "text":
      return within(field, given);
  }
}

function number(field: Field, given: string): Read {
  const value = Number(given.trim().replace(",", "."));
  if (!Number.isFinite(value)) return { ok: false, fault: { code: "number" } };
  if (field.kind === "integer" && !Number.isInteger(value)) return { ok: false, fault: { code: "integer" } };
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = field.schema;
  if (typeof minimum === "number" && value < minimum) return fault("least", minimum);
  if (typeof maximum === "number" && value > maximum) return fault("most", maximum);
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) return fault("above", exclusiveMinimum);
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) return fault("below", exclusiveMaximum);
  return { ok: true, value };
}

function within(field: Field, value: string): Read {
  const { minLength, maxLength, pattern } = field.schema;
  if (typeof minLength === "number" && value.length < minLength) return fault("shortest", minLength);
  if (typeof maxLength === "number" && value.length > maxLength) return fault("longest", maxLength);
  if (typeof pattern === "string" && !matches(pattern, value)) return fault("pattern", pattern);
  return { ok: true, value };
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    // The server's expressions know more than the browser's: it will tell.
    return true;
  }
}

function json(field: Field, given: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    return { ok: false, fault: { code: "json" } };
  }
  return field.schema.type === "object" && !isObject(value)
    ? { ok: false, fault: { code: "object" } }
    : { ok: true, value };
}

function fault(code: Fault["code"], limit: number | string): Read {
  return { ok: false, fault: { code, limit: String(limit) } };
}

export interface Given {
  /** Only what differs from the defaults, or has none. */
  params: Record<string, unknown>;
  faults: ReadonlyMap<string, Fault>;
}

/** The whole form as params of a run. */
export function givenOf(fields: readonly Field[], texts: Readonly<Record<string, string>>): Given {
  const params: Record<string, unknown> = {};
  const faults = new Map<string, Fault>();
  for (const field of fields) {
    const found = read(field, texts[field.name] ?? field.initial);
    if (!found.ok) faults.set(field.name, found.fault);
    else if ("value" in found && JSON.stringify(found.value) !== JSON.stringify(field.schema.default))
      params[field.name] = found.value;
  }
  return { params, faults };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
