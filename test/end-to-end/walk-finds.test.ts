/** The walk can fail: each defect that is planted here is found, and so is a state that no walk comes to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Template } from '../../infra/local/account/template.ts';
import type { Vigil } from '../../infra/local/account/vigil.ts';
import type { Payload } from '../../infra/local/engine/service.ts';
import type { LambdaService } from '../../infra/local/services/lambda/service.ts';
import { parseDefinition } from '../../infra/local/services/step-functions/parse-definition.ts';
import type { StepFunctionsService } from '../../infra/local/services/step-functions/service.ts';
import { definition as asWritten } from '../workflows/escalation.ts';
import type { Incident, IncidentKind } from './walk/incidents.ts';
import { problemsIn } from './walk/judge.ts';
import { outcomesIn, outcomesOf } from './walk/outcomes.ts';
import { type Path, paths } from './walk/paths.ts';
import { aWalker, escalationIn, type Walker } from './walk/walker.ts';

const accepted = paths[0] as Path;

const at = (state: string, call: string, kind: IncidentKind): Incident => ({
  state,
  visit: 1,
  call,
  nth: 1,
  kind,
});

const inState = (name: string, plant: (state: Payload) => void) => (template: Template) => {
  const machine = escalationIn(template);
  const definition = JSON.parse(machine.DefinitionString);
  plant(definition.States[name]);
  machine.DefinitionString = JSON.stringify(definition);
};

const allIsWell = { StatusCode: 200, Payload: 'null' };

/** A function that answers otherwise than it is written. */
const instead =
  (entry: string, answer: (run: () => Promise<Payload>) => Promise<Payload>) => (vigil: Vigil) => {
    const invoke = vigil.service<LambdaService>('lambda').operations.Invoke;
    if (!invoke) throw new Error('Lambda has no Invoke');
    const { run } = invoke;
    invoke.run = async (input, caller) => {
      const asWritten = async () => run(input, caller);
      return input.FunctionName.endsWith(`-${entry}`) ? answer(asWritten) : asWritten();
    };
  };
const swallowsFailures = async (run: () => Promise<Payload>) => {
  const answer = await run();
  return answer.FunctionError ? allIsWell : answer;
};
const doesNothing = async () => allIsWell;
/** Whoever rings a bell is not heard. */
function hearsNoBell(vigil: Vigil): void {
  const { operations } = vigil.service<StepFunctionsService>('sfn');
  Object.assign(operations.SendTaskSuccess as object, { run: () => ({}) });
}

type Planted = {
  change?: (template: Template) => void;
  behave?: (vigil: Vigil) => void;
  incident?: Incident;
};

async function walked(walker: Walker, incident?: Incident) {
  const result = await walker.play(accepted, incident ? [incident] : []);
  const outcomes = result.executions.flatMap(({ history }) => outcomesIn(walker.definition, history.events));
  return { problems: problemsIn(result).join('; '), outcomes };
}

async function walkedWith({ change, behave, incident }: Planted) {
  const walker = await aWalker(change);
  try {
    behave?.(walker.vigil);
    return await walked(walker, incident);
  } finally {
    walker.vigil.stop();
  }
}

const planted: [what: string, planted: Planted, finds: RegExp][] = [
  [
    'a page without its Catch',
    {
      change: inState('Page nurse', (state) => delete state.Catch),
      incident: at('Page nurse', 'lambda:Invoke', 'throws before'),
    },
    /ends in "Page nurse" with TypeError/,
  ],
  [
    'an assessment without its Retry',
    {
      change: inState('Assess the alert', (state) => delete state.Retry),
      incident: at('Assess the alert', 'lambda:Invoke', 'throttled'),
    },
    /ends in "Assess the alert" with Lambda.TooManyRequestsException/,
  ],
  [
    'a recheck that cannot come',
    { change: inState('Wait for the recheck', (state) => delete state.Catch) },
    /ends in "Wait for the recheck" with States.Timeout/,
  ],
  [
    'a page that nobody has, whose failure is swallowed, and whose bell is not heard',
    {
      behave: (vigil) => {
        instead('page-clinicians', swallowsFailures)(vigil);
        hearsNoBell(vigil);
      },
      incident: at('Page nurse', 'sns:Publish clinician', 'server errors'),
    },
    /nobody has a mail while nurse is waited for/,
  ],
  [
    'nobody who looks for what is overdue',
    {
      behave: instead('sweep-overdue', doesNothing),
      incident: at('Open alert', 'lambda:Invoke', 'server errors'),
    },
    /it does not end/,
  ],
];

describe('the walk finds', () => {
  test.each(planted)('%s', async (_what, plant, finds) => {
    expect((await walkedWith(plant)).problems).toMatch(finds);
  });
});

describe('where nothing is planted', () => {
  let walker: Walker;
  beforeAll(async () => {
    walker = await aWalker();
  });
  afterAll(() => walker.vigil.stop());

  test('the walk finds nothing, and a recovery from what went wrong', async () => {
    for (const incident of planted.flatMap(([, plant]) => plant.incident ?? []))
      expect((await walked(walker, incident)).problems).toBe('');
  });

  test('it finds a state that no walk comes to', async () => {
    const { outcomes } = await walked(walker);
    const States = {
      ...asWritten.States,
      'Ring the bell': { Type: 'Succeed' },
      'What now?': {
        ...asWritten.States['What now?'],
        Choices: [
          ...(asWritten.States['What now?']?.Choices ?? []),
          { Condition: "{% $states.input.next = 'Ring the bell' %}", Next: 'Ring the bell' },
        ],
      },
    };
    const text = JSON.stringify({ ...asWritten, States }).replace(/\$\{\w+\}/g, 'a-function');
    const unmet = outcomesOf(parseDefinition(text)).filter((outcome) => !outcomes.includes(outcome));
    expect(unmet).toEqual(expect.arrayContaining(['What now?: -> Ring the bell', 'Ring the bell: reached']));
    expect(unmet).not.toContain('What now?: -> Page nurse');
  });
});
