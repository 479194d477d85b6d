/** A workflow's placeholder that nothing binds: synth has to refuse it by name. */
import { type Mutant, sources } from './mutant.ts';

export function renamedPlaceholders(): Mutant[] {
  return sources('workflows/*.asl.json').flatMap(([file, text]) =>
    [...new Set(Array.from(text.matchAll(/\$\{(\w+)\}/g), ([, name]) => name as string))].map((name) => ({
      name: `${file}: placeholder ${name} renamed`,
      file,
      edit: (whole) => whole.replaceAll(`\${${name}}`, `\${${name}X}`),
      tests: ['test/infra/constructs/workflow-placeholders.test.ts'],
      saying: `the placeholder \${${name}X} is bound to nothing`,
    })),
  );
}
