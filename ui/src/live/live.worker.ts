/** Holds the browser's one event stream and tells every tab; hidden tabs are told what they missed when they are looked at. */
/// <reference lib="webworker" />
import type { FromTab, ToTab } from "./events";
import { Gathered } from "./gather";
import { Stream } from "./stream";

interface Tab {
  port: MessagePort;
  visible: boolean;
  missed: Gathered;
}

const tabs = new Set<Tab>();
let stream: Stream | null = null;

const scope = self as unknown as SharedWorkerGlobalScope;
scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  const tab: Tab = { port, visible: true, missed: new Gathered() };
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
    case "bye":
      tabs.delete(tab);
      if (tabs.size === 0) {
        stream?.close();
        stream = null;
      }
  }
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
