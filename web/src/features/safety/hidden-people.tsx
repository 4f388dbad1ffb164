import { safetyText } from '../../text/safety.ts'
import { Button } from '../../ui/button.tsx'
import { PeopleList } from './people-list.tsx'
import { useSafetyActions } from './use-safety-actions.tsx'

/** Whom one blocks. */
export function BlockedPeople() {
  const { actions } = useSafetyActions()
  return (
    <PeopleList
      source="get /api/account/blocks"
      empty={safetyText('blockedEmpty')}
      actions={(person) => (
        <Button
          size="sm"
          aria-label={safetyText('unblockName', { name: person.displayName })}
          onClick={() => actions.unblock(person)}
        >
          {safetyText('unblock')}
        </Button>
      )}
    />
  )
}

/** Whom one has muted. */
export function MutedPeople() {
  const { actions } = useSafetyActions()
  return (
    <PeopleList
      source="get /api/account/mutes"
      empty={safetyText('mutedEmpty')}
      actions={(person) => (
        <Button
          size="sm"
          aria-label={safetyText('unmuteName', { name: person.displayName })}
          onClick={() => actions.unmute(person)}
        >
          {safetyText('unmute')}
        </Button>
      )}
    />
  )
}
