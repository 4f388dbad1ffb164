type Props = { label: string; percent: number; isStill?: boolean }

/** How much of something is done. */
export function ProgressBar({ label, percent, isStill = false }: Props) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
      className="h-1.5 overflow-hidden rounded-full bg-surface-3"
    >
      <div
        className={`h-full origin-left rounded-full transition-transform motion-reduce:transition-none ${isStill ? 'bg-text-3' : 'bg-accent'}`}
        style={{ transform: `scaleX(${percent / 100})` }}
      />
    </div>
  )
}
