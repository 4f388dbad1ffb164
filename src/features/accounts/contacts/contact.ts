/** What an account is reached under and signs in with: a mail address or a telephone number, each already parsed. */
export type Contact = { email: string } | { phone: string }

/** A parsed body has exactly one of the two; the contract saw to it. */
export type ContactInput = { email?: string | undefined; phone?: string | undefined }

export function contactOf({ email, phone }: ContactInput): Contact {
  if (email !== undefined) return { email }
  if (phone !== undefined) return { phone }
  throw new Error('Neither a mail address nor a telephone number was given.')
}

export const isEmail = (contact: Contact): contact is { email: string } => 'email' in contact

/** Names it in locks, limits and job keys: `email:a@example.com`. */
export const contactKey = (contact: Contact): string =>
  isEmail(contact) ? `email:${contact.email}` : `phone:${contact.phone}`

/**
 * What stands in place of a contact that has an account already: an account that can never be verified nor signed in to
 * (it is neither address nor number) and is swept like any that was not verified. Without it, whether the handle is
 * taken afterwards would tell whether the contact was.
 */
export const shadowOf = (contact: Contact): Contact =>
  isEmail(contact) ? { email: `in-use:${contact.email}` } : { phone: `in-use:${contact.phone}` }
