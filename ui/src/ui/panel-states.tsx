/** What a list or panel shows when it has nothing, not yet, or could not: each with its sentence and a way on. */
import { Button } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import styles from "./panel-states.module.css";

interface EmptyProps {
  children: ReactNode;
  action?: ReactNode;
}

export function Empty({ children, action }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <p>{children}</p>
      {action}
    </div>
  );
}

/** No hit: names what was looked for and offers to drop the filters. */
export function NoMatch({ q, onClear }: { q?: string; onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty
      action={
        <Button variant="default" size="compact-sm" onClick={onClear}>
          {t("action.clear")}
        </Button>
      }
    >
      {q ? t("empty.noMatch", { q }) : t("empty.noMatchFilter")}
    </Empty>
  );
}

interface FailureProps {
  error: unknown;
  /** What could not be loaded, in the page's language: "the runs". */
  what: string;
  onRetry?: () => void;
}

export function Failure({ error, what, onRetry }: FailureProps) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const details = `${problem.status} ${problem.detail}`;
  return (
    <div className={styles.failure} role="alert">
      <p className={styles.failed}>{t("load.failed", { what })}</p>
      <p className={styles.why}>{problem.isUnreachable ? t("load.unreachable") : problem.detail}</p>
      <div className={styles.ways}>
        {onRetry ? (
          <Button variant="default" size="compact-sm" onClick={onRetry}>
            {t("action.tryAgain")}
          </Button>
        ) : null}
        <Button variant="subtle" size="compact-sm" onClick={() => void navigator.clipboard.writeText(details)}>
          {t("load.copyDetails")}
        </Button>
      </div>
    </div>
  );
}

interface LoadingProps {
  what: string;
  /** The height of what will stand here, so that nothing jumps. */
  height: number;
  onCancel?: () => void;
}

const QUIET_MS = 150;
const LONG_MS = 3_000;

/** Nothing at first, then grey blocks of the final size, then a sentence. */
export function Loading({ what, height, onCancel }: LoadingProps) {
  const { t } = useTranslation();
  const waited = useWaited();
  return (
    <div className={styles.loading} style={{ height }} aria-busy="true" data-shown={waited !== "quiet"}>
      {waited === "long" ? (
        <p role="status">
          {t("load.still", { what })}
          {onCancel ? (
            <Button variant="subtle" size="compact-sm" onClick={onCancel}>
              {t("action.cancel")}
            </Button>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

function useWaited(): "quiet" | "shown" | "long" {
  const [waited, setWaited] = useState<"quiet" | "shown" | "long">("quiet");
  useEffect(() => {
    const shown = setTimeout(() => setWaited("shown"), QUIET_MS);
    const long = setTimeout(() => setWaited("long"), LONG_MS);
    return () => {
      clearTimeout(shown);
      clearTimeout(long);
    };
  }, []);
  return waited;
}
