import { ArrowDown } from 'lucide-react'
import { Fragment, useCallback, useEffect, useRef, useState } from 'react'
import { useInView } from '../../data/use-in-view.ts'
import { useAccount } from '../../data/use-session.ts'
import { chatText } from '../../text/chat.ts'
import { buttonClass } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { LoadingNote, Skeleton, Spinner } from '../../ui/skeleton.tsx'
import type { SafetyActions } from '../safety/use-safety-actions.tsx'
import { ChatLine, PendingChatLine } from './chat-line.tsx'
import { type ChatMessage, missingBefore } from './chat-lines.ts'
import { moveBetweenMenus } from './line-menu.tsx'
import { type Chat, HISTORY_PAGE } from './use-chat.ts'
import { useChatScroll } from './use-chat-scroll.ts'
import type { Moderation } from './use-moderation.ts'

/** Faster than a line a second for ten lines, reading each one out would never end. */
const isTooFastToRead = (lines: Chat['state']['lines']): boolean => {
  const [tenth, last] = [lines.at(-10), lines.at(-1)]
  return tenth !== undefined && last !== undefined && last.sentAt - tenth.sentAt < 10_000
}

type Props = {
  chat: Chat
  /** What this viewer may do about those who write; undefined where they may not. */
  moderation: Moderation | undefined
  safety: SafetyActions
  /** Whose lines this viewer does not want to see. */
  hidden: ReadonlySet<string>
}

export function ChatList({ chat, moderation, safety, hidden }: Props) {
  const { lines, pending, isLoaded } = chat.state
  const box = useRef<HTMLDivElement>(null)
  const [isLoadingOlder, loadOlder] = useOlderLines(chat)
  const scroll = useChatScroll(box, {
    lines,
    pendingCount: pending.length,
    onReading: chat.setReading,
    onTop: loadOlder,
  })
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        data-testid="chat-list"
        role="log"
        aria-label={chatText('messages')}
        aria-live={isTooFastToRead(lines) ? 'off' : 'polite'}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        onScroll={scroll.onScroll}
        className="absolute inset-0 overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div className="flex min-h-full flex-col justify-end px-2 py-2">
          {!isLoaded && <ChatSkeleton />}
          {isLoaded && lines.length + pending.length === 0 && (
            <p className="px-2 py-6 text-center text-text-3">{chat.failure ?? chatText('empty')}</p>
          )}
          <Lines {...{ chat, moderation, safety, hidden }} isReadingBack={!scroll.isAtEnd} />
        </div>
      </div>
      {isLoadingOlder && (
        <div
          role="status"
          aria-label={chatText('loadOlder')}
          className="pointer-events-none absolute inset-x-0 top-2 flex justify-center text-text-3"
        >
          <Spinner size={18} />
        </div>
      )}
      {!scroll.isAtEnd && (
        <button
          type="button"
          onClick={scroll.toEnd}
          className={cx(
            buttonClass('primary', 'sm'),
            'absolute bottom-3 left-1/2 -translate-x-1/2 animate-appear shadow-lg shadow-black/25',
          )}
        >
          <ArrowDown aria-hidden size={16} />
          {scroll.unseen > 0 ? chatText('newMessages', { count: scroll.unseen }) : chatText('toEnd')}
        </button>
      )}
    </div>
  )
}

function Lines({ chat, moderation, safety, hidden, isReadingBack }: Props & { isReadingBack: boolean }) {
  const { lines, pending } = chat.state
  const account = useAccount()
  const isShown = ({ author, isHidden }: ChatMessage) => !isHidden && !hidden.has(author.id)
  const lastOfOthers = lines.findLastIndex((line) => line.author.id !== account?.id && isShown(line))
  return (
    <ol onKeyDown={moveBetweenMenus}>
      {lines.map((line, at) => (
        <Fragment key={line.seq}>
          {at > 0 && missingBefore(lines, at) > 0 && (
            <Gap
              count={missingBefore(lines, at)}
              beforeSeq={line.seq}
              isReadingBack={isReadingBack}
              load={chat.loadBefore}
            />
          )}
          {isShown(line) && (
            <ChatLine
              line={line}
              moderation={line.author.id === account?.id ? undefined : moderation}
              safety={!account || line.author.id === account.id ? undefined : safety}
              isTabStop={at === lastOfOthers}
            />
          )}
        </Fragment>
      ))}
      {account &&
        pending
          .filter((line) => !line.isPushed)
          .map((line) => (
            <PendingChatLine
              key={line.clientId}
              line={line}
              author={account}
              onRetry={() => void chat.send(line.text, line.clientId)}
              onDiscard={() => chat.discard(line.clientId)}
            />
          ))}
    </ol>
  )
}

type GapProps = {
  count: number
  beforeSeq: number
  isReadingBack: boolean
  load: (beforeSeq: number) => Promise<void>
}

/**
 * Lines that were left out under overload, or let go of while one read elsewhere. They come by a click; a gap that one
 * page closes comes by itself to who scrolls back to it, as to nobody else: at the end, the room is busy enough.
 */
function Gap({ count, beforeSeq, isReadingBack, load }: GapProps) {
  const [isBusy, setIsBusy] = useState(false)
  const [ref, isInView] = useInView()
  const show = useCallback(() => {
    setIsBusy(true)
    const done = () => setIsBusy(false)
    load(beforeSeq).then(done, done)
  }, [load, beforeSeq])
  const isDue = isReadingBack && isInView && count <= HISTORY_PAGE
  useEffect(() => {
    if (isDue) show()
  }, [isDue, show])
  return (
    <li
      ref={ref}
      className="my-1 flex items-center justify-center gap-2 border-y border-line py-1.5 text-sm text-text-3"
    >
      {chatText('gap', { count })}
      <button
        type="button"
        disabled={isBusy}
        onClick={show}
        className="font-semibold text-accent hover:underline disabled:opacity-50"
      >
        {chatText('gapShow')}
      </button>
    </li>
  )
}

/** Loads the page before the first line, one at a time, as long as there are lines before it. */
function useOlderLines(chat: Chat): [isLoading: boolean, load: () => void] {
  const [isLoading, setIsLoading] = useState(false)
  const isBusy = useRef(false)
  const { loadBefore } = chat
  const firstSeq = chat.state.lines[0]?.seq ?? 1
  const load = useCallback(() => {
    if (isBusy.current || firstSeq <= 1) return
    isBusy.current = true
    setIsLoading(true)
    const done = () => {
      isBusy.current = false
      setIsLoading(false)
    }
    // A failure shows as nothing loaded: the next scroll tries again.
    loadBefore(firstSeq).then(done, done)
  }, [loadBefore, firstSeq])
  return [isLoading, load]
}

/** Widths in percent that look like talk. */
const SKELETON_WIDTHS = [62, 84, 45, 72, 90, 55, 78, 38, 66]

function ChatSkeleton() {
  return (
    <div className="flex flex-col gap-3 px-2 py-1">
      <LoadingNote />
      {SKELETON_WIDTHS.map((width) => (
        <div key={width} style={{ width: `${width}%` }}>
          <Skeleton className="h-4" />
        </div>
      ))}
    </div>
  )
}
