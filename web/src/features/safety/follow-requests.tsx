import { useApp } from '../../data/app.tsx'
import { callHarmless } from '../../data/calls/call-harmless.ts'
import { errorText } from '../../data/error-text.ts'
import { safetyText } from '../../text/safety.ts'
import { Button } from '../../ui/button.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { type Listed, PeopleList } from './people-list.tsx'

const ANSWERS = {
  accept: { call: 'follow-request:accept', done: 'accepted' },
  decline: { call: 'follow-request:decline', done: 'declined' },
} as const

/** Who asks to follow one's private account, to be let in or not. */
export function FollowRequests() {
  const { connection, queryClient } = useApp()
  const toast = useToast()
  const answer = ({ id: accountId, displayName: name }: Listed, kind: keyof typeof ANSWERS) => {
    const { call, done } = ANSWERS[kind]
    // Also after a refusal: then the list on screen is not how it is.
    const read = () => queryClient.invalidateQueries({ queryKey: ['get /api/account/follow-requests'] })
    callHarmless(connection, call, { accountId })
      .then(
        () => toast({ title: safetyText(done, { name }) }),
        (error: unknown) => toast({ title: errorText(error), tone: 'danger' }),
      )
      .then(read, read)
  }
  return (
    <PeopleList
      source="get /api/account/follow-requests"
      empty={safetyText('requestsEmpty')}
      actions={(person) => (
        <>
          <Button
            size="sm"
            look="primary"
            aria-label={safetyText('acceptName', { name: person.displayName })}
            onClick={() => answer(person, 'accept')}
          >
            {safetyText('accept')}
          </Button>
          <Button
            size="sm"
            aria-label={safetyText('declineName', { name: person.displayName })}
            onClick={() => answer(person, 'decline')}
          >
            {safetyText('decline')}
          </Button>
        </>
      )}
    />
  )
}
