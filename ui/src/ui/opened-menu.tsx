/** The menu itself, open from the moment it is there; its button takes the focus over from the one before. */
import { Menu as Opened } from "@mantine/core";
import { cloneElement } from "react";
import type { MenuEntry, MenuProps } from "./menu";

export default function OpenedMenu({ button, entries, position = "bottom-end" }: MenuProps) {
  return (
    <Opened position={position} withinPortal defaultOpened>
      <Opened.Target>{cloneElement(button, { autoFocus: true })}</Opened.Target>
      <Opened.Dropdown>
        {entries().map((entry) => (
          <Entry key={entry.key} entry={entry} />
        ))}
      </Opened.Dropdown>
    </Opened>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === "title") return <Opened.Label>{entry.words}</Opened.Label>;
  if (entry.kind === "line") return <Opened.Divider />;
  const { key, words, onClick, chosen, link } = entry;
  if (chosen !== undefined)
    return (
      <Opened.RadioItem value={key} checked={chosen} onChange={() => onClick?.()} closeMenuOnClick>
        {words}
      </Opened.RadioItem>
    );
  return (
    <Opened.Item {...(link ? { renderRoot: link } : {})} onClick={onClick}>
      {words}
    </Opened.Item>
  );
}
