/**
 * The escalation as it is deployed, walked through: every way that people can answer, and on each of them every call of its
 * functions, and of its states, failing before its effect and after it with each error that it can have. The bound: one thing
 * goes wrong at a time, on the shortest path that has it: at each call that a state makes, before and after, and again where
 * that leads to another state; what goes as it does elsewhere (what the SDK tries again, say) once. Then two go wrong, drawn
 * from a seed. What has to be met is read from the definition itself.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../infra/local/engine/random.ts';
import { problemsIn } from './walk/judge.ts';
import { type Outcome, outcomesIn, outcomesOf, outcomesTable } from './walk/outcomes.ts';
import { paths } from './walk/paths.ts';
import { type Attempt, incidentsFinder, isRemembered, pairsOf, storyOf } from './walk/search.ts';
import { aWalker, type Walked, type Walker } from './walk/walker.ts';

/** Hundreds of walks, on a machine that does something else. */
const patience = 1_200_000;
const seed = 1;
const pairCount = 60;

let walker: Walker;
beforeAll(async () => {
  walker = await aWalker();
});
afterAll(() => walker.vigil.stop());

const met = new Map<Outcome, number>();
const attempts: Attempt[] = [];

/** What is wrong with a walk, as a story; and it remembers what the walk met. */
function judged(walked: Walked): string[] {
  for (const { history } of walked.executions)
    for (const outcome of outcomesIn(walker.definition, history.events))
      met.set(outcome, (met.get(outcome) ?? 0) + 1);
  return problemsIn(walked).map((problem) => `${storyOf(walked)} | ${problem}`);
}

async function problemsOfAll(all: readonly Attempt[]): Promise<string[]> {
  const problems: string[] = [];
  for (const { path, incidents } of all) {
    const walked = await walker.play(path, incidents);
    problems.push(...judged(walked));
    const [missed] = walked.missed.filter((incident) => !isRemembered(incident));
    if (missed && incidents.length === 1) problems.push(`${storyOf(walked)} | it did not come to pass`);
  }
  process.stdout.write(`${all.length} walks, ${problems.length} problems\n`);
  return problems;
}

test('every way that people can answer ends with a patient who is well again, or a person who says why not', {
  timeout: patience,
}, async () => {
  const find = incidentsFinder();
  const problems: string[] = [];
  for (const path of paths) {
    const walked = await walker.play(path);
    problems.push(...judged(walked));
    attempts.push(...find(walked));
  }
  expect(problems).toEqual([]);
});

test('and so it does when any one call fails, in any way', { timeout: patience }, async () => {
  expect(attempts.length).toBeGreaterThan(500);
  expect(await problemsOfAll(attempts)).toEqual([]);
});

test(`and when two do (seed ${seed})`, { timeout: patience }, async () => {
  expect(await problemsOfAll(pairsOf(attempts, pairCount, seededRandom(seed, 'pairs')))).toEqual([]);
});

test('between them they met everything that can come of each state', () => {
  const all = outcomesOf(walker.definition);
  process.stdout.write(`${outcomesTable(all, met)}\n`);
  expect(all.filter((outcome) => !met.has(outcome))).toEqual([]);
});
