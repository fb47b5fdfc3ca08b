/** All keys of the pages, and the switch that turns single letters off. */
import { Button, Modal, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { setPreferences, usePreferences } from "../../preferences/preferences";
import { KeyHint } from "../../ui/key-hint";
import styles from "./components/keys-help.module.css";

const EVERYWHERE = [
  ["palette", ["Ctrl K"]],
  ["help", ["?"]],
  ["go", ["G", "N"]],
  ["goDags", ["G", "D"]],
  ["goRuns", ["G", "R"]],
  ["goWorkers", ["G", "W"]],
  ["find", ["/"]],
  ["move", ["J", "K"]],
  ["open", ["Enter"]],
  ["select", ["X"]],
  ["close", ["Esc"]],
] as const;
const RUN = [
  ["retry", ["R"]],
  ["error", ["E"]],
  ["runs", ["[", "]"]],
  ["views", ["1", "2", "3"]],
  ["why", ["W"]],
  ["follow", ["F"]],
  ["copy", ["C"]],
  ["copyCurl", ["Shift", "C"]],
] as const;
const DAG = [
  ["openFailed", ["O"]],
  ["trigger", ["T"]],
  ["backfill", ["B"]],
  ["pause", ["P"]],
  ["arrows", ["←", "↑", "→", "↓"]],
] as const;

export default function KeysHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("palette");
  const { keys } = usePreferences();
  return (
    <Modal.Root opened={isOpen} onClose={onClose} lockScroll={false} size={720}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("keys.title")} className={styles.dialog ?? ""}>
        <div className={styles.head}>
          <h2 className={styles.title}>{t("keys.title")}</h2>
          <Button variant="subtle" onClick={onClose}>
            {t("action.close", { ns: "words" })}
          </Button>
        </div>
        <div className={styles.columns}>
          <Part name="everywhere" keys={EVERYWHERE} />
          <Part name="run" keys={RUN} />
          <Part name="dag" keys={DAG} />
        </div>
        <Switch
          className={styles.switch ?? ""}
          checked={keys}
          label={t("keys.single")}
          onChange={(event) => setPreferences({ keys: event.currentTarget.checked })}
        />
      </Modal.Content>
    </Modal.Root>
  );
}

type Key = (typeof EVERYWHERE | typeof RUN | typeof DAG)[number];

function Part({ name, keys }: { name: "everywhere" | "run" | "dag"; keys: readonly Key[] }) {
  const { t } = useTranslation("palette");
  return (
    <section>
      <h3 className={styles.part}>{t(`keys.${name}`)}</h3>
      <dl className={styles.keys}>
        {keys.map(([what, names]) => (
          <div key={what} className={styles.key}>
            <dt>
              {names.map((one) => (
                <KeyHint key={one}>{one}</KeyHint>
              ))}
            </dt>
            <dd>{t(`keys.do.${what}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
