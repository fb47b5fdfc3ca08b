/** Starting a run as a command line and as a request, to be pasted into a terminal or a ticket. Pure. */

export interface TriggerCommand {
  dag: string;
  params: Readonly<Record<string, unknown>>;
  /** RFC 3339, or null for now. */
  logicalDate: string | null;
  note: string;
}

/** Only what a shell would take apart is quoted. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function triggerAsCli({ dag, params, logicalDate, note }: TriggerCommand): string {
  const given = Object.entries(params).flatMap(([name, value]) => [
    "--param",
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);
  const date = logicalDate ? ["--logical-date", logicalDate] : [];
  const said = note ? ["--note", note] : [];
  return ["potok", "trigger", dag, ...given, ...date, ...said].map(shellWord).join(" ");
}

export function triggerBody({ params, logicalDate, note }: TriggerCommand): Record<string, unknown> {
  return {
    params,
    ...(logicalDate ? { logical_date: logicalDate } : {}),
    ...(note ? { note } : {}),
  };
}

/** The token stays out of it: the shell fills it in. */
export function triggerAsCurl(root: string, command: TriggerCommand): string {
  return [
    "curl -X POST",
    shellWord(`${root}api/v1/dags/${encodeURIComponent(command.dag)}/runs`),
    '-H "Authorization: Bearer $POTOK_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d ${shellWord(JSON.stringify(triggerBody(command)))}`,
  ].join(" ");
}
