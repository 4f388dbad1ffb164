import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { apiQuery, type Response, useApi, useApiChange } from '../../data/use-api.ts'
import { safetyText } from '../../text/safety.ts'
import { SelectField } from '../../ui/field.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { SwitchRow } from '../settings/switch-row.tsx'

type Privacy = Response<'get /api/account/privacy'>['privacy']

const AUDIENCES = ['everyone', 'followers', 'nobody'] as const
/** What there is so far that an audience can be chosen for. */
const CHOICES = ['comments'] as const

/** What one's account shows to whom; every choice is saved as it is made, and shown so before the answer. */
export function PrivacyForm() {
  const { data, error, refetch } = useApi('get /api/account/privacy')
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div className="flex flex-col gap-4">
        <LoadingNote />
        <Skeleton className="h-14" />
        <Skeleton className="h-16" />
      </div>
    )
  return <Choices privacy={data.privacy} />
}

function Choices({ privacy }: { privacy: Privacy }) {
  const { api, queryClient } = useApp()
  const toast = useToast()
  const save = useApiChange('put /api/account/privacy')
  const { queryKey } = apiQuery(api, 'get /api/account/privacy')
  const change = (part: Partial<Privacy>) => {
    const wanted = { ...privacy, ...part }
    queryClient.setQueryData(queryKey, { privacy: wanted })
    save.mutate(
      { body: wanted },
      {
        onSuccess: () => {
          toast({ title: safetyText('saved') })
          void queryClient.invalidateQueries({ queryKey: ['get /api/account/follow-requests'] })
        },
        onError: (error) => {
          queryClient.setQueryData(queryKey, { privacy })
          toast({ title: safetyText('notSaved', { reason: errorText(error) }), tone: 'danger' })
        },
      },
    )
  }
  return (
    <div className="flex flex-col gap-5">
      <SwitchRow
        label={safetyText('isPrivate')}
        hint={`${safetyText('isPrivateHint')} ${privacy.isPrivate ? safetyText('openHint') : ''}`.trim()}
        isOn={privacy.isPrivate}
        isBusy={save.isPending}
        onChange={(isPrivate) => change({ isPrivate })}
      />
      {CHOICES.map((name) => (
        <SelectField
          key={name}
          label={safetyText(name)}
          value={privacy[name]}
          disabled={save.isPending}
          options={AUDIENCES.map((value) => ({ value, label: safetyText(value) }))}
          onChange={(event) => change({ [name]: event.target.value as Privacy['comments'] })}
          className="max-w-xs"
        />
      ))}
    </div>
  )
}
