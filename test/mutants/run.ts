/**
 * `npm run mutants [-- [--fine] [TEXT]]`: deliberate defects, those whose name holds TEXT, each of which a test has to notice;
 * with --fine, also every limit and list of the proof and the summary, and the summary's filters.
 */
import { parseArgs } from 'node:util';
import { runCommand } from '../../infra/cli/run-command.ts';
import { InputError } from '../../infra/input-error.ts';
import { mutantsByKind } from './planted/kinds.ts';
import type { Mutant } from './planted/mutant.ts';
import { ProjectCopy, type TestRun } from './planted/project-copy.ts';

const usage = 'Usage: npm run mutants [-- [--fine] [TEXT]]';

function wantedMutants(): Mutant[] {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { fine: { type: 'boolean', default: false } },
  });
  const [text = '', ...more] = positionals;
  if (more.length > 0) throw new InputError(usage);
  const mutants = mutantsByKind(values.fine)
    .flat()
    .filter(({ name }) => name.includes(text));
  if (mutants.length === 0) throw new InputError(`No mutant has ${JSON.stringify(text)} in its name`);
  return mutants;
}

/** The line of a mutant, and whether a test noticed it. */
function verdictOn(
  { name, saying = '' }: Mutant,
  { failure, note }: TestRun,
  width: number,
): [line: string, killed: boolean] {
  const killed = failure?.message.includes(saying) ?? false;
  const verdict = killed
    ? `killed by ${failure?.test}`
    : `SURVIVED  ${note ?? (failure ? `${failure.test} failed without saying "${saying}"` : '')}`;
  return [`${name.padEnd(width)}  ${verdict.trimEnd()}`, killed];
}

/** Each copy takes the next mutant as soon as it is free; told in their order. */
async function testAll(mutants: readonly Mutant[], copies: readonly ProjectCopy[]): Promise<number> {
  const width = Math.max(...mutants.map(({ name }) => name.length));
  const runs = mutants.map((mutant) => ({ mutant, ...Promise.withResolvers<TestRun>() }));
  const queue = runs.values();
  for (const copy of copies)
    void (async () => {
      for (const { mutant, resolve, reject } of queue) await copy.testMutant(mutant).then(resolve, reject);
    })();
  let survived = 0;
  for (const { mutant, promise } of runs) {
    const [line, killed] = verdictOn(mutant, await promise, width);
    console.log(line);
    if (!killed) survived++;
  }
  return survived;
}

await runCommand(async () => {
  const mutants = wantedMutants();
  console.log(`${mutants.length} mutants; first the tests that have to notice them, as they are`);
  const copies = [new ProjectCopy()];
  process.on('exit', () => {
    for (const copy of copies) copy.remove();
  });
  const [first] = copies as [ProjectCopy];
  const whole = await first.test([...new Set(mutants.flatMap(({ tests }) => tests))], 2);
  if (whole.failure || whole.note) {
    console.log(
      `Without any defect, ${whole.note ?? `${whole.failure?.test} fails:\n${whole.failure?.message}`}`,
    );
    return 1;
  }
  copies.push(new ProjectCopy(first));
  const survived = await testAll(mutants, copies);
  console.log(`${mutants.length - survived} killed, ${survived} survived`);
  return survived > 0 ? 1 : 0;
}, usage);
