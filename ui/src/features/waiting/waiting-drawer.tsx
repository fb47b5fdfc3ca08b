/** Why a task does not run yet: the one thing it waits for, who holds it, and what a person may do. */
import { CloseButton, Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../live/use-live";
import { roughly } from "../../time/format";
import { useNow } from "../../time/now";
import { Chip } from "../../ui/chip";
import { Failure, Loading } from "../../ui/panel-states";
import { Sentence } from "../../ui/sentence";
import { hasEnded } from "../../ui/state";
import { StateIcon } from "../../ui/state-icon";
import { Ago, Length } from "../../ui/when";
import { type Waiting, waitingKey, waitingQuery } from "./api/queries";
import { ConditionCard } from "./components/condition-card";
import { MetList } from "./components/met-list";
import { WaysOut } from "./components/ways-out";
import styles from "./waiting-drawer.module.css";

interface WaitingDrawerProps {
  run: string;
  task: string;
  onClose: () => void;
}

export default function WaitingDrawer({ run, task, onClose }: WaitingDrawerProps) {
  const { t } = useTranslation("waiting");
  const isPhone = useMediaQuery("(max-width: 720px)");
  const waiting = useQuery(waitingQuery(run, task));
  useLiveRefresh(waitingKey(run, task), (event) => event.type === "task" || event.type === "run");
  const heading = waiting.data && waiting.data.conditions.length === 0 ? t("titleOther") : t("title");
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={isPhone ? "100%" : 420} lockScroll={false}>
      <Drawer.Content aria-label={`${heading} ${task}`}>
        <Drawer.Body>
          <div className={styles.top}>
            <p className={styles.title}>
              {heading} <Chip>{task}</Chip>
            </p>
            <CloseButton aria-label={t("close")} onClick={onClose} />
          </div>
          {waiting.isError && !waiting.data ? (
            <Failure error={waiting.error} what={t("what")} onRetry={() => void waiting.refetch()} />
          ) : waiting.data ? (
            <Told waiting={waiting.data} />
          ) : (
            <Loading what={t("what")} height={280} />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function Told({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation("waiting");
  const unmet = waiting.conditions.filter((one) => !one.met);
  const met = waiting.conditions.filter((one) => one.met);
  return (
    <div className={styles.body}>
      <div className={styles.head}>
        <StateIcon state={waiting.state} size={20} />
        <div>
          <h2 className={styles.headline}>
            <Sentence sentence={short(waiting.headline)} />
          </h2>
          <p className={styles.facts}>
            <Facts waiting={waiting} />
          </p>
        </div>
      </div>
      {unmet.length > 0 ? (
        <section aria-label={t("unmet")} className={styles.list}>
          {unmet.map((condition) => (
            <ConditionCard key={condition.name} condition={condition} run={waiting.run_id} />
          ))}
        </section>
      ) : null}
      {unmet.length === 0 && waiting.reasons.length > 1 ? <Reasons waiting={waiting} /> : null}
      {waiting.ways_out.length > 0 ? <WaysOut waiting={waiting} /> : null}
      {met.length > 0 ? <MetList conditions={met} /> : null}
      {hasEnded(waiting.state) ? null : (
        <p className={styles.age}>
          <Age at={waiting.at} />
        </p>
      )}
    </div>
  );
}

/** Who holds it stands below, with links. */
function short(sentence: Waiting["headline"]): Waiting["headline"] {
  const { held_by: _, ...values } = sentence.values;
  return { ...sentence, values };
}

function Facts({ waiting }: { waiting: Waiting }) {
  const { t, i18n } = useTranslation("waiting");
  const { left_s: left } = waiting;
  return (
    <>
      {waiting.since ? <Since state={waiting.state} at={waiting.since} /> : null}
      {left !== null && left > 0 ? ` · ${t("left", { length: roughly(i18n.language, left) })}` : null}
    </>
  );
}

function Since({ state, at }: { state: Waiting["state"]; at: string }) {
  const { t } = useTranslation("waiting");
  if (hasEnded(state)) {
    return (
      <>
        {t("ended")} <Ago at={at} />
      </>
    );
  }
  return (
    <>
      {state === "running" ? t("runs") : t("waits")} <Length since={at} />
    </>
  );
}

function Reasons({ waiting }: { waiting: Waiting }) {
  return (
    <ul className={styles.reasons}>
      {waiting.reasons.slice(1).map((reason) => (
        <li key={reason.code}>
          <Sentence sentence={reason} />
        </li>
      ))}
    </ul>
  );
}

/** How old the numbers are: they come anew with every change, so this mostly says "now". */
function Age({ at }: { at: string }) {
  const { t } = useTranslation("waiting");
  const old = useNow() - Date.parse(at);
  if (old < 3_000) return <>{t("fresh")}</>;
  return (
    <>
      {t("age")} <Ago at={at} />
    </>
  );
}
