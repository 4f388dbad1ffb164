/** A sentence, or its forms by number; `{name}` stands for a parameter and `{count}` chooses the form. */
type Message = string | { one: string; other: string }

type NamesIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never
type FormsOf<M extends Message> = M extends { one: string; other: string } ? M['one'] | M['other'] : M
type ParamsOf<M extends Message> = M extends string
  ? Record<NamesIn<M>, string | number>
  : Record<NamesIn<FormsOf<M> & string>, string | number> & { count: number }
type Args<M extends Message> = [NamesIn<FormsOf<M> & string>] extends [never] ? [] : [params: ParamsOf<M>]

/** The language that the catalogue is written in; numbers and plurals follow it. */
export const LOCALE = 'en'

const plurals = new Intl.PluralRules(LOCALE)
const numbers = new Intl.NumberFormat(LOCALE)

/**
 * One area's part of the catalogue. The function it returns takes only keys that exist, with exactly the parameters
 * that their sentence names. A translation is another object of the same shape.
 */
export function messages<const Catalogue extends Readonly<Record<string, Message>>>(catalogue: Catalogue) {
  return function text<Key extends keyof Catalogue & string>(
    key: Key,
    ...args: Args<Catalogue[Key]>
  ): string {
    const params = (args[0] ?? {}) as Record<string, string | number>
    const message: Message = catalogue[key] as Message
    const form = typeof message === 'string' ? message : message[formOf(params)]
    return form.replace(/\{(\w+)\}/g, (_, name: string) => show(params[name]))
  }
}

const formOf = (params: Record<string, string | number>) =>
  plurals.select(Number(params.count)) === 'one' ? 'one' : 'other'

const show = (value: string | number | undefined) =>
  typeof value === 'number' ? numbers.format(value) : (value ?? '')
