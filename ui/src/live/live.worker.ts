/** Holds the browser's one event stream and tells every tab; hidden tabs are told what they missed when they are looked at. */
/// <reference lib="webworker" />
import type { FromTab, ToTab } from "./events";
import { Gathered } from "./gather";
import { Seats } from "./seats";
import { Stream } from "./stream";

interface Tab {
  port: MessagePort;
  visible: boolean;
  missed: Gathered;
  /** What it wants to keep open. */
  holders: Map<number, Holder>;
}

interface Holder {
  tab: Tab;
  id: number;
}

const tabs = new Set<Tab>();
const seats = new Seats<Holder>();
let stream: Stream | null = null;

const scope = self as unknown as SharedWorkerGlobalScope;
scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  const tab: Tab = { port, visible: true, missed: new Gathered(), holders: new Map() };
  tabs.add(tab);
  port.onmessage = (message: MessageEvent<FromTab>) => heard(tab, message.data);
  port.start();
};

function heard(tab: Tab, message: FromTab): void {
  switch (message.kind) {
    case "hello":
      stream ??= open(message.url);
      tell(tab, { kind: "connection", connection: stream.connection });
      return;
    case "visible":
      tab.visible = message.visible;
      if (tab.visible && !tab.missed.isEmpty) tell(tab, { kind: "events", events: tab.missed.take() });
      return;
    case "again":
      stream?.again();
      return;
    case "take":
      take(tab, message.id);
      return;
    case "leave":
      leave(tab, message.id);
      return;
    case "bye":
      for (const id of [...tab.holders.keys()]) leave(tab, id);
      tabs.delete(tab);
      if (tabs.size === 0) {
        stream?.close();
        stream = null;
      }
  }
}

function take(tab: Tab, id: number): void {
  const holder = tab.holders.get(id) ?? { tab, id };
  tab.holders.set(id, holder);
  const stopped = seats.take(holder);
  if (stopped) tell(stopped.tab, { kind: "end", id: stopped.id });
  tell(tab, { kind: "begin", id });
}

function leave(tab: Tab, id: number): void {
  const holder = tab.holders.get(id);
  if (!holder) return;
  tab.holders.delete(id);
  const next = seats.leave(holder);
  if (next) tell(next.tab, { kind: "begin", id: next.id });
}

function open(url: string): Stream {
  return new Stream(url, {
    events: (events) => {
      for (const tab of tabs) {
        if (tab.visible) tell(tab, { kind: "events", events });
        else tab.missed.add(events);
      }
    },
    connection: (connection) => {
      for (const tab of tabs) tell(tab, { kind: "connection", connection });
    },
  });
}

function tell(tab: Tab, message: ToTab): void {
  tab.port.postMessage(message);
}
