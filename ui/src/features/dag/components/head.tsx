/** The sentence of the DAG, its actions and their keys. */
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { KeyHint } from "../../../ui/key-hint";
import { Headline, useTitle } from "../../../ui/page";
import type { State } from "../../../ui/state";
import { StateIcon } from "../../../ui/state-icon";
import { useKeys } from "../../../ui/use-keys";
import { usePause } from "../api/actions";
import type { DagView, Standing } from "../model/types";
import styles from "./head.module.css";
import { Second, useVerdict, Verdict } from "./headline";
import { PauseDialog } from "./pause-dialog";
import { Triggers } from "./triggers";

export function Head({ view, standing }: { view: DagView; standing: Standing | undefined }) {
  const { t } = useTranslation("dag");
  const { dag } = view;
  const startsByItself = Boolean(dag.schedule) || (view.triggers ?? []).length > 0;
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const pause = usePause(dag.dag_id);
  const failed = standing?.code === "failed" ? standing.run : null;
  const verdict = useVerdict(dag, standing);
  useTitle(verdict ? `${dag.dag_id} ${verdict}` : dag.dag_id);
  const open = () => {
    const run = failed ?? standing?.active ?? standing?.run;
    if (run) void navigate({ to: "/runs/$run", params: { run: run.run_id }, search: {} });
  };
  const trigger = () => void navigate({ to: "/dags/$dag/$tab", params: { dag: dag.dag_id, tab: "trigger" } });
  const turn = () => {
    if (!startsByItself) return;
    if (dag.paused) pause.mutate({ pause: false, note: "" });
    else setAsking(true);
  };
  useKeys({ KeyO: open, KeyT: trigger, KeyP: turn }, { enabled: !asking });
  const actions = (
    <>
      {failed ? (
        <Button onClick={open} className={styles.main ?? ""}>
          {t("action.openFailed")}
        </Button>
      ) : null}
      <Button variant={failed ? "default" : "filled"} onClick={trigger} disabled={!dag.present}>
        {t("action.trigger")}
      </Button>
      {startsByItself ? (
        <Button variant="default" onClick={turn} loading={pause.isPending}>
          {t(dag.paused ? "action.goOn" : "action.pause")}
        </Button>
      ) : null}
    </>
  );
  return (
    <>
      <Headline
        icon={standing?.run ? <StateIcon state={iconOf(standing)} size={26} /> : null}
        second={<Second view={view} standing={standing} />}
        actions={
          <div className={styles.side}>
            <div className={styles.buttons}>{actions}</div>
            <p className={styles.keys} aria-hidden="true">
              {standing?.run ? (
                <>
                  <KeyHint>O</KeyHint> {t("key.open")} ·{" "}
                </>
              ) : null}
              <KeyHint>T</KeyHint> {t("key.trigger")}
              {startsByItself ? (
                <>
                  {" "}
                  · <KeyHint>P</KeyHint> {t("key.pause")}
                </>
              ) : null}
            </p>
          </div>
        }
      >
        <Verdict dag={dag} standing={standing} />
      </Headline>
      <Triggers view={view} />
      {dag.import_error ? (
        <p className={styles.broken} role="alert">
          {t("head.importError")} <code>{dag.import_error.location}</code>: {dag.import_error.message}
        </p>
      ) : null}
      {pause.isError ? (
        <p className={styles.broken} role="alert">
          {asProblem(pause.error).detail}
        </p>
      ) : null}
      <div className={styles.bar}>{actions}</div>
      <PauseDialog
        opened={asking}
        dag={dag.dag_id}
        onClose={() => setAsking(false)}
        onPause={(note) => {
          setAsking(false);
          pause.mutate({ pause: true, note });
        }}
      />
    </>
  );
}

function iconOf(standing: Standing): State {
  return standing.run?.state ?? "scheduled";
}
