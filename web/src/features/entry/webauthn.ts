import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser'

/** The options as the server made them; the contract leaves their fields to the browser's own interface. */
type Options = { options: { challenge: string } }

/** Whether a browser makes passkeys for this page: over HTTPS or on this machine, and never for a bare address. */
export const canUsePasskeys = (): boolean =>
  window.isSecureContext && 'PublicKeyCredential' in window && !/^[\d.]+$|:/.test(location.hostname)

/** Asks for a passkey; rejects where the person does not give one. */
export async function askPasskey({ options }: Options, isAutofill = false) {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
  return plain(await startAuthentication({ optionsJSON, useBrowserAutofill: isAutofill }))
}

/** Makes a passkey; rejects where the person does not want to. */
export async function makePasskey({ options }: Options) {
  const { startRegistration } = await import('@simplewebauthn/browser')
  return plain(await startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }))
}

/** The library names each extension that there may be; the contract takes whichever come. */
const plain = <T extends { clientExtensionResults: object }>(response: T) => ({
  ...response,
  clientExtensionResults: { ...response.clientExtensionResults } as Record<string, unknown>,
})

/** The device holds a passkey for this account already. */
export const isMadeAlready = (error: unknown): boolean =>
  error instanceof Error && error.name === 'InvalidStateError'

/** Whether the browser offers passkeys in the field where the mail address is typed. */
export async function canAutofill(): Promise<boolean> {
  if (!canUsePasskeys()) return false
  const { browserSupportsWebAuthnAutofill } = await import('@simplewebauthn/browser')
  return await browserSupportsWebAuthnAutofill()
}

/** Ends a question that still waits for its answer. */
export async function stopAsking(): Promise<void> {
  const { WebAuthnAbortService } = await import('@simplewebauthn/browser')
  WebAuthnAbortService.cancelCeremony()
}
