/** The ways that an alert goes when nothing fails: how it opens, what those who are asked do, and what comes after. */

/** What whoever is asked in a step does; `late`: only when the mails of later steps have failed. */
type Answer = 'accept' | 'decline' | 'ignore' | 'accept late' | 'decline late';
/** What comes after the first acceptance. At the latest after the second one the patient recovers. */
type After =
  | 'recovers'
  | 'stays critical'
  | 'is not measured'
  | 'gets worse'
  | 'is closed by the owner'
  | 'is given back'
  | 'is handed over'
  | 'is handed over in vain';
/** What happens until somebody accepts. */
type Meanwhile =
  | 'a further reading'
  | 'worse'
  | 'mail is down'
  | 'mail goes down'
  | 'mail has to wait'
  | 'nothing';

export type Path = {
  opens: 'critical' | 'emergency' | 'device';
  /** Step by step; after the last one whoever is asked accepts. */
  answers: readonly Answer[];
  meanwhile: Meanwhile;
  after: After;
};

export const nameOf = ({ opens, answers, meanwhile, after }: Path) =>
  [opens, ...(meanwhile === 'nothing' ? [] : [meanwhile]), ...answers, `accept, ${after}`].join(', ');

const afterAcceptance: After[] = [
  'recovers',
  'stays critical',
  'is not measured',
  'gets worse',
  'is closed by the owner',
  'is given back',
  'is handed over',
  'is handed over in vain',
];

const path = (opens: Path['opens'], answers: Answer[], rest: Partial<Path> = {}): Path => ({
  opens,
  answers,
  meanwhile: 'nothing',
  after: 'recovers',
  ...rest,
});

/** Page and reminder of nurse, doctor and lead, then everyone, and everyone again: `unanswered`. */
const steps = { critical: 8, emergency: 4, device: 1 };

const silent = (count: number) => Array<Answer>(count).fill('ignore');
const declining = (count: number) => Array<Answer>(count).fill('decline');

/** Silence and declines in every order as far as the doctor's reminder; further up everybody does alike. */
function unanswered(most: number): Answer[][] {
  const orders: Answer[][] = [[]];
  for (const prefix of orders)
    if (prefix.length < Math.min(3, most)) orders.push([...prefix, 'ignore'], [...prefix, 'decline']);
  const further = Array.from({ length: Math.max(0, most - 3) }, (_, index) => index + 4);
  return [
    ...orders,
    ...further.flatMap((count) => [silent(count), ...(count < 5 ? [declining(count)] : [])]),
  ];
}

/** Breadth first: the shortest ways to an acceptance come first. */
export const paths: Path[] = [
  ...unanswered(steps.critical).map((answers) => path('critical', answers)),
  ...unanswered(steps.emergency).map((answers) => path('emergency', answers)),
  ...unanswered(steps.device).map((answers) => path('device', answers)),
  ...[0, 2, 4, 6].flatMap((count) =>
    afterAcceptance.slice(1).map((after) => path('critical', silent(count), { after })),
  ),
  ...[0, 2].flatMap((count) =>
    afterAcceptance.slice(1).map((after) => path('emergency', silent(count), { after })),
  ),
  ...[0, 2, 4, 6].flatMap((count) =>
    (['a further reading', 'worse'] as const).map((meanwhile) =>
      path('critical', silent(count), { meanwhile }),
    ),
  ),
  ...(['critical', 'emergency'] as const).flatMap((opens) => [
    path(opens, [], { meanwhile: 'mail is down' }),
    path(opens, ['accept late'], { meanwhile: 'mail goes down' }),
    path(opens, ['decline late'], { meanwhile: 'mail goes down' }),
    path(opens, [], { meanwhile: 'mail has to wait' }),
  ]),
];
