import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { adminText } from '../../text/admin.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PagedList } from './paged-list.tsx'
import { Marks } from './person-marks.tsx'
import { isShown, type Person } from './staff.ts'
import { usePages } from './use-pages.ts'

/** Everybody, the newest first, or those whose name begins as typed. */
export function PeoplePage() {
  useTitle(adminText('people'))
  const { api } = useApp()
  const account = useAccount()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const pages = usePages(['get /api/admin/people', search], (cursor) =>
    api.request('get /api/admin/people', { query: { ...(search && { search }), ...cursor } }),
  )
  const people = pages.pages?.flatMap((page) => page.people) ?? []
  return (
    <>
      <h1 className="sr-only">{adminText('people')}</h1>
      <Field
        label={adminText('search')}
        hint={adminText(isShown(account, 'people:see-mail') ? 'searchHintMail' : 'searchHint')}
        type="search"
        value={typed}
        maxLength={254}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="mt-4">
        <PagedList
          pages={pages}
          rows={people.map((person) => <PersonRow key={person.id} person={person} />)}
          empty={<Notice level={2} title={adminText('searchEmpty')} hint={adminText('searchEmptyHint')} />}
        />
      </div>
    </>
  )
}

function PersonRow({ person }: { person: Person }) {
  return (
    <li>
      <Link
        to="/admin/people/$accountId"
        params={{ accountId: person.id }}
        className="flex items-center gap-3 rounded-sm px-2 py-3 hover:bg-surface-2"
      >
        <Avatar picture={person.avatar} handle={person.handle} name={person.displayName} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{person.displayName}</span>
          <span className="block truncate text-text-3">@{person.handle}</span>
        </span>
        <Marks person={person} />
      </Link>
    </li>
  )
}
