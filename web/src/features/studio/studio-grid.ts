/** Picture at the left, words or chat at the right; one column below 1024 px. */
export const studioGridClass =
  'mx-auto grid max-w-[1500px] gap-x-6 gap-y-5 pb-10 md:px-6 lg:grid-cols-[minmax(0,1fr)_360px]'
