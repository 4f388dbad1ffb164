import { memo } from 'react'
import { nameColor } from '../../format/hue.ts'
import { formatClock, formatExact } from '../../format/time.ts'
import { chatText } from '../../text/chat.ts'
import { cx } from '../../ui/cx.ts'
import { PersonLink } from '../../ui/inline/person-link.tsx'
import { RichText } from '../../ui/inline/rich-text.tsx'
import type { SafetyActions } from '../safety/use-safety-actions.tsx'
import type { ChatMessage, PendingLine } from './chat-lines.ts'
import { LineMenu } from './line-menu.tsx'
import type { Moderation } from './use-moderation.ts'

const rowClass = 'rounded-sm px-2 py-1 leading-[1.45] wrap-anywhere'

type LineProps = {
  line: ChatMessage
  moderation: Moderation | undefined
  /** Undefined for one's own lines and for visitors, who can do nothing about those who write. */
  safety: SafetyActions | undefined
  isTabStop: boolean
}

/** A committed line; it never changes, so it is drawn once. */
export const ChatLine = memo(function ChatLine({ line, moderation, safety, isTabStop }: LineProps) {
  return (
    <li className={cx(rowClass, 'group relative hover:bg-surface-2')}>
      {safety && (
        <LineMenu author={line.author} moderation={moderation} safety={safety} isTabStop={isTabStop} />
      )}
      <time
        dateTime={new Date(line.sentAt).toISOString()}
        title={formatExact(line.sentAt)}
        className="float-right ml-2 hidden text-xs leading-5 text-text-3 tabular-nums group-hover:inline"
      >
        {formatClock(line.sentAt)}
      </time>
      {line.author.role && <RoleMark role={line.author.role} />}
      <Author
        handle={line.author.handle}
        name={line.author.displayName}
        isTabStop={safety === undefined && isTabStop}
      />
      <RichText text={line.text} />
    </li>
  )
})

function RoleMark({ role }: { role: NonNullable<ChatMessage['author']['role']> }) {
  return (
    <span className="mr-1.5 rounded-sm bg-surface-3 px-1.5 py-0.5 text-xs font-semibold text-text-2">
      {chatText(role)}
    </span>
  )
}

/** Hundreds of names are no stops of Tab: the menu of a line leads to the channel too, where there is one. */
function Author({ handle, name, isTabStop }: { handle: string; name: string; isTabStop: boolean }) {
  return (
    <span title={`@${handle}`} className="mr-1.5 font-semibold" style={{ color: nameColor(handle) }}>
      <PersonLink handle={handle} {...(!isTabStop && { tabIndex: -1 })}>
        {name}
      </PersonLink>
      <span className="sr-only">: </span>
    </span>
  )
}

type PendingProps = {
  line: PendingLine
  author: { handle: string; displayName: string }
  onRetry: () => void
  onDiscard: () => void
}

/** A line of one's own that is on its way, or that was refused and can be sent again. */
export function PendingChatLine({ line, author, onRetry, onDiscard }: PendingProps) {
  const isRefused = line.failure !== undefined
  return (
    <li className={cx(rowClass, isRefused && 'bg-danger/10')}>
      <span className={cx(!isRefused && 'opacity-60')}>
        <Author handle={author.handle} name={author.displayName} isTabStop={false} />
        <RichText text={line.text} />
      </span>
      {isRefused ? (
        <span role="alert" className="mt-1 block text-sm text-danger">
          {chatText('notSent', { reason: line.failure ?? '' })}{' '}
          <button type="button" onClick={onRetry} className="font-semibold underline underline-offset-2">
            {chatText('retry')}
          </button>{' '}
          <button type="button" onClick={onDiscard} className="underline underline-offset-2">
            {chatText('discard')}
          </button>
        </span>
      ) : (
        <span className="sr-only">{chatText('sending')}</span>
      )}
    </li>
  )
}
