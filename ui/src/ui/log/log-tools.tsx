/** What one does with a log: to the error, follow, wrap, the clock, download. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { number } from "../../time/format";
import { KeyHint } from "../key-hint";
import { type LogPlace, textAddress } from "./log-queries";
import styles from "./log-viewer.module.css";
import type { Follow } from "./use-follow";

interface LogToolsProps {
  place: LogPlace;
  /** To the next error; undefined when there is none. */
  errors: (() => void) | undefined;
  follow: Follow;
  growing: boolean;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  clock: boolean;
  onClock: (clock: boolean) => void;
}

export function LogTools({ place, errors, follow, growing, wrap, onWrap, clock, onClock }: LogToolsProps) {
  const { t, i18n } = useTranslation("logs");
  return (
    <div className={styles.tools}>
      {errors ? (
        <Button variant="default" fw={400} size="compact-sm" onClick={errors} rightSection={<KeyHint>E</KeyHint>}>
          {t("toError")}
        </Button>
      ) : null}
      {growing ? (
        <Button
          variant={follow.isOn ? "filled" : "default"}
          fw={400}
          size="compact-sm"
          aria-pressed={follow.isOn}
          onClick={follow.toggle}
          rightSection={<KeyHint>F</KeyHint>}
        >
          {follow.fresh > 0
            ? t("followNew", { n: follow.fresh, count: number(i18n.language, follow.fresh) })
            : t("follow")}
        </Button>
      ) : null}
      <Button
        variant="default"
        fw={400}
        size="compact-sm"
        aria-pressed={wrap}
        className={styles.toggle ?? ""}
        onClick={() => onWrap(!wrap)}
      >
        {t("wrap")}
      </Button>
      <Button
        variant="default"
        fw={400}
        size="compact-sm"
        className={styles.clock ?? ""}
        onClick={() => onClock(!clock)}
      >
        {clock ? t("clock") : t("offset")}
      </Button>
      <Button variant="default" fw={400} size="compact-sm" component="a" href={textAddress(place)} download>
        {t("download")}
      </Button>
    </div>
  );
}
