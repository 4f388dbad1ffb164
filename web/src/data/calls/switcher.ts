/** Brings a yes or no to the server; see `createSwitcher`. */
export type Switcher = {
  /** `confirmed` is what the server is known to have; it counts only while no call is on its way. */
  set(isOn: boolean, confirmed: boolean): void
}

type Deps = {
  send: (isOn: boolean) => Promise<void>
  /** A wish was refused; `confirmed` is what the server still has. */
  onRefused: (error: unknown, confirmed: boolean) => void
}

/**
 * Sends one call at a time, and after it the newest wish if that is another one by then: fingers that change their mind
 * can not be overtaken by their own earlier calls.
 *
 *   idle ──set──▶ sending ──answered, same wish──▶ idle        sending ──answered, other wish──▶ sending
 */
export function createSwitcher({ send, onRefused }: Deps): Switcher {
  let wished = false
  let confirmed = false
  let isSending = false

  async function run(): Promise<void> {
    isSending = true
    do {
      const sent = wished
      try {
        await send(sent)
        confirmed = sent
      } catch (error) {
        // Where the wish has gone back meanwhile, the refusal changes nothing for anybody.
        if (wished === sent) {
          wished = confirmed
          onRefused(error, confirmed)
        }
      }
    } while (wished !== confirmed)
    isSending = false
  }

  return {
    set(isOn, known) {
      wished = isOn
      if (isSending) return
      confirmed = known
      void run()
    },
  }
}
