/** Breadth first through every state, so that the first violation found has the shortest story. */
import { START } from '../builders.ts';
import { actionsOf } from './actions.ts';
import { stuckness, violation } from './invariants.ts';
import type { Rules } from './rules.ts';
import { type Budget, keyOf, type World } from './world.ts';

export type Found = {
  states: number;
  /** The whole of what the budget allows was searched. */
  isComplete: boolean;
  /** What broke, and how it came to that, one line an action. */
  broken?: { what: string; story: string[] };
};

const nothing: Budget = {
  readings: [],
  ticks: 0,
  answers: 0,
  givingUps: 0,
  kills: 0,
  deaths: 0,
  losses: 0,
  mailTroubles: 0,
  delays: 0,
  isCoarse: false,
  hasOperations: false,
  acknowledgements: 0,
  timings: undefined,
};

export function search(budget: Partial<Budget>, rules: Rules, atMost: number): Found {
  const world: World = {
    now: START,
    alert: undefined,
    token: null,
    claims: [],
    endedBadly: [],
    executions: [],
    wakes: [],
    recent: [],
    withdrawn: [],
    takingBack: [],
    mails: [],
    told: [],
    pager: {},
    silentCalls: 0,
    toldInVain: 0,
    answered: undefined,
    taken: [],
    newsSince: undefined,
    faults: 0,
    left: { ...nothing, ...budget },
  };
  const known = new Set([hashOf(keyOf(world))]);
  const parents: number[] = [-1];
  const names: string[] = [''];
  let frontier: { world: World; index: number }[] = [{ world, index: 0 }];
  while (frontier.length > 0) {
    const further: typeof frontier = [];
    for (const { world, index } of frontier) {
      const actions = actionsOf(world, rules);
      const stuck = stuckness(world, actions);
      if (stuck)
        return { states: known.size, isComplete: false, broken: { what: stuck, story: storyOf(index) } };
      for (const { name, next } of actions) {
        const what = violation(world, next);
        if (what)
          return {
            states: known.size,
            isComplete: false,
            broken: { what, story: [...storyOf(index), name] },
          };
        const hash = hashOf(keyOf(next));
        if (known.has(hash)) continue;
        if (known.size >= atMost) return { states: known.size, isComplete: false };
        known.add(hash);
        parents.push(index);
        names.push(name);
        further.push({ world: next, index: parents.length - 1 });
      }
    }
    frontier = further;
  }
  return { states: known.size, isComplete: true };

  function storyOf(index: number): string[] {
    const story: string[] = [];
    for (let at = index; at > 0; at = parents[at] as number) story.unshift(names[at] as string);
    return story;
  }
}

/** 53 bits (cyrb53): of a million states, two share one with a chance of one in ten thousand. */
function hashOf(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
