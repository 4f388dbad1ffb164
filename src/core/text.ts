/**
 * One line of text from a person, fit for storage and for other people's screens: control characters become spaces
 * (PostgreSQL refuses U+0000), lone surrogates are replaced, direction overrides and isolates that would turn the
 * surrounding page around are dropped (Unicode UAX #9), ends are trimmed.
 */
export const cleanLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
    .trim()

/** A telephone number as people write it, without what they put between the digits; `00` before it is `+` (ITU-T E.123). */
export const plainPhone = (text: string): string => text.replace(/[\s()./-]/g, '').replace(/^00/, '+')

/** A text of several lines, cleaned as a line is; line breaks stay, and no more than one empty line in a row. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map(cleanLine)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
