/** The mark: two currents that meet and form an S, the lower one with a light on it – someone is on air. */
export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" fill="none">
      <rect width="32" height="32" rx="10" fill="var(--accent)" />
      <g stroke="var(--on-accent)" strokeWidth="3.4" strokeLinecap="round">
        <path d="M23 11.2c-1.7-2.6-4.2-3.7-7-3.7-3.7 0-6.5 2-6.5 4.7 0 5.4 11 3.2 12.9 8" />
        <path d="M9 20.8c1.7 2.6 4.2 3.7 7 3.7" />
      </g>
      <circle cx="21.6" cy="23.6" r="2.4" fill="var(--on-accent)" />
    </svg>
  )
}
