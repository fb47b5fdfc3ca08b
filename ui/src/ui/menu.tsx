/** A button with a menu. Of the menu nothing is there before somebody is about to open it: lists have one in each row. */
import { cloneElement, lazy, type MouseEvent, type ReactElement, type ReactNode, Suspense, useState } from "react";
import { part } from "../live/part";

export type MenuEntry =
  | { kind: "title"; key: string; words: string }
  | { kind: "line"; key: string }
  | {
      kind: "item";
      key: string;
      words: ReactNode;
      onClick?: () => void;
      /** One of several of which one is chosen. */
      chosen?: boolean;
      /** For what opens an address: draws the link. */
      link?: (props: object) => ReactElement;
    };

export interface MenuButtonProps {
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  autoFocus?: boolean;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
}

export interface MenuProps {
  button: ReactElement<MenuButtonProps>;
  entries: () => readonly MenuEntry[];
  position?: "bottom-end" | "top-end";
}

const load = () => import("./opened-menu");
const OpenedMenu = lazy(part(load));
const warm = () => void load().catch(() => undefined);

export function Menu(props: MenuProps) {
  const [asked, setAsked] = useState(false);
  const closed = cloneElement(props.button, {
    "aria-haspopup": "menu",
    "aria-expanded": false,
    onClick: () => setAsked(true),
    onPointerEnter: warm,
    onFocus: warm,
  });
  if (!asked) return closed;
  return (
    <Suspense fallback={closed}>
      <OpenedMenu {...props} />
    </Suspense>
  );
}
