import { describe, expect, it } from 'vitest'
import { addressInUseMail, verificationMail } from './accounts.mails.ts'

describe('the mails of accounts', () => {
  it('have the link in the text and twice in the page, where it is escaped', () => {
    const url = 'https://flow.example/verify?token=abc&x="><script>'
    const mail = verificationMail('a@example.com', 'alice', url)
    expect(mail).toMatchObject({ to: 'a@example.com', subject: 'Confirm your mail address' })
    expect(mail.text).toContain(`Confirm mail address:\n${url}\n`)
    expect(
      mail.html.split('href="https://flow.example/verify?token=abc&amp;x=&quot;&gt;&lt;script&gt;"'),
    ).toHaveLength(3)
    expect(mail.html).not.toContain('<script')
    expect(mail.html).toContain('Welcome, @alice')
  })

  it('tell the owner of an address about an attempt without anything that opens the account', () => {
    const mail = addressInUseMail('a@example.com', 'alice', 'https://flow.example/sign-in')
    expect(mail.text).toContain('nothing was changed')
    expect(mail.text).toContain('https://flow.example/sign-in')
    expect(mail.html).toContain('You already have an account, @alice')
  })
})
