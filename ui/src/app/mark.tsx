/** The mark: П drawn as a stream whose end is live. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d="M5 19.5V10a5.5 5.5 0 0 1 5.5-5.5h3A5.5 5.5 0 0 1 19 10v9.5"
        fill="none"
        stroke="var(--ink)"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
      <circle cx="5" cy="19.5" r="2.9" fill="var(--ink)" />
      <circle cx="19" cy="19.5" r="2.9" fill="var(--running)" />
    </svg>
  );
}
