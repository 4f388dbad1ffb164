import { useApp } from '../../../data/app.tsx'
import { errorText } from '../../../data/error-text.ts'
import { apiQuery, useApi, useApiChange } from '../../../data/use-api.ts'
import { preferenceText } from '../../../text/settings.ts'
import { LoadError } from '../../../ui/notice.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { Section } from '../frame.tsx'
import { SwitchRow } from '../switch-row.tsx'
import type { Preferences } from './use-preferences.ts'

type Change = Partial<Pick<Preferences, 'autoplay'>> & {
  notifications?: Partial<Preferences['notifications']>
}

/** How somebody wants the platform; each choice holds at once, and goes back with the reason where it is refused. */
export function PreferenceSections() {
  const { api, queryClient } = useApp()
  const { data, error, refetch } = useApi('get /api/preferences')
  const save = useApiChange('patch /api/preferences')
  const toast = useToast()
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <>
        <LoadingNote />
        <Skeleton className="h-36 rounded-md!" />
        <Skeleton className="h-40 rounded-md!" />
      </>
    )
  const { autoplay, notifications } = data.preferences
  const { queryKey } = apiQuery(api, 'get /api/preferences')
  const show = (preferences: Preferences) => queryClient.setQueryData(queryKey, { preferences })
  const change = (wished: Change) => {
    show({ ...data.preferences, ...wished, notifications: { ...notifications, ...wished.notifications } })
    save.mutate(
      { body: wished },
      {
        onSuccess: (answer) => show(answer.preferences),
        onError: (failure) => {
          show(data.preferences)
          toast({ title: preferenceText('refused', { reason: errorText(failure) }), tone: 'danger' })
        },
      },
    )
  }
  return (
    <>
      <Section title={preferenceText('playback')} hint={preferenceText('hint')}>
        <SwitchRow
          label={preferenceText('autoplay')}
          hint={preferenceText('autoplayHint')}
          isOn={autoplay}
          onChange={(isOn) => change({ autoplay: isOn })}
        />
      </Section>
      <Section title={preferenceText('notifications')} hint={preferenceText('notificationsHint')}>
        <div className="flex flex-col gap-4">
          {(['follow', 'live'] as const).map((kind) => (
            <SwitchRow
              key={kind}
              label={preferenceText(kind)}
              isOn={notifications[kind]}
              onChange={(isOn) => change({ notifications: { [kind]: isOn } })}
            />
          ))}
        </div>
      </Section>
    </>
  )
}
