/**
 * The protocol, searched breadth first over the rules as the handlers use them: every order of what executions, people, the
 * sweeper, the clock and faults can do. What breaks is printed as its shortest story.
 */
import { describe, expect, test } from 'vitest';
import { removedRules } from './explorer/removed-rules.ts';
import { rules } from './explorer/rules.ts';
import { type Scenario, scenarios } from './explorer/scenarios.ts';
import { type Found, search } from './explorer/search.ts';

/** Of each fine scenario: with the coarse ones, more than a million altogether. */
const AT_MOST = 210_000;
/** The states of each scenario that were searched; all of them are printed with the last one. */
const explored = new Map<Scenario, Found>();

const told = ({ broken }: Found) => broken && [broken.what, ...broken.story].join('\n  ');

describe('what must always hold, holds in every state', () => {
  test.each(Object.keys(scenarios) as Scenario[])('%s', (scenario) => {
    const found = search(scenarios[scenario], rules, AT_MOST);
    explored.set(scenario, found);
    expect(told(found)).toBeUndefined();
    if ('isCoarse' in scenarios[scenario]) expect(found.isComplete).toBe(true);
  });

  test('in a million states', () => {
    const states = [...explored.values()].reduce((sum, found) => sum + found.states, 0);
    process.stdout.write(`${states} states explored in ${explored.size} scenarios\n`);
    expect(states).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe('without a rule, what it is there for is broken', () => {
  test.each(Object.entries(removedRules))('%s', (_, { in: scenario, without }) => {
    const found = search(scenarios[scenario], { ...rules, ...without }, AT_MOST);
    expect(found.broken?.story.length).toBeGreaterThan(0);
  });
});
