/** What a person may do to the run, each with its price before the click. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { KeyHint } from "../../../ui/key-hint";
import { Menu } from "../../../ui/menu";
import { usePrice } from "../../../ui/price";
import { isActive } from "../model/facts";
import type { Orders } from "../model/orders";
import type { RunStory } from "../model/types";
import styles from "./actions.module.css";

export type DialogName = "edit" | "mark" | "cancel" | "ask";

export interface ActionsProps {
  story: RunStory;
  orders: Orders;
  task: string;
  hasParams: boolean;
  pending: boolean;
  error: unknown;
  onRetry: (tasks: readonly string[], downstream: boolean) => void;
  onDialog: (name: DialogName) => void;
  more: ReactNode;
}

export function Actions(props: ActionsProps) {
  const { story, orders, hasParams, onDialog, more } = props;
  const { t } = useTranslation("run");
  const active = isActive(story);
  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        {active ? null : <RetryButton {...props} />}
        {!active && orders.first && hasParams ? (
          <Button variant="default" className={styles.wide ?? ""} onClick={() => onDialog("edit")}>
            {t("action.edits")}
          </Button>
        ) : null}
        <Button variant="default" className={styles.wide ?? ""} onClick={() => onDialog(active ? "cancel" : "mark")}>
          {t(active ? "action.cancelRun" : "action.mark")}
        </Button>
        {more}
      </div>
      <PriceLine {...props} />
    </div>
  );
}

/** The way on with one click; what else can be retried stands behind its arrow. */
export function RetryButton({ orders, pending, onRetry }: ActionsProps) {
  const { t } = useTranslation("run");
  const price = usePrice();
  const { first, others } = orders;
  if (!first) return null;
  return (
    <Button.Group className={styles.retry ?? ""}>
      <Button
        loading={pending}
        className={styles.main ?? ""}
        title={first.task}
        onClick={() => onRetry(first.tasks, first.downstream)}
      >
        {first.task ? t("action.retryFrom", { task: first.task }) : t("action.retryAll")}
      </Button>
      <Menu
        button={
          <Button className={styles.caret ?? ""} aria-label={t("action.retryMore")} disabled={pending}>
            <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
              <path d="m2.5 4.5 3.5 3.5 3.5-3.5" />
            </svg>
          </Button>
        }
        entries={() =>
          others.map((order) => ({
            kind: "item",
            key: order.key,
            onClick: () => onRetry(order.tasks, order.downstream),
            words: (
              <>
                {t(`action.order.${order.kind}`, { task: order.task ?? "" })}
                <span className={styles.price}>
                  {price({ tasks: order.price.tasks, kept: order.price.kept, aboutS: order.price.about_s })}
                </span>
              </>
            ),
          }))
        }
      />
    </Button.Group>
  );
}

function PriceLine({ orders, error, story }: ActionsProps) {
  const { t } = useTranslation("run");
  const price = usePrice();
  if (error)
    return (
      <p className={styles.error} role="alert">
        {asProblem(error).isUnreachable ? t("action.unreachable") : asProblem(error).detail}
      </p>
    );
  if (isActive(story) || !orders.first) return null;
  const { price: cost } = orders.first;
  return (
    <p className={styles.line}>
      {price({ tasks: cost.tasks, kept: cost.kept, aboutS: cost.about_s })}
      <span className={styles.key}>
        {" · "}
        <KeyHint>R</KeyHint>
      </span>
    </p>
  );
}
