/** What people do about an alert, one story each from beginning to end: every mail that it sends, stand-downs included. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closingReasons } from '../../handlers/alert/closing-reasons.ts';
import { aPath, earlyInTheDay, hospitalOfPaths, type Path, type WardId } from './path.ts';
import { aWard, type Ward } from './ward.ts';

type Story = [name: string, happens: (path: Path) => Promise<unknown>, mails: string[], where?: WardId];

const stories: Story[] = [
  [
    'accepted by the nurse; the recheck is good',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.recover();
    },
    ['page nurse'],
  ],
  [
    'a reminder, then accepted',
    async (path) => {
      await path.critical();
      await path.seconds(125);
      await path.accept('nurse');
      await path.recover();
    },
    ['page nurse', 'reminder nurse'],
  ],
  [
    'the nurse is silent: the doctor',
    async (path) => {
      await path.critical();
      await path.seconds(245);
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'reminder nurse', 'page doctor', 'answered nurse'],
  ],
  [
    'the only nurse declines: the doctor at once',
    async (path) => {
      await path.critical();
      await path.decline('nurse');
      await path.seconds(5);
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'page doctor'],
  ],
  [
    'one of two nurses declines: the other is waited for',
    async (path) => {
      await path.critical();
      const [first, second] = path.asks('nurse');
      await path.answer(first, 'decline');
      await path.seconds(30);
      await path.answer(second, 'accept');
      await path.recover();
    },
    ['page nurse, nurse'],
    'ward-two',
  ],
  [
    'both nurses decline: the doctor at once',
    async (path) => {
      await path.critical();
      for (const mail of path.asks('nurse')) await path.answer(mail, 'decline');
      await path.seconds(5);
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse, nurse', 'page doctor'],
    'ward-two',
  ],
  [
    'no nurse is on call: the doctor at once',
    async (path) => {
      await path.critical();
      await path.accept('doctor');
      await path.recover();
    },
    ['page doctor'],
    'ward-none',
  ],
  [
    'nurse, doctor and lead are silent: everyone, then unanswered each quarter of an hour, until the lead answers',
    async (path) => {
      await path.critical();
      await path.seconds(45 * 60);
      await path.accept('lead');
      await path.recover();
    },
    [
      'page nurse',
      'reminder nurse',
      'page doctor',
      'reminder doctor',
      'page lead',
      'reminder lead',
      'everyone operations; page nurse, nurse; reminder doctor, lead, nurse',
      'reminder doctor, lead, nurse, nurse, nurse; unanswered operations',
      'reminder doctor, lead, nurse, nurse, nurse; unanswered operations',
      'answered doctor, nurse, nurse, nurse, operations',
    ],
  ],
  [
    'an emergency: nurse and doctor at once, and the nurse need not come',
    async (path) => {
      await path.emergency();
      await path.accept('doctor');
      await path.recover();
    },
    ['page doctor, nurse', 'answered nurse'],
  ],
  [
    'an emergency that nobody answers: everyone after two minutes',
    async (path) => {
      await path.emergency();
      await path.seconds(140);
      await path.accept('lead');
      await path.recover();
    },
    [
      'page doctor, nurse',
      'reminder doctor, nurse',
      'everyone operations; page lead, nurse, nurse; reminder doctor, nurse',
      'answered doctor, nurse, nurse, nurse, operations',
    ],
  ],
  [
    'worse while the nurse is waited for',
    async (path) => {
      await path.critical();
      await path.seconds(20);
      await path.emergency();
      await path.accept('nurse');
      await path.recover();
    },
    ['page nurse', 'page doctor; worse nurse', 'answered doctor'],
  ],
  [
    'worse after the nurse has accepted',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.seconds(60);
      await path.emergency();
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'worse doctor, nurse', 'answered nurse'],
  ],
  [
    'still critical at the recheck: one level above',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.seconds(300);
      await path.measure(186, 110);
      await path.seconds(620);
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'still alarming doctor'],
  ],
  [
    'not measured again by the recheck: the same level, to measure',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.seconds(920);
      await path.accept('nurse');
      await path.recover();
    },
    ['page nurse', 'repeat nurse'],
  ],
  [
    'handed over to the doctor, who accepts',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.press(path.last('nurse'), 'hand-over', { colleague: 'ward-001-doctor' });
      await path.seconds(10);
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'take over doctor', 'answered nurse'],
  ],
  [
    'handed over to the doctor, who does not answer: the lead',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.press(path.last('nurse'), 'hand-over', { colleague: 'ward-001-doctor' });
      await path.seconds(250);
      await path.accept('lead');
      await path.recover();
    },
    ['page nurse', 'take over doctor', 'reminder doctor', 'take over lead', 'answered doctor, nurse'],
  ],
  [
    'given back: the next level at once',
    async (path) => {
      await path.critical();
      await path.accept('nurse');
      await path.press(path.last('nurse'), 'give-back');
      await path.seconds(10);
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'given back doctor', 'answered nurse'],
  ],
  [
    'a link of an earlier level accepts: who was asked since need not come',
    async (path) => {
      await path.critical();
      await path.seconds(250);
      await path.accept('nurse');
      await path.recover();
    },
    ['page nurse', 'reminder nurse', 'page doctor', 'answered doctor'],
  ],
  [
    'a link of an earlier round accepts nothing',
    async (path) => {
      await path.critical();
      const [first] = path.asks('nurse');
      await path.accept('nurse');
      await path.seconds(300);
      await path.measure(186, 110);
      await path.seconds(620);
      await path.answer(first, 'accept');
      expect(path.owner()).toBeUndefined();
      await path.accept('doctor');
      await path.recover();
    },
    ['page nurse', 'still alarming doctor'],
  ],
  [
    'an emergency that the doctor closes: the nurse hears of it',
    async (path) => {
      await path.emergency();
      await path.press(path.last('doctor'), 'close', { reason: 'theatre' });
    },
    ['page doctor, nurse', 'closed nurse'],
  ],
  ...closingReasons.patient.map(
    (reason): Story => [
      `closed by the nurse as ${reason}; critical again, it is another alert`,
      async (path) => {
        await path.critical();
        await path.press(path.last('nurse'), 'close', { reason });
        await path.seconds(60);
        expect(path.alert().standing).toMatchObject({ is: 'closed', reason });
        await path.critical();
        await path.accept('nurse');
        await path.recover();
      },
      ['page nurse', 'page nurse'],
    ],
  ),
];

let ward: Ward;
beforeAll(async () => {
  ward = await aWard({ hospital: hospitalOfPaths(stories.length), startAt: earlyInTheDay });
});
afterAll(() => ward.vigil.stop());

test.each(stories.map((story, index) => [story[0], index] as const))('%s', async (_name, index) => {
  const [, happens, mails, where] = stories[index] as Story;
  const path = aPath(ward, index, where);
  await happens(path);
  expect(path.alert().standing.is).toBe('closed');
  await path.seconds(20 * 60);
  expect(path.told()).toEqual(mails);
});

test('whatever else was mailed is about no alert', () => {
  const others = ward.mails().filter(({ subject, text }) => !/VG \w{6}/.test(`${subject}\n${text}`));
  const known = /^(AWS Notification - Subscription Confirmation|Vigil has no readings from ward)/;
  expect(others.filter(({ subject }) => !known.test(subject))).toEqual([]);
});

test('workflows/README.md names every field that went into a state or came out', () => {
  const [, section = ''] = readFileSync('workflows/README.md', 'utf8').split(/^## (?=escalation)/m);
  const named = new Set([...(section.split('\n## ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const events = ward.executions().flatMap(({ executionArn }) => ward.sfn.history(executionArn));
  const data = events
    .filter(({ type }) => /State(Entered|Exited)$/.test(type))
    .map(({ details }) => String(details?.input ?? details?.output));
  const seen = new Set(data.flatMap((text) => Object.keys(JSON.parse(text))));
  expect(seen.size).toBeGreaterThan(15);
  expect([...seen].filter((field) => !named.has(field))).toEqual([]);
});

test('the night is proved', async () => {
  const wanted = { openAtEnd: 0, lost: 0, duplicated: 0, gaps: [], reconciled: true };
  expect(await ward.report()).toMatchObject(wanted);
});
