/** Start a run: the params as a form, beside it the same as JSON, as a command and as a request. */
import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { Card } from "../../../ui/card";
import { CopyButton } from "../../../ui/copy";
import { useTrigger } from "../api/actions";
import { triggerAsCli, triggerAsCurl, triggerBody } from "../model/commands";
import { fieldsOf, givenOf } from "../model/fields";
import type { DagView } from "../model/types";
import { ParamField } from "./param-field";
import styles from "./trigger-tab.module.css";

export default function TriggerTab({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const dag = view.dag.dag_id;
  const navigate = useNavigate();
  const trigger = useTrigger(dag);
  const fields = useMemo(() => fieldsOf(view.graph.params), [view.graph.params]);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [date, setDate] = useState("");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const given = useMemo(() => givenOf(fields, texts), [fields, texts]);
  const logicalDate = instantOf(date);
  const command = { dag, params: given.params, logicalDate, note: note.trim() };
  const problem = trigger.isError ? asProblem(trigger.error) : null;
  const refused = problem?.field.match(/^body\.params\.([^.]+)/)?.[1];
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const first = [...given.faults.keys()][0];
    if (first !== undefined) {
      document.getElementById(`param-${first}`)?.focus();
      return;
    }
    trigger.mutate(
      { params: given.params, logicalDate, note: note.trim() },
      { onSuccess: (run) => void navigate({ to: "/runs/$run", params: { run: run.run_id } }) },
    );
  };
  const cli = triggerAsCli(command);
  const curl = triggerAsCurl(document.baseURI, command);
  return (
    <div className={styles.pair}>
      <Card title={t("trigger.title", { dag })} note={fields.length === 0 ? t("trigger.noParams") : null}>
        <form className={styles.form} onSubmit={send} noValidate>
          {fields.map((field) => (
            <ParamField
              key={field.name}
              field={field}
              text={texts[field.name] ?? field.initial}
              fault={tried || texts[field.name] !== undefined ? given.faults.get(field.name) : undefined}
              refusal={refused === field.name ? problem?.detail : undefined}
              onChange={(text) => {
                trigger.reset();
                setTexts((old) => ({ ...old, [field.name]: text }));
              }}
            />
          ))}
          <hr className={styles.rule} />
          <TextInput
            type="datetime-local"
            label={t("trigger.date")}
            description={t("trigger.dateHint")}
            value={date}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
          <TextInput
            label={t("trigger.note")}
            description={t("trigger.noteHint")}
            value={note}
            maxLength={2000}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {problem && !refused ? (
            <p className={styles.problem} role="alert">
              {problem.detail}
            </p>
          ) : null}
          <div className={styles.ways}>
            <Button type="submit" loading={trigger.isPending} disabled={!view.dag.present}>
              {t("trigger.start")}
            </Button>
            {Object.keys(texts).length > 0 ? (
              <Button variant="default" onClick={() => setTexts({})}>
                {t("trigger.defaults")}
              </Button>
            ) : null}
          </div>
        </form>
      </Card>
      <Card title={t("trigger.same")} note={t("trigger.sameNote")}>
        <div className={styles.same}>
          <Same name="JSON" text={JSON.stringify(triggerBody(command), null, 2)} />
          <Same name={t("trigger.cli")} text={cli} />
          <Same name="curl" text={curl} />
        </div>
      </Card>
    </div>
  );
}

function Same({ name, text }: { name: string; text: string }) {
  const { t } = useTranslation();
  return (
    <section aria-label={name}>
      <header className={styles.head}>
        <h3>{name}</h3>
        <CopyButton text={text}>{t("action.copy")}</CopyButton>
      </header>
      <pre className={styles.text}>{text}</pre>
    </section>
  );
}

/** The instant of a wall clock of this browser; null while it is incomplete. */
function instantOf(local: string): string | null {
  const at = local ? new Date(local) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
}
