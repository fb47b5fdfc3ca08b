/** What a person may do about it; what costs something says so before the click. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { PoolForm } from "../../../ui/capacity/pool-form";
import { Chip } from "../../../ui/chip";
import { useCancelRun, type Waiting, type WayOut } from "../api/queries";
import styles from "./ways-out.module.css";

export function WaysOut({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation("waiting");
  return (
    <section className={styles.ways} aria-label={t("ways")}>
      <h3 className={styles.title}>{t("ways")}</h3>
      {waiting.ways_out.map((way) => (
        <Way key={`${way.action} ${way.name} ${way.run_id}`} way={way} waiting={waiting} />
      ))}
    </section>
  );
}

function Way({ way, waiting }: { way: WayOut; waiting: Waiting }) {
  const { t } = useTranslation("waiting");
  switch (way.action) {
    case "raise_pool": {
      const pool = waiting.conditions.find((one) => one.name === "pool");
      const slots = Number(pool?.why.values.slots ?? 0);
      return <PoolForm key={`${slots}`} name={way.name} slots={slots} offered={way.slots} />;
    }
    case "cancel_run":
      return <CancelHolder way={way} />;
    case "serve_queue":
      return <p>{t("way.queue", { queue: way.name })}</p>;
    case "raise_dag_limit":
      return (
        <p>
          {t("way.dag")}{" "}
          <Link to="/dags/$dag/$tab" params={{ dag: way.name || waiting.dag_id, tab: "code" }}>
            {way.name || waiting.dag_id}
          </Link>
        </p>
      );
    case "raise_workers":
      return <p>{t("way.workers", { n: way.slots - 1 })}</p>;
    default:
      return null;
  }
}

/** Asks once more: a cancelled run has to be started again by hand. */
function CancelHolder({ way }: { way: WayOut }) {
  const { t } = useTranslation("waiting");
  const [asked, setAsked] = useState(false);
  const cancel = useCancelRun(way.run_id);
  if (cancel.isSuccess) return <p role="status">{t("way.cancelled")}</p>;
  return (
    <div className={styles.cancel}>
      <p>
        {t("way.holds")} <Chip>{way.task_id || way.run_id}</Chip>
      </p>
      {asked ? (
        <span className={styles.buttons}>
          <Button color="failed" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("way.cancelSure")}
          </Button>
          <Button variant="default" onClick={() => setAsked(false)}>
            {t("way.keep")}
          </Button>
        </span>
      ) : (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t("way.cancel")}
        </Button>
      )}
      {cancel.isError ? <p role="alert">{asProblem(cancel.error).detail}</p> : null}
    </div>
  );
}
