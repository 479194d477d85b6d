/** `npm run mutants [-- TEXT]`: deliberate defects, those whose name holds TEXT, each of which a test has to notice. */
import { mutantsByKind } from '../mutants/kinds.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { ProjectCopy, type TestRun } from '../mutants/project-copy.ts';

const wanted = process.argv[2] ?? '';
const mutants = mutantsByKind()
  .flat()
  .filter(({ name }) => name.includes(wanted));
if (mutants.length === 0) {
  console.error(`No mutant has ${JSON.stringify(wanted)} in its name`);
  process.exit(2);
}
console.log(`${mutants.length} mutants; first the tests that have to notice them, as they are`);

const copies = [new ProjectCopy()];
process.on('exit', () => {
  for (const copy of copies) copy.remove();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const width = Math.max(...mutants.map(({ name }) => name.length));
let survived = 0;
function print({ name, saying = '' }: Mutant, { failure, note }: TestRun): void {
  const killed = failure?.message.includes(saying);
  if (!killed) survived++;
  const verdict = killed
    ? `killed by ${failure?.test}`
    : `SURVIVED  ${note ?? (failure ? `${failure.test} failed without saying "${saying}"` : '')}`;
  console.log(`${name.padEnd(width)}  ${verdict.trimEnd()}`);
}

/** Each copy takes the next one as soon as it is free; printed in their order. */
async function testAll(): Promise<void> {
  const runs = mutants.map((mutant) => ({ mutant, ...Promise.withResolvers<TestRun>() }));
  const queue = runs.values();
  for (const copy of copies)
    void (async () => {
      for (const { mutant, resolve, reject } of queue) await copy.testMutant(mutant).then(resolve, reject);
    })();
  for (const { mutant, promise } of runs) print(mutant, await promise);
}

const [first] = copies as [ProjectCopy];
const whole = await first.test([...new Set(mutants.flatMap(({ tests }) => tests))], 2);
if (whole.failure || whole.note) {
  console.log(
    `Without any defect, ${whole.note ?? `${whole.failure?.test} fails:\n${whole.failure?.message}`}`,
  );
  process.exitCode = 1;
} else {
  copies.push(new ProjectCopy(first));
  await testAll();
  console.log(`${mutants.length - survived} killed, ${survived} survived`);
  process.exitCode = survived > 0 ? 1 : 0;
}
