/** The sections of the top bar and the phone's tabs. A section joins when it works. */

export const SECTIONS = [
  { key: "now", to: "/" },
  { key: "dags", to: "/dags" },
  { key: "runs", to: "/runs" },
  { key: "workers", to: "/workers" },
] as const;

export function isCurrent(to: string, pathname: string): boolean {
  return to === "/" ? pathname === "/" : pathname === to || pathname.startsWith(`${to}/`);
}
