/** Search as you type, and what the list can be narrowed to, with counts. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import { KeyHint } from "../../../ui/key-hint";
import { useKeys } from "../../../ui/use-keys";
import { type DagState, type Filters, facetsQuery } from "../api/queries";
import styles from "./filter-bar.module.css";

const TYPED_MS = 150;

interface FilterBarProps {
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
  children: ReactNode;
}

export function FilterBar({ filters, onChange, children }: FilterBarProps) {
  const { t, i18n } = useTranslation("dags");
  const facets = useQuery(facetsQuery());
  const counted = (name: string, count: number) => `${name} (${number(i18n.language, count)})`;
  const options = (found: readonly { name: string; count: number }[] | undefined, any: string) => [
    { value: "", label: any },
    ...(found ?? []).map((one) => ({ value: one.name, label: counted(one.name, one.count) })),
  ];
  return (
    <div className={styles.bar}>
      <SearchField value={filters.q} onChange={(q) => onChange({ q })} />
      {facets.data && facets.data.tags.length > 0 ? (
        <NativeSelect
          className={styles.select ?? ""}
          aria-label={t("tag")}
          value={filters.tag}
          data={options(facets.data.tags, t("anyTag"))}
          onChange={(event) => onChange({ tag: event.currentTarget.value })}
        />
      ) : null}
      {facets.data && facets.data.owners.length > 0 ? (
        <NativeSelect
          className={styles.select ?? ""}
          aria-label={t("owner")}
          value={filters.owner}
          data={options(facets.data.owners, t("anyOwner"))}
          onChange={(event) => onChange({ owner: event.currentTarget.value })}
        />
      ) : null}
      <StateChips
        value={filters.state}
        counts={new Map((facets.data?.states ?? []).map((one) => [one.name, one.count]))}
        total={facets.data?.total ?? 0}
        onChange={(state) => onChange({ state })}
      />
      {children}
    </div>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("dags");
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // Someone else changed the address: back, or "clear filters".
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      onChange(typed);
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  const focus = () => field.current?.focus();
  useKeys({ Slash: focus });
  return (
    <TextInput
      ref={field}
      className={styles.search ?? ""}
      type="search"
      aria-label={t("search")}
      placeholder={t("search")}
      value={typed}
      rightSection={<KeyHint>/</KeyHint>}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}

const STATES: readonly DagState[] = ["failed", "late", "import_error", "running", "paused"];

function StateChips({
  value,
  counts,
  total,
  onChange,
}: {
  value: DagState | "";
  counts: ReadonlyMap<string, number>;
  total: number;
  onChange: (state: DagState | "") => void;
}) {
  const { t, i18n } = useTranslation("dags");
  const shown = STATES.filter((state) => (counts.get(state) ?? 0) > 0 || state === value);
  return (
    <fieldset className={styles.states}>
      <legend className="visually-hidden">{t("states")}</legend>
      {(["", ...shown] as const).map((state) => (
        <button
          key={state}
          type="button"
          className={styles.state}
          aria-pressed={value === state}
          onClick={() => onChange(state)}
        >
          {state === "" ? t("all") : t(`state.${state}`)}
          <span className={styles.count}>{number(i18n.language, state === "" ? total : (counts.get(state) ?? 0))}</span>
        </button>
      ))}
    </fieldset>
  );
}
