/** Needs you: newest first, worked through with J, K, Enter and R; nothing moves under the pointer. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { part } from "../../../live/part";
import { Card } from "../../../ui/card";
import { KeyHint } from "../../../ui/key-hint";
import { Empty } from "../../../ui/panel-states";
import { placeOf } from "../../../ui/place";
import { useKeys } from "../../../ui/use-keys";
import { homeKeys, mute, type Need, type Now, retry, unmute } from "../api/queries";
import { useHeldNeeds } from "../hooks/use-held-needs";
import { addressOf } from "../model/need";
import { NeedRow } from "./need-row";
import styles from "./needs-list.module.css";

const MutedList = lazy(part(() => import("./muted-list")));

/** So many are in sight at first; the others are drawn once these stand there. */
const FIRST_DRAWN = 6;

export function NeedsList({ now }: { now: Now }) {
  const { t } = useTranslation("now");
  const [still, setStill] = useState(false);
  const [showsMuted, setShowsMuted] = useState(false);
  const held = useHeldNeeds(now.needs, still);
  const actions = useNeedActions(held.noteMuted);
  const { current, setCurrent } = useNeedKeys(
    held.shown.filter((one) => one.leaving === null).map((one) => one.need),
    actions.onRetry,
  );
  const firstRetry = held.shown.find((one) => one.leaving === null && one.need.retry !== null)?.need.key;
  const { onMute } = actions;
  const muteRow = useCallback(
    (need: Need, until: string | null) => {
      setCurrent((key) => (key === need.key ? null : key));
      onMute(need, until);
    },
    [onMute, setCurrent],
  );
  const drawn = useDeferredValue(held.shown.length, FIRST_DRAWN);
  const rest = now.needs_total - now.needs.length;
  return (
    <Card title={t("needs.title")} note={t("needs.order")} tools={<Keys shown={held.shown.length > 0} />} flush>
      {held.shown.length === 0 ? <Empty>{t("needs.calm")}</Empty> : null}
      {held.waiting > 0 ? (
        <Button variant="subtle" fullWidth onClick={() => setStill(false)}>
          {t("needs.new", { n: held.waiting })}
        </Button>
      ) : null}
      <ul
        className={styles.list}
        onPointerEnter={(event) => setStill(event.pointerType === "mouse")}
        onPointerLeave={() => setStill(false)}
      >
        {held.shown.slice(0, Math.max(drawn, FIRST_DRAWN)).map((one) => (
          <NeedRow
            key={one.need.key}
            need={one.need}
            leaving={one.leaving}
            isCurrent={current === one.need.key}
            isFirst={one.need.key === firstRetry}
            isBusy={actions.busy === one.need.key}
            problem={actions.problems[one.need.key]}
            onRetry={actions.onRetry}
            onMute={muteRow}
            onUndo={actions.onUndo}
          />
        ))}
      </ul>
      {rest > 0 || now.muted > 0 ? (
        <p className={styles.rest}>
          {rest > 0 ? <span>{t("needs.more", { n: rest })}</span> : null}
          {now.muted > 0 ? (
            <button
              type="button"
              className={styles.muted}
              aria-expanded={showsMuted}
              onClick={() => setShowsMuted((shown) => !shown)}
            >
              {t("muted", { n: now.muted })}
            </button>
          ) : null}
        </p>
      ) : null}
      {showsMuted ? (
        <Suspense fallback={null}>
          <MutedList />
        </Suspense>
      ) : null}
    </Card>
  );
}

function Keys({ shown }: { shown: boolean }) {
  const { t } = useTranslation("now");
  if (!shown) return null;
  return (
    <span className={styles.keys}>
      <KeyHint>J</KeyHint> <KeyHint>K</KeyHint> {t("needs.move")} <KeyHint>Enter</KeyHint> {t("needs.open")}{" "}
      <KeyHint>R</KeyHint> {t("needs.retry")}
    </span>
  );
}

function useNeedActions(noteMuted: (key: string, isMuted: boolean) => void) {
  const { t } = useTranslation("now");
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  // The same functions for as long as the list stands, so that a row is drawn anew only when it changes.
  const ways = useMemo(() => {
    const act = async (need: Need, work: () => Promise<unknown>, failed: "needs.retryFailed" | "needs.muteFailed") => {
      setBusy(need.key);
      setProblems(({ [need.key]: _, ...others }) => others);
      try {
        await work();
      } catch (error) {
        noteMuted(need.key, false);
        const why = t(failed, { why: asProblem(error).detail });
        setProblems((others) => ({ ...others, [need.key]: why }));
      } finally {
        setBusy(null);
        await client.invalidateQueries({ queryKey: homeKeys.counted });
      }
    };
    return {
      onRetry: (need: Need) => {
        const { run_id: runId } = need;
        if (runId !== null && need.retry !== null) void act(need, () => retry(runId), "needs.retryFailed");
      },
      onMute: (need: Need, until: string | null) => {
        noteMuted(need.key, true);
        void act(need, () => mute(need.key, until), "needs.muteFailed");
      },
      onUndo: (need: Need) => {
        noteMuted(need.key, false);
        void act(need, () => unmute(need.key), "needs.muteFailed");
      },
    };
  }, [client, noteMuted, t]);
  return { busy, problems, ...ways };
}

function useNeedKeys(needs: readonly Need[], onRetry: (need: Need) => void) {
  const navigate = useNavigate();
  const [current, setCurrent] = useState<string | null>(null);
  const index = needs.findIndex((need) => need.key === current);
  const move = (by: number) => {
    const next =
      needs[index < 0 ? (by > 0 ? 0 : needs.length - 1) : Math.min(Math.max(index + by, 0), needs.length - 1)];
    if (next) setCurrent(next.key);
  };
  const chosen = needs[index];
  const down = () => move(1);
  const up = () => move(-1);
  const retryIt = () => {
    const need = chosen ?? needs.find((one) => one.retry !== null);
    if (need) onRetry(need);
  };
  const open = () => {
    if (chosen && !isOnControl()) void navigate(placeOf(addressOf(chosen)));
  };
  useKeys({ KeyJ: down, KeyK: up, KeyR: retryIt });
  useKeys({ Enter: open }, { enabled: chosen !== undefined });
  return { current, setCurrent };
}

/** Enter presses the link or button that has the focus; only elsewhere it opens the chosen thing. */
function isOnControl(): boolean {
  const focused = document.activeElement;
  return focused instanceof HTMLAnchorElement || focused instanceof HTMLButtonElement;
}
