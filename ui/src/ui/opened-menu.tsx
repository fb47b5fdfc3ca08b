/** The menu itself, opened as soon as it is there; its button takes the focus over from the one before. */
import { Menu as Opened } from "@mantine/core";
import { cloneElement, useEffect, useState } from "react";
import type { MenuEntry, MenuProps } from "./menu";

export default function OpenedMenu({ button, entries, position = "bottom-end" }: MenuProps) {
  const [opened, setOpened] = useState(false);
  // After its button has got the focus, for there it comes back to.
  useEffect(() => setOpened(true), []);
  return (
    <Opened position={position} withinPortal opened={opened} onChange={setOpened}>
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
