import type { ReactNode } from 'react'
import { coverOf } from '../../format/hue.ts'
import type { Picture } from '../../format/picture.ts'
import { Avatar } from '../../ui/avatar.tsx'

type CoverProps = {
  person: { handle: string; displayName: string; avatar: Picture | null }
  isSmall?: boolean
  children: ReactNode
}

/** What stands for the picture of a stream; its colours come from the handle. A small one has no room for a face. */
export function Cover({ person, isSmall = false, children }: CoverProps) {
  const { handle, displayName, avatar } = person
  return (
    <div
      className="relative isolate flex aspect-video items-center justify-center overflow-hidden rounded-md transition-transform duration-200 group-hover:-translate-y-0.5"
      style={{ background: coverOf(handle) }}
    >
      <Currents />
      {!isSmall && (
        <Avatar
          handle={handle}
          name={displayName}
          picture={avatar}
          size={76}
          className="ring-4 ring-white/20"
        />
      )}
      {children}
    </div>
  )
}

/** The lines of the mark, drawn large and faint: the common thread of all covers. */
function Currents() {
  return (
    <svg aria-hidden viewBox="0 0 320 180" fill="none" className="absolute inset-0 -z-10 size-full">
      <g stroke="white" strokeOpacity="0.13" strokeWidth="1.5">
        {[0, 14, 28, 42, 56, 70].map((shift) => (
          <path
            key={shift}
            d={`M-20 ${120 + shift}C60 ${60 + shift} 110 ${150 + shift} 180 ${96 + shift}S300 ${40 + shift} 350 ${70 + shift}`}
          />
        ))}
      </g>
    </svg>
  )
}
