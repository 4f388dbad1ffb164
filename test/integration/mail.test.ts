import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createSmtpMailer } from '../../src/infra/messages/mail.ts'

/** As much of SMTP (RFC 5321) as one delivery needs; keeps what it was sent. Answers `reply` to the recipient. */
async function startSmtpServer(reply = '250 ok') {
  const received: string[] = []
  const answer = (socket: Socket, line: string) => {
    received.push(line)
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'DATA') socket.write('354 go on\r\n')
    else if (verb === 'RCPT') socket.write(`${reply}\r\n`)
    else if (verb === 'QUIT') socket.end('221 bye\r\n')
    else if (line === '.' || ['EHLO', 'MAIL', 'RSET'].includes(verb)) socket.write('250 ok\r\n')
  }
  const server = createServer((socket) => {
    let rest = ''
    socket.write('220 localhost\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) answer(socket, line)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, received, stop: () => new Promise((resolve) => server.close(resolve)) }
}

const mail = { to: 'alice@example.com', subject: 'Grüße', text: 'plain words', html: '<p>rich words</p>' }
const from = 'Social Flow <no-reply@flow.example>'

it('a mail goes through SMTP with its sender, both forms of its text and an encoded subject', async () => {
  const server = await startSmtpServer()
  using mailer = createSmtpMailer({ url: server.url, from })
  await mailer.send(mail)
  const sent = server.received.join('\n')
  expect(sent).toContain('MAIL FROM:<no-reply@flow.example>')
  expect(sent).toContain('RCPT TO:<alice@example.com>')
  expect(sent).toContain(`From: ${from}`)
  expect(sent).toMatch(/Subject: =\?UTF-8\?/)
  expect(sent).toContain('plain words')
  expect(sent).toContain('<p>rich words</p>')
  await server.stop()
})

it('a mail that the server refuses, and one that no server takes, is an error, so that its job tries again', async () => {
  const server = await startSmtpServer('451 later')
  using mailer = createSmtpMailer({ url: server.url, from })
  await expect(mailer.send(mail)).rejects.toMatchObject({ responseCode: 451 })
  await server.stop()
  await expect(mailer.send(mail)).rejects.toMatchObject({ code: 'ESOCKET' })
})
