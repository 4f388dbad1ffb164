/** Joins the class names that apply. */
export const cx = (...names: (string | false | undefined | null)[]): string => names.filter(Boolean).join(' ')
