import type { Mail } from '../../core/ports.ts'

/**
 * Nothing that somebody typed goes into a mail but the handle, whose form is narrow: who registers with a stranger's
 * address must not be able to write to that stranger.
 */
type MailContent = {
  subject: string
  heading: string
  paragraphs: readonly string[]
  button: { label: string; url: string }
  closing: string
}

export const verificationMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Confirm your mail address',
    heading: `Welcome, @${handle}`,
    paragraphs: [
      'Confirm this mail address to finish making your account. The link works once, for 24 hours.',
    ],
    button: { label: 'Confirm mail address', url },
    closing:
      'If you did not make this account, ignore this mail: without the link nobody can use it, and it is deleted after a week.',
  })

export const addressInUseMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'You already have an account',
    heading: `You already have an account, @${handle}`,
    paragraphs: [
      'Somebody, perhaps you, tried to make a new account with this mail address. There is one already, so nothing was changed.',
    ],
    button: { label: 'Sign in', url },
    closing:
      'If it was not you, there is nothing to do: whoever tried was not told that this account exists.',
  })

export const resetMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Set a new password',
    heading: `Set a new password, @${handle}`,
    paragraphs: [
      'Somebody, hopefully you, asked for a new password. The link works once, for one hour. With the new password you are signed out everywhere else.',
    ],
    button: { label: 'Set a new password', url },
    closing: 'If it was not you, ignore this mail: your password stays as it is.',
  })

export const passwordChangedMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Your password was changed',
    heading: `Your password was changed, @${handle}`,
    paragraphs: ['All other devices were signed out. If it was you, there is nothing to do.'],
    button: { label: 'It was not me', url },
    closing:
      'If it was not you, set a new password at once; the link leads to where you can ask for one by mail.',
  })

export const changeEmailMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Confirm your new mail address',
    heading: `Your new mail address, @${handle}`,
    paragraphs: [
      'Confirm that this mail address shall be that of your account. The link works once, for 24 hours.',
    ],
    button: { label: 'Confirm new mail address', url },
    closing: 'If you did not ask for it, ignore this mail: nothing is changed without the link.',
  })

export const emailChangedMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Your mail address was changed',
    heading: `Your mail address was changed, @${handle}`,
    paragraphs: [
      'Your account has another mail address now. If it was you, there is nothing to do.',
      'If it was not you, take it back within seven days: this address holds again, everybody is signed out, and you can set a new password.',
    ],
    button: { label: 'Take it back', url },
    closing: 'Nothing else is sent to this address about the account.',
  })

export const exportReadyMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Your data is ready',
    heading: `Your data is ready, @${handle}`,
    paragraphs: [
      'The archive of your data that you asked for can be downloaded for seven days, by you alone: sign in first.',
    ],
    button: { label: 'Go to your data', url },
    closing: 'If you did not ask for it, somebody else is signed in as you: set a new password.',
  })

export const deletionAskedMail = (to: string, handle: string, url: string): Mail =>
  compose(to, {
    subject: 'Your account will be deleted',
    heading: `Your account will be deleted, @${handle}`,
    paragraphs: [
      'Nobody sees it any more, and in 30 days it is erased with everything that is in it. Until then you can sign in and keep it.',
    ],
    button: { label: 'Keep my account', url },
    closing: 'If it was not you, sign in at once, keep the account and set a new password.',
  })

function compose(to: string, content: MailContent): Mail {
  const { subject, heading, paragraphs, button, closing } = content
  const text = [heading, ...paragraphs, `${button.label}:\n${button.url}`, closing].join('\n\n')
  return { to, subject, text: `${text}\n`, html: toHtml(content) }
}

const PARAGRAPH_STYLE = 'margin:0 0 16px;font-size:16px;line-height:24px'

/** Tables and inline styles, because mail programs know little else; readable in light and dark. */
function toHtml({ subject, heading, paragraphs, button, closing }: MailContent): string {
  const url = escapeHtml(button.url)
  const body = paragraphs.map((text) => `<p style="${PARAGRAPH_STYLE}">${escapeHtml(text)}</p>`).join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:24px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<table role="presentation" align="center" width="100%" style="max-width:480px;border-collapse:collapse"><tr><td>
<p style="margin:0 0 24px;font-size:14px;font-weight:600">Social Flow</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:28px">${escapeHtml(heading)}</h1>
${body}
<p style="margin:24px 0"><a href="${url}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#00746f;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(button.label)}</a></p>
<p style="margin:0 0 16px;font-size:14px;line-height:20px">Or open this address: <br><a href="${url}" style="word-break:break-all">${url}</a></p>
<p style="margin:0;font-size:14px;line-height:20px">${escapeHtml(closing)}</p>
</td></tr></table>
</body>
</html>
`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
