import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { apiQuery, type Response, useApi, useApiChange } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatExact, formatRelative } from '../../format/time.ts'
import { scopeText, tokenText } from '../../text/standing.ts'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { Section } from '../settings/frame.tsx'
import { MadeToken } from './made-token.tsx'
import { TokenForm } from './token-form.tsx'

type Token = Response<'get /api/account/tokens'>['tokens'][number]

/** How often `5 minutes ago` is told anew. */
const RETELL_MS = 30_000

/** The part of the settings with one's API tokens: the list, making one, revoking one. */
export function TokensPage() {
  useTitle(tokenText('title'))
  const { api, queryClient } = useApp()
  const { data, error, refetch } = useApi('get /api/account/tokens')
  const [isMaking, setIsMaking] = useState(false)
  const [made, setMade] = useState<string>()
  const startMaking = () => setIsMaking(true)
  const changed = () => void queryClient.invalidateQueries(apiQuery(api, 'get /api/account/tokens'))
  return (
    <Section title={tokenText('title')} hint={tokenText('hint')} aside={<NewToken onPress={startMaking} />}>
      {data ? (
        <TokenList tokens={data.tokens} onRevoked={changed} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <ListSkeleton />
      )}
      <Dialog
        isOpen={isMaking}
        onOpenChange={setIsMaking}
        title={tokenText('createTitle')}
        hint={tokenText('createHint')}
      >
        <TokenForm
          onMade={(token) => {
            setIsMaking(false)
            setMade(token)
            changed()
          }}
        />
      </Dialog>
      <MadeToken token={made} onClose={() => setMade(undefined)} />
    </Section>
  )
}

function NewToken({ onPress }: { onPress: () => void }) {
  return (
    <Button look="primary" size="sm" icon={Plus} onClick={onPress}>
      {tokenText('create')}
    </Button>
  )
}

function TokenList({ tokens, onRevoked }: { tokens: Token[]; onRevoked: () => void }) {
  const [doomed, setDoomed] = useState<Token>()
  const revoke = useApiChange('delete /api/account/tokens/{tokenId}')
  const toast = useToast()
  const nowMs = useNow(RETELL_MS)
  if (tokens.length === 0)
    return (
      <div className="border-t border-line pt-4">
        <p className="font-semibold">{tokenText('empty')}</p>
        <p className="mt-1 text-text-2">{tokenText('emptyHint')}</p>
      </div>
    )
  const confirm = ({ id: tokenId, name }: Token) =>
    revoke.mutate(
      { params: { tokenId } },
      {
        onSuccess: () => {
          toast({ title: tokenText('revoked', { name }) })
          onRevoked()
        },
        onError: (error) => toast({ title: errorText(error), tone: 'danger' }),
      },
    )
  return (
    <>
      <ul className="-mb-4 divide-y divide-line border-t border-line">
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} nowMs={nowMs} onRevoke={() => setDoomed(token)} />
        ))}
      </ul>
      <Confirm
        isOpen={doomed !== undefined}
        title={tokenText('revokeTitle', { name: doomed?.name ?? '' })}
        hint={tokenText('revokeHint')}
        confirm={tokenText('revoke')}
        keep={tokenText('keep')}
        onConfirm={() => doomed && confirm(doomed)}
        onClose={() => setDoomed(undefined)}
      />
    </>
  )
}

function TokenRow({ token, nowMs, onRevoke }: { token: Token; nowMs: number; onRevoke: () => void }) {
  const { name, hint, scopes, lastUsedAt, expiresAt } = token
  const isOver = expiresAt <= nowMs
  const end = isOver
    ? tokenText('expired', { when: formatRelative(expiresAt, nowMs) })
    : tokenText('expiresAt', { when: formatExact(expiresAt) })
  const use =
    lastUsedAt === null
      ? tokenText('usedNever')
      : tokenText('used', { when: formatRelative(Math.min(lastUsedAt, nowMs), nowMs) })
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 py-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold wrap-anywhere">
          {name} <span className="font-normal text-text-3">{tokenText('ending', { hint })}</span>
        </p>
        <p className="mt-1 text-text-2">{scopes.map((scope) => scopeText(scope)).join(' · ')}</p>
        <p className={isOver ? 'mt-1 text-sm text-danger' : 'mt-1 text-sm text-text-3'}>
          {use} · {end}
        </p>
      </div>
      <Button size="sm" look="danger" aria-label={tokenText('revokeName', { name })} onClick={onRevoke}>
        {tokenText('revoke')}
      </Button>
    </li>
  )
}

function ListSkeleton() {
  return (
    <div className="flex flex-col gap-3">
      <LoadingNote />
      {[1, 2].map((row) => (
        <Skeleton key={row} className="h-24" />
      ))}
    </div>
  )
}
