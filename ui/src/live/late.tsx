/** A component whose code comes late, but is drawn at once when it is there: `lazy` shows its fallback even then, and long. */
import { type ComponentType, lazy, useState } from "react";
import { part } from "./part";

export type Late<Props> = ComponentType<Props> & {
  /** Brings the code before it is wanted. */
  warm: () => void;
};

export function late<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>): Late<Props> {
  let found: ComponentType<Props> | null = null;
  const loadOnce = async () => {
    const code = await load();
    found = code.default;
    return code;
  };
  const Awaited = lazy(part(loadOnce)) as unknown as ComponentType<Props>;
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each part, not while one is drawn
  function Shown(props: Props) {
    // Chosen when it is first drawn: another component in its place would begin anew.
    const [Code] = useState<ComponentType<Props>>(() => found ?? Awaited);
    return <Code {...props} />;
  }
  return Object.assign(Shown, { warm: () => void loadOnce().catch(() => undefined) });
}
