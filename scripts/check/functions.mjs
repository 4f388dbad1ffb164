import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../steps/process.mjs'

const FUNCTION_LINES = 60

/**
 * Functions of a file with more lines than the limit. Functions within a function count for themselves, not for it: a
 * factory that returns ten short methods is ten short functions. Blank lines and comments do not count.
 */
export function longFunctions(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(ROOT, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const isCode = codeLines(source)
  const problems = []

  /** Marks the lines that belong to functions at or below `node`; those of a function are judged without its inner ones. */
  function visit(node) {
    const inner = new Set()
    ts.forEachChild(node, (child) => {
      for (const line of visit(child)) inner.add(line)
    })
    if (!ts.isFunctionLike(node) || !node.body) return inner
    const [first, last] = linesOf(node, source)
    let own = 0
    for (let line = first; line <= last; line++) if (isCode[line] && !inner.has(line)) own++
    if (own > FUNCTION_LINES) {
      problems.push(`${file}:${first + 1} has a function of ${own} lines; ${FUNCTION_LINES} is the limit.`)
    }
    for (let line = first; line <= last; line++) inner.add(line)
    return inner
  }

  visit(source)
  return problems
}

function linesOf(node, source) {
  return [node.getStart(source), node.end].map(
    (position) => source.getLineAndCharacterOfPosition(position).line,
  )
}

/** Which lines hold more than blanks and comments. */
function codeLines(source) {
  const lines = source.text.split('\n')
  return lines.map((line) => !/^\s*($|\/\/|\/?\*)/.test(line))
}
