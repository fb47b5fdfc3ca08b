/** The same action as a command line and as a request, to be pasted into a terminal or a ticket. Pure. */

/** Only what a shell would take apart is quoted. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export interface RetryCommand {
  run: string;
  tasks: readonly string[];
  downstream: boolean;
  params?: Readonly<Record<string, unknown>>;
}

export function retryAsCli({ run, tasks, downstream, params = {} }: RetryCommand): string {
  const given = Object.entries(params).flatMap(([name, value]) => [
    "--param",
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);
  return ["potok", "retry", run, ...tasks, ...(downstream ? [] : ["--only"]), ...given].map(shellWord).join(" ");
}

/** The token stays out of it: the shell fills it in. */
export function retryAsCurl(root: string, { run, tasks, downstream, params = {} }: RetryCommand): string {
  const body = {
    ...(tasks.length > 0 ? { tasks } : {}),
    ...(downstream ? {} : { downstream }),
    ...(Object.keys(params).length > 0 ? { params } : {}),
  };
  return [
    "curl -X POST",
    shellWord(`${root}api/v1/runs/${encodeURIComponent(run)}/retry`),
    '-H "Authorization: Bearer $POTOK_TOKEN"',
    "-H 'Content-Type: application/json'",
    `-d ${shellWord(JSON.stringify(body))}`,
  ].join(" ");
}

export function whyAsCli(run: string): string {
  return `potok why ${shellWord(run)}`;
}

export function whyAsCurl(root: string, run: string): string {
  return `curl -H "Authorization: Bearer $POTOK_TOKEN" ${shellWord(`${root}api/v1/runs/${encodeURIComponent(run)}/story`)}`;
}
