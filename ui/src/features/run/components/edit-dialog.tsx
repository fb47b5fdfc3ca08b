/** Retry with edits: the params of the run as a form that shows what differs, the price, and the same as a command. */
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../../ui/copy";
import { usePrice } from "../../../ui/price";
import { useRetry } from "../api/actions";
import { retryAsCli } from "../model/commands";
import type { Order } from "../model/orders";
import { fieldText, fieldValue, type ParamField, paramFields } from "../model/params";
import type { RunStory } from "../model/types";
import { Dialog } from "./dialog";
import { Problem } from "./dialogs";
import styles from "./dialogs.module.css";

interface EditDialogProps {
  opened: boolean;
  onClose: () => void;
  story: RunStory;
  order: Order | null;
  schema: Record<string, unknown>;
}

export default function EditDialog({ opened, onClose, story, order, schema }: EditDialogProps) {
  const { t } = useTranslation("run");
  const price = usePrice();
  const retry = useRetry(story.run.run_id);
  const fields = useMemo(() => paramFields(schema, story.run.params), [schema, story.run.params]);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  if (!order) return null;
  const edits = editsOf(fields, texts);
  const command = { run: story.run.run_id, tasks: order.tasks, downstream: order.downstream, params: edits.params };
  const send = () =>
    retry.mutate({ tasks: order.tasks, downstream: order.downstream, params: edits.params }, { onSuccess: onClose });
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      wide
      title={order.task ? t("dialog.editTitle", { task: order.task }) : t("dialog.editTitleAll")}
    >
      <div className={styles.fields}>
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            given={texts[field.name]}
            wrong={edits.wrong.includes(field.name)}
            onChange={(text) => setTexts({ ...texts, [field.name]: text })}
          />
        ))}
      </div>
      <p className={styles.hint}>
        {price({ tasks: order.price.tasks, kept: order.price.kept, aboutS: order.price.about_s })}.{" "}
        {t("dialog.keptStay")}
      </p>
      <Problem error={retry.error} />
      <div className={styles.ways}>
        <CopyButton text={retryAsCli(command)}>{t("action.copyCli")}</CopyButton>
        <Button variant="default" onClick={onClose}>
          {t("dialog.back")}
        </Button>
        <Button loading={retry.isPending} disabled={edits.wrong.length > 0} onClick={send}>
          {Object.keys(edits.params).length > 0
            ? t("dialog.retryEdited", { n: Object.keys(edits.params).length })
            : t("dialog.retry")}
        </Button>
      </div>
    </Dialog>
  );
}

interface Edits {
  params: Record<string, unknown>;
  wrong: string[];
}

/** Only what differs is sent. */
function editsOf(fields: readonly ParamField[], texts: Readonly<Record<string, string>>): Edits {
  const found: Edits = { params: {}, wrong: [] };
  for (const field of fields) {
    const text = texts[field.name];
    if (text === undefined || text === fieldText(field.value)) continue;
    const given = fieldValue(field.kind, text);
    if (given === null) found.wrong.push(field.name);
    else if (JSON.stringify(given.value) !== JSON.stringify(field.value)) found.params[field.name] = given.value;
  }
  return found;
}

interface FieldProps {
  field: ParamField;
  given: string | undefined;
  wrong: boolean;
  onChange: (text: string) => void;
}

function Field({ field, given, wrong, onChange }: FieldProps) {
  const { t } = useTranslation("run");
  const was = fieldText(field.value);
  const text = given ?? was;
  const changed = text !== was;
  const label = field.name;
  const description = field.title || undefined;
  return (
    <div className={styles.field} data-changed={changed || undefined}>
      {field.kind === "flag" ? (
        <Switch
          label={label}
          description={description}
          checked={text === "true"}
          onChange={(event) => onChange(String(event.currentTarget.checked))}
        />
      ) : field.kind === "choice" ? (
        <Select
          label={label}
          description={description}
          data={[...field.choices]}
          value={text}
          allowDeselect={false}
          onChange={(value) => onChange(value ?? was)}
        />
      ) : (
        <TextInput
          label={label}
          description={description}
          value={text}
          error={wrong ? t(`dialog.wrong.${field.kind}`) : null}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {changed ? <span className={styles.was}>{t("dialog.was", { value: was || "–" })}</span> : null}
    </div>
  );
}
