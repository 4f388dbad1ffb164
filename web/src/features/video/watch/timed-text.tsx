import { textParts } from '../../../text/text-parts.ts'
import { videoText } from '../../../text/video.ts'
import { OutsideLink } from '../../../ui/inline/rich-text.tsx'
import { type TimePart, timeParts } from './time-parts.ts'

type Part = TimePart & { href?: string }
type Props = { text: string; durationMs: number; onSeek: (atMs: number) => void }

/** A description: its addresses are links, and its times lead there in the video. */
export function TimedText({ text, durationMs, onSeek }: Props) {
  const parts = textParts(text).flatMap((part): Part[] =>
    part.href ? [part] : timeParts(part.text, durationMs),
  )
  return (
    <span>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places.
        <Shown key={at} part={part} onSeek={onSeek} />
      ))}
    </span>
  )
}

function Shown({ part: { text, href, atMs }, onSeek }: { part: Part; onSeek: (atMs: number) => void }) {
  if (href) return <OutsideLink href={href}>{text}</OutsideLink>
  return atMs === undefined ? text : <TimeButton label={text} onClick={() => onSeek(atMs)} />
}

export function TimeButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={videoText('goTo', { at: label })}
      onClick={onClick}
      className="rounded-sm text-accent tabular-nums underline-offset-2 hover:underline"
    >
      {label}
    </button>
  )
}
