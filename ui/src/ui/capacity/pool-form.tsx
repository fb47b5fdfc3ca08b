/** Another number of slots for a pool, with its price before the click: what would start at once. */
import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import styles from "./pool-form.module.css";
import { previewQuery, useSetPool } from "./pool-queries";

interface PoolFormProps {
  name: string;
  slots: number;
  /** The number that is offered first. */
  offered?: number;
  onDone?: () => void;
}

const SLOTS_MAX = 1_000_000;

export function PoolForm({ name, slots, offered, onDone }: PoolFormProps) {
  const { t } = useTranslation("capacity");
  const [wanted, setWanted] = useState<number | string>(offered ?? slots);
  const set = useSetPool(name);
  const number = typeof wanted === "number" ? wanted : -1;
  const isChange = number >= 0 && number !== slots;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChange) set.mutate(number, { onSuccess: () => onDone?.() });
      }}
    >
      <NumberInput
        size="sm"
        className={styles.number ?? ""}
        label={t("poolSlots", { name })}
        value={wanted}
        onChange={setWanted}
        min={0}
        max={SLOTS_MAX}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="strict"
      />
      <Button type="submit" disabled={!isChange} loading={set.isPending}>
        {t("change")}
      </Button>
      <p className={styles.price} role="status">
        {set.isError ? (
          asProblem(set.error).detail
        ) : isChange ? (
          <Price name={name} slots={number} />
        ) : (
          t("now", { n: slots })
        )}
      </p>
    </form>
  );
}

function Price({ name, slots }: { name: string; slots: number }) {
  const { t } = useTranslation("capacity");
  const { data } = useQuery(previewQuery(name, slots));
  if (!data) return <>…</>;
  if (data.over > 0) return <>{t("over", { n: data.over })}</>;
  return <>{data.starts > 0 ? t("starts", { n: data.starts }) : t("startsNothing")}</>;
}
