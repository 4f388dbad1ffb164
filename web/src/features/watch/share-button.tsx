import { LinkIcon } from 'lucide-react'
import { watch } from '../../text/watch.ts'
import { IconButton } from '../../ui/button.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'

/** Copies the address of the page. */
export function ShareButton() {
  const toast = useToast()
  // The clipboard exists in secure contexts only; elsewhere the address bar has to do.
  if (!navigator.clipboard) return null
  const share = () => {
    const address = `${location.origin}${location.pathname}`
    navigator.clipboard.writeText(address).then(
      () => toast({ title: watch('shared') }),
      () => toast({ title: address }),
    )
  }
  return <IconButton icon={LinkIcon} label={watch('share')} onClick={share} />
}
