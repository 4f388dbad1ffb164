/** Looks of Radix menus: their panel and their entries. */
export const menuPanelClass =
  'z-50 min-w-52 rounded-md border border-line bg-surface-1 p-1.5 text-sm shadow-xl shadow-black/15 data-[state=open]:animate-appear'
export const menuItemClass =
  'flex h-10 cursor-pointer items-center gap-3 rounded-sm px-3 outline-none select-none ' +
  'data-highlighted:bg-surface-2 data-disabled:opacity-50'
