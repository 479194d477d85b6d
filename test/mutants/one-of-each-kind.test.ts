/** One defect of each kind; `npm run mutants` plants them all. */
import { afterAll, expect, test } from 'vitest';
import { mutantsByKind } from './planted/kinds.ts';
import { ProjectCopy } from './planted/project-copy.ts';

const mutants = mutantsByKind(false).map(([first]) => first);
const copy = new ProjectCopy();
afterAll(() => copy.remove());

test('without a defect, the tests that have to notice one pass in a copy', async () => {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  expect(await copy.test(tests, 1)).toEqual({});
});

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  'mutant %s is noticed',
  async (_name, mutant) => {
    const { failure, note } = await copy.testMutant(mutant);
    expect(note).toBeUndefined();
    expect(failure?.message).toContain(mutant.saying ?? '');
  },
);
