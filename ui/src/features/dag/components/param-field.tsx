/** One param: the control that fits its schema, its description, and what is wrong with what was typed. */
import { Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Fault, Field } from "../model/fields";
import styles from "./trigger-tab.module.css";

interface ParamFieldProps {
  field: Field;
  text: string;
  fault: Fault | undefined;
  /** What the server said of it. */
  refusal: string | undefined;
  onChange: (text: string) => void;
}

const INPUT_TYPES = { date: "date", email: "email" } as const;

export function ParamField({ field, text, fault, refusal, onChange }: ParamFieldProps) {
  const { t } = useTranslation("dag");
  const error = refusal ?? (fault ? t(`fault.${fault.code}`, { limit: fault.limit ?? "" }) : null);
  const shared = {
    id: `param-${field.name}`,
    label: field.name,
    description: hint(),
    error,
    withAsterisk: field.required,
  };
  switch (field.kind) {
    case "flag":
      return (
        <Switch
          id={shared.id}
          label={field.name}
          description={shared.description}
          error={error}
          checked={text === "true"}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      );
    case "choice":
      return (
        <Select
          {...shared}
          data={[...field.choices.keys()]}
          value={text || null}
          allowDeselect={!field.required && field.initial === ""}
          onChange={(value) => onChange(value ?? "")}
        />
      );
    case "list":
    case "json":
      return (
        <Textarea
          {...shared}
          className={styles.list ?? ""}
          rows={Math.min(12, Math.max(2, text.split("\n").length))}
          value={text}
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "number":
    case "integer":
      return (
        <TextInput
          {...shared}
          inputMode={field.kind === "integer" ? "numeric" : "decimal"}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "date":
    case "email":
      return (
        <TextInput
          {...shared}
          type={INPUT_TYPES[field.kind]}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "instant":
    case "text":
      return (
        <TextInput
          {...shared}
          placeholder={field.kind === "instant" ? "2026-11-23T02:00:00Z" : undefined}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }

  function hint(): string | undefined {
    const words = [field.description];
    if (field.kind === "list") words.push(t("param.list"));
    if (field.kind === "json") words.push(t("param.json"));
    const { minimum, maximum } = field.schema;
    if (typeof minimum === "number" && typeof maximum === "number")
      words.push(t("param.between", { least: `${minimum}`, most: `${maximum}` }));
    return words.filter(Boolean).join(" · ") || undefined;
  }
}
