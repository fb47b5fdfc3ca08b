/** Where the command palette and the list of keys open; both are loaded when they are first asked for. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { part } from "../live/part";
import { preferences } from "../preferences/preferences";
import { useKeys } from "../ui/use-keys";
import { useOnce } from "../ui/use-once";
import { setPalette, usePaletteIsOpen } from "./palette-gate";

const Palette = lazy(part(() => import("../features/palette/palette")));
const KeysHelp = lazy(part(() => import("../features/palette/keys-help")));

const SECTION_KEYS: Readonly<Record<string, string>> = {
  KeyN: "/",
  KeyD: "/dags",
  KeyR: "/runs",
  KeyW: "/workers",
};
const SECOND_KEY_MS = 1_200;

export function PaletteSlot() {
  const isOpen = usePaletteIsOpen();
  const [isHelpOpen, setHelp] = useState(false);
  const wasOpen = useOnce(isOpen);
  const wasHelpOpen = useOnce(isHelpOpen);
  const toggle = () => setPalette(!isOpen);
  const help = () => setHelp(true);
  useKeys({ "Ctrl+KeyK": toggle }, { always: true });
  useKeys({ "Shift+Slash": help });
  useGoKeys();
  return (
    <Suspense fallback={null}>
      {wasOpen ? <Palette isOpen={isOpen} onClose={() => setPalette(false)} /> : null}
      {wasHelpOpen ? <KeysHelp isOpen={isHelpOpen} onClose={() => setHelp(false)} /> : null}
    </Suspense>
  );
}

/** `G` and then a section's letter; the second key is taken before the page's own keys hear it. */
function useGoKeys(): void {
  const navigate = useNavigate();
  const until = useRef(0);
  const begin = () => {
    until.current = Date.now() + SECOND_KEY_MS;
  };
  useKeys({ KeyG: begin });
  useEffect(() => {
    const second = (event: KeyboardEvent) => {
      if (Date.now() > until.current || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = SECTION_KEYS[event.code];
      until.current = 0;
      if (to === undefined || !preferences().keys) return;
      event.preventDefault();
      event.stopPropagation();
      void navigate({ to });
    };
    addEventListener("keydown", second, true);
    return () => removeEventListener("keydown", second, true);
  }, [navigate]);
}
