import { createFileRoute } from '@tanstack/react-router'
import { OAuthReturnPage, type ProviderAnswer } from '../features/entry/oauth-return-page.tsx'

export const Route = createFileRoute('/oauth/$provider')({ validateSearch: answerIn, component: Page })

/** What the provider wrote into the address; whatever else it says is of no interest. */
function answerIn({ code, state, iss }: Record<string, unknown>): ProviderAnswer {
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof state === 'string' && { state }),
    ...(typeof iss === 'string' && { iss }),
  }
}

function Page() {
  const { provider } = Route.useParams()
  const answer = Route.useSearch()
  return <OAuthReturnPage key={answer.state} provider={provider} answer={answer} />
}
