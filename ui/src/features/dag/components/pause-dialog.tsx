/** Pausing asks for a word why: it stands on the page and in the gaps of the grid. */
import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./pause-dialog.module.css";

interface PauseDialogProps {
  opened: boolean;
  dag: string;
  onClose: () => void;
  onPause: (note: string) => void;
}

export function PauseDialog({ opened, dag, onClose, onPause }: PauseDialogProps) {
  const { t } = useTranslation("dag");
  const [note, setNote] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onPause(note.trim());
  };
  return (
    <Modal
      opened={opened}
      lockScroll={false}
      onClose={onClose}
      title={t("pause.title", { dag })}
      closeButtonProps={{ "aria-label": t("pause.close") }}
    >
      <form onSubmit={send} className={styles.form}>
        <p className={styles.hint}>{t("pause.hint")}</p>
        <TextInput
          label={t("pause.note")}
          placeholder={t("pause.example")}
          value={note}
          maxLength={2000}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className={styles.ways}>
          <Button variant="default" onClick={onClose}>
            {t("pause.back")}
          </Button>
          <Button type="submit">{t("action.pause")}</Button>
        </div>
      </form>
    </Modal>
  );
}
