export type TextPart = { text: string; href?: string }

const URL_PATTERN = /https?:\/\/[^\s<>"']+/g

/** Splits a line into plain text and links. Only http(s) is linked; closing punctuation stays outside of a link. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(URL_PATTERN)) {
    const link = match[0].replace(/[).,;:!?\]]+$/, '')
    if (!URL.canParse(link)) continue
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ text: link, href: link })
    end = match.index + link.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
