/** The questions that some actions ask first: the price of a retry, a note for a mark, a yes for a cancel. */
import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { usePrice } from "../../../ui/price";
import { useCancel, useMark } from "../api/actions";
import type { Order } from "../model/orders";
import { Dialog } from "./dialog";
import styles from "./dialogs.module.css";

interface DialogProps {
  opened: boolean;
  onClose: () => void;
}

/** What the key R asks: once, with the price. */
export function AskDialog({
  opened,
  onClose,
  order,
  onRetry,
}: DialogProps & { order: Order | null; onRetry: (tasks: readonly string[], downstream: boolean) => void }) {
  const { t } = useTranslation("run");
  const price = usePrice();
  if (!order) return null;
  const retry = () => {
    onRetry(order.tasks, order.downstream);
    onClose();
  };
  const title = order.task ? t("action.retryFrom", { task: order.task }) : t("action.retryAll");
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <p>{price({ tasks: order.price.tasks, kept: order.price.kept, aboutS: order.price.about_s })}</p>
      <div className={styles.ways}>
        <Button variant="default" onClick={onClose}>
          {t("dialog.back")}
        </Button>
        <Button data-autofocus onClick={retry}>
          {t("dialog.retry")}
        </Button>
      </div>
    </Dialog>
  );
}

export function CancelDialog({ opened, onClose, run, running }: DialogProps & { run: string; running: number }) {
  const { t } = useTranslation("run");
  const [note, setNote] = useState("");
  const cancel = useCancel(run);
  return (
    <Dialog opened={opened} onClose={onClose} title={t("dialog.cancelTitle")}>
      <p>{t("dialog.cancelWhat", { n: running })}</p>
      <Note value={note} onChange={setNote} label={t("dialog.noteOptional")} />
      <Problem error={cancel.error} />
      <div className={styles.ways}>
        <Button variant="default" onClick={onClose}>
          {t("dialog.keepRunning")}
        </Button>
        <Button color="failed" loading={cancel.isPending} onClick={() => cancel.mutate(note, { onSuccess: onClose })}>
          {t("dialog.cancelRun")}
        </Button>
      </div>
    </Dialog>
  );
}

type MarkState = "success" | "failed" | "skipped";
const MARKS: readonly MarkState[] = ["success", "failed", "skipped"];

export function MarkDialog({ opened, onClose, run, task }: DialogProps & { run: string; task: string }) {
  const { t } = useTranslation("run");
  const [state, setState] = useState<MarkState>("success");
  const [note, setNote] = useState("");
  const mark = useMark(run);
  return (
    <Dialog opened={opened} onClose={onClose} title={t("dialog.markTitle", { task })}>
      <SegmentedControl
        fullWidth
        aria-label={t("dialog.markAs")}
        value={state}
        onChange={(value) => setState(MARKS.find((one) => one === value) ?? "success")}
        data={MARKS.map((one) => ({ value: one, label: t(`dialog.as.${one}`) }))}
      />
      <p className={styles.hint}>{t(`dialog.effect.${state}`)}</p>
      <Note value={note} onChange={setNote} label={t("dialog.note")} />
      <Problem error={mark.error} />
      <div className={styles.ways}>
        <Button variant="default" onClick={onClose}>
          {t("dialog.back")}
        </Button>
        <Button
          loading={mark.isPending}
          disabled={note.trim() === ""}
          onClick={() => mark.mutate({ task, state, note: note.trim() }, { onSuccess: onClose })}
        >
          {t("dialog.mark")}
        </Button>
      </div>
    </Dialog>
  );
}

function Note({ value, onChange, label }: { value: string; onChange: (value: string) => void; label: string }) {
  return (
    <Textarea
      mt={12}
      label={label}
      autosize
      minRows={2}
      maxLength={2000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function Problem({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <p className={styles.error} role="alert">
      {asProblem(error).detail}
    </p>
  );
}
