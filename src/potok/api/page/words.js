// Every word of the page in English and Russian, and how times, lengths and numbers are written.

function stored() {
  try { return localStorage.getItem("potok-language"); } catch { return null; }
}

export const language = stored() ?? (navigator.languages.find((name) => /^(ru|en)/.test(name)) ?? "en").slice(0, 2);

export function switchLanguage() {
  try { localStorage.setItem("potok-language", language === "ru" ? "en" : "ru"); } catch { return; }
  location.reload();
}

const NB = "\u00a0";
const plurals = new Intl.PluralRules(language);

/** `forms`: en [one, other], ru [one, few, many]. */
function count(n, forms) {
  const form = { one: 0, few: 1, many: 2, other: forms.length - 1 }[plurals.select(n)] ?? forms.length - 1;
  return `${number(n)}${NB}${forms[form]}`;
}

export const number = (n) => new Intl.NumberFormat(language).format(n);
const EN_TASKS = ["task", "tasks"];
const RU_TASKS = ["задача", "задачи", "задач"];
const EN_DAGS = ["DAG", "DAGs"];
const RU_DAGS = ["DAG", "DAG", "DAG"];
const ruNotRun = (n) => `${count(n, RU_TASKS)} ниже не ${plurals.select(n) === "one" ? "запускалась" : "запускались"}`;

const EN = {
  skip: "Skip to content", dags: "DAGs", theme: "Theme", other: "RU", otherName: "Русский",
  loading: "Loading…", notLive: (at) => `Not live since ${at}. Trying again…`,
  signIn: "Sign in to see this server", expired: "This login link has expired or is not valid.",
  signInHow: "Open the link that the server printed when it started, or paste its token (the command potok token shows it).",
  token: "Token", signInDo: "Sign in", failed: "Could not do that:", notFound: "There is no such page", home: "All DAGs",
  noDags: "No DAGs yet. Put a .py, .yaml or crontab file into the DAG folder; it appears here at once",
  allFine: "Nothing needs you",
  someFailed: (n, of) => `${count(n, EN_DAGS)} of ${number(of)} failed last time`,
  brokenFiles: (n) => `${count(n, ["DAG file", "DAG files"])} cannot be used now`,
  running: (n) => `${count(n, ["run is", "runs are"])} active`,
  keepsOld: "the version before it stays in use", more: "Show more", lastRuns: "Last runs", neverRan: "Never ran",
  next: "Next start", paused: "Paused", pausedBy: (who, note) => `Paused${who ? ` by ${who}` : ""}${note ? `: ${note}` : ""}`,
  byHand: "by hand only", trigger: "Trigger", pause: "Pause", starts: "Starts by schedule", gone: "file is gone",
  params: "Params (JSON)", note: "Note", start: "Start run", close: "Close", badJson: "This is not valid JSON",
  run: "Run", runOf: (at) => `Run of ${at}`, state: "State", started: "Started", ended: "Ended", took: "Took", by: "Started by",
  code: "Code", date: "Logical date", done: "Tasks done", of: "of", retry: "Retry", retryPrice: (n, k) =>
    `Runs ${count(n, EN_TASKS)} again and keeps ${count(k, ["result", "results"])}`,
  cancel: "Cancel run", reallyCancel: "Really cancel?", keep: "Keep running",
  stream: "The stream", streamStopped: "Where the stream stopped", log: "Log of", why: "Why", attempts: "Attempts of", tries: "Try",
  endedWith: "Ended with", cpu: "CPU", memory: "Peak memory", exit: "exit", jump: "Jump to error", follow: "Follow",
  noLog: "No output", notBegun: "Has not begun yet", earlier: (n) => `${count(n, ["earlier line", "earlier lines"])}`,
  lost: (n) => `${count(n, ["line was", "lines were"])} lost: the task wrote faster than its log could be kept`,
  traceback: "Traceback", list: "List", notRun: "not run", tasks: (n) => count(n, EN_TASKS), trigger_kind: {
    schedule: "schedule", catchup: "catchup", manual: "hand", api: "API" },
  states: { scheduled: "scheduled", queued: "queued", running: "running", up_for_retry: "waits for retry", waiting: "waiting",
    success: "success", failed: "failed", skipped: "skipped", upstream_failed: "not run", cancelled: "cancelled" },
  outcomes: { lost: "worker lost", timeout: "time limit" },
  units: { ms: "ms", s: "s", min: "min", h: "h", d: "d" }, now: "now", ago: (text) => `${text} ago`, inTime: (text) => `in ${text}`,
};

const RU = {
  skip: "К содержанию", dags: "DAG", theme: "Тема", other: "EN", otherName: "English",
  loading: "Загрузка…", notLive: (at) => `Нет связи с ${at}. Повторяем…`,
  signIn: "Войдите, чтобы увидеть этот сервер", expired: "Ссылка для входа устарела или неверна.",
  signInHow: "Откройте ссылку, которую сервер напечатал при запуске, или вставьте его токен (его показывает команда potok token).",
  token: "Токен", signInDo: "Войти", failed: "Не получилось:", notFound: "Такой страницы нет", home: "Все DAG",
  noDags: "DAG пока нет. Положите файл .py, .yaml или crontab в папку DAG: он появится здесь сразу",
  allFine: "Ничего не требуется",
  someFailed: (n, of) => `Последний запуск с ошибкой: ${count(n, RU_DAGS)} из ${number(of)}`,
  brokenFiles: (n) => `${count(n, ["файл DAG нельзя", "файла DAG нельзя", "файлов DAG нельзя"])} использовать`,
  running: (n) => `активно: ${count(n, ["запуск", "запуска", "запусков"])}`,
  keepsOld: "действует предыдущая версия", more: "Показать ещё", lastRuns: "Последние запуски", neverRan: "Ещё не запускался",
  next: "Следующий запуск", paused: "Приостановлен",
  pausedBy: (who, note) => `Приостановлен${who ? `, ${who}` : ""}${note ? `: «${note}»` : ""}`,
  byHand: "только вручную", trigger: "Запустить", pause: "Приостановить", starts: "Запускается по расписанию", gone: "файл удалён",
  params: "Параметры (JSON)", note: "Заметка", start: "Запустить", close: "Закрыть", badJson: "Это не JSON",
  run: "Запуск", runOf: (at) => `Запуск за ${at}`, state: "Состояние", started: "Начат", ended: "Закончен", took: "Длился",
  by: "Кем начат", code: "Код", date: "Логическая дата", done: "Задач готово", of: "из", retry: "Повторить",
  retryPrice: (n, k) => `Заново: ${count(n, RU_TASKS)}; сохранится ${count(k, ["результат", "результата", "результатов"])}`,
  cancel: "Отменить запуск", reallyCancel: "Точно отменить?", keep: "Продолжать",
  stream: "Поток", streamStopped: "Где поток остановился", log: "Журнал", why: "Почему", attempts: "Попытки", tries: "Попытка",
  endedWith: "Чем кончилась", cpu: "ЦП", memory: "Пик памяти", exit: "код", jump: "К ошибке", follow: "Следить",
  noLog: "Вывода нет", notBegun: "Ещё не начиналась",
  earlier: (n) => `ещё ${count(n, ["строка", "строки", "строк"])} выше`,
  lost: (n) => `потеряно ${count(n, ["строка", "строки", "строк"])}: задача писала быстрее, чем журнал успевал сохранять`,
  traceback: "Трассировка", list: "Список", notRun: "не запущена", tasks: (n) => count(n, RU_TASKS), trigger_kind: {
    schedule: "по расписанию", catchup: "догоняет пропущенное", manual: "вручную", api: "API" },
  states: { scheduled: "запланирована", queued: "в очереди", running: "выполняется", up_for_retry: "ждёт повтора",
    waiting: "ожидает", success: "успешно", failed: "ошибка", skipped: "пропущена", upstream_failed: "не запущена",
    cancelled: "отменена" },
  outcomes: { lost: "воркер пропал", timeout: "предел времени" },
  units: { ms: "мс", s: "с", min: "мин", h: "ч", d: "д" }, now: "только что", ago: (text) => `${text} назад`,
  inTime: (text) => `через ${text}`,
};

export const t = language === "ru" ? RU : EN;

/** Seconds as a person reads them: 0.4 s, 41 s, 10 min 22 s, 1 h 06 min, 2 d 3 h. */
export function length(seconds) {
  const { ms, s, min, h, d } = t.units;
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)}${NB}${ms}`;
  if (seconds < 9.95) return `${number(Math.round(seconds * 10) / 10)}${NB}${s}`;
  const whole = Math.round(seconds);
  const two = (n) => String(n).padStart(2, "0");
  if (whole < 60) return `${whole}${NB}${s}`;
  if (whole < 3600) return `${Math.floor(whole / 60)}${NB}${min}${whole % 60 ? ` ${whole % 60}${NB}${s}` : ""}`;
  if (whole < 86400) return `${Math.floor(whole / 3600)}${NB}${h} ${two(Math.floor((whole % 3600) / 60))}${NB}${min}`;
  return `${Math.floor(whole / 86400)}${NB}${d} ${Math.floor((whole % 86400) / 3600)}${NB}${h}`;
}

const CLOCK = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const SHORT = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
const EXACT = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" });
const ZONE = new Intl.DateTimeFormat(language, { timeZoneName: "short" });
const zone = () => ZONE.formatToParts(new Date()).find((part) => part.type === "timeZoneName").value;

const isToday = (date) => date.toDateString() === new Date().toDateString();
export const clock = (at) => CLOCK.format(new Date(at));
export const exact = (at) => EXACT.format(new Date(at));
export const moment = (at) => {
  const date = new Date(at);
  return isToday(date) ? SHORT.format(date) : `${DAY.format(date)}, ${SHORT.format(date)}`;
};
export const dated = (at) => `${DAY.format(new Date(at))}, ${SHORT.format(new Date(at))} ${zone()}`;

/** How long ago or in how long: the largest unit is enough. */
export function relative(at) {
  const seconds = (Date.now() - new Date(at)) / 1000;
  const size = Math.abs(seconds);
  if (size < 1.5) return t.now;
  const { s, min, h } = t.units;
  if (size >= 86400) return moment(at);
  const text = size < 60 ? `${Math.round(size)}${NB}${s}` : size < 5400 ? `${Math.round(size / 60)}${NB}${min}`
    : `${Math.round(size / 3600)}${NB}${h}`;
  return seconds > 0 ? t.ago(text) : t.inTime(text);
}

// Sentences come from the API in English; Russian is made from the same code and values.
const names = (found) => (found ?? []).slice(0, 5).join(", ") + (found?.length > 5 ? ` и ещё ${found.length - 5}` : "");
const by = (v) => (v.by ? `, ${v.by}` : "");
const held = (v) => (v.held_by?.length ? `, держат ${names(v.held_by)}` : "");
const RU_SENTENCES = {
  run_failed: (v) => `\`${v.task}\`: ошибка на попытке ${v.try} из ${v.of}` +
    `${v.duration_s === null ? "" : `, через ${length(v.duration_s)}`}${v.blocked ? `; ${ruNotRun(v.blocked)}` : ""}`,
  run_failed_many: (v) => `Ошибки: ${count(v.n, RU_TASKS)} (${names(v.tasks)})${v.blocked ? `; ${ruNotRun(v.blocked)}` : ""}`,
  run_failed_unfinished: (v) => `Не закончено: ${count(v.n, RU_TASKS)} (${names(v.tasks)})`,
  run_timeout: (v) => `Запуск превысил предел времени, ${length(v.limit_s)}`,
  run_cancelled: (v) => `Отменён${by(v)}${v.note ? `: «${v.note}»` : ""}; не закончено: ${count(v.cancelled, RU_TASKS)}`,
  run_expired: () => "Отменён: не начался до своего срока",
  run_success: (v) => `Успешно за ${length(v.duration_s)}`,
  run_success_but: (v) => `Успешно за ${length(v.duration_s)}, хотя с ошибкой: ${names(v.tasks)}`,
  run_running: (v) => `Выполняется ${length(v.for_s)}: готово ${v.done} из ${count(v.total, RU_TASKS)}` +
    `${v.tasks?.length ? `; сейчас ${names(v.tasks)}` : ""}`,
  run_stopping: (v) => `Останавливается${by(v)}; ещё работает ${names(v.tasks)}`,
  run_waits_runs: (v) => `Ждёт начала: активных запусков этого DAG ${v.active} из ${v.limit}`,
  run_waits_time: (v) => `Начнётся ${dated(v.at * 1000)}`,
  run_waits: () => "Ждёт начала",
  cause_schedule: (v) => `Начат по расписанию ${v.schedule} за ${dated(v.logical_date * 1000)}`,
  cause_catchup: (v) => `Начат, чтобы догнать пропущенное за ${dated(v.logical_date * 1000)}`,
  cause_manual: (v) => `Начат вручную${by(v)} ${dated(v.at * 1000)}${v.note ? `: «${v.note}»` : ""}`,
  ran: (v) => `успешно, попытка ${v.try}${v.duration_s === null ? "" : `, за ${length(v.duration_s)}`}`,
  passed_empty: () => "нечего выполнять, пройдена сразу",
  failed: (v) => `ошибка на попытке ${v.try} из ${v.of}: ${v.error}`,
  timeout: (v) => `превышен предел времени, ${length(v.limit_s)}`,
  crashed: (v) => String(v.error),
  poison: (v) => `остановлена: воркер пропадал под ней ${count(v.losses, ["раз", "раза", "раз"])}, последний раз: ${v.how}`,
  lost_at_most_once: (v) => `не повторяется, потому что at_most_once: ${v.how}`,
  interrupted: (v) => `выполняется снова, не тратя попытку: ${v.how}`,
  retry: () => "будет повторена",
  expired: () => "остановлена: срок запуска истёк до его начала",
  being_killed: (v) => `останавливается: ${v.why}`,
  upstream_failed: (v) => `не запускалась: выше ошибка в ${names(v.tasks)}`,
  skipped_by_task: (v) => `пропустила сама себя${v.note ? `: ${v.note}` : ""}`,
  skipped_by_rule: (v) => `пропущена: правило ${v.rule} нашло выше: ${v.above}`,
  broken_by_rule: (v) => `не запускалась: правило ${v.rule} нашло выше: ${v.above}`,
  cancelled: (v) => `остановлена вместе с запуском${by(v)}`,
  marked: (v) => `помечена как ${v.state}${by(v)}`,
  cleared: (v) => `очищена${by(v)} и выполняется заново`,
  running: (v) => `выполняется ${length(v.for_s)}, попытка ${v.try} из ${v.of}`,
  up_for_retry: (v) => `ждёт ещё ${length(v.in_s)} до попытки ${v.try} из ${v.of}`,
  wait_upstream: (v) => `ждёт ${count(v.n, ["задачу", "задачи", "задач"])} выше: ${names(v.tasks)}`,
  wait_run: () => "ждёт начала своего запуска",
  wait_pool: (v) => `ждёт места в пуле ${v.pool}: занято ${v.used} из ${v.slots}${held(v)}`,
  wait_queue: (v) => `очередь ${v.queue} никто не обслуживает`,
  wait_key: (v) => `ждёт очереди по ключу ${v.key} (не больше ${v.limit})${held(v)}`,
  wait_dag_tasks: (v) => `задач DAG ${v.dag} уже выполняется ${v.limit}: это его max_active_tasks`,
  wait_worker: () => "ждёт свободного воркера: все заняты",
  wait_turn: () => "ждёт своей очереди и сейчас начнётся",
};

// The one sentence that changes with each second, so the page writes it by itself.
const EN_SENTENCES = {
  run_running: (v) => `Running for ${length(v.for_s)}: ${v.done} of ${count(v.total, EN_TASKS)} done` +
    `${v.tasks?.length ? `; now ${v.tasks.slice(0, 5).join(", ")}${v.tasks.length > 5 ? ` and ${v.tasks.length - 5} more` : ""}` : ""}`,
};

export function sentence(reason) {
  const write = (language === "ru" ? RU_SENTENCES : EN_SENTENCES)[reason.code];
  return write ? write(reason.values) : reason.text;
}

export const stateWord = (state) => t.states[state] ?? t.outcomes[state] ?? state;
