/** Currents at rest around the place where a picture could be: the home page when nobody is live. */
export function QuietWater() {
  return (
    <svg aria-hidden width="320" height="150" viewBox="0 0 320 150" fill="none" className="max-w-full">
      <g stroke="var(--accent)" strokeWidth="2" strokeLinecap="round">
        {[0, 1, 2, 3, 4].map((row) => (
          <path
            key={row}
            strokeOpacity={0.75 - row * 0.15}
            d={`M${8 + row * 16} ${96 + row * 12}c${30 - row * 3}-${22 - row * 3} ${50 - row * 4}-${22 - row * 3} ${76 - row * 4} 0s${50 - row * 4} ${20 - row * 3} ${76 - row * 4} 0 ${50 - row * 4}-${22 - row * 3} ${76 - row * 4} 0 ${50 - row * 4} ${20 - row * 3} ${76 - row * 4} 0`}
          />
        ))}
      </g>
      <rect
        x="112"
        y="12"
        width="96"
        height="64"
        rx="14"
        fill="var(--surface-1)"
        stroke="var(--line-strong)"
        strokeWidth="2"
      />
      <path
        d="M151 34.5v19a2 2 0 0 0 3.1 1.7l14-9.5a2 2 0 0 0 0-3.4l-14-9.5a2 2 0 0 0-3.1 1.7Z"
        fill="var(--accent)"
      />
      <circle cx="198" cy="22" r="4" fill="var(--live)" />
    </svg>
  )
}
