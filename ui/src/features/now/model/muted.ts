/** What a mute is about, by its key: `failed:orders:1a2b`, `late:orders`, `dag:orders`, `import_error:a.py`. Pure. */
export interface MutedThing {
  kind: string;
  name: string;
}

export function mutedThing(key: string): MutedThing {
  const at = key.indexOf(":");
  const kind = key.slice(0, Math.max(0, at));
  const rest = key.slice(at + 1);
  // The signature of an error says nothing to a person.
  const end = kind === "failed" ? rest.lastIndexOf(":") : -1;
  return { kind, name: end > 0 ? rest.slice(0, end) : rest };
}
