import { Link, useLocation } from '@tanstack/react-router'
import { SendHorizontal } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { readStored, writeStored } from '../../data/stored.ts'
import { useNow } from '../../data/use-now.ts'
import { useAccount } from '../../data/use-session.ts'
import { chatText } from '../../text/chat.ts'
import { common } from '../../text/common.ts'
import { buttonClass, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import type { Chat } from './use-chat.ts'

/** CHAT_TEXT_MAX of src/contract/chat.ts, whose import would bring the validation library into the page. */
const TEXT_MAX = 500
/** From here on one may want to know how much is left: the last fifth. */
const COUNT_FROM = 400

type Props = { chat: Chat; streamId: string; field: RefObject<HTMLTextAreaElement | null> }

export function ChatComposer({ chat, streamId, field }: Props) {
  const account = useAccount()
  const [text, setText] = useDraft(streamId)
  const [isAsked, setIsAsked] = useState(false)
  const waitSeconds = useWaitSeconds(chat.blockedUntilMs)
  const isTooLong = text.trim().length > TEXT_MAX
  const submit = () => {
    const said = text.trim()
    if (!said || isTooLong || waitSeconds > 0) return
    if (!account) return setIsAsked(true)
    setText('')
    void chat.send(said).then((isTaken) => {
      if (!isTaken) setText((later) => (later ? `${said} ${later}` : said))
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // During composition (Japanese, Chinese …) Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  return (
    <form
      className="border-t border-line p-3 pb-[max(12px,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {isAsked && !account && <SignInFirst />}
      {waitSeconds > 0 && (
        <p role="status" className="mb-2 text-sm text-text-2 tabular-nums">
          {chatText('waitToWrite', { count: waitSeconds })}
        </p>
      )}
      <div className="flex items-end gap-1 rounded-md border border-line-strong bg-surface-1 pl-3 focus-within:outline-2 focus-within:outline-accent">
        <textarea
          ref={field}
          data-testid="chat-composer"
          aria-label={chatText('label')}
          placeholder={chatText('placeholder')}
          value={text}
          rows={1}
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-28 flex-1 resize-none py-2.5 text-base outline-none [field-sizing:content] placeholder:text-text-3 md:text-sm"
        />
        <IconButton
          type="submit"
          icon={SendHorizontal}
          label={chatText('send')}
          disabled={text.trim() === '' || isTooLong || waitSeconds > 0}
          className="my-0.5 mr-0.5 text-accent"
        />
      </div>
      <Counter length={text.trim().length} />
    </form>
  )
}

function Counter({ length }: { length: number }) {
  if (length < COUNT_FROM) return null
  const left = TEXT_MAX - length
  return (
    <p
      role={left < 0 ? 'alert' : undefined}
      className={cx('mt-1 text-xs tabular-nums', left < 0 ? 'text-danger' : 'text-text-3')}
    >
      {left < 0 ? chatText('over', { count: -left }) : chatText('left', { count: left })}
    </p>
  )
}

function SignInFirst() {
  const { href } = useLocation()
  return (
    <div role="alert" className="mb-3 flex animate-rise flex-col gap-3 rounded-md bg-surface-2 p-3">
      <p>{chatText('signInToWrite')}</p>
      <div className="flex gap-2">
        <Link to="/sign-in" search={{ next: href }} className={buttonClass('primary', 'sm')}>
          {common('signIn')}
        </Link>
        <Link to="/sign-up" search={{ next: href }} className={buttonClass('ghost', 'sm')}>
          {common('signUp')}
        </Link>
      </div>
    </div>
  )
}

/** What was typed and not sent yet; kept in this browser, so that signing in or a reload does not lose it. */
function useDraft(streamId: string): [string, (next: string | ((before: string) => string)) => void] {
  const key = `draft:${streamId}`
  const [text, setText] = useState(() => readStored(key) ?? '')
  const change = (next: string | ((before: string) => string)) =>
    setText((before) => {
      const value = typeof next === 'function' ? next(before) : next
      writeStored(key, value || undefined)
      return value
    })
  return [text, change]
}

/** Whole seconds until one may write again; 0 where one may. */
function useWaitSeconds(untilMs: number): number {
  const nowMs = useNow()
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1000))
}
