/** Placeholders of a workflow's definition, `${OpenAlertFunctionArn}`: each one bound, and nothing bound in vain. */

/** Throws an error that names the file and every placeholder that is unbound or unused. */
export function checkPlaceholders(file: string, definition: string, bound: readonly string[]): void {
  const used = new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name as string));
  const unbound = [...used].filter((name) => !bound.includes(name));
  const unused = bound.filter((name) => !used.has(name));
  if (unbound.length === 0 && unused.length === 0) return;
  throw new Error(
    [
      `${file}:`,
      ...unbound.map((name) => `  the placeholder \${${name}} is bound to nothing`),
      ...unused.map((name) => `  ${name} is given, but no placeholder uses it`),
    ].join('\n'),
  );
}
