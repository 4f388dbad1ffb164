import { LogIn } from 'lucide-react'
import { errorText } from '../../data/error-text.ts'
import { useApi, useApiChange } from '../../data/use-api.ts'
import { security } from '../../text/security.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { keepDestination } from '../account/use-arrival.ts'

type ButtonsProps = { next: string | undefined; remember?: boolean }

/** One button for each provider that this server has set up. */
export function ProviderButtons({ next, remember = true }: ButtonsProps) {
  const providers = useApi('get /api/auth/oauth').data?.providers ?? []
  const start = useApiChange('post /api/auth/oauth/{provider}/start')
  return (
    <>
      {start.error && <FormError>{errorText(start.error)}</FormError>}
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          size="lg"
          icon={LogIn}
          isBusy={start.isPending && start.variables.params.provider === id}
          disabled={start.isPending}
          onClick={() =>
            start.mutate(
              { params: { provider: id }, body: { remember } },
              {
                onSuccess: ({ url }) => {
                  // The way back opens a page that does not know where somebody wanted to go.
                  keepDestination(next)
                  location.assign(url)
                },
              },
            )
          }
        >
          {security('continueWith', { name })}
        </Button>
      ))}
    </>
  )
}

export function Or() {
  return (
    <p className="flex items-center gap-3 text-sm text-text-3">
      <span aria-hidden className="h-px flex-1 bg-line" />
      {security('or')}
      <span aria-hidden className="h-px flex-1 bg-line" />
    </p>
  )
}
