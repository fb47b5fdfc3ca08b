/** The action at the bottom of a phone, where the thumb is: it takes the place of the sections' tabs. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isActive } from "../model/facts";
import { type ActionsProps, RetryButton } from "./actions";
import styles from "./phone-bar.module.css";

export function PhoneBar(props: ActionsProps) {
  const { story, orders, onDialog, more } = props;
  const { t } = useTranslation("run");
  const active = isActive(story);
  if (!active && !orders.first) return null;
  return (
    <div className={styles.bar}>
      {active ? (
        <Button variant="default" className={styles.main ?? ""} onClick={() => onDialog("cancel")}>
          {t("action.cancelRun")}
        </Button>
      ) : (
        <RetryButton {...props} />
      )}
      {more}
    </div>
  );
}
