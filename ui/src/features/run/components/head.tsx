/** The sentence with its actions, the keys of the page, and the dialogs that they open. */
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DagGraph, TaskInstance } from "../../../api/schema";
import { part } from "../../../live/part";
import { Headline } from "../../../ui/page";
import { StateIcon } from "../../../ui/state-icon";
import { useOnce } from "../../../ui/use-once";
import { useRetry } from "../api/actions";
import type { Go } from "../api/use-place";
import { useRunKeys } from "../api/use-run-keys";
import { useSaveFile } from "../api/use-save-file";
import { commandsOf } from "../model/copied";
import { isActive } from "../model/facts";
import { ordersOf } from "../model/orders";
import type { RunChanges, RunStory } from "../model/types";
import { Actions, type DialogName } from "./actions";
import styles from "./head.module.css";
import { MoreMenu } from "./more-menu";
import { PhoneBar } from "./phone-bar";
import { Advice, Verdict } from "./verdict";

const EditDialog = lazy(part(() => import("./edit-dialog")));
const OpenDialog = lazy(part(() => import("./open-dialog")));

interface HeadProps {
  story: RunStory;
  changes: RunChanges | undefined;
  graph: DagGraph | undefined;
  tasks: readonly TaskInstance[] | undefined;
  task: string;
  go: Go;
}

export function Head({ story, changes, graph, tasks, task, go }: HeadProps) {
  const { t } = useTranslation("run");
  const { run } = story;
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const asked = useOnce(dialog !== null && dialog !== "edit");
  const [copied, setCopied] = useState("");
  const retry = useRetry(run.run_id);
  const save = useSaveFile(story);
  const orders = ordersOf(story, task);
  const active = isActive(story);
  const schema = graph?.params ?? {};
  const hasParams = Object.keys(run.params).length > 0 || "properties" in schema;
  const onRetry = (names: readonly string[], downstream: boolean) => retry.mutate({ tasks: names, downstream });
  const onCopy = (form: "cli" | "curl") => {
    const text = commandsOf(story, task, document.baseURI)[form];
    void navigator.clipboard.writeText(text).then(() => setCopied(text));
  };
  useRunKeys({
    story,
    task,
    go,
    onCopy,
    onAsk: () => (active ? undefined : setDialog("ask")),
    isOpen: dialog !== null,
  });
  const close = () => setDialog(null);
  const more = (size: number) => (
    <MoreMenu
      story={story}
      hasParams={hasParams}
      canRetry={!active && orders.first !== null}
      onDialog={setDialog}
      onCopy={onCopy}
      onSave={save.save}
      size={size}
    />
  );
  const actions = {
    story,
    orders,
    task,
    hasParams,
    pending: retry.isPending,
    error: retry.error,
    onRetry,
    onDialog: setDialog,
  };
  return (
    <>
      <Headline
        icon={<StateIcon state={run.state} size={26} />}
        second={<Advice story={story} changes={changes} />}
        actions={<Actions {...actions} more={more(32)} />}
      >
        <Verdict story={story} />
      </Headline>
      <PhoneBar {...actions} more={more(44)} />
      <p className={styles.copied} role="status">
        {copied ? (
          <>
            {t("action.copied")} <code>{copied}</code>
          </>
        ) : null}
      </p>
      <Suspense fallback={null}>
        {asked ? (
          <OpenDialog
            dialog={dialog}
            onClose={close}
            run={run.run_id}
            task={task}
            order={orders.first}
            running={unfinished(tasks)}
            onRetry={onRetry}
          />
        ) : null}
        {dialog === "edit" ? (
          <EditDialog opened onClose={close} story={story} order={orders.first} schema={schema} />
        ) : null}
      </Suspense>
    </>
  );
}

function unfinished(tasks: readonly TaskInstance[] | undefined): number {
  return tasks?.filter((task) => task.ended_at === null || task.ended_at === undefined).length ?? 0;
}
