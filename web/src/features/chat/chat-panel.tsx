import { PanelRightClose } from 'lucide-react'
import { type RefObject, useEffect, useRef } from 'react'
import { isTyping } from '../../shell/shortcuts.tsx'
import { chatText } from '../../text/chat.ts'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { useHidden } from '../safety/use-hidden.ts'
import { useSafetyActions } from '../safety/use-safety-actions.tsx'
import { ChatComposer } from './chat-composer.tsx'
import { ChatList } from './chat-list.tsx'
import { useChat } from './use-chat.ts'
import { useModeration } from './use-moderation.ts'

type Props = {
  streamId: string
  /** Whether this viewer may put others out of the channel. */
  isModerator: boolean
  className?: string
  onHide?: (() => void) | undefined
}

/** The chat of a stream with its composer; fills the height it is given. */
export function ChatPanel({ streamId, isModerator, className, onHide }: Props) {
  const chat = useChat(streamId)
  const moderation = useModeration(streamId)
  const { actions, dialog } = useSafetyActions()
  const hidden = useHidden()
  const field = useRef<HTMLTextAreaElement>(null)
  useWriteKey(field)
  return (
    <section aria-label={chatText('title')} className={cx('flex min-h-0 flex-col bg-surface-1', className)}>
      <div className="flex h-11 shrink-0 items-center justify-between border-b border-line pr-1.5 pl-4 max-lg:hidden">
        <h2 className="text-sm font-semibold">{chatText('title')}</h2>
        {onHide && (
          <IconButton icon={PanelRightClose} label={chatText('hide')} onClick={onHide} className="size-9" />
        )}
      </div>
      {chat.failure && chat.state.lines.length > 0 && (
        <p role="status" className="border-b border-line px-4 py-2 text-text-2">
          {chat.failure}
        </p>
      )}
      <ChatList {...{ chat, hidden, safety: actions }} moderation={isModerator ? moderation : undefined} />
      {dialog}
      <ChatComposer chat={chat} streamId={streamId} field={field} />
    </section>
  )
}

/** `c` puts the cursor into the composer. */
function useWriteKey(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        event.key !== 'c' ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target)
      )
        return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [field])
}
