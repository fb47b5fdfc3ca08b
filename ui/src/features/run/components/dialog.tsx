/** A question over the page. Built of Mantine's parts: its own head is a landmark, and its scroll lock an inline style. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./dialogs.module.css";

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ opened, onClose, title, wide = false, children }: DialogProps) {
  const { t } = useTranslation("run");
  return (
    <Modal.Root opened={opened} onClose={onClose} size={wide ? "lg" : "md"} centered lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title className={styles.title ?? ""}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t("dialog.close")} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
