/** A simulated day of a few wards holds what must always hold; and of each rule that is taken out of the product it is found out. */
import { describe, expect, test } from 'vitest';
import type { Template } from '../../infra/local/account/template.ts';
import { simulateWeek, type WeekOptions } from '../../infra/local/simulate/week.ts';
import { type Planted, plant } from './planted-bundle.ts';

/**
 * Half a day of two wards, one of them obstetric and one with check-ins, whose patients are as unstable as in intensive care, and
 * with many drills.
 */
const day = (options: Partial<WeekOptions> = {}) =>
  simulateWeek({ seed: 1, wards: 2, days: 0.5, unstableShare: 0.6, drillsPerDay: 12, ...options });

test('half a day under faults holds, and the same seed is the same day', async () => {
  const once = await day();
  expect(once.stories).toEqual([]);
  expect(once.summary).toMatchObject({
    lost: 0,
    duplicated: 0,
    silentEnds: 0,
    otherBreaches: 0,
    failedSeeds: 0,
  });
  expect(once.summary.alerts).toBeGreaterThan(5);
  expect(once.summary.technicalAlerts).toBeGreaterThan(0);
  expect(once.summary.drills).toBeGreaterThan(4);
  // From six in the morning to six in the evening two nurses, a doctor and a lead begin.
  expect(once.summary.checkIns).toBeGreaterThanOrEqual(4);
  expect((await day()).digest).toBe(once.digest);
  const another = await day({ seed: 2 });
  expect(another.stories).toEqual([]);
  expect(another.digest).not.toBe(once.digest);
});

const rounds = /(function whyNotAnswerable\([^}]*)return isOwned\(alert\) \? "answered" : void 0;/;
const recovery = /return "stillCritical"/;

/** What is taken out, and which rule finds it. */
const defects: { what: string; rule: string; planted: Planted[] }[] = [
  {
    what: 'who has an alert is no obstacle to the next one',
    rule: 'a round has one owner',
    planted: [{ of: 'answer-page', place: rounds, instead: '$1return void 0;' }],
  },
  {
    what: 'nobody is told that they need not come',
    rule: 'whoever need not come is told',
    planted: [{ of: 'stand-down', place: /pMap\(others, .*AT_ONCE\w*\)/, instead: 'others.map(() => true)' }],
  },
  {
    what: 'the consumer acknowledges what it has not claimed',
    rule: 'an alarming reading is claimed',
    planted: [
      {
        of: 'consume-readings',
        place: /(async function claimAndStart\([^)]*\) \{)/,
        instead: '$1 if (promised.readingId < "2") return true;',
      },
    ],
  },
  {
    what: 'what still alarms counts as recovered',
    rule: 'an alert ends for a reason',
    planted: ['assess-alert', 'move-alert'].map((of) => ({
      of,
      place: recovery,
      instead: 'return "recovered"',
    })),
  },
  {
    what: 'whoever had the shift before is asked',
    rule: 'whoever is asked is on call',
    planted: [
      {
        of: 'page-clinicians',
        place: /(respondersNow = \(\w+\) => respondersOf\(roster, \w+, )(\w+)\)/,
        instead: '$1new Date(Date.parse($2) - 8 * 3600e3).toISOString())',
      },
    ],
  },
  {
    what: 'a mail says the pressure',
    rule: 'no mail carries a pressure',
    planted: [
      {
        of: 'page-clinicians',
        place: /critical: "Blood pressure/,
        instead: 'critical: "Blood pressure 204/118',
      },
    ],
  },
  {
    what: 'a drill has the key of the patient whose device is set to test',
    rule: 'a drill and a patient never meet',
    planted: [
      {
        of: 'consume-readings',
        place: /return `\$\{prefixes\.drill\}/,
        instead: 'return `${prefixes.patient}',
      },
    ],
  },
  {
    what: 'a test and a measurement of the same values are one reading',
    rule: 'an announced drill is held',
    planted: [
      {
        of: 'consume-readings',
        place: /hashed\(`drill \$\{(judged\.reading\.readingId)\}`\)/,
        instead: '$1',
      },
    ],
  },
  {
    what: 'a drill goes on after somebody has accepted it',
    rule: 'what is of nobody ends in time',
    planted: [
      { of: 'assess-alert', place: /isOwned\(alert\) \? "drill"/, instead: 'isOwned(alert) ? void 0' },
    ],
  },
  {
    what: 'mails of drills do not give way',
    rule: 'what is of nobody gives way',
    planted: [
      { of: 'page-clinicians', place: /(!== "patient"\) return )"background"/, instead: '$1"urgent"' },
    ],
  },
  {
    what: 'each look at a shift that begins is another one',
    rule: 'a shift that begins is asked for once',
    planted: [
      {
        of: 'sweep-overdue',
        place: /(JSON\.stringify\(\[alertKey, )beganAt/,
        instead: '$1Date.now()',
      },
    ],
  },
  {
    what: 'nobody outside the ward hears of what was missed',
    rule: 'of what was missed the operations hear',
    planted: [
      {
        of: 'move-alert',
        place: /("missed"\) return )\[operationsMail, operationsWebhook\]/,
        instead: '$1[]',
      },
    ],
  },
];

/** Nobody makes good what has died: neither each minute nor at once. */
function withoutSweeper({ Resources }: Template): void {
  for (const [name, { Type, Properties }] of Object.entries(Resources)) {
    if (Properties?.Name === 'vigil-production-sweep-overdue' && Type === 'AWS::Scheduler::Schedule')
      delete Resources[name];
    if (Properties?.Name === 'vigil-production-escalation-ended-badly') Properties.State = 'DISABLED';
  }
}

describe('found out', () => {
  const found = async (rule: string, options: Partial<WeekOptions>) => {
    const { breaches, stories } = await day({
      ...options,
      isEnough: (all) => all.some((breach) => breach.rule === rule),
    });
    expect(breaches.map((breach) => breach.rule)).toContain(rule);
    expect(stories[0]?.[0]).toMatch(/^broken: /);
  };

  test.each(defects)('$what', async ({ rule, planted }) => {
    const { change, remove } = await plant(planted, 'Europe/London');
    try {
      await found(rule, { change });
    } finally {
      remove();
    }
  });

  test('nothing carries on what died', () =>
    found('an open alert is carried on', { change: withoutSweeper }));
});
