/** How the offline page looks: the tokens come with it. */
export const fileStyle = `
body{max-width:1080px;margin:24px auto;padding:0 20px;background:var(--bg);color:var(--ink);font:14px/20px var(--sans)}
h1{font:600 22px/30px var(--sans);overflow-wrap:anywhere}
h1[data-state=failed]{border-left:5px solid var(--failed);padding-left:12px}
h2{font:600 14px/20px var(--sans);margin:0 0 8px}
section{margin:16px 0;padding:12px 16px;background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow-x:auto}
.muted,dt,th{color:var(--ink-3)}
dl{display:flex;flex-wrap:wrap;gap:8px 24px}dd{margin:0}
code,pre{font:12.5px/19px var(--mono)}
pre{margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}
.row[data-kind=error],.row[data-mark="-"]{display:block;background:var(--failed-tint);color:var(--failed-text)}
.row[data-mark="+"]{display:block;background:var(--added-bg);color:var(--added)}
.row[data-kind=own]{font-weight:600}
.row[data-kind=folded]{color:var(--ink-3)}
table{border-collapse:collapse;width:100%}th,td{padding:4px 10px 4px 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400}
tr[data-state=failed] td{color:var(--failed-text);font-weight:600}
svg{width:100%;height:auto}svg text{fill:var(--ink);font:12px var(--sans)}
.bar{fill:var(--success)}.bar[data-state=failed]{fill:var(--failed)}.bar[data-state=running]{fill:var(--running)}
.bar[data-state=cancelled],.bar[data-state=skipped]{fill:var(--cancelled)}
.critical{fill:var(--ink)}.queued{fill:var(--queued)}.retry{fill:var(--up_for_retry)}.slack{fill:var(--line-2)}
`;
