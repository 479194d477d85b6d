/** What is an outcome of a page, and what is none: every event that an alert has after it. */
import { expect, test } from 'vitest';
import type { AlertEventType } from '../../handlers/alert/event.ts';
import { Archive } from './archive.ts';
import { Night } from './night.ts';

const isOutcome: Record<Exclude<AlertEventType, 'raised'> | 'setAside', boolean> = {
  accepted: true,
  declined: true,
  timedOut: true,
  escalated: true,
  unanswered: true,
  interrupted: true,
  rechecked: true,
  handedOver: true,
  givenBack: true,
  closed: true,
  setAside: true,
  joined: false,
  withdrawn: false,
  asking: false,
  waiting: false,
  paged: false,
  deferred: false,
  operationsTold: false,
  undeliverable: false,
  backedOff: false,
  resumed: false,
  stoodDown: false,
};
const archive = new Archive();

/** How many pages the proof found without an outcome, where a minute after each an event of its type came, and nothing for hours. */
async function pagesWithout(types: string[]): Promise<number> {
  const night = new Night();
  for (const type of types) {
    const paged = night.pages(night.raises(night.arrives(200, { patientId: type })), 200.05);
    const then = night.tellsOperations(paged, 201);
    night.events = night.events.map((row) =>
      row.alert_id === then.alertId && row.seq === then.seq ? { ...row, type: type as AlertEventType } : row,
    );
    night.closes(then, 500);
  }
  archive.holds(night);
  const check = (await archive.ask('reconciliation')).find((row) => row.check_name === 'pagesHaveOutcome');
  return Number(check?.missing);
}

const typesWhere = (wanted: boolean) =>
  Object.entries(isOutcome).flatMap(([type, is]) => (is === wanted ? [type] : []));

test('an answer, and whatever the alert moves on by, is an outcome', async () => {
  expect(await pagesWithout(typesWhere(true))).toBe(0);
});

test('nothing else is: the page stays unanswered, also when its measurement is withdrawn', async () => {
  const types = typesWhere(false);
  // The second page of one of them has no outcome either.
  expect(await pagesWithout(types)).toBe(types.length + 1);
});
