import type { ReactNode } from 'react'
import { LogoMark } from '../../ui/logo.tsx'

/** The narrow column of every page about coming in. */
export function AuthFrame({
  title,
  hint,
  children,
}: {
  title: string
  hint?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="mx-auto w-full max-w-[400px] px-4 pt-10 pb-16 md:pt-[9vh]">
      <LogoMark size={48} />
      <h1 className="mt-6 text-2xl font-bold">{title}</h1>
      {hint && <p className="mt-2 text-base text-pretty text-text-2">{hint}</p>}
      <div className="mt-7 flex flex-col gap-5">{children}</div>
    </div>
  )
}

export const textLinkClass = 'font-semibold text-accent underline-offset-4 hover:underline'
