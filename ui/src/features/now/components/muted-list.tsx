/** Everything that nobody wants to hear of, until when and why; each can be heard of again. */
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { breakable } from "../../../ui/chip";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { At } from "../../../ui/when";
import { homeKeys, type Mute, mutesQuery, unmute } from "../api/queries";
import { mutedThing } from "../model/muted";
import styles from "./muted-list.module.css";

export default function MutedList() {
  const { t } = useTranslation("now");
  const mutes = useQuery(mutesQuery());
  if (mutes.isPending) return <Loading what={t("mutes.what")} height={80} />;
  if (mutes.isError) return <Failure error={mutes.error} what={t("mutes.what")} onRetry={() => void mutes.refetch()} />;
  if (mutes.data.items.length === 0) return <Empty>{t("mutes.none")}</Empty>;
  return (
    <ul className={styles.list} aria-label={t("mutes.title")}>
      {mutes.data.items.map((one) => (
        <Row key={one.key} mute={one} />
      ))}
    </ul>
  );
}

function Row({ mute }: { mute: Mute }) {
  const { t } = useTranslation("now");
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => unmute(mute.key),
    onSettled: () => client.invalidateQueries({ queryKey: homeKeys.counted }),
  });
  const { kind, name } = mutedThing(mute.key);
  return (
    <li className={styles.row}>
      <span className={styles.what}>
        <b>{breakable(name)}</b> {t("mutes.kind", { kind })}
      </span>
      <span className={styles.until}>
        {mute.until ? (
          <>
            {t("mutes.until")} <At at={mute.until} />
          </>
        ) : (
          t("mutes.untilWell")
        )}
        {mute.note ? ` · ${mute.note}` : ""} · {mute.muted_by}
      </span>
      <Button
        variant="subtle"
        color="ink"
        loading={again.isPending}
        aria-label={`${t("mutes.again")}: ${name}`}
        onClick={() => again.mutate()}
      >
        {t("mutes.again")}
      </Button>
      {again.isError ? <p role="alert">{t("needs.muteFailed", { why: asProblem(again.error).detail })}</p> : null}
    </li>
  );
}
