import type { ReactNode } from 'react'
import { textParts } from '../../text/text-parts.ts'

/** Text that people wrote, its addresses as links that give their targets no power over this page and no credit. */
export function RichText({ text }: { text: string }) {
  const parts: ReactNode[] = textParts(text).map((part, at) =>
    part.href ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places.
      <OutsideLink key={at} href={part.href}>
        {part.text}
      </OutsideLink>
    ) : (
      part.text
    ),
  )
  return <span>{parts}</span>
}

export function OutsideLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      className="text-accent underline underline-offset-2"
    >
      {children}
    </a>
  )
}
