import { z } from 'zod'

/** The part of the settings about accounts elsewhere that open accounts here. */
export const providerSettings = {
  GOOGLE_CLIENT_ID: z.string().optional().describe('OAuth client for signing in with Google.'),
  GOOGLE_CLIENT_SECRET: z.string().optional().describe('Secret of GOOGLE_CLIENT_ID.'),
  FACEBOOK_CLIENT_ID: z.string().optional().describe('OAuth client for signing in with Facebook.'),
  FACEBOOK_CLIENT_SECRET: z.string().optional().describe('Secret of FACEBOOK_CLIENT_ID.'),
  TWITTER_CLIENT_ID: z.string().optional().describe('OAuth client for signing in with X (Twitter).'),
  TWITTER_CLIENT_SECRET: z.string().optional().describe('Secret of TWITTER_CLIENT_ID.'),
  GITHUB_CLIENT_ID: z.string().optional().describe('OAuth client for signing in with GitHub.'),
  GITHUB_CLIENT_SECRET: z.string().optional().describe('Secret of GITHUB_CLIENT_ID.'),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Issuer of any OpenID Connect provider to sign in with; the rest is discovered.'),
  OIDC_CLIENT_ID: z.string().optional().describe('Client at OIDC_ISSUER.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Secret of OIDC_CLIENT_ID.'),
  OIDC_NAME: z.string().min(1).max(40).default('Single sign-on').describe('What people see for OIDC_ISSUER.'),
}

/** Settings that are of use together only. */
const CLIENTS = [
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['FACEBOOK_CLIENT_ID', 'FACEBOOK_CLIENT_SECRET'],
  ['TWITTER_CLIENT_ID', 'TWITTER_CLIENT_SECRET'],
  ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
] as const

type Given = { [name in keyof typeof providerSettings]?: string | undefined }

/** What is wrong with the clients that were given, each as a setting and the end of a sentence about it. */
export function providerProblems(value: Given): { path: [string]; message: string }[] {
  const problems: { path: [string]; message: string }[] = []
  for (const [first, ...others] of CLIENTS) {
    const given = [first, ...others].filter((name) => value[name] !== undefined)
    if (given.length > 0 && given.length <= others.length)
      problems.push({ path: [first], message: `goes together with ${others.join(', ')}` })
  }
  if (value.OIDC_ISSUER?.startsWith('http:') && !isThisMachine(value.OIDC_ISSUER))
    problems.push({ path: ['OIDC_ISSUER'], message: 'must begin with https:' })
  return problems
}

/** Only on this machine nobody can listen on the way. */
const isThisMachine = (url: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
